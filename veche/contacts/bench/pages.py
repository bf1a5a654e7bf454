"""`veche bench list` and `veche bench card`: pages over a base of any size, as a signed-in coordinator gets them.

The rival of the list is what Django code does by itself: a filter with `icontains`, a count, a page by OFFSET.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from django.db import connection

from veche.accounts.queries import every_permission
from veche.contacts.actions import counting
from veche.contacts.bench.base import make_base
from veche.contacts.models import Contact
from veche.contacts.queries.card import card
from veche.contacts.queries.people import SORTS, people
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_rows import rows
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, fill_base, milliseconds, percentile

LIST_BAR, CARD_BAR = 200, 150  # ms, issue 2
ROUNDS = 3
ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())


@fill_base
def base(contacts: int) -> None:
    """A made-up base with its kept numbers and words."""
    make_base(contacts)
    counting.recount_campaigns()
    counting.refresh_home(hurry=True)
    counting.learn_words()


@bench_group("list")
def list_(contacts: int) -> Iterator[Figure]:
    """Every filter by itself, in every order, its first and its second page."""
    times, slowest = [], (0.0, "")
    for query in _queries():
        for sort in SORTS:
            taken = (
                min(
                    milliseconds(lambda query=query, sort=sort: _two_pages(query, sort))
                    for _n in range(ROUNDS)
                )
                / 2
            )
            times.append(taken)
            slowest = max(slowest, (taken, f"{query} by {sort}"))
    rival = statistics.median(milliseconds(_as_django_does) for _n in range(ROUNDS))
    p95 = percentile(times, 95)
    rivals = {"ratio_to": "icontains with count and OFFSET", "ratio": p95 / rival}
    yield Figure(name="list p95, one filter, any order", value=p95, unit="ms", bar=LIST_BAR, **rivals)
    yield Figure(name=f"list slowest ({slowest[1]})", value=slowest[0], unit="ms")
    yield Figure(name="list by icontains with count and OFFSET", value=rival, unit="ms")


@bench_group("card")
def card_(contacts: int) -> Iterator[Figure]:
    """All that the card's first page asks of the database."""
    ids = list(Contact.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, contacts // 100)][:100])
    times = [milliseconds(lambda contact_id=contact_id: card(ACTOR, contact_id)) for contact_id in ids]
    yield Figure(name="card p95", value=percentile(times, 95), unit="ms", bar=CARD_BAR)


def _queries() -> list[dict[str, str]]:
    """One filter each; campaigns, tags and imports from the largest to the smallest, numbers taken from the base."""
    queries: list[dict[str, str]] = [{}]
    asked = {
        "campaign": "SELECT id FROM campaigns_campaign ORDER BY id",
        "tag": "SELECT id FROM contacts_tag ORDER BY id LIMIT 6",
        "status": "SELECT id FROM contacts_status ORDER BY position",
        "responsible": "SELECT id FROM accounts_user ORDER BY id LIMIT 2",
        "role": "SELECT id FROM contacts_rolekind ORDER BY position LIMIT 2",
        "batch": "SELECT DISTINCT batch FROM contacts_origin WHERE batch IN (1, 12, 25) ORDER BY 1",
    }
    with connection.cursor() as sql:
        for key, query in asked.items():
            sql.execute(query)
            queries += [{key: str(row[0])} for row in sql.fetchall()]
    queries += [{"campaign": "none"}, {"responsible": "none"}, {"kind": "person"}, {"kind": "organisation"}]
    queries += [{key: value} for key in ("phone", "email", "reach") for value in ("yes", "no")]
    texts = ("иванов", "ива", "щ", "анна иванова", "александр", "+7916", "0014", "@mail.ru", "никого такого")
    return queries + [{"q": text} for text in texts]


def _two_pages(query: dict[str, str], sort: str) -> None:
    first = people(ACTOR, read_filters(ACTOR, query), sort=sort)
    rows(ACTOR, first.contacts)
    second = people(ACTOR, read_filters(ACTOR, query), sort=sort, after=first.after or "")
    rows(ACTOR, second.contacts)


def _as_django_does() -> None:
    found = Contact.objects.filter(name__icontains="иванов").order_by("name")
    found.count()
    rows(ACTOR, list(found[50:100]))
