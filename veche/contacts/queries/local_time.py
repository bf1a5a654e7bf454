"""Which time it is where a contact lives: by the region of the address, else by the code of a town's phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

from veche.addresses import region_zone

MORNING, EVENING = 9, 21  # people are called between these hours


@dataclass(frozen=True)
class LocalTime:
    """The time there now. `of` says by what it is known: a region, or "" for a phone."""

    zone: str
    now: dt.datetime
    of: str = ""
    several: bool = False

    @property
    def clock(self) -> str:
        return f"{self.now:%H:%M}"

    @property
    def is_late(self) -> bool:
        """Whether people there sleep, or are about to."""
        return not MORNING <= self.now.hour < EVENING


def time_in(region: str) -> LocalTime | None:
    """The time in a region by its canonical name; of one with several zones, where most people live."""
    known = region_zone(region)
    return LocalTime(known.zone, _now(known.zone), region, known.several) if known else None


def time_of(regions: Iterable[str], phones: Iterable[str]) -> LocalTime | None:
    """By the first region that is known, else by the first phone whose code says it: a mobile one never does."""
    for region in regions:
        if found := time_in(region):
            return found
    zones = (zone for phone in phones if (zone := _zone_of_phone(phone)))
    return next((LocalTime(zone, _now(zone)) for zone in zones), None)


def _now(zone: str) -> dt.datetime:
    return timezone.now().astimezone(ZoneInfo(zone))


@lru_cache(maxsize=4096)
def _zone_of_phone(e164: str) -> str:
    import phonenumbers.timezone  # half a second and some memory, for those who have no address

    try:
        zones = phonenumbers.timezone.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return ""
    known = len(zones) == 1 and zones[0] != phonenumbers.timezone.UNKNOWN_TIMEZONE
    return zones[0] if known else ""
