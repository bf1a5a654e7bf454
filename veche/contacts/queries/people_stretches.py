"""Filters by time, by birthday and by a part of a text."""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.contacts.models.reach import AddressWords
from veche.contacts.queries.matching import MOST_WORDS, Sql, all_of, any_of, exists, like, point_where
from veche.contacts.queries.people_readers import Unknown
from veche.contacts.queries.people_times import Stretch, read_ago, read_bound, read_stretch
from veche.core.actor import Actor
from veche.names import fold

MOST_AHEAD = 62  # days to a birthday
_ADDRESS_WORDS = AddressWords.template % {"expressions": "link.text"}  # as its index has it


@dataclass(frozen=True)
class Moments:
    """A filter by a moment that every contact has."""

    column: str

    def __call__(self, actor: Actor, value: str) -> tuple[str, Sql]:
        stretch = read_stretch(value)
        if stretch is None:
            raise Unknown
        return stretch.words, self._within(stretch)

    def between(self, first: str, last: str) -> tuple[str, Sql]:
        """From the beginning of one day to the end of another."""
        words, tests = [], []
        for text, sentence, sign, later in (
            (first, _("from %(value)s on"), ">=", 0),
            (last, _("until %(value)s"), "<", 1),
        ):
            if text:
                bound = read_bound(text)
                if bound is None:
                    raise Unknown
                words.append(sentence % {"value": bound[0]})
                tests.append(
                    Sql(f"{self.column} {sign} %s", (_midnight(bound[1] + dt.timedelta(days=later)),))
                )
        return " ".join(words), all_of(tests)

    def _within(self, stretch: Stretch) -> Sql:
        days = (_midnight(stretch.first), _midnight(stretch.end))
        return Sql(f"({self.column} >= %s AND {self.column} < %s)", days)


@dataclass(frozen=True)
class Birthdays:
    """A filter by the next birthday: today, or within "7d"."""

    between: Callable[[str, str], tuple[str, Sql]] | None = None

    def __call__(self, actor: Actor, value: str) -> tuple[str, Sql]:
        ahead = 0 if value == "today" else read_ago(value)
        if ahead is None or ahead > MOST_AHEAD:
            raise Unknown
        today = timezone.localdate()
        days = [today + dt.timedelta(days=n) for n in range(ahead + 1)]
        known = [(day.day, day.month) for day in days]
        # whoever was born on the 29th of February grows older on the 1st of March in most years
        known += [(29, 2) for day in days if (day.day, day.month) == (1, 3) and not isleap(day.year)]
        where = any_of([Sql("(contact.birth_day = %s AND contact.birth_month = %s)", each) for each in known])
        words = _("today") if not ahead else ngettext("within %(n)d day", "within %(n)d days", ahead)
        return words % {"n": ahead} if ahead else words, where


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _address(text: str, begins: bool) -> Sql:
    """Every word begins a word of the address; those of a beginning also stand at its very beginning."""
    words = re.findall(r"[^\W_]+", fold(text))[:MOST_WORDS]
    if not words:
        raise Unknown
    params: tuple[str, ...] = (" & ".join(f"{word}:*" for word in words),)
    test = f"{_ADDRESS_WORDS} @@ to_tsquery('simple', %s)"
    if begins:
        test, params = f"{test} AND link.text ILIKE %s", (*params, f"{like(text)}%")
    return exists("contacts_postaladdress", test, params)


def _email(text: str, begins: bool) -> Sql:
    return point_where("email", "link.value LIKE %s", f"{'' if begins else '%'}{like(text.lower())}%")


def _caution(text: str, begins: bool) -> Sql:
    pattern = f"{'' if begins else '%'}{like(text)}%"
    return Sql("(contact.caution <> '' AND contact.caution ILIKE %s)", (pattern,))


STRETCHES: dict[str, Moments | Birthdays] = {
    "created": Moments("contact.made_at"),
    "changed": Moments("contact.changed_at"),
    "birthday": Birthdays(),
}
TEXTS: dict[str, Callable[[str, bool], Sql]] = {"address": _address, "email": _email, "caution": _caution}
