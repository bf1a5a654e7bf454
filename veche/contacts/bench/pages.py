"""`veche bench list` and `veche bench card`: pages over a base of any size, as a signed-in coordinator gets them.

The rival of the list is what Django code does by itself: a filter with `icontains`, a count, a page by OFFSET.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.campaigns.models import Campaign
from veche.contacts.actions import counting
from veche.contacts.bench.base import make_base
from veche.contacts.models import Contact, Tag
from veche.contacts.queries import timeline as histories
from veche.contacts.queries.card import card
from veche.contacts.queries.people import PAGE, SORTS, found, people
from veche.contacts.queries.people_columns import SYSTEM
from veche.contacts.queries.people_filters import is_any, read_filters
from veche.contacts.queries.people_rows import rows
from veche.contacts.queries.telling import Narrator
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, fill_base, milliseconds, percentile

LIST_BAR, CARD_BAR = 200, 150  # ms, issue 2
HISTORY_BAR, ENTRIES = 200, 5_000  # ms, issue 4
THREES_BAR, COUNT_BAR = 400, 300  # ms, issue 4
ROUNDS = 3
_NOTES = """
INSERT INTO contacts_note (contact_id, text, pinned, made_at)
SELECT %s, 'Разговор ' || n, false, now() - n * interval '1 hour' FROM generate_series(1, %s) AS n
"""
_CHANGES = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, request_id)
SELECT %s, 'caution', to_jsonb('было ' || n), to_jsonb('стало ' || n), now() - n * interval '90 minutes',
       gen_random_uuid() FROM generate_series(1, %s) AS n
"""
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


@bench_group("threes")
def threes(contacts: int) -> Iterator[Figure]:
    """Any three filters together, and every kind of condition that the address knows; then counts alone."""
    singles, times, slowest = [each for each in _queries() if each], [], (0.0, "")
    for place in range(len(singles)):
        query = {**singles[place], **singles[place - 7], **singles[place - 19]}
        for sort in ("name", "newest"):
            taken = _best(lambda query=query, sort=sort: _two_pages(query, sort)) / 2
            times.append(taken)
            slowest = max(slowest, (taken, f"{query} by {sort}"))
    yield Figure(name="list p95, three filters", value=percentile(times, 95), unit="ms", bar=THREES_BAR)
    yield Figure(name=f"list slowest of three ({slowest[1]})", value=slowest[0], unit="ms")
    ways = {str(query): _best(lambda query=query: _two_pages(query, "name")) / 2 for query in _ways()}
    worst = max(ways, key=lambda query: ways[query])
    yield Figure(
        name="list p95, any way of asking", value=percentile(list(ways.values()), 95), unit="ms", bar=LIST_BAR
    )
    yield Figure(name=f"list slowest way of asking ({worst})", value=ways[worst], unit="ms")
    counts = [_best(lambda query=query: found(ACTOR, query).count()) for query in singles + _ways()]
    yield Figure(name="count p95", value=percentile(counts, 95), unit="ms", bar=COUNT_BAR)


@bench_group("sorts")
def sorts(contacts: int) -> Iterator[Figure]:
    """The whole base and a filter of many in the order of every column; page 10 000 by its key and by OFFSET."""
    for column in SYSTEM.values():
        for query in (
            {},
            {"campaign": str(Campaign.objects.order_by("pk").values_list("pk", flat=True).first())},
        ):
            page = people(ACTOR, read_filters(ACTOR, query), sort=column.up)
            said = ", said to be too many" if page.unsorted else ""
            name = f"list by {column.key}{', a campaign' if query else ''}{said}"
            yield Figure(
                name=name, value=_best(lambda query=query, sort=column.up: _page(query, sort)), unit="ms"
            )
    size = Contact.objects.count()
    offset = max(0, min(10_000 * PAGE, size - PAGE))
    key = Contact.objects.order_by("name_key", "pk").values_list("pk", flat=True)[offset]
    rival = _best(
        lambda: list(
            Contact.objects.filter(removed_at=None).order_by("name_key", "pk")[offset : offset + PAGE]
        )
    )
    taken = _best(lambda: people(ACTOR, [], after=str(key)))
    yield Figure(
        name=f"page {offset // PAGE} by its key",
        value=taken,
        unit="ms",
        bar=LIST_BAR,
        ratio_to="OFFSET",
        ratio=taken / rival,
    )
    yield Figure(name=f"page {offset // PAGE} by OFFSET", value=rival, unit="ms")


