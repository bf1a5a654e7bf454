"""Reading of many contacts for the inspector: a constant number of queries, whatever their number."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from veche.contacts.inspecting.days import impossible_days
from veche.contacts.inspecting.facts import Facts, Point

# Days no calendar has, roughly: who has such a text is looked at closely. `text` is a column.
_ODD_DAY = r"(^|[^0-9])([0-9]{1,2}[./-]){2}(18|19|20)[0-9]{2}([^0-9]|$)"
_PEOPLE = """
SELECT id, kind, surname, given_name, patronymic, name, gender, birth_year, birth_month, birth_day,
       removed_at IS NOT NULL, CASE WHEN own <> '{}'::jsonb AND own::text ~ %(odd_day)s THEN own END
FROM contacts_contact WHERE id = ANY(%(ids)s) AND id BETWEEN %(first)s AND %(last)s
"""
_POINTS = """
SELECT contact_id, id, kind, value, as_given, validity, extension FROM contacts_contactpoint
WHERE contact_id = ANY(%(ids)s) AND contact_id BETWEEN %(first)s AND %(last)s ORDER BY contact_id, id
"""
_ADDRESSES = """
SELECT DISTINCT contact_id FROM contacts_postaladdress
WHERE contact_id = ANY(%(ids)s) AND contact_id BETWEEN %(first)s AND %(last)s
"""
# an import keeps a day that it could not use in a note, under the caption of its column
_LOST_DAYS = """
SELECT contact_id, text FROM contacts_note
WHERE contact_id = ANY(%(ids)s) AND contact_id BETWEEN %(first)s AND %(last)s
      AND batch IS NOT NULL AND text ~* '(рожд|birth|д\\. ?р)' AND text ~ %(odd_day)s ORDER BY contact_id, id
"""


def read_facts(contact_ids: Collection[int]) -> Iterator[Facts]:
    """What the findings of these contacts are made of, removed ones among them; nothing for a number that is gone."""
    if not contact_ids:
        return
    given = {
        "ids": sorted(contact_ids),
        "first": min(contact_ids),
        "last": max(contact_ids),
        "odd_day": _ODD_DAY,
    }
    with connection.cursor() as sql:
        points: dict[int, list[Point]] = defaultdict(list)
        for contact_id, *point in _rows(sql, _POINTS, given):
            points[contact_id].append(Point(*point))
        addressed = {row[0] for row in _rows(sql, _ADDRESSES, given)}
        lost: dict[int, tuple[str, ...]] = defaultdict(tuple)
        for contact_id, text in _rows(sql, _LOST_DAYS, given):
            lost[contact_id] += impossible_days(text)
        people = _rows(sql, _PEOPLE, given)
    for row in people:
        key = row[0]
        yield Facts(
            *row[:7], row[7:10], row[10], tuple(points.get(key, ())), key in addressed, _own(row[11]), lost.get(key, ())
        )  # fmt: skip


def _rows(sql: Any, query: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    sql.execute(query, given)
    return sql.fetchall()


def _own(own: Any) -> tuple[tuple[str, str], ...]:
    """Texts of own fields that name a day of no calendar."""
    if not own:
        return ()
    values = own if isinstance(own, dict) else json.loads(own)
    return tuple(
        (key, text) for key, text in sorted(values.items()) if isinstance(text, str) and impossible_days(text)
    )
