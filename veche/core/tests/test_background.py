"""Jobs resume, stop when asked, and are found again when their worker has died."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from veche.core import background
from veche.core.actions import dismiss_job, stop_job
from veche.core.actor import Actor, actor_of_user
from veche.core.models import Job
from veche.core.queries import job_for, jobs_in_tray
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import kinds_published
from veche.core.worker import listening_connection

ME = Actor.system()


@pytest.fixture
def counting():
    """A job that counts to three in sets and can be made to fail on the way; yields the list of what it did."""
    done: list[int] = []
    crash_at: list[int] = []

    def count(run: background.JobRun) -> None:
        for n in range(run.cursor.get("n", 0), 3):
            with transaction.atomic():
                if n in crash_at:
                    crash_at.remove(n)
                    raise SystemExit("killed")
                done.append(n)
                run.checkpoint(done=n + 1, total=3, cursor={"n": n + 1})
        run.result("/there/")

    background.job_kind("test.count", label="Counting")(count)
    yield done, crash_at
    del background.KINDS["test.count"]


@pytest.mark.django_db
def test_a_job_runs_once_with_progress_and_a_result(counting):
    job = background.start_job("test.count", by=ME, subject="three")
    background.run_job(job.pk)
    background.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent, job.result_url, job.attempts) == ("done", 3, 100, "/there/", 1)
    assert counting[0] == [0, 1, 2]


@pytest.mark.django_db
def test_a_job_goes_on_from_its_cursor_after_its_worker_died(counting):
    done, crash_at = counting
    crash_at.append(2)
    job = background.start_job("test.count", by=ME)
    with pytest.raises(SystemExit):
        background.run_job(job.pk)
    with connection.cursor() as sql:
        sql.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert background.rescue_orphans() == 1
    assert background.rescue_orphans() == 0  # it is waiting in the queue now
    background.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and done == [0, 1, 2]


@pytest.mark.django_db
def test_a_running_job_is_no_orphan(counting):
    job = background.start_job("test.count", by=ME)
    Job.objects.filter(pk=job.pk).update(state="running")
    with connection.cursor() as sql:
        sql.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    with listening_connection() as its_worker:
        its_worker.execute("SELECT pg_advisory_lock(%s, %s)", [background.LOCK_SPACE, job.pk])
        assert background.rescue_orphans() == 0
    assert any(
        background.rescue_orphans() or time.sleep(0.05) for _ in range(100)
    )  # its session ends in a moment


@pytest.mark.django_db
def test_a_job_stops_at_its_next_checkpoint(counting):
    job = background.start_job("test.count", by=ME)
    Job.objects.filter(pk=job.pk).update(state="running")
    assert background.cancel_job(job)
    background.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled" and not background.cancel_job(job)


@pytest.mark.django_db
def test_failures_are_kept_in_words():
    def refuse(run):
        raise Refusal("no.room", "There is no room on the disk.")

    background.job_kind("test.refuse", label="")(refuse)
    job = background.start_job("test.refuse", by=ME)
    background.run_job(job.pk)
    unknown = background.start_job("test.unknown", by=ME)
    background.run_job(unknown.pk)
    job.refresh_from_db()
    unknown.refresh_from_db()
    assert (job.state, job.error) == ("failed", "There is no room on the disk.")
    assert unknown.state == "failed"


@pytest.mark.django_db
def test_the_tray_shows_only_ones_own_jobs():
    anna, boris = (Actor(user_id=n, permissions=frozenset({"jobs.own"})) for n in (101, 102))
    job = background.start_job("test.count", by=anna)
    assert jobs_in_tray(anna) == [job] and jobs_in_tray(boris) == [] and jobs_in_tray(Actor.anonymous()) == []
    with pytest.raises(NotFound):
        job_for(boris, job.pk)
    dismiss_job(by=anna, job=job)
    assert jobs_in_tray(anna) == [job]  # what has not ended stays
    assert stop_job(by=anna, job=job).state == "cancelled"
    assert jobs_in_tray(anna) == [job]
    for _twice in range(2):
        dismiss_job(by=anna, job=job)
    assert jobs_in_tray(anna) == []
    assert kinds_published() == ["core.job_cancelled", "core.job_dismissed"]


def test_the_machine_acts_where_no_user_is_named():
    assert actor_of_user(None, via="job").may("anything")


@pytest.mark.django_db
def test_the_tray_shows_the_newest_job_about_a_thing():
    anna = Actor(user_id=103, permissions=frozenset({"jobs.own"}))
    ended = {"state": "done", "finished_at": timezone.now()}
    for kind, thing in (("test.check", 1), ("test.load", 1), ("test.check", 2)):
        Job.objects.filter(pk=background.start_job(kind, by=anna, object_id=thing).pk).update(**ended)
    assert [(job.kind, job.object_id) for job in jobs_in_tray(anna)] == [("test.check", 2), ("test.load", 1)]
    Job.objects.update(dismissed_at=timezone.now())
    running = background.start_job("test.load", by=anna, object_id=1)
    assert jobs_in_tray(anna) == [running]


@pytest.mark.django_db
def test_a_job_stopped_between_two_looks_does_not_begin(counting):
    looked_at = background.start_job("test.count", by=ME)
    assert background.cancel_job(Job.objects.get(pk=looked_at.pk))
    background._attempt(looked_at)
    looked_at.refresh_from_db()
    assert (looked_at.state, looked_at.attempts, counting[0]) == ("cancelled", 0, [])
