"""The undo of what an import created, and the purge of its rows when the time for that is over."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from veche.contacts.actions.erasing import erase_contacts
from veche.contacts.events import PhoneRevealed
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.events import ImportUndone, RowsPurged
from veche.exchange.models import Import
from veche.exchange.queries import UNDO_DAYS

# Touched: anything in the ledger under another request, or a row that somebody else's work hung on the contact.
_UNTOUCHED = """
SELECT r.contact_id FROM exchange_importrow AS r
WHERE r.batch_id = %(batch)s AND r.outcome = 'created' AND r.contact_id = ANY(%(ids)s)
  AND NOT EXISTS (
    SELECT 1 FROM core_ledger AS l
    WHERE l.contact_id = r.contact_id AND l.request_id <> %(request)s AND l.kind <> %(looked)s AND l.at >= %(since)s)
  AND NOT EXISTS (
    SELECT 1 FROM contacts_origin AS o WHERE o.contact_id = r.contact_id AND o.batch IS DISTINCT FROM %(batch)s)
  AND NOT EXISTS (
    SELECT 1 FROM contacts_note AS n WHERE n.contact_id = r.contact_id AND n.batch IS DISTINCT FROM %(batch)s)
"""


def created_after(imported: Import, contact_id: int, size: int) -> list[int]:
    """Ids of the next `size` people whom the import created, after `contact_id`."""
    rows = imported.rows.filter(outcome="created", contact_id__gt=contact_id).order_by("contact_id")
    return list(rows.values_list("contact_id", flat=True)[:size])


@action("exchange.import")
def undo_chunk(*, by: Actor, imported: Import, contact_ids: list[int]) -> int:
    """Erase those of the created people whom nobody has touched since; returns how many."""
    unchanged()
    with connection.cursor() as sql:
        params = {
            "batch": imported.pk, "ids": contact_ids, "request": imported.request_id, "looked": PhoneRevealed.kind,
            "since": imported.made_at,
        }  # fmt: skip
        sql.execute(_UNTOUCHED, params)
        untouched = [row[0] for row in sql.fetchall()]
    return erase_contacts(by=by, contact_ids=untouched)


@action("exchange.import")
def finish_undo(*, by: Actor, imported: Import, removed: int, kept: int) -> Import:
    """Store how many people went and how many stayed because somebody has worked with them."""
    imported.totals = {**imported.totals, "undo": {"removed": removed, "kept": kept}}
    imported.state, imported.undone_at = Import.State.UNDONE, timezone.now()
    imported.save(update_fields=["totals", "state", "undone_at"])
    publish(ImportUndone(object_id=imported.pk, removed=removed, kept=kept), by=by)
    return imported


@action("exchange.import")
def purge_rows(*, by: Actor, before: dt.datetime | None = None) -> int:
    """Delete the rows and files of imports older than the time for undo; returns how many. May run twice."""
    before = before or timezone.now() - dt.timedelta(days=UNDO_DAYS)
    old = Import.objects.filter(made_at__lt=before, rows_purged_at__isnull=True)
    old = list(old.exclude(state__in=[Import.State.CHECKING, Import.State.LOADING, Import.State.UNDOING]))
    if not old:
        unchanged()
    for imported in old:
        imported.rows.all()._raw_delete("default")
        Import.objects.filter(pk=imported.pk).update(rows_purged_at=timezone.now())
        transaction.on_commit(
            partial(default_storage.delete, imported.file)
        )  # a rollback must not lose the file
        publish(RowsPurged(object_id=imported.pk), by=by)
    return len(old)
