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
