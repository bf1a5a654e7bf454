"""Jobs: work that goes on when the page is closed, with progress, cancel, and a cursor to resume from.

    @job_kind("exchange.load", label=_("Loading a file"))
    def load(run: JobRun) -> None:
        for chunk in ...:            # in keyed sets, never row by row
            with transaction.atomic():
                ...                  # the work
                run.checkpoint(done=n, total=m, cursor={"row": last})   # commits with the work

The queue is procrastinate's; the truth is the `Job` row. A job is claimed by an advisory lock that PostgreSQL lets
go of by itself when the worker dies, so an orphan is recognised at once and queued again by `rescue_orphans`.
A job may run twice, and resumes from its cursor: that is why the work and its cursor commit together.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from veche.core import events, live, room
from veche.core.actor import JOB, Actor, actor_of_user
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal

log = logging.getLogger(__name__)

LOCK_SPACE = 0x56454348  # "VECH": the first key of our advisory locks, the second is the job's id
WAITS_FOR_ROOM = "no_room"  # the stage of a job that waits for room on the disk
SHORT = "short"  # the queue of jobs that somebody sits and waits for
MOST_ATTEMPTS = 20  # a job that has killed its worker so often is not tried again


class Cancelled(Exception):
    """Raised by `checkpoint` when somebody asked for a stop; what was committed stays and the kind's undo applies."""


@dataclass(frozen=True)
class JobKind:
    name: str
    label: Any
    work: Callable[[JobRun], None]
    is_short: bool = False


KINDS: dict[str, JobKind] = {}


def job_kind(name: str, *, label: Any, is_short: bool = False):
    """Register the function that does jobs called `name`.

    `label` is what the tray calls it, lazily translated. What the job works on (its `subject`: a file, a field) stands
    under it, unless a ``%(subject)s`` in the label has said it.
    `is_short`: it takes seconds and somebody waits for it, so it never waits behind long ones.
    """

    def register(work: Callable[[JobRun], None]):
        KINDS[name] = JobKind(name, label, work, is_short)
        return work

    return register


def title_of(job: Job) -> str:
    """What the tray calls a job, in the reader's language."""
    kind = KINDS.get(job.kind)
    return str(kind.label) % {"subject": job.subject} if kind else job.kind


@dataclass
class JobRun:
    """One attempt at a job, as the working function sees it."""

    job: Job
    actor: Actor

    @property
    def cursor(self) -> dict[str, Any]:
        return self.job.cursor

    def checkpoint(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        cursor: dict[str, Any] | None = None,
        stage: str | None = None,
    ) -> None:
        """Store progress and cursor with the running transaction.

        Raises `Cancelled` when a stop was asked for, and `OutOfRoom` when the disk is nearly full: the job then waits.
        """
        new = {"done": done, "total": total, "cursor": cursor, "stage": stage}
        new = {name: value for name, value in new.items() if value is not None}
        for name, value in new.items():
            setattr(self.job, name, value)
        Job.objects.filter(pk=self.job.pk).update(seen_at=timezone.now(), **new)
        live.tell_of_job(self.job.pk, self.job.actor)
        if Job.objects.filter(pk=self.job.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled
        if room.is_short():
            raise room.OutOfRoom

    def result(self, url: str) -> None:
        """Where the finished job's result is to be seen."""
        self.job.result_url = url
        Job.objects.filter(pk=self.job.pk).update(result_url=url)


def start_job(
    kind: str,
    *,
    by: Actor,
    subject: str = "",
    object_id: int | None = None,
    total: int | None = None,
    **arguments: Any,
) -> Job:
    """Queue a job in the running transaction: it exists exactly when the caller's work is committed."""
    job = Job.objects.create(
        kind=kind,
        subject=subject[:300],
        actor=by.user_id,
        request_id=by.request_id,
        object_id=object_id,
        total=total,
        arguments=arguments,
    )
    _queue(job)
    live.tell_of_job(job.pk, job.actor)
    return job


def _queue(job: Job) -> None:
    kind = KINDS.get(job.kind)
    run_job.configure(queue=SHORT if kind and kind.is_short else "default").defer(job_id=job.pk)


def cancel_job(job: Job) -> bool:
    """Ask a job to stop at its next checkpoint; a queued one stops at once. False when it had already ended."""
    now = timezone.now()
    stopped = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, cancel_asked_at=now, finished_at=now
    )
    return bool(stopped or Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_asked_at=now))


@contextmanager
def _claimed(job_id: int) -> Iterator[bool]:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, job_id])
        mine = sql.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as sql:
                sql.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, job_id])


@app.task(name="core.run_job")
def run_job(job_id: int) -> None:
    """Do the job, or nothing when it has ended or another worker has it; so a second delivery is harmless."""
    with _claimed(job_id) as mine:
        job = Job.objects.filter(pk=job_id).first()
        if mine and job and job.is_open:
            _attempt(job)


