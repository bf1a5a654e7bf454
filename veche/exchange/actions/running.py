"""Starting a check, a load, an undo and a redo, and stopping them. The work itself is done by jobs."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.actions.bulk_undo import forget_kept
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import cancel_job, start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.exchange.actions import facts
from veche.exchange.actions.checking import note_stop
from veche.exchange.actions.looking import note_look_stopped
from veche.exchange.actions.remembering import remember
from veche.exchange.events import CheckStarted, ImportStopped, LoadStarted, RedoStarted, UndoStarted
from veche.exchange.models import Correction, Import
from veche.exchange.queries import field_label, is_undoable
from veche.exchange.queries.since_check import changes_since_check

CHECK, LOAD, UNDO, REDO = "exchange.check", "exchange.load", "exchange.undo", "exchange.redo"
State = Import.State


@action("exchange.import")
def start_check(*, by: Actor, imported: Import) -> Import:
    """Look through the whole file in the background: who is new, who is known, what would change. Writes no contact."""
    imported = _taken(
        imported,
        State.DESCRIBED,
        State.MAPPED,
        State.CHECKED,
        State.FAILED,
        State.CANCELLED,
        before_the_load=True,
    )
    kind = facts.insist_offered(imported, by)
    facts.insist_complete(kind, [plan["target"] for plan in imported.mapping])
    imported.totals, imported.overwrites_confirmed, imported.error = {}, False, ""
    job = start_job(
        CHECK, by=by, subject=imported.name, object_id=imported.pk, total=2 * imported.source["rows"]
    )
    _go(imported, State.CHECKING, job)
    publish(CheckStarted(object_id=imported.pk), by=by)
    return imported


@action("exchange.import")
def start_load(
    *, by: Actor, imported: Import, confirm_overwrites: bool = False, seen_changes: int | None = None
) -> Import:
    """Write the checked rows into the base in the background; also goes on with a load that was stopped or failed.

    `Refusal` when the check raised the red warning and `confirm_overwrites` is not set: the fields are in its message;
    and when more has happened in the base since the check than the `seen_changes` that somebody was told of.
    """
    imported = _taken(imported, State.CHECKED, State.CANCELLED, State.FAILED)
    if "undo_begun" in imported.totals:
        raise Stale(_("An undo of this import was begun: finish it, or load what it took back again."))
    if not imported.checked_at or "check" not in imported.totals:
        raise Stale(_("The file must be checked before it is loaded."))
    if imported.corrections.exclude(state=Correction.State.APPLIED).exists():
        raise Stale(_("Corrections are still being applied: wait a moment, then load."))
    facts.insist_offered(imported, by)
    changes = changes_since_check(imported, by) if seen_changes is not None else []
    if len(changes) > (seen_changes or 0):
        said = _(
            "Meanwhile the base has changed, and so may the numbers: %(changes)s Reload the page, then decide."
        )
        raise Refusal("import.base_changed", said % {"changes": " ".join(changes)}, status=409)
    risky = [each["field"] for each in imported.totals["check"]["overwrites"]]
    if risky and not (confirm_overwrites or imported.overwrites_confirmed):
        raise Refusal(
            "import.overwrites",
            _(
                "For more than 30 % of the known people a value would be replaced. Confirm it, or choose another rule."
            ),
            fields={"confirm_overwrites": ", ".join(field_label(each, imported) for each in risky)},
        )
    if imported.state == State.CHECKED:
        remember(by=by, imported=imported)
    imported.overwrites_confirmed = bool(risky)
    imported.error = ""
    doer = dataclasses.replace(by, request_id=imported.request_id)
    job = start_job(
        LOAD, by=doer, subject=imported.name, object_id=imported.pk, total=imported.totals["check"]["rows"]
    )
    _go(imported, State.LOADING, job)
    publish(LoadStarted(object_id=imported.pk, policy=imported.policy, confirmed=tuple(risky)[:100]), by=by)
    return imported


@action("exchange.import")
def start_undo(*, by: Actor, imported: Import) -> Import:
    """Take back, in the background, all that this import did and nobody has touched since."""
    by.require("contacts.delete")
    imported = _taken(imported, State.LOADED, State.CANCELLED, State.FAILED, State.UNDONE)
    _insist_in_time(imported)
    cursor = _where_it_stopped(imported, UNDO)
    if not cursor:
        forget_kept(by=by, batch=imported.pk)
        cursor = _once_more(imported)
    imported.totals = {**imported.totals, "undo_begun": True}
    job = _start_from(cursor, UNDO, by=by, imported=imported)
    _go(imported, State.UNDOING, job)
    publish(UndoStarted(object_id=imported.pk), by=by)
    return imported


@action("exchange.import")
def start_redo(*, by: Actor, imported: Import) -> Import:
    """Do again, in the background, what an undo has taken back, but for what was touched since the undo."""
    imported = _taken(imported, State.UNDONE, State.CANCELLED, State.FAILED)
    if "undo_begun" not in imported.totals:
        raise Stale(_("This import has gone on meanwhile: look at where it is now."))
    _insist_in_time(imported)
    cursor = _where_it_stopped(imported, REDO)
    if not cursor:
        forget_kept(by=by, batch=imported.pk)
    doer = dataclasses.replace(by, request_id=imported.request_id)
    job = _start_from(cursor, REDO, by=doer, imported=imported)
    _go(imported, State.REDOING, job)
    publish(RedoStarted(object_id=imported.pk), by=by)
    return imported


@action("exchange.import")
def cancel_import(*, by: Actor, imported: Import) -> Import:
    """Stop the running job at its next step; what a load has written stays, and undo takes it back."""
    imported = _taken(imported, State.LOOKING, State.CHECKING, State.LOADING, State.UNDOING, State.REDOING)
    job = Job.objects.select_for_update().get(pk=imported.job_id)
    if job.is_open and job.cancel_asked_at:  # a second press, or a colleague's: it is stopping
        unchanged()
        return imported
    cancel_job(job)
    if imported.state == State.LOOKING:  # what it may still find is dropped: nobody need wait for its end
        note_look_stopped(by=by, imported=imported, job_id=job.pk, state=State.CANCELLED)
        imported.refresh_from_db()
        return imported
    job.refresh_from_db()
    if not job.is_open:  # it had not begun, or it ended without telling us
        note_stop(by=by, imported=imported, state=State.CANCELLED)
        imported.refresh_from_db()
    else:
        publish(ImportStopped(object_id=imported.pk, reason="cancelled"), by=by)
    return imported


def _where_it_stopped(imported: Import, kind: str) -> dict[str, Any]:
    """How far a stopped job of this kind had come: the next one goes on there, and its sums are those of both."""
    job = Job.objects.filter(pk=imported.job_id, kind=kind).first()
    if imported.state not in (State.CANCELLED, State.FAILED) or job is None:
        return {}
    return {name: job.cursor[name] for name in ("contact", "done", "sums", "facts") if name in job.cursor}


def _once_more(imported: Import) -> dict[str, Any]:
    """The cursor of an undo of what an undo has kept: whom that one took back stays counted."""
    done = imported.totals.get("undo") if imported.state == State.UNDONE else None
    if not done:
        return {}
    return {"contact": 0, "done": 0, "sums": {**dict.fromkeys(done, 0), "removed": done["removed"],
            "restored": done["restored"]}}  # fmt: skip


def _start_from(cursor: dict[str, Any], kind: str, *, by: Actor, imported: Import) -> Job:
    job = start_job(kind, by=by, subject=imported.name, object_id=imported.pk)
    if cursor:
        job.cursor = cursor
        job.save(update_fields=["cursor"])
    return job


def _insist_in_time(imported: Import) -> None:
    if not imported.checked_at or not is_undoable(imported):
        raise Refusal("import.too_late", _("An import can be undone for 30 days."))


def _taken(imported: Import, *states: str, before_the_load: bool = False) -> Import:
    locked = Import.objects.select_for_update().get(pk=imported.pk)
    begun = before_the_load and (locked.loaded_at or "load" in locked.totals)
    if locked.state not in states or begun:
        raise Stale(_("This import has gone on meanwhile: look at where it is now."))
    return locked


def _go(imported: Import, state: str, job: Job) -> None:
    imported.state, imported.job_id = state, job.pk
    imported.save(update_fields=["state", "job_id", "totals", "overwrites_confirmed", "error"])
