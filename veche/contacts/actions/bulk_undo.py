"""The undo of what a batch (an import) did to many contacts, and its redo: a three-way patch, in sets, never rows.

Three states count: what was before, what the batch made of it, and what is there now. What is still as the batch left
it goes back; what somebody has changed since, by hand or by another import, is kept and written down in `UndoKept`.
The rule is the last word: a value is the batch's while nobody has spoken of it after the batch. A redo is the same the
other way round: what is still as the undo left it becomes again what the batch had made of it.

What the batch did stands in `FieldChange` (fields, points, addresses, roles, external ids), in the ledger under the
batch's request (tags and campaigns), in `Note.batch`, and in `Origin.batch` (whom it touched). An undo writes its own
`FieldChange` with `is_undo`, so that the history of a contact tells both, and a redo knows what to bring again.

Everything happens in the caller's transaction, so that a chunk and the cursor of its job commit together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from veche.contacts.actions import bulk_undo_fields, bulk_undo_rows
from veche.contacts.actions.houses import AT_ONCE, note_houses_of
from veche.contacts.events import (
    CampaignJoined,
    CampaignLeft,
    ContactAdded,
    ContactChanged,
    NoteAdded,
    NoteChanged,
    PhoneRevealed,
    TagPut,
    TagTaken,
)
from veche.contacts.models import UndoKept
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish_set


@dataclass(frozen=True)
class Done:
    """A batch that was written: its id, the request its ledger rows carry, when it began, its external system.

    `void` are batches and requests that have come to nothing since: other batches that were undone, and the undos
    themselves. What they wrote about a person is no reason to keep the person, unless they kept something there.
    """

    batch: int
    request_id: UUID
    since: dt.datetime
    external_system: str = ""
    void: tuple[tuple[int, UUID], ...] = ()


@dataclass(frozen=True)
class Swung:
    """What became of a set of contacts.

    `restored` are known people who are as they were (after a redo: as the batch had made them), `partly` those of
    whom something was kept. `untouched` are ids of people whom the batch created and nobody has worked with since:
    they are the caller's to erase. `kept` counts the created ones whom somebody has.
    """

    restored: int = 0
    partly: int = 0
    untouched: tuple[int, ...] = ()
    kept: int = 0


_CREATED = """
SELECT DISTINCT contact_id FROM core_ledger
WHERE contact_id = ANY(%(ids)s) AND kind = %(added)s AND request_id = %(request)s AND at >= %(since)s
"""
# Touched: anything in the ledger under another request that was not undone, or a row that somebody else's work hung on
# the contact.
_TOUCHED = """
INSERT INTO contacts_undokept (batch, contact_id, field, event, by_id, at, batch_since)
SELECT %(batch)s, c.id, '', COALESCE(l.kind, ''), (SELECT id FROM accounts_user WHERE id = l.actor_id), l.at, o.batch
FROM contacts_contact AS c
LEFT JOIN LATERAL (
    SELECT kind, actor_id, at FROM core_ledger AS told
    WHERE contact_id = c.id AND request_id <> %(request)s AND kind <> %(looked)s AND at >= %(since)s
      AND NOT EXISTS (
          SELECT 1 FROM unnest(%(void_batches)s::bigint[], %(void_requests)s::uuid[]) AS void(batch, request)
          WHERE void.request = told.request_id AND NOT EXISTS (
              SELECT 1 FROM contacts_undokept AS k WHERE k.batch = void.batch AND k.contact_id = c.id))
      AND NOT EXISTS (
          SELECT 1 FROM contacts_masschange AS m WHERE m.state = 'undone'
            AND told.request_id IN (m.request_id, m.undo_request_id) AND NOT EXISTS (
              SELECT 1 FROM contacts_massoutcome AS k
              WHERE k.mass_change_id = m.id AND k.contact_id = c.id AND k.what = 'kept'))
    ORDER BY at DESC, id DESC LIMIT 1
) AS l ON true
LEFT JOIN LATERAL (
    SELECT id, batch FROM contacts_origin WHERE contact_id = c.id AND batch IS DISTINCT FROM %(batch)s LIMIT 1
) AS o ON true
LEFT JOIN LATERAL (
    SELECT id FROM contacts_note WHERE contact_id = c.id AND batch IS DISTINCT FROM %(batch)s LIMIT 1
) AS n ON true
WHERE c.id = ANY(%(created)s) AND (l.kind IS NOT NULL OR o.id IS NOT NULL OR n.id IS NOT NULL)
ON CONFLICT (batch, contact_id, field) DO UPDATE SET event = EXCLUDED.event, by_id = EXCLUDED.by_id, at = EXCLUDED.at
RETURNING contact_id
"""
_CHANGED = """
CREATE TEMP TABLE swing_touched ON COMMIT DROP AS
SELECT contact_id, array_agg(DISTINCT field ORDER BY field) AS fields FROM (
    SELECT contact_id, field FROM swing_change WHERE verdict = 'back'
    UNION ALL SELECT contact_id, field FROM swing_row WHERE verdict = 'back'
    UNION ALL SELECT contact_id, field FROM swing_link WHERE verdict = 'back'
) AS each GROUP BY contact_id
"""
_REVISIONS = """
UPDATE contacts_contact AS c SET revision = c.revision + 1, changed_at = %(now)s
FROM swing_touched AS t WHERE c.id = t.contact_id
"""
_KEPT = """
INSERT INTO contacts_undokept (batch, contact_id, field, event, by_id, at, batch_since)
SELECT DISTINCT ON (contact_id, field) %(batch)s, contact_id, field, '',
    (SELECT id FROM accounts_user WHERE id = by_id), at, batch_since
