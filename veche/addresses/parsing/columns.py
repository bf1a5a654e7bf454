"""An address as a table holds it: town, street and house in words, and the keys by which they are compared."""

from __future__ import annotations

import re
from functools import lru_cache

from veche.addresses.parsing.keys import canonical, name_key
from veche.addresses.parsing.parsed import ParsedAddress

LONGEST_KEY = 100  # letters of a name that are compared
MOST_DIGITS = 6
_CITIES_AND_REGIONS = frozenset({"Москва", "Санкт-Петербург", "Севастополь"})
_NUMBER = re.compile(r"\d+")
_PARTS = (("block", "к"), ("building", "с"), ("letter", " лит. "))


def bare_town(parsed: ParsedAddress) -> str:
    """The town or village without its kind; a city that is a region of its own is its town."""
    named = parsed.settlement or parsed.city
    return named or (parsed.region if parsed.region in _CITIES_AND_REGIONS else "")


def town_of(parsed: ParsedAddress) -> str:
    """«п. Бобровский», «Екатеринбург»."""
    return _place(parsed.city, parsed.settlement_type, parsed.settlement) or bare_town(parsed)


def town_key(parsed: ParsedAddress) -> str:
    """The town or village as it is compared."""
    return name_key(bare_town(parsed))[:LONGEST_KEY]


def street_of(parsed: ParsedAddress) -> str:
    """«ул. Ленина», or what stands in its place: «СНТ Ромашка»."""
    return _street(parsed.area_type, parsed.area, parsed.street_type, parsed.street)


def street_name_key(parsed: ParsedAddress) -> str:
    """The street, or what stands in its place, as it is compared: without its kind."""
    return name_key(parsed.street or parsed.area)[:LONGEST_KEY]


def house_of(parsed: ParsedAddress) -> str:
    """The house as people write it in a column: «12А к3 с1»."""
    told = "".join(f"{mark}{value} " for field, mark in _PARTS if (value := getattr(parsed, field)))
    return f"{parsed.house} {told}".strip()


def number_of(house: str) -> int | None:
    """The number that a range of houses is asked by: 12 for «12А» and for «12/5»."""
    found = _NUMBER.search(house)
    return int(found.group()) if found and len(found.group()) <= MOST_DIGITS else None


@lru_cache(maxsize=16384)
def _place(city: str, kind: str, settlement: str) -> str:
    if settlement:
        return canonical(ParsedAddress("", settlement_type=kind, settlement=settlement))
    return city


@lru_cache(maxsize=65536)
def _street(area_type: str, area: str, kind: str, street: str) -> str:
    return canonical(ParsedAddress("", area_type=area_type, area=area, street_type=kind, street=street))
