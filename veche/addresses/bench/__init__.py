"""What is measured of addresses. Each file registers its group."""

from veche.addresses.bench import gar, lookup, parsing

__all__ = ["gar", "lookup", "parsing"]
