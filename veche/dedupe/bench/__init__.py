"""What of doubles is measured. Each file registers its groups."""

from veche.dedupe.bench import finding, queue

__all__ = ["finding", "queue"]
