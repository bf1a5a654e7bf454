"""The background work of an import. Each job may be killed at any moment and goes on from its cursor.

A check commits its staged rows and its cursor together, and the comparison only overwrites its own marks. A load
commits people together with the outcomes of their rows, moves its cursor after that, and passes over rows with an
outcome. An undo asks who is still there. So none of them does harm when it runs twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.core import room
from veche.core.background import Cancelled, JobRun, is_lost, job_kind
from veche.core.refusal import Refusal
from veche.exchange.actions import checking, loading, purging, recheck, relatives, words
from veche.exchange.actions.corrections import FIX
from veche.exchange.actions.lanes import Lanes
from veche.exchange.actions.matching import mark_of
from veche.exchange.actions.rows import as_staged, chunk_size, next_chunk
from veche.exchange.actions.running import CHECK, LOAD
from veche.exchange.models import Import
from veche.exchange.said import of_refusal


@contextmanager
def _state_kept(run: JobRun, imported: Import) -> Iterator[None]:
    """Whatever ends the job is also told to the import."""
    stop = recheck.note_fix_stopped if run.job.kind == FIX else checking.note_stop
    try:
        yield
    except Cancelled:
        stop(by=run.actor, imported=imported, state=Import.State.CANCELLED)
        raise
    except Refusal as refusal:
        stop(by=run.actor, imported=imported, state=Import.State.FAILED, error=of_refusal(refusal))
        raise
    except Exception as error:
        if room.is_full(error) or is_lost(error):
            raise  # the job waits, and so does the import
        stop(by=run.actor, imported=imported, state=Import.State.FAILED, error=type(error).__name__)
        raise


def _is_over(run: JobRun, imported: Import) -> bool:
    """Whether the import has gone on without this job.

    A worker that was killed after the last commit of a job leaves it open: taken up again it must not put the import
    back to a state that it has left since. What a load does after its end is all that is still done.
    """
    if run.job.kind == FIX or (imported.is_busy and imported.job_id == run.job.pk):
        return False
    if run.job.kind == LOAD and imported.loaded_at:
        purging.delete_file(by=run.actor, imported=imported)
    return True


def of_import(work: Callable[[JobRun, Import], None]) -> Callable[[JobRun], None]:
    """A job about an import: with the import's own request, and telling it how it ended."""

    @wraps(work)
    def do(run: JobRun) -> None:
        imported = Import.objects.filter(pk=run.job.object_id).first()
        if imported is None or _is_over(run, imported):
            return
        run.result(
            reverse("exchange:import", args=[imported.pk])
        )  # at once: the tray leads to the page that shows it
        run.actor = replace(
            run.actor, request_id=run.job.request_id
        )  # the machine's own actor has a new one each time
        with _state_kept(run, imported):
            work(run, imported)

    return do


@job_kind(CHECK, label=_("Checking a spreadsheet"))
@of_import
def check(run: JobRun, imported: Import) -> None:
    """Stage the file, find its repeats, compare it with the base. Progress counts every row twice."""
    cursor: dict[str, Any] = run.cursor or {"stage": "read", "row": 0, "rows": 0}
    taken_up = cursor["stage"] == "compare"
    if cursor["stage"] == "read":
        cursor = _read(run, imported, cursor)
    if cursor["stage"] == "repeats":
        with transaction.atomic():
            found = checking.stage_repeats(by=run.actor, imported=imported)
            cursor = {
                "stage": "compare",
                "row": 0,
                "rows": cursor["rows"],
                "sums": {},
                "repeats": found > 0,
                "mark": mark_of(run.actor),
            }
            run.checkpoint(cursor=cursor, stage="compare")
    known = words.look_up(imported, by=run.actor)
    cursor = _compare(run, imported, cursor, known, taken_up=taken_up)
    checking.finish_check(
        by=run.actor, imported=imported, words=known, sums=cursor["sums"], mark=cursor.get("mark")
    )


