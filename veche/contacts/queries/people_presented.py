"""The list in a presentation. What it shows is invented as it is read, so no index knows it.

What is asked of an invention (a name, a phone, an own field) is looked for among the `LOOKED_THROUGH` newest of those
whom the other filters leave, and as many can be sorted by one; so a page costs the same however large the base is.
What stays as it is (tags, campaigns, statuses, times, numbers) is asked and sorted by its own indexes, as always.
Closed by default: a filter or an order not named here counts as invented.
"""

from __future__ import annotations

from django.db import connection

from veche.contacts.queries.matching import Sql, all_of, any_of
from veche.contacts.queries.people_filters import HAS, STARTS, Filter
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor

LOOKED_THROUGH = 10_000
OPEN_FILTERS = frozenset(
    "created changed responsible tag campaign status kind role territory reach gender batch list finding change ids"
    " household phone email".split()  # whether there is one; parts of them are asked by HAS and STARTS
)
OPEN_ORDERS = frozenset(
    "newest oldest changed gender kind status responsible territory tags campaigns".split()
)


def narrowed(actor: Actor, filters: list[Filter], *, any_filter: bool) -> list[Filter]:
    """The filters as conditions that must all hold; those on inventions became the numbers of whom they found."""
    closed = [each for each in filters if not _is_open(each)]
    rest = [each for each in filters if _is_open(each)]
    if any_filter and len(filters) > 1:
        joined = any_of([each.where for each in filters])
        return [_found(actor, [], joined) if closed else Filter("match", "any", "", "", joined)]
    return [*rest, _found(actor, rest, all_of([each.where for each in closed]))] if closed else rest


def among_newest(actor: Actor, where: Sql) -> Sql:
    """A source `contact` for a query: the newest of those under `where`, each made up once however often it is read."""
    text, params = visible_sql(actor)
    around = all_of([Sql(text, tuple(params)), where])
    return Sql(
        f"(SELECT * FROM contacts_contact AS contact WHERE {around.text}"
        f" ORDER BY contact.id DESC LIMIT {LOOKED_THROUGH}) AS contact",
        around.params,
    )


def _is_open(each: Filter) -> bool:
    ways = {param.removeprefix(each.about) for param, _value in each.params}
    return each.about in OPEN_FILTERS and not ways & {f".{HAS}", f".{STARTS}"}


def _found(actor: Actor, rest: list[Filter], asked: Sql) -> Filter:
    source, asked = (
        among_newest(actor, all_of([Sql("true"), *(each.where for each in rest)])),
        asked.looked_up,
    )
    with connection.cursor() as sql:
        sql.execute(f"SELECT id FROM {source.text} WHERE {asked.text}", (*source.params, *asked.params))
        ids = [row[0] for row in sql.fetchall()]
    return Filter("ids", "", "", "", Sql("contact.id = ANY(%s)", (ids,)), most=len(ids))
