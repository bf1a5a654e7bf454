"""What is kept of a postal address once it was read: its parts in words, and keys by which people are found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from veche.addresses import (
    ParsedAddress,
    canonical,
    flat_key,
    house_key,
    house_of,
    number_of,
    parse,
    region_of,
    region_of_postcode,
    street_name_key,
    street_of,
    town_key,
    town_of,
)
from veche.contacts.models.address_reading import AddressReading

SURE = 0.75  # below it somebody should look at the address
NOTHING_LEARNED: Mapping[tuple[str, str], str] = {}

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
    right = learned.get((town_key(parsed), street_name_key(parsed)))
    if not right:
        return parsed
    street_type, street, area_type, area = _read_street(right)
    if street:
        return parsed._replace(street_type=street_type or parsed.street_type, street=street)
    return parsed._replace(street_type="", street="", area_type=area_type, area=area)


def street_named(text: str) -> tuple[str, str]:
    """(key, spelling) of a street as somebody typed it, with or without its kind; ("", "") where it is none."""
    street_type, street, area_type, area = _read_street(text)
    parsed = ParsedAddress("", street_type=street_type, street=street)
    if not street:
        parsed = ParsedAddress("", area_type=area_type, area=area)
    return street_name_key(parsed), street_of(parsed)


@lru_cache(maxsize=4096)
def _read_street(text: str) -> tuple[str, str, str, str]:
    parsed = parse(f"г. Екатеринбург, {text}")
    if parsed.area and not parsed.area_type and not parsed.street:  # a bare name
        return "", parsed.area, "", ""
    return parsed.street_type, parsed.street, parsed.area_type, parsed.area


def kept_of(parsed: ParsedAddress) -> Kept:
    """What is kept of a reading. What is no address has nothing but its remark."""
    if not parsed.is_address:
        return Kept(AddressReading.Understood.NOT)
    region = region_or_postcode(parsed)
    return Kept(
        understood=how_well(parsed),
        postcode=parsed.postcode[:6],
        region=region[:120],
        town=town_of(parsed)[:200],
        street=street_of(parsed)[:200],
        house=house_of(parsed)[:60],
        flat=flat_of(parsed)[:60],
        rest=parsed.rest[:200],
        town_key=town_key(parsed),
        street_key=street_name_key(parsed),
        house_number=number_of(parsed.house or parsed.building),
        house_mark=mark_of(house_key(parsed)),
        flat_mark=mark_of(flat_key(parsed)) if parsed.flat or parsed.room else None,
    )


def region_or_postcode(parsed: ParsedAddress) -> str:
    """The region that the address names or its town has, else that of its postcode."""
    return region_of(parsed) or region_of_postcode(parsed.postcode)


def how_well(parsed: ParsedAddress) -> str:
    """Whether somebody should look at it."""
    understood = AddressReading.Understood
    if not parsed.is_address:
        return understood.NOT
    return understood.WHOLE if parsed.confidence >= SURE and not parsed.rest else understood.PARTLY


def flat_of(parsed: ParsedAddress) -> str:
    """The number of the flat; an office, a room or another thing says what it is."""
    if parsed.flat_type in ("", "квартира") and not parsed.room:
        return parsed.flat
    return canonical(ParsedAddress("", flat_type=parsed.flat_type, flat=parsed.flat, room=parsed.room))


def mark_of(key: str) -> int | None:
    """Eight bytes that stand for a key of a house or of a flat, instead of a hundred letters of it."""
    if not key:
        return None
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