def _read(run: JobRun, imported: Import, cursor: dict[str, Any]) -> dict[str, Any]:
    expected = 2 * imported.source["rows"]
    if not cursor["row"]:
        checking.begin_staging(by=run.actor, imported=imported)
    portions = checking.staged_portions(imported, after=cursor["row"], language=run.actor.language)
    for last, count, lines in portions:
        with transaction.atomic():
            checking.stage_portion(by=run.actor, imported=imported, lines=lines)
            cursor = {"stage": "read", "row": last, "rows": cursor["rows"] + count}
            run.checkpoint(
                done=cursor["rows"], total=max(expected, 2 * cursor["rows"]), cursor=cursor, stage="read"
            )
    cursor = {**cursor, "stage": "repeats"}
    run.checkpoint(cursor=cursor, stage="repeats")
    return cursor


def _compare(
    run: JobRun, imported: Import, cursor: dict[str, Any], known: words.Words, *, taken_up: bool
) -> dict[str, Any]:
    size, repeats = chunk_size(cursor["rows"], checking.CHUNK), cursor.get("repeats", True)
    with Lanes(size) as lanes:
        while chunk := next_chunk(imported, cursor["row"], size):
            given = {"by": run.actor, "imported": imported, "first": chunk[0], "last": chunk[1]}
            with lanes.transaction():
                if taken_up:  # a lane of this chunk may have come to its end, and the base have changed since
                    as_staged(imported, *chunk)
                    taken_up = False
                met = any(lanes.run(checking.match_lane, **given, repeats=repeats))
                compared = lanes.run(checking.compare_lane, **given, words=known, known=met)
                with transaction.atomic():
                    sums = checking.count_chunk(**given, compared=compared, sums=cursor["sums"])
                    done = cursor["rows"] + sum(sums["numbers"].values())
                    cursor = {**cursor, "row": chunk[1], "sums": sums}
                    run.checkpoint(done=done, total=2 * cursor["rows"], cursor=cursor, stage="compare")
    return cursor


@job_kind(FIX, label=_("Applying corrections to a spreadsheet"))
@of_import
def fix(run: JobRun, imported: Import) -> None:
    """Bring corrections into force until none waits. Those in force are passed over, so a second run finds none."""
    done = 0
    while applied := recheck.apply_corrections(by=run.actor, imported=imported):
        done += applied
        run.checkpoint(done=done)


@job_kind(LOAD, label=_("Loading a spreadsheet"))
@of_import
def load(run: JobRun, imported: Import) -> None:
    """Write the checked rows into the base."""
    write_rows(run, imported)
    loading.finish_load(by=run.actor, imported=imported, relatives=relate_named(run, imported))
    purging.delete_file(by=run.actor, imported=imported)


def write_rows(run: JobRun, imported: Import) -> None:
    """Load every row that has no outcome yet, each chunk in two lanes at once where it is worth it."""
    found = loading.begin_load(by=run.actor, imported=imported)
    row, done = run.cursor.get("row", 0), run.cursor.get("done", 0)
    mark = None if imported.undone_at else imported.totals["check"].get("mark")
    size = chunk_size(run.job.total or 0, loading.CHUNK)
    with Lanes(size) as lanes:
        while chunk := next_chunk(imported, row, size):
            given = {"by": run.actor, "imported": imported, "first": chunk[0], "last": chunk[1]}
            with loading.alone(), lanes.transaction():
                mark = loading.match_anew(**given, mark=mark)
                lanes.run(loading.load_lane, **given, words=found)
                with transaction.atomic():
                    row, done = chunk[1], done + sum(loading.finish_chunk(**given).values())
                    run.checkpoint(done=done, cursor={**run.cursor, "row": row, "done": done}, stage="load")
        lanes.run(loading.settle_lane, by=run.actor)


def relate_named(run: JobRun, imported: Import) -> dict[str, Any] | None:
    """Once all people are there: link each with whom their row names. How many were named and found, if any column
    names somebody; of `places` of work also how many organisations were added."""
    if not relatives.names_relatives(imported):
        return None
    sums: dict[str, Any] | None = run.cursor.get("relatives", {"row": 0, "named": 0, "found": 0})
    last = sums
    while sums is not None:
        with transaction.atomic():
            sums = relatives.relate_next(by=run.actor, imported=imported, sums=sums)
            if sums is not None:
                last = sums
                run.checkpoint(cursor={**run.cursor, "relatives": sums})
    if last and "places" in last:
        loading.settle_lane(by=run.actor)
    return last and {**last, "missing": last["named"] - last["found"]}
