"""Days and stretches of days as filters name them: "7d" (the last seven days), "this_month", "2026-11-03"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.ui import formats

LONGEST_AGO = 36_500  # days

_AGO = re.compile(r"(\d{1,5})d")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_RUSSIAN_DAY = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Stretch:
    """The days from `first` until `end`, without it."""

    words: str
    first: dt.date
    end: dt.date


def read_stretch(text: str) -> Stretch | None:
    """The days that `text` names as of today; None when it names none."""
    today = timezone.localdate()
    if text in NAMED:
        return NAMED[text](today)
    if days := read_ago(text):
        words = ngettext("last %(n)d day", "last %(n)d days", days) % {"n": days}
        return Stretch(words, today - dt.timedelta(days=days - 1), today + dt.timedelta(days=1))
    if day := read_day(text):
        return _one(day, formats.exact_day(day))
    if _YEAR.fullmatch(text) and 1 < int(text) < 9998:
        return Stretch(text, dt.date(int(text), 1, 1), dt.date(int(text) + 1, 1, 1))
    return None


def read_bound(text: str) -> tuple[str, dt.date] | None:
    """A single day as a bound: a date, or "30d" for thirty days ago; (words, day)."""
    if days := read_ago(text):
        day = timezone.localdate() - dt.timedelta(days=days)
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}, day
    day = read_day(text)
    return (formats.exact_day(day), day) if day else None


def read_ago(text: str) -> int | None:
    """The number of days in "7d"; None for anything else and for none at all."""
    found = _AGO.fullmatch(text)
    return int(found[1]) if found and 0 < int(found[1]) <= LONGEST_AGO else None


def read_day(text: str) -> dt.date | None:
    """A date as the browser (2026-11-03) or a Russian (3.11.2026) writes it."""
    found = _DAY.fullmatch(text)
    parts = found.groups() if found else None
    if found := _RUSSIAN_DAY.fullmatch(text):
        parts = found.groups()[::-1]
    try:
        day = dt.date(*map(int, parts)) if parts else None
    except ValueError:
        return None
    return day if day and dt.date.min < day < dt.date(9998, 1, 1) else None


def _one(day: dt.date, words: str) -> Stretch:
    return Stretch(words, day, day + dt.timedelta(days=1))


def _week(day: dt.date, words: str) -> Stretch:
    monday = day - dt.timedelta(days=day.weekday())
    return Stretch(words, monday, monday + dt.timedelta(days=7))


def _month(day: dt.date, words: str) -> Stretch:
    first = day.replace(day=1)
    return Stretch(words, first, (first + dt.timedelta(days=31)).replace(day=1))


def _before(first: dt.date) -> dt.date:
    return first - dt.timedelta(days=1)


NAMED = {
    "today": lambda today: _one(today, _("today")),
    "yesterday": lambda today: _one(_before(today), _("yesterday")),
    "this_week": lambda today: _week(today, _("this week")),
    "last_week": lambda today: _week(today - dt.timedelta(days=7), _("last week")),
    "this_month": lambda today: _month(today, _("this month")),
    "last_month": lambda today: _month(_before(today.replace(day=1)), _("last month")),
    "this_year": lambda today: Stretch(
        _("this year"), dt.date(today.year, 1, 1), dt.date(today.year + 1, 1, 1)
    ),
}
