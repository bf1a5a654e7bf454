"""What the pages show while a job works on an import: its stages, how many rows, when it will end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.core.models import Job
from veche.exchange.models import Import

STAGES = {
    Import.State.LOOKING: (
        ("open", _("Finding the sheets, the encoding and the rows")),
        ("columns", _("Looking at what each column holds")),
    ),
    Import.State.CHECKING: (
        ("read", _("Reading the rows and parsing names, phones and dates")),
        ("repeats", _("Looking for the same people further down the file")),
        ("compare", _("Comparing with the people in the base")),
    ),
    Import.State.LOADING: (("load", _("Writing people into the base")),),
    Import.State.UNDOING: (("undo", _("Taking back what nobody has touched since")),),
    Import.State.REDOING: (
        ("redo", _("Changing people again as the import had changed them")),
        ("load", _("Writing people into the base")),
    ),
}


@dataclass(frozen=True)
class Stage:
    """`done` of `total` rows, where the stage counts them; `state` is "done", "on" or ""."""

    title: Any
    state: str
    done: int | None
    total: int | None


@dataclass(frozen=True)
class Progress:
    """`percent` and `seconds_left` are None while nothing is known of them; `pace` is rows a second."""

    percent: int | None
    done: int
    total: int | None
    seconds_left: int | None
    ends_at: dt.datetime | None
    pace: int | None
    stages: list[Stage]
    is_waiting: bool


def progress_of(imported: Import, job: Job | None) -> Progress:
    """How far the job is. A check goes through the rows twice, so its rows are counted by stage."""
    if job is None:
        return Progress(None, 0, None, None, None, None, [], is_waiting=True)
    left, pace = job.seconds_left, None
    if job.started_at and job.done and imported.state != Import.State.LOOKING:  # its steps are no rows
        pace = round(job.done / max(1, (timezone.now() - job.started_at).total_seconds()))
    ends_at = timezone.now() + dt.timedelta(seconds=left) if left is not None else None
    stages = _stages(imported, job)
    return Progress(
        job.percent, job.done, job.total, left, ends_at, pace or None, stages, job.state == Job.State.QUEUED
    )


def _stages(imported: Import, job: Job) -> list[Stage]:
    known = STAGES.get(Import.State(imported.state), ())
    names = [name for name, _title in known]
    place = names.index(job.stage) if job.stage in names else 0
    rows = imported.source.get("rows", 0)
    made = {
        "read": min(job.done, rows),
        "compare": max(0, job.done - rows),
        "load": job.done,
        "undo": job.done,
        "redo": job.done,
    }
    whole = {"read": rows, "compare": rows, "load": job.total, "undo": job.total, "redo": job.total}
    return [
        Stage(
            title,
            "done" if number < place else "on" if number == place else "",
            made.get(name),
            whole.get(name),
        )
        for number, (name, title) in enumerate(known)
    ]
