"""What becomes of the rows of imports when the people they brought are merged or erased."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from django.db import connection

from veche.contacts.actions.merging_rows import hand_over
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.actor import Actor

TABLE = "exchange_importrow"
_WHOM = f"""
SELECT DISTINCT w.contact_id FROM {TABLE} AS r
LEFT JOIN {TABLE} AS led ON led.batch_id = r.batch_id AND led.number = r.leader
CROSS JOIN LATERAL (SELECT CASE WHEN r.leader IS NULL THEN r.contact_id ELSE led.contact_id END) AS w(contact_id)
WHERE r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s AND r.outcome = '' AND r.verdict <> 'reject'
  AND w.contact_id %% %(lanes)s = %(lane)s
"""
LEFT_OUT = [{"column": None, "code": "left_out", "params": {}, "value": "", "severity": "reject"}]


def forget_people(by: Actor, contact_ids: Collection[int]) -> None:
    """The rows keep their number and what became of them; what they said of the person goes. May run twice.

    What was remarked or corrected at such a row repeats its cells, so it goes too. Rows that are not loaded yet stay
    out, with those that repeat them: a load must not make anew who was erased after the check.
    """
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT id, batch_id, number, outcome FROM {TABLE} WHERE contact_id = ANY(%s)",
            [list(contact_ids)],
        )
        found = sql.fetchall()
        ids, waiting = [row[0] for row in found], [row[1:3] for row in found if not row[3]]
        if waiting:
            sql.execute(
                f"""
                SELECT r.id FROM {TABLE} AS r JOIN unnest(%s::bigint[], %s::int[]) AS led(batch_id, number)
                    ON r.batch_id = led.batch_id AND r.leader = led.number WHERE r.outcome = ''
                """,
                [[batch for batch, _number in waiting], [number for _batch, number in waiting]],
            )
            ids += [row[0] for row in sql.fetchall()]
        sql.execute(
            f"""
            WITH emptied AS (
                UPDATE {TABLE} SET contact_id = NULL, cells = '[]', draft = '{{}}', doubts = '[]',
                    problems = CASE outcome WHEN '' THEN %s::jsonb ELSE '[]' END,
                    verdict = CASE outcome WHEN '' THEN 'reject' ELSE verdict END,
                    reach = '{{}}', given_keys = '{{}}', external_id = '', surname_key = '', patronymic_key = '',
                    name_key = '', birth_year = NULL, birth_month = NULL, birth_day = NULL
                WHERE id = ANY(%s) RETURNING batch_id, number
            ), unremarked AS (
                DELETE FROM exchange_issue AS i USING emptied AS e WHERE i.batch_id = e.batch_id AND i.number = e.number
            )
            DELETE FROM exchange_correction AS c USING emptied AS e WHERE c.batch_id = e.batch_id AND c.row = e.number
            """,
            [json.dumps(LEFT_OUT), ids],
        )


def hold_people(contact_ids: Collection[int]) -> set[int]:
    """Lock these contacts in the order of their ids for the running transaction; returns those that are gone.

    Nobody can then change or erase them until it ends. Before any of the rows about them is written: an erasure locks
    the person first, too.
    """
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(contact_ids)],
        )
        return set(contact_ids) - {row[0] for row in sql.fetchall()}


def hold_people_of_rows(by: Actor, params: Mapping[str, int]) -> None:
    """`hold_people` for the rows `first` to `last` of `batch` in `lane`; rows about somebody erased meanwhile stay out.

    A load asks for it before it looks at what these people are now: what it fills in must still be empty then.
    """
    with connection.cursor() as sql:
        sql.execute(_WHOM, params)
        gone = hold_people([row[0] for row in sql.fetchall()])
    if gone:
        forget_people(by, gone)


def take_part() -> None:
    """Enter the rows of imports into both registries. Called once, in apps.py."""
    merge_participants.add(
        MergeParticipant(TABLE, "its rows stand for the one that stays", hand_over(TABLE), is_log=True)
    )
    erasure_participants.add(
        ErasureParticipant(TABLE, "rows keep their number and outcome, nothing else", forget_people)
    )
