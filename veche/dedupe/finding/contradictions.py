"""When two rows cannot be one person, however much else they share: relatives share phones, flats and surnames.

A slip of the pen is no contradiction; two names that are both common in the base are two names, however alike they
look.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

COMMON = 20  # times as frequent as its slip a name is, at the least
_YEARS_APART = 1  # of one person, when only years are known
_LONG_NAME = 6  # letters; two slips in it are believed
_SHORT_NAME = (
    4  # letters; two slips are believed between two spellings that are nobody's name: «Риат», «Риоа»
)
FEW = 2  # rows that a spelling comes in, which is a name of few or a slip


class Person(NamedTuple):
    """What of a row can contradict. `given` holds all full forms, and is empty where only the initial is known."""

    given: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    patronymic: str = ""
    gender: str = ""
    year: int = 0
    month: int = 0
    day: int = 0
    surname: str = ""  # only to see that it was swapped with the given name


class Names:
    """Compares names, knowing how common each is in the base: `counts` of given names and patronymics."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self.may_be_one = lru_cache(maxsize=1 << 18)(self._may_be_one)

    def _may_be_one(self, one: str, other: str) -> bool:
        if one == other:
            return True
        fewer, more = sorted((self._counts.get(one, 0), self._counts.get(other, 0)))
        shorter = min(len(one), len(other))
        is_believed = shorter >= _LONG_NAME or (shorter >= _SHORT_NAME and more <= FEW)
        if not within(one, other, 2 if is_believed else 1):
            return False
        return more >= fewer * COMMON or more < COMMON

    def contradict(self, one: Person, other: Person) -> str:
        """The code of what sets two rows apart, "" where nothing does."""
        if one.gender and other.gender and one.gender != other.gender:
            return "gender"
        if self._givens_differ(one, other):
            return "given"
        if self._patronymics_differ(one, other):
            return "patronymic"
        return "birthday" if birthdays_differ(one, other) else ""

    def _givens_differ(self, one: Person, other: Person) -> bool:
        if one.given and other.given:
            if one.given & other.given or (one.surname in other.given and other.surname in one.given):
                return False
            return not any(self.may_be_one(*sorted((a, b))) for a in one.given for b in other.given)
        return bool(one.initials and other.initials and not one.initials & other.initials)

    def _patronymics_differ(self, one: Person, other: Person) -> bool:
        """An initial that differs is a slip, where the given name and the birthday may be the same: a twin has another
        name."""
        mine, yours = one.patronymic, other.patronymic
        if not mine or not yours or mine == yours:
            return False
        if len(mine) == 1 or len(yours) == 1:
            return mine[0] != yours[0] and not (one.given and other.given and _born_alike(one, other))
        return not self.may_be_one(*sorted((mine, yours)))


def _born_alike(one: Person, other: Person) -> bool:
    """Whether both birthdays are told and are one, but for a slip; a year may be missing."""
    if not (one.day and other.day):
        return False
    if one.year and other.year:
        return not birthdays_differ(one, other)
    return (one.month, one.day) == (other.month, other.day)


def birthdays_differ(one: Person, other: Person) -> bool:
    """Whether two dates are too far apart for one slip: of day, month and year two must agree, or day and month be
    swapped.
    """
    if not one.year or not other.year:
        return False
    if not (one.day and other.day):
        return abs(one.year - other.year) > _YEARS_APART
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    swapped = one.year == other.year and one.month == other.day and one.day == other.month
    return same < 2 and not swapped


def within(one: str, other: str, slips: int) -> bool:
    """Whether so many slips (a letter lost, added, changed, or two neighbours swapped) make one word of the other."""
    if abs(len(one) - len(other)) > slips:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i, *[0] * len(other)]
        for j, mark in enumerate(other, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > slips:
            return False
        before = above
    return row[-1] <= slips
