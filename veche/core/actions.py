"""What a person may do with their own jobs."""

from __future__ import annotations

from django.utils import timezone

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import cancel_job
from veche.core.events import JobCancelled, JobDismissed
from veche.core.ledger import publish
from veche.core.models import Job


@action("jobs.own")
def stop_job(*, by: Actor, job: Job) -> Job:
    """Ask a job to stop at its next checkpoint. A job that has ended stays as it is."""
    if cancel_job(job):
        publish(JobCancelled(object_id=job.pk), by=by)
    else:
        unchanged()
    job.refresh_from_db()
    return job


@action("jobs.own")
def dismiss_job(*, by: Actor, job: Job) -> Job:
    """Take an ended job out of the tray; its row stays. One that runs, or was taken out already, stays as it is."""
    ended = Job.objects.filter(pk=job.pk, finished_at__isnull=False, dismissed_at__isnull=True)
    if ended.update(dismissed_at=timezone.now()):
        publish(JobDismissed(object_id=job.pk), by=by)
    else:
        unchanged()
    return job
