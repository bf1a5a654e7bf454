"""Nouns: what is loaded of the state register (ГАР) and how; which houses belong to which territory."""

from veche.addresses.models.loads import Load, Region, Word
from veche.addresses.models.register import AddressObject, Alias, House
from veche.addresses.models.territories import (
    Coverage,
    HouseCover,
    KnownHouse,
    StreetFinding,
    StreetToPlace,
    TerritoryRule,
    TerritoryText,
)

__all__ = [
    "AddressObject",
    "Alias",
    "Coverage",
    "House",
    "HouseCover",
    "KnownHouse",
    "Load",
    "Region",
    "StreetFinding",
    "StreetToPlace",
    "TerritoryRule",
    "TerritoryText",
    "Word",
]
