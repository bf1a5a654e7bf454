"""Which time it is in a region, and which region a postcode belongs to: public facts of `tables/zones.txt`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

_TABLE = Path(__file__).parent / "tables" / "zones.txt"


class RegionFacts(NamedTuple):
    """`several`: parts of the region live by another time; the zone is where most of its people live."""

    zone: str
    several: bool
    postcodes: tuple[str, ...]


@lru_cache(maxsize=1)
def regions() -> dict[str, RegionFacts]:
    """All regions by their canonical names."""
    found = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, zone, postcodes = (part.strip() for part in line.split("|"))
            found[name] = RegionFacts(zone.rstrip("*"), zone.endswith("*"), _spread(postcodes))
    return found


def _spread(postcodes: str) -> tuple[str, ...]:
    told: list[str] = []
    for span in postcodes.split():
        first, _dash, last = span.partition("-")
        told += [str(number) for number in range(int(first), int(last or first) + 1)]
    return tuple(told)


def region_zone(region: str) -> RegionFacts | None:
    """Time zone and postcodes of a region by its canonical name."""
    return regions().get(region)


@lru_cache(maxsize=1)
def _by_postcode() -> dict[str, str]:
    return {code: name for name, facts in regions().items() for code in facts.postcodes}


def region_of_postcode(postcode: str) -> str:
    """The region whose post offices have such numbers; "" for a number that none has."""
    return _by_postcode().get(postcode[:3], "") if len(postcode) == 6 else ""


def regions_where(first: int, last: int, now: dt.datetime) -> list[str]:
    """Regions where the hour is now at least `first` and less than `last`."""
    zones = {facts.zone for facts in regions().values()}
    fits = {zone for zone in zones if first <= now.astimezone(ZoneInfo(zone)).hour < last}
    return sorted(name for name, facts in regions().items() if facts.zone in fits)