FROM (
    SELECT contact_id, field, by_id, at, batch_since FROM swing_change WHERE verdict = 'kept'
    UNION ALL SELECT contact_id, field, by_id, at, batch_since FROM swing_row WHERE verdict = 'kept'
    UNION ALL SELECT contact_id, field, by_id, at, batch_since FROM swing_link WHERE verdict = 'kept'
) AS each ORDER BY contact_id, field, at DESC NULLS LAST
ON CONFLICT (batch, contact_id, field) DO NOTHING
"""
_COUNTED = """
SELECT count(*) FILTER (WHERE NOT partly), count(*) FILTER (WHERE partly) FROM (
    SELECT contact_id, EXISTS (
        SELECT 1 FROM contacts_undokept AS k WHERE k.batch = %(batch)s AND k.contact_id = each.contact_id) AS partly
    FROM (SELECT contact_id FROM swing_touched UNION
          SELECT contact_id FROM contacts_undokept WHERE batch = %(batch)s AND contact_id = ANY(%(known)s)) AS each
) AS each
"""


@action("contacts.edit")
def forget_kept(*, by: Actor, batch: int) -> None:
    """Before a new undo or redo: what the last one kept is no longer of interest. May run twice."""
    UndoKept.objects.filter(batch=batch)._raw_delete("default")
    unchanged()


@action("contacts.edit")
def undo_people(*, by: Actor, of: Done, contact_ids: Collection[int]) -> Swung:
    """Put these contacts back to what they were before the batch, but for what was touched since. May run twice.

    Contacts that the batch created are not erased here: see `Swung.untouched`.
    """
    unchanged()
    known, created = _locked(of, contact_ids)
    params = _params(by, of, known, redo=False)
    if len(known) <= AT_ONCE:  # of more all houses are counted, once their news are heard
        note_houses_of(known)
    with connection.cursor() as sql:
        sql.execute(_TOUCHED, params | {"created": created, "looked": PhoneRevealed.kind})
        kept = {row[0] for row in sql.fetchall()}
        bulk_undo_fields.swing(sql, params)
        bulk_undo_rows.take_away(sql, params)
        _settle(sql, params)
        bulk_undo_rows.take_origins(sql, params)
        restored, partly = _counted(sql, params)
    gone = "SELECT contact_id, object_id, NULL::jsonb FROM swing_link WHERE verdict = 'back' AND field = '{}'"
    notes = "SELECT contact_id, row_id, NULL::jsonb FROM swing_row WHERE verdict = 'back' AND field = 'note' ORDER BY 1"
    _tell(by)
    publish_set(TagTaken(), by=by, select=gone.format("tag"))
    publish_set(CampaignLeft(), by=by, select=gone.format("campaign"))
    publish_set(NoteChanged(change="removed"), by=by, select=notes)
    return Swung(restored, partly, tuple(each for each in created if each not in kept), len(kept))


@action("contacts.edit")
def redo_people(*, by: Actor, of: Done, contact_ids: Collection[int]) -> Swung:
    """Make of these contacts again what the batch had made, but for what was touched since the undo. May run twice.

    `by` carries the batch's own request, so that a later undo finds this again.
    """
    unchanged()
    known, created = _locked(of, contact_ids)
    params = _params(by, of, [*known, *created], redo=True)
    with connection.cursor() as sql:
        bulk_undo_fields.swing(sql, params)
        bulk_undo_rows.bring_again(sql, params)
        _settle(sql, params)
        restored, partly = _counted(sql, params)
    put = "SELECT contact_id, object_id, NULL::jsonb FROM swing_link WHERE verdict = 'back' AND field = '{}'"
    notes = "SELECT contact_id, row_id, NULL::jsonb FROM swing_row WHERE verdict = 'back' AND field = 'note' ORDER BY 1"
    _tell(by)
    publish_set(TagPut(), by=by, select=put.format("tag"))
    publish_set(CampaignJoined(), by=by, select=put.format("campaign"))
    publish_set(NoteAdded(), by=by, select=notes)
    return Swung(restored, partly)


def _locked(of: Done, contact_ids: Collection[int]) -> tuple[list[int], list[int]]:
    """Ids of known and of created ones among these that are still there, locked in the order of their ids."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [sorted(contact_ids)]
        )
        ids = [row[0] for row in sql.fetchall()]
        params = {"ids": ids, "added": ContactAdded.kind, "request": of.request_id, "since": of.since}
        sql.execute(_CREATED, params)
        created = {row[0] for row in sql.fetchall()}
        sql.execute("DROP TABLE IF EXISTS swing_change, swing_row, swing_link, swing_touched")
    return [each for each in ids if each not in created], [each for each in ids if each in created]


def _params(by: Actor, of: Done, known: list[int], *, redo: bool) -> dict[str, Any]:
    return {
        "batch": of.batch, "request": of.request_id, "since": of.since, "system": of.external_system, "known": known,
        "void_batches": [batch for batch, _ in of.void], "void_requests": [request for _, request in of.void],
        "redo": redo, "undo": not redo, "now": timezone.now(), "author": by.user_id, "own_request": by.request_id,
    }  # fmt: skip


def _settle(sql: Any, params: dict[str, Any]) -> None:
    """New revisions for whoever changed, and a line for whatever was kept."""
    for statement in (_CHANGED, _REVISIONS, _KEPT):
        sql.execute(statement, params)


def _counted(sql: Any, params: dict[str, Any]) -> tuple[int, int]:
    sql.execute(_COUNTED, params)
    return sql.fetchone()


def _tell(by: Actor) -> None:
    publish_set(
        ContactChanged(),
        by=by,
        select="SELECT t.contact_id, t.contact_id, jsonb_build_object('fields', t.fields, 'revision', c.revision)"
        " FROM swing_touched AS t JOIN contacts_contact AS c ON c.id = t.contact_id ORDER BY 1",
    )
