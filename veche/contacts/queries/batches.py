"""Whom a batch (an import) brought or changed, in the order of their ids, by key; and what its undo kept."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from veche.contacts.models import UndoKept
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

_TOUCHED = "SELECT DISTINCT contact_id FROM contacts_origin WHERE batch = %s AND contact_id > %s"
_UNDONE = (
    "SELECT DISTINCT contact_id FROM contacts_fieldchange WHERE batch = %s AND is_undo AND contact_id > %s"
)


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
