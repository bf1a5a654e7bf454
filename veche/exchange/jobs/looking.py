"""A look through an uploaded file. Killed at any moment it begins anew: it writes nothing before its end."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.core import room
from veche.core.background import Cancelled, JobRun, is_lost, job_kind
from veche.core.refusal import Refusal
from veche.exchange.actions import looking
from veche.exchange.models import Import
from veche.exchange.said import of_refusal

State = Import.State


@job_kind(looking.LOOK, label=_("Looking through a spreadsheet"), is_short=True)
def look(run: JobRun) -> None:
    """Find the table and guess its columns, or say why that cannot be."""
    mine = Import.objects.filter(pk=run.job.object_id, state=State.LOOKING, job_id=run.job.pk)
    imported = mine.first()
    if imported is None:
        return  # somebody has stopped it, or asked for another look
    run.result(reverse("exchange:table", args=[imported.pk]))
    how: dict[str, Any] = run.job.arguments["how"]
    try:
        looking.look_through(imported, how, by=run.actor, tell=partial(_tell, run))
        looking.finish_look(
            by=run.actor,
            imported=imported,
            job_id=run.job.pk,
            what="columns" if how.get("afresh") else "table",
        )
    except Exception as error:
        if room.is_full(error) or is_lost(error):
            raise  # the job waits, and so does the import
        _note_stop(run, imported, error)
        raise


def _tell(run: JobRun, stage: str, share: float) -> None:
    """Only of a text is it known how far it is: a workbook shows that it is being opened."""
    known = {"done": round(100 * share), "total": 100} if share else {}
    run.checkpoint(stage=stage, **known)


def _note_stop(run: JobRun, imported: Import, error: Exception) -> None:
    given = {"by": run.actor, "imported": imported, "job_id": run.job.pk}
    if isinstance(error, Cancelled):
        looking.note_look_stopped(**given, state=State.CANCELLED)
    elif isinstance(error, Refusal):
        looking.note_look_stopped(**given, state=State.FAILED, error=of_refusal(error), refused=True)
    else:
        looking.note_look_stopped(**given, state=State.FAILED, error=type(error).__name__)
