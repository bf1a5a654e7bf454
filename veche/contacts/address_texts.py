"""What is kept of a postal address once it was read: its parts in words, and keys by which people are found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from veche.addresses import ParsedAddress, canonical, flat_key, house_key, name_key, parse, region_of
from veche.contacts.models.address_reading import AddressReading

SURE = 0.75  # below it somebody should look at the address
LONGEST_KEY = 100  # letters of a name that are compared
MOST_DIGITS = 6
NOTHING_LEARNED: Mapping[tuple[str, str], str] = {}
_CITIES_AND_REGIONS = frozenset({"Москва", "Санкт-Петербург", "Севастополь"})
_NUMBER = re.compile(r"\d+")
_PARTS = (("block", "к"), ("building", "с"), ("letter", " лит. "))


# (town, street) by their keys → the street that the team reads it as
Learned = Mapping[tuple[str, str], str]


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


def read_address(text: str, learned: Learned = NOTHING_LEARNED) -> Kept:
    """What the first address of a text says, with the streets that the team reads otherwise."""
    return kept_of(corrected(parse(text), learned))


def corrected(parsed: ParsedAddress, learned: Learned) -> ParsedAddress:
    """The address with the street that the team has said it is."""
    if not learned:
        return parsed
    right = learned.get((town_key_of(parsed), street_key_of(parsed)))
    if not right:
        return parsed
    street_type, street, area_type, area = _read_street(right)
    if street:
        return parsed._replace(street_type=street_type or parsed.street_type, street=street)
    return parsed._replace(street_type="", street="", area_type=area_type, area=area)


def street_named(text: str) -> tuple[str, str]:
    """(key, spelling) of a street as somebody typed it, with or without its kind; ("", "") where it is none."""
    street_type, street, area_type, area = _read_street(text)
    written = _street("", "", street_type, street) if street else _street(area_type, area, "", "")
    return name_key(street or area)[:LONGEST_KEY], written


@lru_cache(maxsize=4096)
def _read_street(text: str) -> tuple[str, str, str, str]:
    parsed = parse(f"г. Екатеринбург, {text}")
    return parsed.street_type, parsed.street, parsed.area_type, parsed.area


def kept_of(parsed: ParsedAddress) -> Kept:
    """What is kept of a reading. What is no address has nothing but its remark."""
    if not parsed.is_address:
        return Kept(AddressReading.Understood.NOT)
    region = region_of(parsed)
    town = _place(parsed.city, parsed.settlement_type, parsed.settlement)
    town = town or _bare_town(parsed)
    return Kept(
        understood=how_well(parsed),
        postcode=parsed.postcode[:6],
        region=region[:120],
        town=town[:200],
        street=_street(parsed.area_type, parsed.area, parsed.street_type, parsed.street)[:200],
        house=house_of(parsed)[:60],
        flat=flat_of(parsed)[:60],
        rest=parsed.rest[:200],
        town_key=town_key_of(parsed),
        street_key=street_key_of(parsed),
        house_number=number_of(parsed.house or parsed.building),
        house_mark=mark_of(house_key(parsed)),
        flat_mark=mark_of(flat_key(parsed)) if parsed.flat or parsed.room else None,
    )


def town_key_of(parsed: ParsedAddress) -> str:
    """The town or village as it is compared."""
    return name_key(_bare_town(parsed))[:LONGEST_KEY]


def street_key_of(parsed: ParsedAddress) -> str:
    """The street, or what stands in its place, as it is compared."""
    return name_key(parsed.street or parsed.area)[:LONGEST_KEY]


def _bare_town(parsed: ParsedAddress) -> str:
    """A city that is a region of its own is its town."""
    named = parsed.settlement or parsed.city
    return named or (parsed.region if parsed.region in _CITIES_AND_REGIONS else "")


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
