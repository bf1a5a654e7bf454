"""Staged rows: put in by COPY, given to the contacts room as drafts, marked with what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from veche.contacts.actions.bulk_plan import Batch, Plan
from veche.core.actor import Actor
from veche.exchange.actions.lanes import commit_without_waiting
from veche.exchange.actions.words import Words
from veche.exchange.models import Import
from veche.exchange.sameness import Decision
from veche.exchange.staging import COLUMNS

LEAST_CHUNK = 250
OUTCOME_OF = {
    "create": "created",
    "update": "updated",
    "unchanged": "unchanged",
    "repeat": "repeated",
    "reject": "rejected",
}

# Rows about the same person share a target and a lane. Rows of somebody whom an earlier chunk has written only fill in.
# A check plans only for people of the base: about new ones nothing is to be found out.
_SOURCE = """
SELECT r.number, COALESCE(w.contact_id, -COALESCE(r.leader, r.number)), w.contact_id,
       CASE WHEN w.contact_id IS NULL THEN 'new'
            WHEN led.outcome = 'created' OR led.outcome <> '' AND %(policy)s = 'update' THEN 'fill_empty'
            WHEN %(policy)s = 'create_only' THEN 'join' ELSE %(policy)s END,
       {draft}
FROM exchange_importrow AS r
LEFT JOIN exchange_importrow AS led ON led.batch_id = r.batch_id AND led.number = r.leader
CROSS JOIN LATERAL (SELECT CASE WHEN r.leader IS NULL THEN r.contact_id ELSE led.contact_id END) AS w(contact_id)
WHERE r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s {some} AND r.outcome = ''
  AND r.verdict <> 'reject' AND COALESCE(led.verdict, '') <> 'reject'
  AND NOT (%(policy)s = 'skip' AND w.contact_id IS NOT NULL AND COALESCE(led.outcome, '') <> 'created')
  AND (%(write)s OR w.contact_id IS NOT NULL)
  AND COALESCE(w.contact_id, r.leader, r.number) %% %(lanes)s = %(lane)s
