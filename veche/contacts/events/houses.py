"""What can happen to houses. What was said of them stands in their rows, not here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class HouseAdded(Event):
    """Somebody added a house where nobody was known."""

    kind: ClassVar[str] = "contacts.house_added"
    label = _("A house was added")
    icon = "building-community"
    object_kind = "house"


@dataclass(frozen=True, kw_only=True)
class HouseChanged(Event):
    """`fields` are the columns that were changed."""

    kind: ClassVar[str] = "contacts.house_changed"
    label = _("The passport of a house was changed")
    icon = "building-community"
    object_kind = "house"

    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ElderNamed(Event):
    """The contact is the elder of the house now."""

    kind: ClassVar[str] = "contacts.elder_named"
    label = _("Became the elder of a house")
    icon = "key"
    object_kind = "house"


@dataclass(frozen=True, kw_only=True)
class ElderReleased(Event):
    """The contact is no longer the elder of the house."""

    kind: ClassVar[str] = "contacts.elder_released"
    label = _("Is no longer the elder of a house")
    icon = "key"
    object_kind = "house"


@dataclass(frozen=True, kw_only=True)
class HouseEntryWritten(Event):
    """Something happened at a house: `what` is its kind, `entry` its row."""

    kind: ClassVar[str] = "contacts.house_entry_written"
    label = _("Something was noted about a house")
    icon = "message"
    object_kind = "house"

    entry: int
    what: str


@dataclass(frozen=True, kw_only=True)
class HouseEntryChanged(Event):
    """`change`: closed, opened, removed or restored."""

    kind: ClassVar[str] = "contacts.house_entry_changed"
    label = _("A note about a house was changed")
    icon = "message"
    object_kind = "house"

    entry: int
    change: str


@dataclass(frozen=True, kw_only=True)
class PlacesSought(Event):
    """Somebody had the geocoder asked where so many houses stand: their addresses leave the server."""

    kind: ClassVar[str] = "contacts.places_sought"
    label = _("The geocoder was asked where houses stand")
    icon = "map-pin-search"
    object_kind = "house"

    houses: int
