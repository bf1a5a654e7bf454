"""Who of those who live together is what to whom, and how sure it is that they do. Plain functions, no tables.

A person is a list of rows of evidence: one, or several of somebody who certainly stands in the base twice. What is said
of relatives is cautious: a wife is called a wife only where ages are known, as a sister would share all the rest.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from veche.dedupe.finding.evidence import SEPARATOR, Evidence
from veche.names import patronymics_of

MOST = 12  # people that somebody can look at side by side; more are a dormitory, or no household
PLAIN_MOST = 8  # people that are gathered by a rule, without a look
NEAR_AGE, ADULT = 20, 18
GENERATION = range(15, 61)  # years between a parent and a child

Person = Sequence[Evidence]


class Kinship(NamedTuple):
    """“One is `kind` of the other”, by contacts' kinds of relations; `why` is a code, `years` are between them."""

    one: str
    other: str
    kind: str
    why: str
    years: int | None = None


class Living(NamedTuple):
    """People who may be of one household, by number, and how many of them share what."""

    ids: tuple[int, ...]
    reasons: Mapping[str, int]

    @property
    def is_plain(self) -> bool:
        """One flat and one surname at all of them: nobody has to look."""
        everybody = len(self.ids)
        return (
            everybody <= PLAIN_MOST and self.reasons.get("flat") == self.reasons.get("surname") == everybody
        )

    @property
    def sureness(self) -> float:
        """0..1, to ask about the surest first."""
        everybody = len(self.ids)
        whole = {what for what, people in self.reasons.items() if people == everybody}
        reached = {"home_phone", "phone", "email", "house"}
        if {"flat", "surname"} <= whole:
            sure = 0.95
        elif "surname" in whole and whole & reached:
            sure = 0.85
        elif "flat" in whole:
            sure = 0.75 if "surname" in self.reasons else 0.55
        else:
            sure = 0.65 if "surname" in whole else 0.4
        sure += 0.03 if reached & self.reasons.keys() - {"house"} else 0.0
        return round(max(sure - 0.03 * max(everybody - 5, 0), 0.05), 2)

    @property
    def mark(self) -> str:
        """The same for the same people."""
        text = "-".join(map(str, self.ids))
        return text if len(text) <= 64 else hashlib.sha256(text.encode()).hexdigest()


def living_together(
    families: Iterable[Iterable[tuple[int, Evidence]]],
    apart: Iterable[tuple[int, int]] = (),
    fresh: set[int] | None = None,
) -> Iterator[Living]:
    """The finder's families as suggestions. Of each row comes the number of the person it is of, certainly; rows of
    whom somebody has said (`apart`) that they are two are two. Around `fresh` people only, if some are given."""
    told: dict[int, set[int]] = {}
    for low, high in apart:
        told.setdefault(low, set()).add(high)
        told.setdefault(high, set()).add(low)
    for family in families:
        rows = list(family)
        alike: dict[int, set[int]] = {}
        for person, row in rows:
            alike.setdefault(person, set()).add(int(row.id))
        split = {
            person for person, ids in alike.items() if any(not ids.isdisjoint(told.get(i, ())) for i in ids)
        }
        people: dict[int, list[Evidence]] = {}
        for person, row in rows:
            people.setdefault(int(row.id) if person in split else person, []).append(row)
        seen = {int(row.id) for _person, row in rows}
        if 2 <= len(people) <= MOST and (fresh is None or not fresh.isdisjoint(seen)):
            yield Living(tuple(sorted(people)), shared(people.values()))


def shared(people: Iterable[Person]) -> dict[str, int]:
    """What at least two of them have in common: how many have the commonest flat, house, surname, phone, e-mail."""
    counts: dict[str, Counter[str]] = {}
    for person in people:
        for what, value in {pair for row in person for pair in _clues(row)}:
            counts.setdefault(what, Counter())[value] += 1
    most = {what: max(found.values()) for what, found in counts.items()}
    if most.get("flat", 0) >= most.get("house", 0):
        most.pop("house", None)  # the flat says it
    return {what: most[what] for what in _ORDER if most.get(what, 0) > 1}


_ORDER = ("flat", "house", "surname", "home_phone", "phone", "email")