@bench_group("card")
def card_(contacts: int) -> Iterator[Figure]:
    """All that the card's first page asks of the database."""
    ids = list(Contact.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, contacts // 100)][:100])
    times = [milliseconds(lambda contact_id=contact_id: card(ACTOR, contact_id)) for contact_id in ids]
    yield Figure(name="card p95", value=percentile(times, 95), unit="ms", bar=CARD_BAR)
    yield from _long_history(ids[0])


def _long_history(contact_id: int) -> Iterator[Figure]:
    """The first page of a history of `ENTRIES` lines with its switches, and one from its middle; taken away again."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute(_NOTES, [contact_id, ENTRIES // 2])
            sql.execute(_CHANGES, [contact_id, ENTRIES // 2])
            sql.execute("ANALYZE contacts_note, contacts_fieldchange")
        contact = card(ACTOR, contact_id).contact
        middle = contact.notes.order_by("made_at").values_list("made_at", flat=True)[ENTRIES // 4]
        after = f"{int(middle.timestamp())}.{middle.microsecond:06}.1.{2**62}"
        for name, key in (("first page", ""), ("page in the middle", after)):
            times = [milliseconds(lambda key=key: _history(contact, key)) for _n in range(30)]
            title = f"card with {ENTRIES} entries, {name}, p95"
            yield Figure(name=title, value=percentile(times, 95), unit="ms", bar=HISTORY_BAR)
        transaction.set_rollback(True)


def _history(contact: Contact, after: str) -> None:
    page = histories.timeline(ACTOR, contact, after=after)
    assert len(page.lines) == histories.PAGE, "a page must be full"
    narrator = Narrator(ACTOR, page.lines)
    for line in page.lines:
        narrator.tell(line)
    if not after:
        assert histories.counts(contact)["all"] >= ENTRIES


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


def _ways() -> list[dict[str, Any]]:
    """One of each way of asking, over the largest and a small campaign and tag."""
    campaigns = [str(pk) for pk in Campaign.objects.order_by("pk").values_list("pk", flat=True)]
    tags = [str(pk) for pk in Tag.objects.order_by("pk").values_list("pk", flat=True)]
    return [
        {"campaign": campaigns[:2]}, {"campaign": campaigns[-2:]}, {"campaign.not": campaigns[0]},
        {"campaign.all": campaigns[:2]}, {"tag": tags[:3]}, {"tag.not": tags[0]}, {"tag.is": "empty"},
        {"tag.all": tags[:2]}, {"status.is": "empty"}, {"responsible.is": "filled"}, {"address.is": "empty"},
        {"birthday.is": "filled"}, {"birthday": "7d"}, {"gender": "f"}, {"created": "7d"}, {"created": "this_year"},
        {"changed": "30d"}, {"created.to": "600d"}, {"created.from": "300d", "created.to": "290d"},
        {"address.has": "ленина 5"}, {"address.has": "ленина"}, {"email.has": "ivan"},
        {"match": "any", "tag": tags[-1], "campaign": campaigns[-1]},
        {"match": "any", "tag": tags[0], "q": "иванов", "email": "no"},
    ]  # fmt: skip


def _page(query: dict[str, Any], sort: str) -> None:
    rows(ACTOR, people(ACTOR, read_filters(ACTOR, query), sort=sort).contacts)


def _best(work: Callable[[], Any]) -> float:
    return min(milliseconds(work) for _n in range(ROUNDS))


def _two_pages(query: dict[str, Any], sort: str) -> None:
    filters, joined = read_filters(ACTOR, query), is_any(query)
    first = people(ACTOR, filters, sort=sort, any_filter=joined)
    rows(ACTOR, first.contacts)
    second = people(ACTOR, filters, sort=sort, after=first.after or "", any_filter=joined)
    rows(ACTOR, second.contacts)


def _as_django_does() -> None:
    found = Contact.objects.filter(name__icontains="иванов").order_by("name")
    found.count()
    rows(ACTOR, list(found[50:100]))
