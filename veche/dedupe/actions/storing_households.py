"""The households that a search has found become suggestions, in sets. May run twice: the same people are one of them.

Left out are people who are of one household already, or of two different ones, and whoever was part of a set of which
somebody has said yes or no: nobody is asked again about some of the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from veche.dedupe.actions.choosing import CHOSEN
from veche.dedupe.kinship import Living
from veche.dedupe.models import Search

CHUNK = 5_000

_FOUND = """
CREATE TEMP TABLE dedupe_living ON COMMIT DROP AS
SELECT found.* FROM unnest(%(of)s::text[], %(ids)s::bigint[], %(sizes)s::int[]) AS found(mark, contact_id, people)
JOIN contacts_contact AS contact ON contact.id = found.contact_id
"""
# who was erased meanwhile is not there any more; then it is another set of people, and the next search finds it
_SETTLED = """
DELETE FROM dedupe_living WHERE mark IN (
    SELECT living.mark FROM dedupe_living AS living
    LEFT JOIN contacts_householdmember AS home ON home.contact_id = living.contact_id
    GROUP BY living.mark, living.people
    HAVING count(*) < living.people OR count(DISTINCT home.household_id) > 1
        OR count(home.household_id) = count(*))
OR mark IN (
    SELECT living.mark FROM dedupe_living AS living
    JOIN dedupe_suggestedmember AS member ON member.contact_id = living.contact_id
    JOIN dedupe_suggestedhousehold AS said ON said.id = member.household_id AND said.state <> 'open'
    GROUP BY living.mark, living.people, said.id HAVING count(DISTINCT living.contact_id) = living.people)
"""
# A search around some people may see a part of a household only: then the whole of it stays the question.
_WIDER = """
WITH wider AS (
    SELECT living.mark, held.id FROM dedupe_living AS living
    JOIN dedupe_suggestedmember AS member ON member.contact_id = living.contact_id
    JOIN dedupe_suggestedhousehold AS held
        ON held.id = member.household_id AND held.state = 'open' AND held.mark <> living.mark
    GROUP BY living.mark, living.people, held.id HAVING count(DISTINCT living.contact_id) = living.people),
found_again AS (
    UPDATE dedupe_suggestedhousehold SET search_id = %(search)s WHERE id IN (SELECT id FROM wider))
DELETE FROM dedupe_living WHERE mark IN (SELECT mark FROM wider)
"""
_HOUSEHOLDS = """
INSERT INTO dedupe_suggestedhousehold AS held (search_id, mark, sureness, plain, reasons, state, made_at)
SELECT %(search)s, found.mark, found.sureness, found.plain, found.reasons::jsonb, 'open', now()
FROM unnest(%(marks)s::text[], %(sureness)s::float8[], %(plain)s::boolean[], %(reasons)s::text[])
    AS found(mark, sureness, plain, reasons)
WHERE found.mark IN (SELECT mark FROM dedupe_living)
ON CONFLICT (mark) DO UPDATE SET search_id = EXCLUDED.search_id, sureness = EXCLUDED.sureness,
    plain = EXCLUDED.plain, reasons = EXCLUDED.reasons WHERE held.state = 'open'
"""
_MEMBERS = """
INSERT INTO dedupe_suggestedmember (household_id, contact_id, found_as)
SELECT held.id, living.contact_id, living.contact_id FROM dedupe_living AS living
JOIN dedupe_suggestedhousehold AS held ON held.mark = living.mark AND held.state = 'open'
ON CONFLICT (household_id, found_as) DO NOTHING
"""
# What an earlier search suggested and this one, which looked at the same people, did not find.
_STALE = """
CREATE TEMP TABLE dedupe_stale_home ON COMMIT DROP AS
SELECT held.id FROM dedupe_suggestedhousehold AS held
WHERE held.state = 'open' AND held.search_id IS DISTINCT FROM %(search)s AND {looked_at}
"""
_LOOKED_AT = f"""EXISTS (
    SELECT FROM dedupe_suggestedmember AS member JOIN {CHOSEN} AS chosen ON chosen.id = member.contact_id
    WHERE member.household_id = held.id AND chosen.fresh)"""


def store_households(search: Search, found: Sequence[Living], *, whole: bool = True) -> None:
    """Keep a portion as suggestions; within the caller's transaction."""
    given: dict[str, Any] = {
        "search": search.pk,
        "marks": [each.mark for each in found],
        "sureness": [each.sureness for each in found],
        "plain": [each.is_plain for each in found],
        "reasons": [json.dumps(dict(each.reasons)) for each in found],
        "of": [each.mark for each in found for _person in each.ids],
        "sizes": [len(each.ids) for each in found for _person in each.ids],
        "ids": [person for each in found for person in each.ids],
    }
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS dedupe_living")
        sql.execute(_FOUND, given)
        sql.execute("ANALYZE dedupe_living")
        for statement in (_SETTLED, *(() if whole else (_WIDER,)), _HOUSEHOLDS, _MEMBERS):
            sql.execute(statement, given)


def forget_stale_households(search: Search, *, whole: bool) -> int:
    """Drop open suggestions of earlier searches that were not found again; returns how many."""
    with connection.cursor() as sql:
        sql.execute(_STALE.format(looked_at="true" if whole else _LOOKED_AT), {"search": search.pk})
        for table, column in _PARTS:
            sql.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM dedupe_stale_home)")
        return sql.rowcount


_PARTS: Collection[tuple[str, str]] = (
    ("dedupe_suggestedmember", "household_id"),
    ("dedupe_householddecision", "suggestion_id"),
    ("dedupe_suggestedhousehold", "id"),
)