def _attempt(job: Job) -> None:
    if room.is_short():
        return _wait_for_room(job)
    if not _begin(job):
        return None
    kind = KINDS.get(job.kind)
    try:
        if kind is None:
            raise Refusal(
                "job.unknown",
                _(
                    "No part of Veche does jobs of the kind “%(kind)s”. Was Veche updated while it ran? Start it again."
                )
                % {"kind": job.kind},
            )
        if job.attempts > MOST_ATTEMPTS:
            raise Refusal(
                "job.too_often",
                _("This work has stopped its worker too many times. The reason is in the worker's log."),
            )
        actor = actor_of_user(job.actor, via=JOB, request_id=job.request_id)
        with translation.override(actor.language):
            kind.work(JobRun(job, actor))
    except Cancelled:
        _finish(job, Job.State.CANCELLED)
    except Refusal as refusal:
        _finish(job, Job.State.FAILED, str(refusal))
    except Exception as error:
        if room.is_full(error):
            return _wait_for_room(job)
        if is_lost(error):
            raise  # the job stays open, and goes on where it stood: see `rescue_orphans`
        log.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(job, Job.State.FAILED, f"{type(error).__name__}: {error}")
    else:
        _finish(job, Job.State.DONE)
    return None


def is_lost(error: BaseException) -> bool:
    """Whether the connection to the database went, not the statement: a killed server, a network that broke."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def _begin(job: Job) -> bool:
    """Mark the job as running; False when somebody stopped it since it was looked at."""
    now = timezone.now()
    begun = Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", now),
        seen_at=now,
        stage=Case(When(stage=WAITS_FOR_ROOM, then=Value("")), default="stage"),
    )
    job.refresh_from_db()
    live.tell_of_job(job.pk, job.actor)
    return bool(begun)


def _wait_for_room(job: Job) -> None:
    """Back into the queue, which `rescue_orphans` asks again; this attempt is not held against the job."""
    log.warning("job %s (%s) waits: there is no room on the disk", job.pk, job.kind)
    try:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(attempts=F("attempts") - 1)
        Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
            state=Job.State.QUEUED, stage=WAITS_FOR_ROOM
        )
    except DatabaseError as error:
        if not room.is_full(error):
            raise  # else it stays as it is, and is rescued as one whose worker died


def _finish(job: Job, state: str, error: str = "") -> None:
    job.state, job.error, job.finished_at = state, error[:4000], timezone.now()
    seconds = max(0, round((job.finished_at - job.queued_at).total_seconds()))
    ended = events.JobEnded(object_id=job.pk, job_kind=job.kind, state=state, seconds=seconds)
    with transaction.atomic():
        job.save(update_fields=["state", "error", "finished_at"])
        publish(ended, by=Actor(user_id=job.actor, via=JOB, request_id=job.request_id or uuid.uuid4()))
        live.tell_of_job(job.pk, job.actor)


def rescue_orphans() -> int:
    """Queue again the jobs whose worker has died or which waited for room; returns how many.

    Run at a worker's start and by its timer.
    """
    rescued = 0
    if room.is_short():
        return rescued
    for job in Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]):
        with _claimed(job.pk) as free, transaction.atomic():
            if free and not _is_waiting(job.pk):
                rescued += Job.objects.filter(pk=job.pk, state=job.state).update(state=Job.State.QUEUED)
                _queue(job)
    return rescued


def _is_waiting(job_id: int) -> bool:
    """True when the queue still holds the job untouched, or has only just handed it to a live worker."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT 1 FROM procrastinate_jobs AS queued
            LEFT JOIN procrastinate_workers AS worker ON worker.id = queued.worker_id
            WHERE queued.task_name = 'core.run_job' AND (queued.args->>'job_id')::bigint = %s
              AND (queued.status = 'todo'
                   OR queued.status = 'doing' AND worker.last_heartbeat > now() - interval '30 seconds'
                      AND EXISTS (SELECT 1 FROM core_job WHERE id = %s AND state = 'queued'))
            LIMIT 1
            """,
            [job_id, job_id],
        )
        return sql.fetchone() is not None


def see_through(job_id: int, tell: Callable[[Job], None] | None = None, *, every: float = 0.3) -> Job:
    """Do a job here, or wait for the worker that was faster; `tell` gets it every `every` seconds. For commands."""
    doer = threading.Thread(target=_do_here, args=(job_id,), daemon=True)
    doer.start()
    while True:
        doer.join(every)
        job = Job.objects.get(pk=job_id)
        if tell:
            tell(job)
        if not job.is_open:
            return job


def _do_here(job_id: int) -> None:
    try:
        run_job(job_id=job_id)
    finally:
        connection.close()
