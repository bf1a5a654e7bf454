"""Merging all certain doubles, and taking that back. Each portion commits with its cursor; a second run goes on."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.core.background import JobRun, job_kind
from veche.dedupe.actions import sweeping
from veche.dedupe.jobs.portions import do_in_portions
from veche.dedupe.models import Sweep

State = Sweep.State


@job_kind(sweeping.MERGE_ALL, label=_("Merging certain doubles"))
def merge_certain(run: JobRun) -> None:
    """A group that is merged is no longer certain to be found, so none is merged twice."""
    sweep = Sweep.objects.filter(pk=run.job.object_id, state=State.RUNNING).first()
    if sweep is None:
        return
    run.result(reverse("dedupe:certain"))
    do_in_portions(
        run,
        lambda after: sweeping.sweep_portion(by=run.actor, sweep=sweep, after=after),
        begin=0,
        stopped=lambda: sweeping.end_sweep(by=run.actor, sweep=sweep, state=State.STOPPED),
    )
    sweeping.end_sweep(by=run.actor, sweep=sweep)


@job_kind(sweeping.UNDO, label=_("Taking certain doubles apart again"))
def undo_certain(run: JobRun) -> None:
    """What was taken back is passed over, so a second run goes on."""
    sweep = Sweep.objects.filter(pk=run.job.object_id, state=State.UNDOING).first()
    if sweep is None:
        return
    run.result(reverse("dedupe:certain"))
    do_in_portions(
        run,
        lambda before: sweeping.undo_portion(by=run.actor, sweep=sweep, before=before),
        begin=None,
        stopped=lambda: sweeping.end_sweep_undo(by=run.actor, sweep=sweep, state=State.STOPPED),
    )
    sweeping.end_sweep_undo(by=run.actor, sweep=sweep)
