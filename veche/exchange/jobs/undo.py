"""The background work of an undo, of a redo, and of the purge after the month in which they are possible.

Each may be killed at any moment. A chunk of people and the cursor commit together, and what has gone back already is
passed over, so none of them does harm when it runs twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from veche.contacts.queries.batches import count_touched, count_undone, touched_by, undone_of
from veche.core.actor import Actor
from veche.core.background import JobRun, job_kind
from veche.exchange.actions import purging, sweeping, undoing
from veche.exchange.actions.relatives import unrelate_next
from veche.exchange.actions.running import REDO, UNDO
from veche.exchange.jobs.imports import of_import, relate_named, write_rows
from veche.exchange.models import Import


@job_kind(UNDO, label=_("Undoing an import"))
@of_import
def undo(run: JobRun, imported: Import) -> None:
    """Put known people back, and erase the people whom the import created, but for what somebody touched since."""
    names = ("removed", "kept", "restored", "partly")
    cursor = run.cursor or {"contact": 0, "done": 0, "sums": dict.fromkeys(names, 0)}
    total = cursor["done"] + count_touched(imported.pk, after=cursor["contact"])
    while ids := touched_by(imported.pk, after=cursor["contact"], size=undoing.CHUNK):
        with transaction.atomic():
            swung = undoing.undo_chunk(by=run.actor, imported=imported, contact_ids=ids)
            now = (len(swung.untouched), swung.kept, swung.restored, swung.partly)
            cursor = _after(cursor, ids, dict(zip(names, now, strict=True)))
            run.checkpoint(done=cursor["done"], total=total, cursor=cursor, stage="undo")
    _facts(run, imported, undoing.take_facts, cursor)
    _relatives(run, imported, {**cursor, **run.cursor})
    undoing.finish_undo(by=run.actor, imported=imported, sums=cursor["sums"])


@job_kind(REDO, label=_("Loading an undone import again"))
@of_import
def redo(run: JobRun, imported: Import) -> None:
    """Make of known people again what the import had made, then load the rows of those whom the undo erased."""
    cursor = run.cursor or {"contact": 0, "done": 0, "sums": {"restored": 0, "partly": 0}}
    total = cursor["done"] + count_undone(imported.pk, after=cursor["contact"])
    while ids := undone_of(imported.pk, after=cursor["contact"], size=undoing.CHUNK):
        with transaction.atomic():
            swung = undoing.redo_chunk(by=run.actor, imported=imported, contact_ids=ids)
            cursor = _after(cursor, ids, {"restored": swung.restored, "partly": swung.partly})
            run.checkpoint(done=cursor["done"], total=total, cursor=cursor, stage="redo")
    freed = 0
    while portion := undoing.free_rows(by=run.actor, imported=imported):
        freed += portion
    run.checkpoint(total=cursor["done"] + freed, cursor=cursor, stage="load")
    write_rows(run, imported)
    _facts(run, imported, undoing.add_facts, {**cursor, **run.cursor})
    named = relate_named(run, imported)
    undoing.finish_redo(by=run.actor, imported=imported, sums=cursor["sums"], relatives=named)


def _facts(run: JobRun, imported: Import, swing: Callable[..., int | None], cursor: dict[str, Any]) -> None:
    """What the import's kind added goes, or comes again, by row: at people who themselves stayed too."""
    row: int | None = cursor.get("facts", 0)
    while row is not None:
        with transaction.atomic():
            row = swing(by=run.actor, imported=imported, after=row)
            if row is not None:
                run.checkpoint(cursor={**cursor, "facts": row})


def _relatives(run: JobRun, imported: Import, cursor: dict[str, Any]) -> None:
    """What the rows made of those who stay: those who were erased have taken their relations with them."""
    row: int | None = cursor.get("relatives", 0)
    while row is not None:
        with transaction.atomic():
            row = unrelate_next(by=run.actor, imported=imported, after=row)
            if row is not None:
                run.checkpoint(cursor={**cursor, "relatives": row})


def _after(cursor: dict[str, Any], ids: list[int], more: dict[str, int]) -> dict[str, Any]:
    """The cursor after the people `ids`, with `more` in its sums."""
    sums = {name: count + more[name] for name, count in cursor["sums"].items()}
    return {**cursor, "contact": ids[-1], "done": cursor["done"] + len(ids), "sums": sums}


def purge_rows() -> int:
    """Delete the rows and files of imports that can no longer be undone. A second run goes on, or finds none."""
    by = Actor.system()
    due = purging.due_for_purge()
    for imported in due:
        while purging.purge_portion(by=by, imported=imported):
            pass
        purging.finish_purge(by=by, imported=imported)
    sweeping.sweep_files(by=by)
    return len(due)
