"""What is the viewer's own on the home page: people in his care, whose birthday comes, and what he is told of."""

from __future__ import annotations

import datetime as dt
from calendar import isleap
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from veche.contacts.models import Contact
from veche.contacts.queries.people import people_of
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.desk.queries.notices import Line, notices_page

CARE = {"responsible": "me", "sort": "newest"}
SOON_DAYS = 7  # as the list has it that the panel leads to
MOST_PEOPLE, MOST_NEWS, MOST_READ = 6, 4, 500


@dataclass(frozen=True)
class Birthday:
    """Somebody's next birthday; `years` is how old they become, where that is known."""

    contact: Contact
    day: dt.date
    years: int | None


@dataclass(frozen=True)
class Mine:
    """`people` are the newest of `count`, which may be an estimate."""

    people: list[Contact]
    count: int
    estimated: bool
    birthdays: list[Birthday]
    news: list[Line]


def mine(actor: Actor) -> Mine:
    """The actor's own part of the home page, as pages of lists that have indexes."""
    news = notices_page(actor, size=MOST_NEWS).lines
    if actor.user_id is None or not actor.may("contacts.view"):
        return Mine([], 0, False, [], news)
    care = people_of(actor, CARE)
    soonest = birthdays_soon(actor)[:MOST_PEOPLE] if care.count else []
    return Mine(care.contacts[:MOST_PEOPLE], care.count, care.estimated, soonest, news)


def birthdays_soon(actor: Actor) -> list[Birthday]:
    """Of people in the actor's care, the soonest first: today's and those of the next seven days."""
    today = timezone.localdate()
    days = {(day.month, day.day) for day in (today + dt.timedelta(days=n) for n in range(SOON_DAYS + 1))}
    days |= {(2, 29)} if (3, 1) in days else set()
    born = reduce(or_, (Q(birth_month=month, birth_day=day) for month, day in sorted(days)))
    people = contacts_for(actor).filter(born, responsible=actor.user_id).defer("own").order_by("pk")
    last = today + dt.timedelta(days=SOON_DAYS)
    found = [next_birthday(contact, today) for contact in people[:MOST_READ]]
    return sorted((each for each in found if each.day <= last), key=lambda each: each.day)


def next_birthday(contact: Contact, today: dt.date | None = None) -> Birthday:
    """Of somebody whose day and month are known; the 29th of February comes on the 1st of March in other years."""
    now = today or timezone.localdate()
    days = (
        _in_year(year, contact.birth_month or 1, contact.birth_day or 1) for year in (now.year, now.year + 1)
    )
    day = next(each for each in days if each >= now)
    return Birthday(contact, day, day.year - contact.birth_year if contact.birth_year else None)


def _in_year(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, 3, 1) if (month, day) == (2, 29) and not isleap(year) else dt.date(year, month, day)
