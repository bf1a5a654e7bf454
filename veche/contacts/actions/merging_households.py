"""What becomes of households and relations when people are merged, and when they are erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection

from veche.core.actor import Actor

RELATION_ENDS = ("one_id", "other_id")

_INTO = """
WITH into_one(gone, kept, place) AS (SELECT * FROM unnest(%(gone)s::bigint[], %(kept)s::bigint[]) WITH ORDINALITY)
"""
_DROP_SECOND_HOMES = """
, ranked AS (
    SELECT mine.id, mine.household_id, mine.is_head, COALESCE(into_one.kept, mine.contact_id) AS kept,
           first_value(mine.id) OVER same AS stays, first_value(mine.household_id) OVER same AS home
    FROM contacts_householdmember AS mine LEFT JOIN into_one ON into_one.gone = mine.contact_id
    WHERE mine.contact_id = ANY(%(gone)s) OR mine.contact_id = ANY(%(kept)s)
    WINDOW same AS (PARTITION BY COALESCE(into_one.kept, mine.contact_id)
                    ORDER BY into_one.place NULLS FIRST, mine.id)),
headed AS (
    UPDATE contacts_householdmember AS held SET is_head = true FROM ranked
    WHERE held.id = ranked.stays AND ranked.home = ranked.household_id AND ranked.is_head AND ranked.id <> ranked.stays)
DELETE FROM contacts_householdmember AS held USING ranked WHERE held.id = ranked.id AND ranked.id <> ranked.stays
RETURNING held.household_id
"""
_MOVE_IN = """
UPDATE contacts_householdmember AS held SET contact_id = into_one.kept FROM into_one
WHERE held.contact_id = into_one.gone
"""
_ALONE_WITH_THEMSELVES = """
DELETE FROM contacts_householdmember AS held WHERE household_id = ANY(%(homes)s) AND contact_id = ANY(%(kept)s)
  AND NOT EXISTS (
    SELECT 1 FROM contacts_householdmember AS beside WHERE beside.household_id = held.household_id
    AND beside.id <> held.id)
"""


def merge_households(by: Actor, into: Mapping[int, int]) -> None:
    """Of one household at most: of that of the one that stays, else of the first who has one. The head stays the head.

    A household of nobody but those who became one is none: its rows go, and come back with the merge's undo. Who is
    left alone in another household stays in it; that one is for people to decide.
    """
    params = {"gone": list(into), "kept": list(into.values())}
    with connection.cursor() as sql:
        sql.execute(_INTO + _DROP_SECOND_HOMES, params)
        homes = [row[0] for row in sql.fetchall()]
        sql.execute(_INTO + _MOVE_IN, params)
        sql.execute(_ALONE_WITH_THEMSELVES, {"homes": homes, **params})


_RANKED_RELATIONS = """
, moved AS (
    SELECT mine.id, mine.kind_id, mine.note, COALESCE(ones.kept, mine.one_id) AS one,
           COALESCE(others.kept, mine.other_id) AS other, ones.gone IS NOT NULL OR others.gone IS NOT NULL AS goes
    FROM contacts_relation AS mine LEFT JOIN into_one AS ones ON ones.gone = mine.one_id
    LEFT JOIN into_one AS others ON others.gone = mine.other_id
    WHERE mine.one_id = ANY(%(all)s) OR mine.other_id = ANY(%(all)s)),
ranked AS (
    SELECT moved.*, row_number() OVER same AS turn, first_value(id) OVER same AS stays FROM moved
    WINDOW same AS (PARTITION BY kind_id, LEAST(one, other), GREATEST(one, other) ORDER BY goes, id))
"""
_BLEND_NOTES = """
UPDATE contacts_relation AS held SET note = both_notes.note FROM (
    SELECT stays, left(string_agg(DISTINCT note, '; '), 300) AS note FROM ranked WHERE note <> ''
    GROUP BY stays HAVING bool_or(turn > 1)) AS both_notes
WHERE held.id = both_notes.stays AND held.note <> both_notes.note
"""
_DROP_RELATIONS = """
DELETE FROM contacts_relation AS held USING ranked WHERE held.id = ranked.id AND (turn > 1 OR one = other)
"""
_MOVE_ENDS = """
UPDATE contacts_relation AS held SET one_id = ranked.one, other_id = ranked.other FROM ranked
WHERE held.id = ranked.id AND ranked.goes
"""


def merge_relations(by: Actor, into: Mapping[int, int]) -> None:
    """Relations of both, each once; one between those who became one goes."""
    params = {"gone": list(into), "kept": list(into.values()), "all": [*into, *set(into.values())]}
    with connection.cursor() as sql:
        for step in (_BLEND_NOTES, _DROP_RELATIONS, _MOVE_ENDS):
            sql.execute(_INTO + _RANKED_RELATIONS + step, params)


_HOMES_OF = """
SELECT household_id FROM contacts_householdmember WHERE contact_id = ANY(%(ids)s)
UNION SELECT (told.before ->> 'household_id')::bigint FROM contacts_mergedrow AS told
    JOIN contacts_merge AS merge ON merge.id = told.merge_id
WHERE merge.contact_id = ANY(%(ids)s) AND told."table" = 'contacts_householdmember' AND told.before IS NOT NULL
"""
_END_SMALL = """
DELETE FROM contacts_householdmember AS held WHERE household_id = ANY(%(homes)s)
  AND (SELECT count(*) FROM contacts_householdmember AS all_of WHERE all_of.household_id = held.household_id) < 2
"""
_END_EMPTY = """
DELETE FROM contacts_household AS home WHERE id = ANY(%(homes)s)
  AND NOT EXISTS (SELECT 1 FROM contacts_householdmember AS member WHERE member.household_id = home.id)
"""


def forget_households(by: Actor, contact_ids: Collection[int]) -> None:
    """They are of no household; one of fewer than two people ends, and with it its name."""
    with connection.cursor() as sql:
        sql.execute(_HOMES_OF, {"ids": list(contact_ids)})
        homes = [row[0] for row in sql.fetchall()]
        sql.execute("DELETE FROM contacts_householdmember WHERE contact_id = ANY(%s)", [list(contact_ids)])
        for step in (_END_SMALL, _END_EMPTY):
            sql.execute(step, {"homes": homes})


def forget_relations(by: Actor, contact_ids: Collection[int]) -> None:
    """Nobody is anything to them."""
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM contacts_relation WHERE one_id = ANY(%(ids)s) OR other_id = ANY(%(ids)s)",
            {"ids": list(contact_ids)},
        )
