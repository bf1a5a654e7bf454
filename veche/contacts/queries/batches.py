"""Whom a batch (an import) brought or changed, in the order of their ids, by key; and what its undo kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from veche.contacts.events import ContactAdded, PhoneRevealed
from veche.contacts.fields import LABELS
from veche.contacts.models import OwnField, UndoKept
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

_TOUCHED = "SELECT DISTINCT contact_id FROM contacts_origin WHERE batch = %s AND contact_id > %s"
_UNDONE = (
    "SELECT DISTINCT contact_id FROM contacts_fieldchange WHERE batch = %s AND is_undo AND contact_id > %s"
)


# What was done to people whom an undo has kept as a whole, until it looked; one line for each kind and field.
_WORK = """
SELECT k.contact_id, did.kind, did.field, did.at, author.name
FROM contacts_undokept AS k
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (told.kind, said.field) told.kind, said.field, told.at, told.actor_id
    FROM core_ledger AS told
    LEFT JOIN LATERAL jsonb_array_elements_text(COALESCE(told.data -> 'fields', '[]')) AS said(field) ON true
    WHERE told.contact_id = k.contact_id AND told.request_id <> %(request)s AND NOT told.kind = ANY(%(looked)s)
      AND told.at >= %(since)s AND told.at <= k.at
    ORDER BY told.kind, said.field, told.at DESC LIMIT %(most)s
) AS did
LEFT JOIN accounts_user AS author ON author.id = did.actor_id
WHERE k.batch = %(batch)s AND k.field = '' AND k.contact_id = ANY(%(ids)s) ORDER BY k.contact_id, did.at DESC
"""
MOST_WORK = 40  # kinds and fields of one person


@dataclass(frozen=True)
class Work:
    """The last of what somebody did of one kind: an event of the ledger, and of a change which field."""

    event: str
    field: str
    at: dt.datetime
    by: str


def work_on(
    batch: int, *, request_id: UUID, since: dt.datetime, contact_ids: Collection[int]
) -> dict[int, list[Work]]:
    """What was done to those of these people whom the batch had created and its undo has kept, the latest first."""
    found: dict[int, list[Work]] = defaultdict(list)
    with connection.cursor() as sql:
        sql.execute(_WORK, {
            "batch": batch, "request": request_id, "since": since, "ids": list(contact_ids), "most": MOST_WORK,
            "looked": [PhoneRevealed.kind, ContactAdded.kind],
        })  # fmt: skip
        for contact_id, event, field, at, author in sql.fetchall():
            found[contact_id].append(Work(event, field or "", at, author or ""))
    return found


def field_names() -> dict[str, str]:
    """What fields are called, by their codes; the team's own, too."""
    own = {f"own.{key}": label for key, label in OwnField.objects.values_list("key", "label")}
    return {code: str(label) for code, label in LABELS.items()} | own


def kept_by_field(actor: Actor, batches: Collection[int]) -> dict[int, dict[str, int]]:
    """Of how many people whom `actor` sees each field was kept, by batch; "" is the whole person."""
    rows = UndoKept.objects.filter(batch__in=batches, contact__in=contacts_for(actor))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for batch, field, people in (
        rows.values_list("batch", "field").annotate(n=Count("pk")).order_by("batch", "-n")
    ):
        found[batch][field] = people
    return found


def touched_by(batch: int, *, after: int, size: int) -> list[int]:
    """Ids of the next `size` people whom the batch created or changed, after `after`; those it left alone aren't."""
    return _ids(_TOUCHED, batch, after, size)


def count_touched(batch: int, *, after: int = 0) -> int:
    """How many people with ids above `after` the batch created or changed."""
    return _count(_TOUCHED, batch, after)


def undone_of(batch: int, *, after: int, size: int) -> list[int]:
    """Ids of the next `size` known people at whom something of the batch was undone, after `after`."""
    return _ids(_UNDONE, batch, after, size)


def count_undone(batch: int, *, after: int = 0) -> int:
    """At how many known people with ids above `after` something of the batch was undone."""
    return _count(_UNDONE, batch, after)


def kept_of(actor: Actor, batch: int) -> QuerySet[UndoKept]:
    """What the last undo or redo of the batch kept of people whom `actor` may see, by person."""
    rows = UndoKept.objects.filter(batch=batch, contact__in=contacts_for(actor))
    return rows.select_related("contact", "by").order_by("contact_id", "field")


def _ids(select: str, batch: int, after: int, size: int) -> list[int]:
    with connection.cursor() as sql:
        sql.execute(f"{select} ORDER BY contact_id LIMIT %s", [batch, after, size])
        return [row[0] for row in sql.fetchall()]


def _count(select: str, batch: int, after: int) -> int:
    with connection.cursor() as sql:
        sql.execute(f"SELECT count(*) FROM ({select}) AS each", [batch, after])
        return sql.fetchone()[0]
