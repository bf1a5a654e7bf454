"""Reactions of the room. Each looks at how things stand now, so a second delivery changes nothing."""

from __future__ import annotations

from veche.accounts.events import RoleChanged, UserChanged, UserDeactivated
from veche.core.actor import Actor
from veche.core.delivery import subscriber
from veche.core.events import JobCancelled
from veche.core.ledger import Entry
from veche.core.models import Job
from veche.exchange.actions import bridge_participant, checking, exports, looking
from veche.exchange.models import Export, Import
from veche.exchange.queries import job_of


@subscriber("exchange.note_stopped_jobs", kinds={JobCancelled.kind})
def note_stopped_jobs(entries: list[Entry]) -> None:
    """A job stopped in the tray before it had begun tells its import nothing: it never ran."""
    for imported in Import.objects.filter(job_id__in=[entry.object_id for entry in entries]):
        job = job_of(imported)
        if imported.is_busy and job and job.state == Job.State.CANCELLED:
            given = {"by": Actor.system(), "imported": imported, "state": Import.State.CANCELLED}
            if imported.state == Import.State.LOOKING:
                looking.note_look_stopped(**given, job_id=job.pk)
            else:
                checking.note_stop(**given)
    stopped = Job.objects.filter(pk__in=[entry.object_id for entry in entries], state=Job.State.CANCELLED)
    bridge_participant.note_stopped(by=Actor.system(), job_ids=list(stopped.values_list("pk", flat=True)))
    for export in Export.objects.filter(job_id__in=[entry.object_id for entry in entries], state="making"):
        if Job.objects.filter(pk=export.job_id, state=Job.State.CANCELLED).exists():
            exports.stop_export(by=Actor.system(), export=export, state=Export.State.CANCELLED)


@subscriber("exchange.take_files_back", kinds={UserDeactivated.kind, RoleChanged.kind, UserChanged.kind})
def take_files_back(entries: list[Entry]) -> None:
    """Files of somebody who was switched off, or who may see another part of the base now, are deleted."""
    user_ids = {entry.object_id for entry in entries if entry.object_id and _changes_reach(entry)}
    exports.delete_files_of(by=Actor.system(), user_ids=user_ids)
    bridge_participant.take_lists_back(by=Actor.system(), user_ids=user_ids)


def _changes_reach(entry: Entry) -> bool:
    """A new name or address is no reason; another team or territory is."""
    return entry.kind != UserChanged.kind or bool(
        {"teams", "territories"} & set(entry.data.get("fields", ()))
    )
