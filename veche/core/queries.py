"""What the tray may show: an actor's own jobs, never somebody else's."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound

SHOWN_AFTER_THE_END = dt.timedelta(hours=3)


def jobs_for(actor: Actor) -> QuerySet[Job]:
    """The jobs that `actor` started, the newest first; an anonymous actor has none."""
    if actor.user_id is None:
        return Job.objects.none()
    return Job.objects.filter(actor=actor.user_id).order_by("-queued_at", "-id")


def jobs_in_tray(actor: Actor, *, at_most: int = 3) -> list[Job]:
    """Open jobs, and those that ended lately and were not closed in the tray: of one thing only the newest."""
    fresh = Q(finished_at__gt=timezone.now() - SHOWN_AFTER_THE_END, dismissed_at__isnull=True)
    shown: dict[object, Job] = {}
    for job in jobs_for(actor).filter(Q(state__in=[Job.State.QUEUED, Job.State.RUNNING]) | fresh)[:50]:
        thing = (job.kind.partition(".")[0], job.object_id) if job.object_id else job.pk
        if job.is_open or thing not in shown:
            shown.setdefault(job.pk if thing in shown else thing, job)
    return list(shown.values())[:at_most]


def job_for(actor: Actor, job_id: int) -> Job:
    """One of the actor's own jobs, else `NotFound`."""
    job = jobs_for(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job
