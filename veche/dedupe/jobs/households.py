"""Gathering all plain households, and taking that back. Each portion commits with its cursor; a second run goes on."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.core import room
from veche.core.background import JobRun, is_lost, job_kind
from veche.dedupe.actions import household_sweeping as sweeping
from veche.dedupe.jobs.portions import do_in_portions
from veche.dedupe.models import HouseholdSweep

State = HouseholdSweep.State


@job_kind(sweeping.GATHER_ALL, label=_("Gathering families"))
def gather_plain(run: JobRun) -> None:
    """A household that is gathered is no longer found to be one to gather, so none is made twice."""
    sweep = HouseholdSweep.objects.filter(pk=run.job.object_id, state=State.RUNNING).first()
    if sweep is None:
        return
    run.result(reverse("dedupe:households_plain"))
    do_in_portions(
        run,
        lambda after: sweeping.gather_portion(by=run.actor, sweep=sweep, after=after),
        begin=0,
        stopped=lambda: sweeping.end_household_sweep(by=run.actor, sweep=sweep, state=State.STOPPED),
    )
    sweeping.end_household_sweep(by=run.actor, sweep=sweep)


@job_kind(sweeping.UNDO, label=_("Taking gathered families back"))
def undo_gathered(run: JobRun) -> None:
    """One transaction: it is undone whole or, run again, from the beginning."""
    sweep = HouseholdSweep.objects.filter(pk=run.job.object_id, state=State.UNDOING).first()
    if sweep is None:
        return
    run.result(reverse("dedupe:households_plain"))
    try:
        sweeping.undo_household_sweep(by=run.actor, sweep=sweep)
    except Exception as error:
        if not (room.is_full(error) or is_lost(error)):
            sweeping.stop_household_sweep_undo(by=run.actor, sweep=sweep)
        raise
