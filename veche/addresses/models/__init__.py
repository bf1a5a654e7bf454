"""Nouns: what is loaded of the state register of addresses (ГАР), and how it was loaded."""

from veche.addresses.models.loads import Load, Region, Word
from veche.addresses.models.register import AddressObject, Alias, House

__all__ = ["AddressObject", "Alias", "House", "Load", "Region", "Word"]
