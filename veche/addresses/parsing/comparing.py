"""How far two addresses are from each other, and why."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from veche.addresses.parsing.keys import name_key, region_of
from veche.addresses.parsing.parsed import ParsedAddress
from veche.addresses.parsing.text import fold

REASONS = {
    "same": _("It is the same place."),
    "flat_unknown": _("The house is the same; only one of the addresses names a flat."),
    "flat": _("The house is the same, the flats are different: “%(first)s” and “%(second)s”."),
    "part_unknown": _("The number is the same; only one of the addresses names the block or building."),
    "part": _("The number is the same, the blocks or buildings are different: “%(first)s” and “%(second)s”."),
    "house_unknown": _("The street is the same; only one of the addresses names a house."),
    "house": _("The street is the same, the houses are different: “%(first)s” and “%(second)s”."),
    "street_type": _("The streets have one name but are of different kinds: “%(first)s” and “%(second)s”."),
    "street_spelling": _("The streets are spelled almost the same: “%(first)s” and “%(second)s”."),
    "street_unknown": _("The town is the same; only one of the addresses names a street."),
    "street": _("The town is the same, the streets are different: “%(first)s” and “%(second)s”."),
    "town_spelling": _("The towns are spelled almost the same: “%(first)s” and “%(second)s”."),
    "town_unknown": _("Only one of the addresses names a town or village."),
    "town": _("The towns or villages are different: “%(first)s” and “%(second)s”."),
    "region": _("The regions are different: “%(first)s” and “%(second)s”."),
    "not_an_address": _("At least one of the texts is not an address."),
}
_DISTANCE = {
    "same": 0.0, "flat_unknown": 0.05, "flat": 0.15, "part_unknown": 0.1, "part": 0.25, "house_unknown": 0.3,
    "house": 0.4, "street_type": 0.45, "street_spelling": 0.12, "street_unknown": 0.5, "street": 0.6,
    "town_spelling": 0.15, "town_unknown": 0.2, "town": 0.8, "region": 1.0, "not_an_address": 1.0,
}  # fmt: skip


class Difference(NamedTuple):
    """`distance` from 0 (the same place) to 1; `code` of REASONS says what differs first, from the region down."""

    distance: float
    code: str
    first: str = ""
    second: str = ""

    @property
    def sentence(self) -> str:
        """The whole sentence in the language active now."""
        return str(REASONS[self.code]) % {"first": self.first, "second": self.second}


def difference(first: ParsedAddress, second: ParsedAddress) -> Difference:
    """What keeps two addresses apart. A part that only one of them names is no contradiction, but weighs a little."""
    if not (first.is_address and second.is_address):
        return _difference("not_an_address")
    doubts: list[Difference] = []
    for compare in (_regions, _towns, _streets, _houses, _flats):
        found = compare(first, second)
        if found is None:
            continue
        if found.code not in _PASSABLE:
            return _with_doubts(found, doubts)
        doubts.append(found)
        if found.code in ("street_unknown", "house_unknown"):
            break
    if not doubts:
        return _difference("same")
    return _with_doubts(max(doubts), [])


_PASSABLE = frozenset(
    {
        "town_unknown",
        "town_spelling",
        "street_spelling",
        "street_unknown",
        "part_unknown",
        "house_unknown",
        "flat_unknown",
    }
)


def _with_doubts(found: Difference, doubts: list[Difference]) -> Difference:
    distance = min(1.0, round(found.distance + sum(doubt.distance for doubt in doubts) / 2, 2))
    return found._replace(distance=distance)


def _difference(code: str, first: str = "", second: str = "") -> Difference:
    return Difference(_DISTANCE[code], code, first, second)


def _regions(first: ParsedAddress, second: ParsedAddress) -> Difference | None:
    one, other = region_of(first), region_of(second)
    return _difference("region", one, other) if one and other and one != other else None


def _towns(first: ParsedAddress, second: ParsedAddress) -> Difference | None:
    one, other = _town(first), _town(second)
    if name_key(one) == name_key(other):
        return None
    if not (one and other):
        return _difference("town_unknown", one, other)
    return _difference("town_spelling" if is_almost(one, other) else "town", one, other)


def _town(parsed: ParsedAddress) -> str:
    return parsed.settlement or parsed.city or (parsed.region if parsed.region in _FEDERAL else "")


_FEDERAL = frozenset({"Москва", "Санкт-Петербург", "Севастополь"})


def _streets(first: ParsedAddress, second: ParsedAddress) -> Difference | None:
    one, other = first.street or first.area, second.street or second.area
    if name_key(one) != name_key(other):
        if not (one and other):
            return _difference("street_unknown", one, other)
        return _difference("street_spelling" if is_almost(one, other) else "street", one, other)
    kinds = first.street_type, second.street_type
    if all(kinds) and kinds[0] != kinds[1]:
        return _difference("street_type", *kinds)
    return None


def _houses(first: ParsedAddress, second: ParsedAddress) -> Difference | None:
    if fold(first.house) != fold(second.house):
        if not (first.house and second.house):
            return _difference("house_unknown", first.house, second.house)
        return _difference("house", first.house, second.house)
    for field in ("block", "building", "letter"):
        one, other = getattr(first, field), getattr(second, field)
        if fold(one) != fold(other):
            return _difference("part" if one and other else "part_unknown", one, other)
    return None


def _flats(first: ParsedAddress, second: ParsedAddress) -> Difference | None:
    one, other = (f"{parsed.flat} {parsed.room}".strip() for parsed in (first, second))
    if fold(one) == fold(other):
        return None
    return _difference("flat" if one and other else "flat_unknown", one, other)


_LONGEST_COMPARED = 60


def is_almost(one: str, other: str) -> bool:
    """Whether two names are a typing slip apart: one letter in a short name, two in a long one; never a digit."""
    first, second = name_key(one), name_key(other)
    if not first or not second or max(len(first), len(second)) > _LONGEST_COMPARED:
        return False
    if [char for char in first if char.isdigit()] != [char for char in second if char.isdigit()]:
        return False
    allowed = 0 if min(len(first), len(second)) < 4 else 1 if min(len(first), len(second)) < 9 else 2
    return _edits(first, second, allowed) <= allowed


def _edits(first: str, second: str, most: int) -> int:
    """The number of letters to change, add, drop or swap; `most` + 1 stands for any greater one."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, char in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
