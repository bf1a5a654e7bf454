"""The people of a view: the filters and the order of the list, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from veche.contacts.queries.matching import Sql, all_of
from veche.contacts.queries.people import DEFAULT_SORT, SORTS
from veche.contacts.queries.people_filters import Filter, read_filters
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor


def filters_of(actor: Actor, query: Mapping[str, str]) -> list[Filter]:
    """The list's own filters; what means nothing finds nobody."""
    return read_filters(actor, query)


def count_of(actor: Actor, filters: Sequence[Filter], most: int) -> int:
    """How many people there are, not counted further than `most`."""
    where = _where(actor, filters)
    some = f"SELECT 1 FROM contacts_contact AS contact WHERE {where.text} LIMIT {int(most)}"
    return _fetch(f"SELECT count(*) FROM ({some}) AS found", where)[0]


def ids_of(actor: Actor, filters: Sequence[Filter], sort: str, most: int) -> list[int]:
    """Their numbers in the order of the list."""
    where, order = _where(actor, filters), SORTS.get(sort, SORTS[DEFAULT_SORT])
    direction = "DESC" if order.descending else "ASC"
    return _fetch(
        f"SELECT contact.id FROM contacts_contact AS contact WHERE {where.text}"
        f" ORDER BY contact.{order.column} {direction}, contact.id {direction} LIMIT {int(most)}",
        where,
    )


def _where(actor: Actor, filters: Sequence[Filter]) -> Sql:
    text, params = visible_sql(actor)
    return all_of([Sql(text, tuple(params)), *(each.where for each in filters)])


def _fetch(sql: str, where: Sql) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, where.params)
        return [row[0] for row in cursor.fetchall()]
