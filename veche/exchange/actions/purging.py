"""What an import keeps of people, and how long: the file until the load has ended, the rows for a month of undo.

The file goes first: once a load has ended, the staged rows hold every cell of it, and an erased person's rows are
emptied (`import_participant`), which no one could do inside a spreadsheet. So an erasure reaches all that is kept of a
person (152-FZ, art. 21; GDPR, art. 17).
"""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.events import FileDeleted, RowsPurged
from veche.exchange.models import Import
from veche.exchange.queries import UNDO_DAYS

SHOWN = ("top", "banner")  # of `Import.source`: what stands in the file, for the page of the table
PORTION = 20_000  # rows a transaction
_TABLES = ("exchange_importrow", "exchange_issue", "exchange_fileword", "exchange_correction")
BUSY = (
    Import.State.LOOKING,
    Import.State.CHECKING,
    Import.State.LOADING,
    Import.State.UNDOING,
    Import.State.REDOING,
)


@action("exchange.import")
def delete_file(*, by: Actor, imported: Import) -> None:
    """Delete the uploaded file when the change is certain, and the cells that its pages showed; may run twice."""
    if not imported.file:
        unchanged()
        return
    transaction.on_commit(partial(default_storage.delete, imported.file))
    imported.file = ""
    imported.source = {name: value for name, value in imported.source.items() if name not in SHOWN}
    imported.columns = [{**column, "samples": []} for column in imported.columns]
    imported.save(update_fields=["file", "source", "columns"])
    publish(FileDeleted(object_id=imported.pk), by=by)


def due_for_purge(before: dt.datetime | None = None) -> list[Import]:
    """Imports that can no longer be undone and still have rows."""
    before = before or timezone.now() - dt.timedelta(days=UNDO_DAYS)
    return list(
        Import.objects.filter(made_at__lt=before, rows_purged_at__isnull=True).exclude(state__in=BUSY)
    )


@action("exchange.import")
def purge_portion(*, by: Actor, imported: Import) -> int:
    """Delete the next rows of an import; returns how many, 0 at the end. May run twice."""
    unchanged()
    with connection.cursor() as sql:
        for table in _TABLES:
            sql.execute(
                f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE batch_id = %s LIMIT %s)",
                [imported.pk, PORTION],
            )
            if sql.rowcount:
                return sql.rowcount
    return 0


@action("exchange.import")
def finish_purge(*, by: Actor, imported: Import) -> None:
    """Say that the rows are gone, and let the file go too, if it is still there."""
    delete_file(by=by, imported=imported)
    Import.objects.filter(pk=imported.pk).update(rows_purged_at=timezone.now())
    publish(RowsPurged(object_id=imported.pk), by=by)
