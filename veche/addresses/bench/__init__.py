"""What is measured of addresses. Each file registers its group."""

from veche.addresses.bench import gar

__all__ = ["gar"]
