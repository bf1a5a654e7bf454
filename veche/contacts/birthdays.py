"""Birthdays of which any part may be unknown: 03.11.1980, 03.11, 11.1980, 1980."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.core.refusal import Refusal
from veche.ui import formats

EARLIEST_YEAR = 1880


class Birthday(NamedTuple):
    year: int | None = None
    month: int | None = None
    day: int | None = None


def parse_birthday(text: str) -> Birthday:
    """A whole or partial birthday from what was typed; empty gives nothing. `Refusal` for what no calendar has."""
    bare = text.strip()
    if not bare:
        return Birthday()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", bare):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", bare):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[./](\d{4})", bare):
        day, month, year = None, *map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})", bare):
        day, month, year = *map(int, found.groups()), None
    elif re.fullmatch(r"\d{4}", bare):
        day, month, year = None, None, int(bare)
    else:
        raise _refusal(text)
    return check_birthday(Birthday(year, month, day), text)


def check_birthday(birthday: Birthday, text: str = "") -> Birthday:
    """The same birthday, or `Refusal` when such a day never was or is still to come."""
    year, month, day = birthday
    today = timezone.localdate()
    try:
        whole = dt.date(year or 2000, month or 1, day or 1)
    except ValueError:
        raise _refusal(text or written(birthday)) from None
    if year and (whole > today or year < EARLIEST_YEAR):
        raise _refusal(text or written(birthday))
    if day and not month:
        raise _refusal(text or written(birthday))
    return birthday


def written(birthday: Birthday) -> str:
    """As it is typed in a form: 03.11.1980, 03.11, 11.1980 or 1980."""
    year, month, day = birthday
    return ".".join(
        part
        for part in (f"{day:02}" if day else "", f"{month:02}" if month else "", str(year) if year else "")
        if part
    )


def age(birthday: Birthday, today: dt.date | None = None) -> tuple[int, bool] | None:
    """(whole years, certain): uncertain when only the year is known; None without a year."""
    year, month, day = birthday
    now = today or timezone.localdate()
    if not year:
        return None
    years = now.year - year
    if not (month and day):
        return years, False
    return years - ((now.month, now.day) < (month, day)), True


def in_words(birthday: Birthday) -> str:
    """As it is read: 03.11.1980, 3 Nov, 11.1980 or 1980; a dash for nothing."""
    year, month, day = birthday
    if year and month and day:
        return formats.exact_day(dt.date(year, month, day))
    if month and day:
        now = timezone.localdate()
        leap = now.replace(year=2000, month=month, day=day)
        return formats.plain_day(leap, today=leap)
    return written(birthday) or formats.NONE


def _refusal(text: str) -> Refusal:
    sentence = _(
        "“%(text)s” is not a birthday. Write 03.11.1980, or what you know of it: 03.11, 11.1980, 1980."
    ) % {"text": text[:40]}
    return Refusal("contacts.birthday", sentence, fields={"birthday": sentence})
