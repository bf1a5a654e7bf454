"""`veche bench presented`: the list and the search box in a presentation, whose names no index knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import QueryDict

from veche.contacts.bench.pages import ACTOR
from veche.contacts.models import Contact, Tag
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_columns import SYSTEM
from veche.contacts.queries.search import search_contacts
from veche.core import presenting
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

BAR = 500  # ms
ROUNDS = 3


@bench_group("presented")
def presented(contacts: int) -> Iterator[Figure]:
    """Every order, what is asked of inventions and what is not, and search by invented names, phones and nonsense."""
    with presenting.presenting():
        person = Contact.objects.exclude(surname="").latest("pk")
        names = [person.surname, person.name, "Лука", "несуществующий"]
        tag = Tag.objects.order_by("pk").values_list("pk", flat=True).first()
        asked = [f"sort={order}" for column in SYSTEM.values() for order in (column.up, column.down) if order]
        asked += [f"q={name}" for name in (*names, "9436", "+7943", "galaxy@")]
        asked += [
            f"q={names[0]}&tag={tag}",
            f"tag={tag}",
            "gender=f",
            "birthday=7d",
            "address.has=Сенатский",
            "email.has=gal",
        ]
        lists = {text: _best(lambda text=text: people_of(ACTOR, QueryDict(text))) for text in asked}
        found = {
            text: _best(lambda text=text: search_contacts(ACTOR, text))
            for text in (*names, "9436", "galaxy@")
        }
    for name, times in (("list", lists), ("search", found)):
        slowest = max(times, key=times.__getitem__)
        p95 = percentile(list(times.values()), 95)
        yield Figure(name=f"{name} in a presentation, p95 of {len(times)}", value=p95, unit="ms", bar=BAR)
        yield Figure(name=f"{name} in a presentation, slowest ({slowest})", value=times[slowest], unit="ms")


def _best(ask: Callable[[], Any]) -> float:
    return min(milliseconds(ask) for _n in range(ROUNDS))
