"""Columns of the list and filters by a part of a postal address: region, town, street, a range and a side of houses.

A street is asked as people write it: «Малышева», «Екатеринбург, ул. Малышева», «Малышева 1-25 нечётные». What is asked
in one filter is looked for in one address of a contact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.addresses import name_key, parse, regions_where
from veche.contacts.models import AddressReading
from veche.contacts.queries.address_parts import LABELS
from veche.contacts.queries.house_reach import house_of
from veche.contacts.queries.local_time import EVENING, MORNING, time_in
from veche.contacts.queries.matching import Sql, exists
from veche.contacts.queries.people_readers import Link, Unknown
from veche.core.actor import Actor
from veche.core.refusal import NotFound

TABLE = "contacts_addressreading"
# Columns of the list, with their widths: what the first address of a contact says.
ADDRESS_PARTS = {
    "region": 160,
    "town": 150,
    "street": 170,
    "house": 80,
    "flat": 70,
    "postcode": 80,
    "local_time": 128,
}
LOCAL_TIME = "local_time"
PART_LABELS = {
    **{key: LABELS[key] for key in ("region", "street", "house", "flat", "postcode")},
    "town": gettext_lazy("Town or village"),
    LOCAL_TIME: gettext_lazy("Local time"),
}
PART_ORDERS = {
    "region": "link.region",
    "town": "link.town",
    "street": "link.street",
    "house": "to_char(link.house_number, 'FM000000') || link.house",
    "flat": "lpad(link.flat, 60)",
    "postcode": "link.postcode",
}
_SIDES = {"odd": 1, "even": 0}
_SIDE = re.compile(
    r"(?<![а-яёa-z])(?:(неч[её]т\w*|odd)|(ч[её]т\w*|even))\.?(?:\s+(?:сторона|side))?", re.IGNORECASE
)
_HOUSES = re.compile(
    r"(?:^|[\s,])(?:д(?:ома?|\.)?\s*)?(?:с|от|from)?\s*(\d{1,6})(?:\s*(?:[-–—]|до|по|to)\s*(\d{1,6}))?\s*$",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})")
_LETTER = re.compile(r"[^\W\d_]")
_OPEN = re.compile(r"(?:^|[\s,])(с|от|from|до|по|to)\s+(\d{1,6})\s*$", re.IGNORECASE)
_FROM = frozenset({"с", "от", "from"})


@dataclass(frozen=True)
class Street:
    """What was asked: names in the form in which they are compared, "" for any; `parity` 1 odd, 0 even, None both."""

    town: str
    street: str
    first: int | None = None
    last: int | None = None
    parity: int | None = None


def read_street(text: str) -> Street:
    """«Екатеринбург, Малышева 1-25 нечётные» in parts; `Unknown` for what names no street."""
    parity, rest = _parity(text)
    first, last, rest = _houses(rest)
    pieces = [piece.strip() for piece in rest.split(",") if piece.strip()]
    if not pieces or len(pieces) > 2 or not _LETTER.search(pieces[-1]):
        raise Unknown
    town = _name_of(pieces[0], "town") if len(pieces) == 2 else ""
    street = _name_of(pieces[-1], "street")
    if not street or (first is not None and last is not None and first > last):
        raise Unknown
    return Street(town, street, first, last, parity)


def _parity(text: str) -> tuple[int | None, str]:
    found = _SIDE.search(text)
    if found is None:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return _SIDES["odd" if found.group(1) else "even"], rest.replace("()", " ").strip(" ,;")


def _houses(text: str) -> tuple[int | None, int | None, str]:
    """From and to, and what stands before them. A street may be a number itself: «8 Марта», «Линия 5»."""
    if found := _OPEN.search(text):
        number, rest = int(found.group(2)), text[: found.start()].strip(" ,")
        return (number, None, rest) if found.group(1).lower() in _FROM else (None, number, rest)
    found = _HOUSES.search(text)
    if found is None or not text[: found.start()].strip(" ,"):
        return None, None, text
    first = int(found.group(1))
    return first, int(found.group(2) or first), text[: found.start()].strip(" ,")


def town_named(text: str) -> str:
    """The key of a town or village, with or without its kind; "" for what names none."""
    return _name_of(text, "town")


def _name_of(text: str, what: str) -> str:
    """The key of a name with or without its kind: «ул. Малышева» and «Малышева» are one."""
    parsed = parse(text if what == "town" else f"Екатеринбург, {text}")
    named = (parsed.settlement or parsed.city) if what == "town" else (parsed.street or parsed.area)
    return name_key(named or text)


def _street(actor: Actor, value: str) -> tuple[str, Link]:
    asked = read_street(value)
    tests, params = ["link.street_key = %s", "link.street_key <> ''"], [asked.street]
    if asked.town:
        tests += ["link.town_key = %s", "link.town_key <> ''"]
        params.append(asked.town)
    for bound, sign in ((asked.first, ">="), (asked.last, "<=")):
        if bound is not None:
            tests.append(f"link.house_number {sign} {int(bound)}")
    if asked.parity is not None:
        tests.append(f"mod(link.house_number, 2) = {int(asked.parity)}")
    return value, _link(" AND ".join(tests), *params)


def _town(actor: Actor, value: str) -> tuple[str, Link]:
    key = town_named(value)
    if not key:
        raise Unknown
    return value, _link("link.town_key = %s AND link.town_key <> ''", key)


def _region(actor: Actor, value: str) -> tuple[str, Link]:
    named = parse(value).region or value
    return named, _link("link.region = %s AND link.region <> ''", named)


def _local_time(actor: Actor, value: str) -> tuple[str, Link]:
    """«9-21»: where it is from 9 to 21 o'clock now. Asked anew each time the list is looked at."""
    asked = _HOURS.fullmatch(value.strip())
    if asked is None or not 0 <= int(asked[1]) < int(asked[2]) <= 24:
        raise Unknown
    regions = regions_where(int(asked[1]), int(asked[2]), timezone.now())
    return local_words(int(asked[1]), int(asked[2])), _link(
        "link.region = ANY(%s) AND link.region <> ''", regions
    )


