"""The background work of the Excel bridge. Each job may be killed at any moment and is taken up again.

A download and a comparison are begun anew: they only overwrite what they had written. An application and its undo
commit a set of people, the outcome of their cells and the cursor together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.contacts.actions.bulk import settle_indexes
from veche.contacts.queries.own import own_fields
from veche.core import room
from veche.core.actor import Actor
from veche.core.background import Cancelled, JobRun, is_lost, job_kind
from veche.core.refusal import Refusal
from veche.exchange.actions import bridge_applying as applying
from veche.exchange.actions import bridge_comparing as comparing
from veche.exchange.actions import bridging
from veche.exchange.bridge import CHUNK, MOST_ROWS
from veche.exchange.bridge.columns import stored
from veche.exchange.bridge.file import write_file
from veche.exchange.bridge.ids import row_id
from veche.exchange.bridge.texts import texts
from veche.exchange.bridge.view import ids_of, people_of
from veche.exchange.models import BridgeReturn, BridgeSheet


@job_kind(bridging.MAKE, label=_("Writing a list for Excel"))
def make(run: JobRun) -> None:
    """Write the file and keep what each row says."""
    sheet = BridgeSheet.objects.filter(pk=run.job.object_id, state=BridgeSheet.State.MAKING).first()
    if sheet is None:
        return
    run.result(reverse("exchange:bridge_sheet", args=[sheet.pk]))
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "people.xlsx"
            columns = [column for column in stored(own_fields(), sheet.columns) if column]
            rows = write_file(path, columns, _lines(run, sheet), token=row_id(sheet.pk, 0))
            bridging.finish_sheet(by=run.actor, sheet=sheet, path=path, rows=rows)
    except Exception as error:
        if room.is_full(error) or is_lost(error):
            raise
        bridging.note_failure(sheet, _reason(error))
        raise


def _lines(run: JobRun, sheet: BridgeSheet) -> Iterator[tuple[str, list[Any]]]:
    """(row number, cells) of each person, kept in the base as they are given out."""
    by, columns = run.actor, [column for column in stored(own_fields(), sheet.columns) if column]
    ids = ids_of(people_of(by, sheet.view), MOST_ROWS)
    for start in range(0, len(ids), CHUNK):
        said = texts(by, ids[start : start + CHUNK], columns)
        lines = [
            (each, [said[each].cells[column.code] for column in columns])
            for each in ids[start : start + CHUNK]
            if each in said
        ]
        with transaction.atomic():
            bridging.store_lines(sheet, lines)
            run.checkpoint(done=start + len(lines), total=len(ids))
        for each, cells in lines:
            yield row_id(sheet.pk, each), cells


def _reason(error: Exception) -> str:
    """What its page says: nothing of work that somebody has stopped."""
    if isinstance(error, Cancelled):
        return ""
    return str(error) if isinstance(error, Refusal) else type(error).__name__


def _of_return(work: Callable[[JobRun, BridgeReturn], None]) -> Callable[[JobRun], None]:
    @wraps(work)
    def do(run: JobRun) -> None:
        returned = BridgeReturn.objects.filter(pk=run.job.object_id).first()
        if returned is None or not returned.is_busy or returned.job_id != run.job.pk:
            return  # it has gone on: the worker was killed after the last commit of this job
        run.result(reverse("exchange:bridge_return", args=[returned.pk]))
        try:
            work(run, returned)
        except Exception as error:
            if room.is_full(error) or is_lost(error):
                raise  # the job goes on, and so does this
            comparing.note_failure(by=run.actor, returned=returned, error=_reason(error))
            raise

    return do


@job_kind(bridging.COMPARE, label=_("Comparing a spreadsheet with the base"))
@_of_return
def compare(run: JobRun, returned: BridgeReturn) -> None:
    """Find every cell that differs; writes nothing but its own rows."""
    comparing.compare(
        by=run.actor, returned=returned, progress=lambda done, total: run.checkpoint(done=done, total=total)
    )


@job_kind(bridging.APPLY, label=_("Writing an edited spreadsheet into the base"))
@_of_return
def apply(run: JobRun, returned: BridgeReturn) -> None:
    """Write what was accepted. A cell with an outcome is passed over, so a second run does no harm."""
    cursor = run.cursor or {"row": -1, "done": 0, "late": 0}
    while rows := applying.next_rows(returned, cursor["row"], CHUNK):
        with transaction.atomic():
            written, late = applying.apply_rows(by=run.actor, returned=returned, rows=rows)
            cursor = {
                "row": rows[-1], "done": cursor["done"] + written, "late": cursor["late"] + late,
            }  # fmt: skip
            run.checkpoint(done=cursor["done"], cursor=cursor)
    while gone := applying.next_gone(returned, CHUNK):
        with transaction.atomic():
            applying.apply_gone(by=run.actor, returned=returned, line_ids=gone)
            run.checkpoint(done=cursor["done"], cursor=cursor)
    settle_indexes()
    applying.finish(by=run.actor, returned=returned, written=cursor["done"], late=cursor["late"])


@job_kind(bridging.UNDO, label=_("Undoing an edited spreadsheet"))
@_of_return
def undo(run: JobRun, returned: BridgeReturn) -> None:
    """Put back what was written and nobody has touched since."""
    cursor = {"row": -1, "done": 0, "kept": 0} | (run.cursor or {})
    while rows := applying.applied_rows(returned, cursor["row"], CHUNK):
        with transaction.atomic():
            done, kept = applying.undo_rows(by=run.actor, returned=returned, rows=rows)
            row = max(rows[-1], cursor["row"])
            cursor = {"row": row, "done": cursor["done"] + done, "kept": cursor["kept"] + kept}
            run.checkpoint(done=cursor["done"] + cursor["kept"], cursor=cursor)
    settle_indexes()
    applying.finish_undo(by=run.actor, returned=returned, put_back=cursor["done"], kept=cursor["kept"])


def purge_sheets() -> int:
    """Delete old downloads and what came back of them. A second run finds none."""
    return comparing.purge_sheets(by=Actor.system())