def _clues(row: Evidence) -> Iterator[tuple[str, str]]:
    for surname in _surnames(row):
        yield "surname", surname
    if row.street and row.house:
        house = "#".join((row.town, row.street, row.house))
        yield "house", house
        if row.flat:
            yield "flat", f"{house}#{row.flat}"
    for what, values in (("home_phone", row.lines), ("phone", row.phones), ("email", row.emails)):
        for value in filter(None, values.split(SEPARATOR)):
            yield what, value


def _surnames(row: Evidence) -> set[str]:
    return {row.surname, *row.former.split(SEPARATOR)} - {""}


# --- relatives


def kinships(people: Mapping[str, Evidence], year: int) -> list[Kinship]:
    """Who is what to whom among people of one household, each pair once at most; `year` is this one."""
    found = {
        frozenset((one.id, other.id)): kin
        for one, other in combinations(people.values(), 2)
        if (kin := kinship(one, other, year))
    }
    for kin in [each for each in found.values() if each.kind == "spouse"]:
        for parent, mate in ((kin.one, kin.other), (kin.other, kin.one)):
            _mates_children(found, people, parent, mate)
    for one, other in combinations(people, 2):
        kin = found.get(frozenset((one, other)))
        if kin is not None and kin.kind == "relative" and _parents(found, one) & _parents(found, other):
            found[frozenset((one, other))] = Kinship(one, other, "sibling", "same_parent")
    return list(found.values())


def _parents(found: Mapping[frozenset[str], Kinship], child: str) -> set[str]:
    return {kin.one for kin in found.values() if kin.kind == "parent" and kin.other == child}


def _mates_children(
    found: dict[frozenset[str], Kinship], people: Mapping[str, Evidence], parent: str, mate: str
) -> None:
    """The children of somebody's husband or wife are most likely their own, if the ages say so."""
    for child in [kin.other for kin in found.values() if kin.kind == "parent" and kin.one == parent]:
        before = found.get(frozenset((mate, child)))
        years = _years_between(people[mate], people[child])
        if child != mate and years in GENERATION and (before is None or before.kind == "relative"):
            found[frozenset((mate, child))] = Kinship(mate, child, "parent", "mates_child", years)


def kinship(one: Evidence, other: Evidence, year: int) -> Kinship | None:
    """What two of one household are to each other, as far as names, gender and ages tell."""
    for parent, child in ((one, other), (other, one)):
        years = _years_between(parent, child)
        if years in GENERATION and _is_fathers_name(parent, child):
            return Kinship(parent.id, child.id, "parent", "patronymic", years)
    if not _surnames(one) & _surnames(other):
        return None
    years = _years_between(one, other)
    if _fathers_stem(one.patronymic) == _fathers_stem(other.patronymic) != "":
        if one.gender == other.gender != "" and years is not None and abs(years) < NEAR_AGE:
            return Kinship(one.id, other.id, "sibling", "same_father", abs(years))
    elif _are_man_and_wife(one, other, year):
        return Kinship(one.id, other.id, "spouse", "near_age", abs(years or 0))
    return Kinship(one.id, other.id, "relative", "surname")


def _are_man_and_wife(one: Evidence, other: Evidence, year: int) -> bool:
    """Most likely: a man and a woman of near age, grown up, in one flat."""
    years = _years_between(one, other)
    grown = years is not None and all(year - int(each.year) >= ADULT for each in (one, other))
    of_two = {one.gender, other.gender} == {"m", "f"}
    return grown and of_two and abs(years or 0) < NEAR_AGE and _flat(one) == _flat(other) != ""


def _is_fathers_name(father: Evidence, child: Evidence) -> bool:
    return father.gender == "m" and len(father.given) > 1 and child.patronymic in patronymics_of(father.given)


def _fathers_stem(patronymic: str) -> str:
    """The same of a son and a daughter; empty where only an initial is known."""
    for end in ("инична", "ична", "ич", "на"):
        if patronymic.endswith(end):
            return patronymic.removesuffix(end)
    return patronymic if len(patronymic) > 1 else ""


def _years_between(older: Evidence, younger: Evidence) -> int | None:
    return int(younger.year) - int(older.year) if older.year and younger.year else None


def _flat(row: Evidence) -> str:
    parts = (row.town, row.street, row.house, row.flat)
    return "#".join(parts) if row.street and row.house else ""
