"""What is measured of addresses. Each file registers its group."""

from veche.addresses.bench import gar, parsing

__all__ = ["gar", "parsing"]
