"""What can happen to the register of addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class RegisterLoadStarted(Event):
    """An archive of the register was given to load: its release, whether a delta, how many regions of it."""

    kind: ClassVar[str] = "addresses.register_load_started"
    label = _("Loading of the address register began")
    object_kind = "register_load"
    icon = "map-pin-plus"

    version: dt.date
    is_delta: bool
    regions: int


@dataclass(frozen=True, kw_only=True)
class RegionLoaded(Event):
    """A region of the register was replaced by, or moved on to, the release `version`."""

    kind: ClassVar[str] = "addresses.region_loaded"
    label = _("A region of the address register was loaded")
    object_kind = "register_load"
    icon = "map-pin-check"

    region: int
    version: dt.date
    is_delta: bool
    objects: int
    houses: int
    flats: int


@dataclass(frozen=True, kw_only=True)
class RegisterLoadEnded(Event):
    """A load came to its end: `state` is done, failed or cancelled; what regions it had loaded stay."""

    kind: ClassVar[str] = "addresses.register_load_ended"
    label = _("Loading of the address register ended")
    object_kind = "register_load"
    icon = "map-pin"

    state: str
    regions: int


@dataclass(frozen=True, kw_only=True)
class TerritoryDescribed(Event):
    """What kind a territory is, its town, or whether people follow it, was said; `fields` names what changed."""

    kind: ClassVar[str] = "addresses.territory_described"
    label = _("Territory described")
    object_kind = "territory"
    icon = "map"

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TerritoryHousesChanged(Event):
    """The houses of a territory were changed: so many rules came and went, so many pieces of a text were not read."""

    kind: ClassVar[str] = "addresses.territory_houses_changed"
    label = _("Houses of a territory changed")
    object_kind = "territory"
    icon = "map-pins"

    added: int = 0
    removed: int = 0
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class StreetsAsked(Event):
    """Somebody wants the houses of all streets laid out anew."""

    kind: ClassVar[str] = "addresses.streets_asked"
    label = _("Territories laid out anew")
    object_kind = "territory"
    icon = "refresh"
