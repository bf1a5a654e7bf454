"""The people of a view: the filters and the order of the list, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from veche.contacts.queries.matching import Sql
from veche.contacts.queries.people import Found, found
from veche.core.actor import Actor


def people_of(actor: Actor, query: Mapping[str, Any]) -> Found:
    """The list's own people; what means nothing finds nobody."""
    return found(actor, query)


def count_of(people: Found, most: int) -> int:
    """How many people there are, not counted further than `most`."""
    some = Sql(f"{people.ids.text} LIMIT {int(most)}", people.ids.params)
    return _fetch(f"SELECT count(*) FROM ({some.text}) AS found", some)[0]


def ids_of(people: Found, most: int) -> list[int]:
    """Their numbers in the order of the list."""
    ordered = people.ordered_ids
    return _fetch(f"{ordered.text} LIMIT {int(most)}", ordered)


def _fetch(sql: str, where: Sql) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, where.params)
        return [row[0] for row in cursor.fetchall()]
