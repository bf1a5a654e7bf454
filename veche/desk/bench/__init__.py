"""What is measured of the desk: `veche bench search`, `palette`, `home`, `painting`; a file registers its groups."""

from veche.desk.bench import finding, painting

__all__ = ["finding", "painting"]