"""
_WITH_OWN = """
CASE WHEN r.draft ? 'own' THEN jsonb_set(r.draft, '{own}', (
    SELECT COALESCE(jsonb_object_agg(m.value ->> 'key', CASE
        WHEN jsonb_typeof(m.value -> 'choices') <> 'object' THEN o.value
        WHEN jsonb_typeof(o.value) = 'array' THEN
            (SELECT jsonb_agg(m.value -> 'choices' -> lower(label)) FROM jsonb_array_elements_text(o.value) AS label)
        ELSE m.value -> 'choices' -> lower(o.value #>> '{}') END), '{}')
    FROM jsonb_each(r.draft -> 'own') AS o JOIN jsonb_each(%(own)s::jsonb) AS m USING (key)
)) ELSE r.draft END
"""
_AS_STAGED = """
UPDATE exchange_importrow AS r SET contact_id = NULL, matched_by = '', changes = '{}', overwritten = '{}',
    doubts = kept.doubts,
    verdict = CASE WHEN (r.problems || kept.doubts) @> '[{"severity": "reject"}]' THEN 'reject'
        WHEN r.leader IS NOT NULL THEN 'repeat' ELSE 'create' END
FROM exchange_importrow AS same CROSS JOIN LATERAL (
    SELECT {kept}
) AS kept(doubts)
WHERE same.id = r.id AND r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s {some} AND r.outcome = ''
"""
# What was found among the rows of the file; all else comes from the base, or from the row that this one repeats.
_ROW_DOUBTS = (
    "jsonb_path_query_array({row}.doubts, '$[*] ?"
    " ((@.params.row > 0 || @.params.rows[0] > 0) && !exists(@.of_leader))')"
)
_AS_STAGED = _AS_STAGED.replace("{kept}", _ROW_DOUBTS.replace("{row}", "same"))


def store_rows(lines: bytes) -> None:
    """COPY lines of `staging.stage_rows` into the staging table, in the running transaction.

    The cursor of the job goes with them, so what a crash of the machine takes is done again.
    """
    commit_without_waiting()
    listed = ", ".join(COLUMNS)
    with connection.cursor() as sql, sql.copy(f"COPY exchange_importrow ({listed}) FROM STDIN") as copy:
        copy.write(lines)


def clear_rows(imported: Import) -> None:
    """Delete the staged rows."""
    with connection.cursor() as sql:
        sql.execute("DELETE FROM exchange_importrow WHERE batch_id = %s", [imported.pk])


def chunk_size(rows: int, most: int) -> int:
    """How many rows to take at a time, so that also with a small file the progress moves."""
    return min(most, max(LEAST_CHUNK, rows // 8))


def next_chunk(imported: Import, after: int, size: int) -> tuple[int, int] | None:
    """First and last number of the next chunk, at most `size` rows, that begins with a row not loaded after `after`."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT number FROM exchange_importrow WHERE batch_id = %s AND number > %s AND outcome = ''"
            " ORDER BY number LIMIT 1",
            [imported.pk, after],
        )
        found = sql.fetchone()
        return (found[0], found[0] + size - 1) if found else None


def some_sql(numbers: Sequence[int] | None, column: str = "r.number") -> str:
    """SQL that keeps of a range of rows those in `numbers`, which is a parameter too; all of them when it is None."""
    return "" if numbers is None else f"AND {column} = ANY(%(numbers)s)"


def asked_rows(
    imported: Import,
    first: int,
    last: int,
    *,
    lane: int = 0,
    lanes: int = 1,
    numbers: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Parameters of a statement about rows `first` to `last`; of `lanes`, those in `lane`; see `some_sql`."""
    told = {"first": first, "last": last, "lane": lane, "lanes": lanes, "numbers": numbers}
    return {"batch": imported.pk, **told}


def as_staged(imported: Import, first: int, last: int, *, numbers: Sequence[int] | None = None) -> None:
    """Forget what was found out about rows `first` to `last` by comparing them with the base."""
    rows = asked_rows(imported, first, last, numbers=numbers)
    with connection.cursor() as sql:
        sql.execute(_AS_STAGED.replace("{some}", some_sql(numbers)), rows)


def note_decisions(
    imported: Import, decisions: Mapping[int, Decision], first: int, last: int, *, lane: int = 0, lanes: int = 1,
    numbers: Sequence[int] | None = None,
) -> None:  # fmt: skip
    """Store who each row of `first` to `last` in this lane is about; who is not named is somebody new."""
    rows = asked_rows(imported, first, last, lane=lane, lanes=lanes, numbers=numbers)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE exchange_importrow AS r SET contact_id = NULL, matched_by = '' WHERE batch_id = %(batch)s
                AND number BETWEEN %(first)s AND %(last)s AND number %% %(lanes)s = %(lane)s {some_sql(numbers)}
                AND contact_id IS NOT NULL AND outcome = '' AND NOT number = ANY(%(decided)s)
            """,
            {**rows, "decided": list(decisions)},
        )
        if not decisions:
            return
        sql.execute(
            f"""
            UPDATE exchange_importrow AS r SET contact_id = d.contact_id, matched_by = d.key,
                doubts = CASE WHEN d.doubts = '[]' AND r.doubts = '[]' THEN r.doubts
                    ELSE {_ROW_DOUBTS.replace("{row}", "r")} || d.doubts::jsonb END,
                verdict = CASE WHEN d.rejected THEN 'reject' ELSE r.verdict END
            FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::bool[])
                AS d(number, contact_id, key, doubts, rejected)
            WHERE r.batch_id = %s AND r.number = d.number AND r.outcome = '' AND r.verdict <> 'reject'
            """,
            [
                list(decisions),
                [each.contact_id for each in decisions.values()],
                [each.key for each in decisions.values()],
                [json.dumps(each.doubts) for each in decisions.values()],
                [each.rejected for each in decisions.values()],
                imported.pk,
            ],
        )


def reject_followers(
    imported: Import,
    first: int,
    last: int,
    *,
    lane: int = 0,
    lanes: int = 1,
    numbers: Sequence[int] | None = None,
) -> None:
    """A row about the same person as a rejected one is rejected for the same reason."""
    rows = asked_rows(imported, first, last, lane=lane, lanes=lanes, numbers=numbers)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE exchange_importrow AS r SET verdict = 'reject', doubts = r.doubts || COALESCE((
                SELECT jsonb_agg(each || '{{"of_leader": true}}')
                FROM jsonb_array_elements(led.doubts || led.problems) AS each
            ), '[]')
            FROM exchange_importrow AS led
            WHERE led.batch_id = r.batch_id AND led.number = r.leader AND led.verdict = 'reject'
              AND r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s {some_sql(numbers)}
              AND r.leader %% %(lanes)s = %(lane)s AND r.verdict <> 'reject' AND r.outcome = ''
            """,
            rows,
        )


def batch_of(imported: Import, *, by: Actor) -> Batch:
    """What everybody of an import has in common, its organisations too."""
    seen = by.sees_all or imported.campaign_id in by.scope("campaign")
    return Batch(
        id=imported.pk,
        name=imported.name,
        campaign_id=imported.campaign_id,
        owner_id=None if seen else by.user_id,  # else they would not see whom they brought
    )


def drafts(
    imported: Import, words: Words, first: int, last: int, *, by: Actor, lane: int = 0, lanes: int = 1,
    numbers: Sequence[int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The arguments of `plan_contacts` and `write_contacts` for rows `first` to `last`; of `lanes`, those in `lane`."""
    batch = replace(
        batch_of(imported, by=by),
        tag_ids=words.tag_ids,
        responsible_id=imported.responsible_id,
        external_system=imported.options.get("external_system", ""),
        words=words.ids,
    )
    params = {"first": first, "last": last, "policy": imported.policy, "own": json.dumps(words.own)}
    params |= {"lane": lane, "lanes": lanes, "numbers": numbers}
    source = _SOURCE.replace("{some}", some_sql(numbers))
    return {
        "batch": batch,
        "source": source.replace("{draft}", _WITH_OWN if words.own else "r.draft"),
        "params": params,
    }


def mark_planned(
    imported: Import, plan: Plan, first: int, last: int, *, done: bool, numbers: Sequence[int] | None = None
) -> None:
    """Store the verdict of rows that were planned, or (`done`) the outcome of rows that were written.

    All of them are within `first` and `last`, which the planner of the statement would not know.
    """
    column, named = ("outcome", OUTCOME_OF) if done else ("verdict", {name: name for name in OUTCOME_OF})
    contact = "m.contact_id" if done else "r.contact_id"
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE exchange_importrow AS r
            SET {column} = CASE WHEN r.leader IS NOT NULL OR NOT m.is_first THEN '{named["repeat"]}'
                    WHEN m.is_new THEN '{named["create"]}' WHEN m.fields = '{{}}' THEN '{named["unchanged"]}'
                    ELSE '{named["update"]}' END,
                contact_id = {contact}, changes = m.fields, overwritten = m.overwritten
            FROM ({plan.select}) AS m(number, contact_id, is_new, is_first, fields, overwritten)
            WHERE r.batch_id = %(batch)s AND r.number = m.number AND r.number BETWEEN %(first)s AND %(last)s
                {some_sql(numbers)}
            """,
            {"batch": imported.pk, "first": first, "last": last, "numbers": numbers},
        )


def count_planned(plan: Plan) -> dict[str, Any]:
    """Of how many known people each field would change, and of how many it would lose another value."""
    with connection.cursor() as sql:
        sql.execute(
            f"""
            WITH known AS (
                SELECT fields, overwritten FROM ({plan.select}) AS m(number, contact_id, is_new, is_first, fields,
                    overwritten) WHERE m.is_first AND NOT m.is_new
            )
            SELECT NULL, count(*), 0 FROM known
            UNION ALL
            SELECT field, count(*), count(*) FILTER (WHERE field = ANY(overwritten)) FROM known, unnest(fields) AS field
            GROUP BY field
            """
        )
        counted = {field: (count, lost) for field, count, lost in sql.fetchall()}
    matched, _none = counted.pop(None)
    return {
        "matched": matched,
        "changed": {field: count for field, (count, _lost) in counted.items()},
        "overwritten": {field: lost for field, (_count, lost) in counted.items() if lost},
    }


def mark_rest(
    imported: Import, first: int, last: int, *, done: bool, numbers: Sequence[int] | None = None
) -> dict[str, int]:
    """Mark rejected rows and people who are left alone; returns how many of `first` to `last` have which mark."""
    if done:
        column, found = "outcome", "outcome = ''"
        mark = "CASE WHEN verdict = 'reject' THEN 'rejected' WHEN leader IS NULL THEN 'unchanged' ELSE 'repeated' END"
    else:  # who was found and not planned, and rows that were made anew
        column, found = "verdict", "(verdict = '' OR verdict = 'create' AND contact_id IS NOT NULL)"
        mark = "CASE WHEN leader IS NOT NULL THEN 'repeat' WHEN contact_id IS NULL THEN 'create' ELSE 'unchanged' END"
    within = f"batch_id = %(batch)s AND number BETWEEN %(first)s AND %(last)s {some_sql(numbers, 'number')}"
    rows = asked_rows(imported, first, last, numbers=numbers)
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT CASE WHEN {found} THEN {mark} ELSE {column} END, count(*), bool_or({found})"
            f" FROM exchange_importrow WHERE {within} GROUP BY 1",
            rows,
        )
        counted = sql.fetchall()
        if any(unmarked for _mark, _count, unmarked in counted):
            sql.execute(f"UPDATE exchange_importrow SET {column} = {mark} WHERE {within} AND {found}", rows)
        return {marked: count for marked, count, _unmarked in counted}
