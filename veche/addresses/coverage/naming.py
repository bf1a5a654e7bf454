"""Names of towns and of streets out of a description, by the parser of addresses: one spelling and one key for each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from veche.addresses.coverage import words
from veche.addresses.parsing.columns import street_name_key, street_of, town_key, town_of
from veche.addresses.parsing.keys import region_of
from veche.addresses.parsing.reading import parse

# The kind of a street in front of its name, in canonical spelling; the same pattern serves PostgreSQL.
# No longer than the column that keeps it: an address with such a word would stop the laying out of its street.
KIND_PATTERN = "^([а-яё][^ ]{0,39}|СНТ|ДНТ|ГСК) "
_KIND = re.compile(KIND_PATTERN)
_LONGEST = 70  # letters of a name
_BEGINS = re.compile(r"[А-ЯЁA-Z\d\"«]")


class Town(NamedTuple):
    region: str = ""
    town: str = ""
    key: str = ""


class Street(NamedTuple):
    """`sure` is how surely the text names a street at all."""

    street: str
    key: str
    kind: str
    sure: float


NOWHERE = Town()


def kind_of(street: str) -> str:
    """«ул.» of «ул. Ленина»; "" where only a name stands."""
    found = _KIND.match(street)
    return found.group(1) if found else ""


@lru_cache(maxsize=4096)
def town_named(text: str) -> Town | None:
    """The town or village that a text names, and nothing else."""
    parsed = parse(text)
    key = town_key(parsed)
    if not key or parsed.street or parsed.area or parsed.house or parsed.rest or len(text) > _LONGEST:
        return None
    return Town(region_of(parsed), town_of(parsed), key)


@lru_cache(maxsize=16384)
def street_named(text: str) -> Street | None:
    """The street or area that a text names, with its kind or without; None where it names none."""
    if len(text) > _LONGEST or len(text.split()) > 7:
        return None
    has_kind = bool(words.street_begins.match(text) or words.street_ends.match(text))
    if not has_kind and not _BEGINS.match(text):
        return None
    parsed = parse(f"г. Екатеринбург, {text}, д. 1")
    key = street_name_key(parsed)
    if (
        not key
        or parsed.house != "1"
        or parsed.rest
        or parsed.settlement
        or parsed.flat
        or parsed.block
        or parsed.building
    ):
        return None
    street = street_of(parsed)
    kind = kind_of(street)
    field = parsed.part("street") or parsed.part("area")
    sure = field.confidence if field else 0.7
    return Street(street, key, kind, sure if kind else min(sure, 0.75))
