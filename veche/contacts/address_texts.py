"""What is kept of a postal address once it was read: its parts in words, and keys by which people are found."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from veche.addresses import ParsedAddress, canonical, flat_key, house_key, name_key, parse, region_of
from veche.contacts.models.address_reading import AddressReading

SURE = 0.75  # below it somebody should look at the address
LONGEST_KEY = 100  # letters of a name that are compared
MOST_DIGITS = 6
_CITIES_AND_REGIONS = frozenset({"Москва", "Санкт-Петербург", "Севастополь"})
_NUMBER = re.compile(r"\d+")
_PARTS = (("block", "к"), ("building", "с"), ("letter", " лит. "))


class Kept(NamedTuple):
    """The columns of `AddressReading` that the text itself gives, in the order in which they are written."""

    understood: str
    postcode: str = ""
    region: str = ""
    town: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    rest: str = ""
    town_key: str = ""
    street_key: str = ""
    house_number: int | None = None
    house_mark: int | None = None
    flat_mark: int | None = None


def read_address(text: str) -> Kept:
    """What the first address of a text says."""
    return kept_of(parse(text))


def kept_of(parsed: ParsedAddress) -> Kept:
    """What is kept of a reading. What is no address has nothing but its remark."""
    if not parsed.is_address:
        return Kept(AddressReading.Understood.NOT)
    region = region_of(parsed)
    town = _place(parsed.city, parsed.settlement_type, parsed.settlement)
    bare_town = parsed.settlement or parsed.city
    if not bare_town and region in _CITIES_AND_REGIONS:
        town = bare_town = region
    return Kept(
        understood=how_well(parsed),
        postcode=parsed.postcode[:6],
        region=region[:120],
        town=town[:200],
        street=_street(parsed.area_type, parsed.area, parsed.street_type, parsed.street)[:200],
        house=house_of(parsed)[:60],
        flat=flat_of(parsed)[:60],
        rest=parsed.rest[:200],
        town_key=name_key(bare_town)[:LONGEST_KEY],
        street_key=name_key(parsed.street or parsed.area)[:LONGEST_KEY],
        house_number=number_of(parsed.house or parsed.building),
        house_mark=mark_of(house_key(parsed)),
        flat_mark=mark_of(flat_key(parsed)) if parsed.flat or parsed.room else None,
    )


def how_well(parsed: ParsedAddress) -> str:
    """Whether somebody should look at it."""
    understood = AddressReading.Understood
    if not parsed.is_address:
        return understood.NOT
    return understood.WHOLE if parsed.confidence >= SURE and not parsed.rest else understood.PARTLY


def house_of(parsed: ParsedAddress) -> str:
    """The house as people write it in a column: «12А к3 с1»."""
    told = "".join(f"{mark}{value} " for field, mark in _PARTS if (value := getattr(parsed, field)))
    return f"{parsed.house} {told}".strip()


def flat_of(parsed: ParsedAddress) -> str:
    """The number of the flat; an office, a room or another thing says what it is."""
    if parsed.flat_type in ("", "квартира") and not parsed.room:
        return parsed.flat
    return canonical(ParsedAddress("", flat_type=parsed.flat_type, flat=parsed.flat, room=parsed.room))


def number_of(house: str) -> int | None:
    """The number that a range of houses is asked by: 12 for «12А» and for «12/5»."""
    found = _NUMBER.search(house)
    return int(found.group()) if found and len(found.group()) <= MOST_DIGITS else None


def mark_of(key: str) -> int | None:
    """Eight bytes that stand for a key of a house or of a flat, instead of a hundred letters of it."""
    if not key:
        return None
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=16384)
def _place(city: str, kind: str, settlement: str) -> str:
    if settlement:
        return canonical(ParsedAddress("", settlement_type=kind, settlement=settlement))
    return city


@lru_cache(maxsize=65536)
def _street(area_type: str, area: str, kind: str, street: str) -> str:
    return canonical(ParsedAddress("", area_type=area_type, area=area, street_type=kind, street=street))