def local_words(first: int, last: int) -> str:
    """Hours for people."""
    return _("from %(first)d:00 to %(last)d:00") % {"first": first, "last": last}


def local_time_options() -> list[tuple[str, str]]:
    """Hours of a day that are often asked for, for the form."""
    spans = ((MORNING, EVENING), (MORNING, 12), (12, 18), (18, EVENING))
    return [(f"{first}-{last}", local_words(first, last)) for first, last in spans]


def _understood(actor: Actor, value: str) -> tuple[str, Link]:
    if value not in AddressReading.Understood.values:
        raise Unknown
    label = str(AddressReading.Understood(value).label)
    # a literal, so that the planner sees the partial index of doubts
    return label, _link(f"link.understood = '{AddressReading.Understood(value).value}'")


def _link(test: str, *params: Any) -> Link:
    return Link(TABLE, Sql(test, params), ordered=False)


def _house(actor: Actor, value: str) -> tuple[str, Link]:
    """Who lives in a house that the actor knows of, as its page shows them."""
    if not value.isdecimal() or len(value) > 18:
        raise Unknown
    try:
        house = house_of(actor, int(value))
    except NotFound:
        raise Unknown from None
    # a literal, so that the planner sees the partial index of houses
    return str(house), _link(f"link.house_mark = {int(house.mark)}")


PLACES = {
    "house": _house,
    "region": _region,
    "town": _town,
    "street": _street,
    "understood": _understood,
    LOCAL_TIME: _local_time,
}
PLACES_FILLED = {
    key: exists(TABLE, f"link.{column} <> ''")
    for key, column in (("region", "region"), ("town", "town_key"), ("street", "street_key"))
}


def parts_of(contact_ids: list[int], asked: Sequence[str]) -> dict[int, dict[str, str]]:
    """What the first address of each contact says, where a part of it is asked for."""
    wanted = [key for key in asked if key in ADDRESS_PARTS]
    if not wanted:
        return {}
    readings = AddressReading.objects.filter(contact__in=contact_ids)
    columns = ["region" if key == LOCAL_TIME else key for key in wanted]
    found = readings.order_by("address__position", "pk").values_list("contact_id", *columns)
    parts: dict[int, dict[str, str]] = {}
    for contact_id, *values in found:
        parts.setdefault(contact_id, dict(zip(wanted, values, strict=True)))
    if LOCAL_TIME in wanted:
        for each in parts.values():
            there = time_in(each[LOCAL_TIME])
            each[LOCAL_TIME] = there.clock if there else ""
    return parts


def understood_options() -> list[tuple[str, str]]:
    """How well an address was read, for the form."""
    return [(value, str(label)) for value, label in AddressReading.Understood.choices]
