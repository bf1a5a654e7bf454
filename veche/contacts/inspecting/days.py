"""Birthdays and other days: those that no calendar has, that nobody can have, and that stand where none is known."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from veche.contacts.birthdays import Birthday, written
from veche.contacts.inspecting.facts import Facts, Fix, Found, mark_of

OLDEST = 110  # years; the few people beyond are known by name
PLACEHOLDERS = frozenset([(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (1970, 1, 1)])
SURE_PLACEHOLDERS = PLACEHOLDERS - {
    (1970, 1, 1)
}  # people were born on that day; whether so many, is seen in the base

_DAY = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]((?:18|19|20)\d\d)(?!\d)")


def inspect_days(person: Facts, today: dt.date | None = None) -> Iterator[Found]:
    if any(person.birthday):
        yield from _birthday(person, today or dt.date.today())
    if person.lost_days and not person.birthday[2]:
        yield Found("day_impossible", mark_of("note", *person.lost_days), value=", ".join(person.lost_days))
    for key, text in person.own:
        yield Found("day_impossible", mark_of(key, text), value=text)


def _birthday(person: Facts, today: dt.date) -> Iterator[Found]:
    year, month, day = person.birthday
    before, mark = written(Birthday(*person.birthday)), mark_of(*person.birthday)
    if not _exists(year, month, day):
        # the day is what cannot be right: February has no 30th in any year. Nor can a year that nobody was born in.
        after = "" if year and _nobodys(year, month, None, today) else written(Birthday(year, month, None))
        yield Found("day_impossible", mark, None, _fix(before, after) if year else None, before)
    elif (year, month, day) in PLACEHOLDERS:
        sure = (year, month, day) in SURE_PLACEHOLDERS
        yield Found("birthday_placeholder", mark, None, _fix(before, "") if sure else None, before)
    elif year and _nobodys(year, month, day, today):
        after = written(Birthday(None, month, day)) if month and day else ""
        yield Found("birthday_unlikely", mark, None, _fix(before, after), before)


def _fix(before: str, after: str) -> Fix:
    return Fix(before, after, fields=(("birthday", after),))


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if day is None:
        return True
    return month is not None and 1 <= day <= calendar.monthrange(year or 2000, month)[1]


def _nobodys(year: int, month: int | None, day: int | None, today: dt.date) -> bool:
    """Whether nobody alive can have been born then."""
    return _too_old(year, month, day, today) or dt.date(year, month or 1, day or 1) > today


def _too_old(year: int, month: int | None, day: int | None, today: dt.date) -> bool:
    years = today.year - year - ((today.month, today.day) < (month or 1, day or 1))
    return years > OLDEST


def impossible_days(text: str) -> tuple[str, ...]:
    """The days of no calendar that a text names: «29.02.1970», «31.04.2001». «5/25/1980» is the American way."""
    found = []
    for match in _DAY.finditer(text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        american = two > 12 >= one and _exists(year, one, two)
        if not american and not (1 <= two <= 12 and one >= 1 and _exists(year, two, one)):
            found.append(match[0])
    return tuple(found)
