"""A full disk: jobs wait and go on by themselves, and who saves something is told."""

import errno

import psycopg
import pytest
from django.db import OperationalError

from veche.core import background, room
from veche.core.actor import Actor
from veche.core.models import Job

pytestmark = pytest.mark.django_db


def full_server() -> OperationalError:
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file: No space left on device")
    return error


@pytest.fixture
def disk(monkeypatch):
    """`disk["short"] = True`: there is no room left."""
    state = {"short": False}
    monkeypatch.setattr(room, "is_short", lambda: state["short"])
    return state


@pytest.fixture
def trouble():
    """A job that counts to three; what is put into the list is raised on the way."""
    raised, done = [], []

    def count(run: background.JobRun) -> None:
        for n in range(run.cursor.get("n", 0), 3):
            if n == 1 and raised:
                raise raised.pop()
            done.append(n)
            run.checkpoint(done=n + 1, total=3, cursor={"n": n + 1})

    background.job_kind("test.count", label="Counting")(count)
    yield raised, done
    del background.KINDS["test.count"]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EDQUOT, "Quota"), full_server()]
)
def test_a_job_that_meets_a_full_disk_waits_and_goes_on(trouble, disk, error):
    raised, done = trouble
    raised.append(error)
    job = background.start_job("test.count", by=Actor.system())
    background.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.stage, job.attempts, job.finished_at) == ("queued", "no_room", 0, None)
    background.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.stage, job.attempts) == ("done", "", 1)
    assert done == [0, 1, 2]


def test_a_job_stops_before_the_disk_is_full_to_the_last_byte(trouble, disk, monkeypatch):
    _raised, done = trouble
    job = background.start_job("test.count", by=Actor.system())
    looks = iter([False, False, True])
    monkeypatch.setattr(room, "is_short", lambda: next(looks, True))
    background.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.stage, done) == ("queued", "no_room", [0, 1])
    assert background.rescue_orphans() == 0  # there is still no room

    monkeypatch.setattr(room, "is_short", lambda: False)
    background.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, done) == ("done", [0, 1, 2])


def test_any_other_error_is_no_matter_of_room(trouble, disk):
    trouble[0].append(ValueError("seven"))
    job = background.start_job("test.count", by=Actor.system())
    background.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == "failed"


def test_room_is_measured_where_the_data_lies(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    assert not room.is_short()
    monkeypatch.setattr(room, "LEAST_FREE_BYTES", 2**80)
    assert room.is_short()
