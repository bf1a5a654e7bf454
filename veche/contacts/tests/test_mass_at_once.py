"""Two bulk changes at once, an edit in the middle of one, and workers killed without a word."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from veche.accounts.testing import actor_of
from veche.contacts.actions import mass_changes as actions
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import (
    Contact,
    FieldChange,
    MassChange,
    MassChunk,
    MassOutcome,
    Status,
    TagAssignment,
)
from veche.contacts.testing import make_person, make_tag
from veche.core.models import Job
from veche.core.testing import at_once, in_the_same_instant, published

ROOT = Path(__file__).parents[3]
Kind, State = MassChange.Kind, MassChange.State


def crowd(count: int) -> list[int]:
    """People in one statement: here their number counts, not who they are."""
    with connection.cursor() as sql:
        sql.execute(
            """
            INSERT INTO contacts_contact (kind, surname, given_name, patronymic, name, name_as_given, name_key, gender,
                                          caution, own, made_at, changed_at, revision)
            SELECT 'person', 'Клон', n::text, '', 'Клон ' || n, '', 'клон|' || n, '', '', '{}', now(), now(), 1
            FROM generate_series(1, %s) AS n RETURNING id
            """,
            [count],
        )
        return [row[0] for row in sql.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_many_changes_of_the_same_people_at_once_never_lock_each_other_out(monkeypatch):
    by, ids = actor_of("coordinator"), crowd(300)
    tag, statuses = make_tag(), list(Status.objects.values_list("pk", flat=True)[:3])
    turns = iter([
        {"kind": Kind.TAG_PUT, "value": tag.pk}, {"kind": Kind.STATUS, "value": statuses[0]},
        {"kind": Kind.TAG_TAKE, "value": tag.pk}, {"kind": Kind.STATUS, "value": statuses[1]},
        {"kind": Kind.TAG_PUT, "value": tag.pk}, {"kind": Kind.STATUS, "value": statuses[2]},
    ])  # fmt: skip

    def deed():
        given = next(turns)
        mixed = random.sample(ids, len(ids))
        return actions.start_mass_change(by=by, ids=mixed, **given)

    done = at_once(6, deed)
    assert [type(each) for each in done] == [MassChange] * 6, done
    assert all(mass.changed + mass.skipped.get("same", 0) == 300 for mass in done)
    changed = sum(mass.changed for mass in done if mass.kind == Kind.STATUS)
    assert FieldChange.objects.filter(field="status").count() == changed
    assert Contact.objects.filter(status=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_edit_in_the_same_instant_is_not_undone():
    by = actor_of("coordinator")
    person = make_person(by=by)
    active, moved, incorrect = Status.objects.order_by("pk")[:3]
    mass = actions.start_mass_change(by=by, kind=Kind.STATUS, value=active.pk, ids=[person.pk])
    outcome = in_the_same_instant(
        lambda: change_fields(by=by, contact_id=person.pk, fields={"status": moved.pk}),
        lambda: actions.start_mass_undo(by=by, mass_id=mass.pk),
    )
    assert (outcome.undone, outcome.kept) == (0, 1)
    person.refresh_from_db()
    assert person.status == moved
    assert incorrect.pk not in {moved.pk, active.pk}


@pytest.mark.django_db(transaction=True)
def test_the_same_undo_twice_at_once_is_done_once():
    by, ids = actor_of("coordinator"), crowd(50)
    mass = actions.start_mass_change(by=by, kind=Kind.TAG_PUT, value=make_tag().pk, ids=ids)
    done = at_once(2, lambda: actions.start_mass_undo(by=by, mass_id=mass.pk))
    assert sorted(type(each).__name__ for each in done) == ["MassChange", "Stale"]
    assert len(published("contacts.tag_taken")) == 50


WORKER = """
import django
django.setup()
from veche.contacts.actions import mass_changes
from veche.core.worker import run_worker
mass_changes.CHUNK = 40
run_worker(concurrency=1)
"""


def address() -> str:
    given = connection.settings_dict
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    rest = {name: given[key] for name, key in names.items() if given[key]}
    return f"postgresql:///{given['NAME']}?{urlencode(rest)}"


def done_under_fire(job_id: int, folder: Path, chance: random.Random, kills: int) -> int:
    """Let workers do the job, of whom `kills` are killed; returns how many fell while it was running."""
    environment = {**os.environ, "DATABASE_URL": address(), "PYTHONPATH": str(ROOT)}
    until, felled = time.monotonic() + 240, 0
    with (folder / "workers.log").open("ab") as log:
        while Job.objects.get(pk=job_id).is_open:
            assert time.monotonic() < until, (folder / "workers.log").read_text()[-4000:]
            worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=folder, stderr=log)
            begun = Job.objects.get(pk=job_id).done
            goal = begun + 40 * chance.randint(1, 4) if felled < kills else 10**9
            while (
                (job := Job.objects.get(pk=job_id)).is_open and job.done < goal and time.monotonic() < until
            ):
                time.sleep(0.005)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            felled += job.is_open
    assert job.state == Job.State.DONE, job.error
    return felled


@pytest.mark.machine
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_do_nothing_twice(tmp_path, monkeypatch):
    chance, by, ids = random.Random(9), actor_of("coordinator"), crowd(1200)
    monkeypatch.setattr(actions, "CHUNK", 40)
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    tag, status = make_tag(), Status.objects.first()
    for kind, value in ((Kind.TAG_PUT, tag.pk), (Kind.STATUS, status.pk)):
        mass = actions.start_mass_change(by=by, kind=kind, value=value, ids=ids)
        felled = done_under_fire(mass.job_id, tmp_path, chance, 2)
        mass.refresh_from_db()
        assert (mass.state, mass.changed, mass.skipped) == (State.DONE, 1200, {})
        assert MassOutcome.objects.filter(mass_change=mass, what="changed").count() == 1200
        assert not MassChunk.objects.exists()
        mass = actions.start_mass_undo(by=by, mass_id=mass.pk)
        felled += done_under_fire(mass.job_id, tmp_path, chance, 2)
        mass.refresh_from_db()
        assert (mass.state, mass.undone, mass.kept) == (State.UNDONE, 1200, 0)
        assert felled >= 2, "nobody was killed in the middle"
    assert not TagAssignment.objects.exists()
    assert len(published("contacts.tag_put")) == len(published("contacts.tag_taken")) == 1200
    assert FieldChange.objects.count() == 2400
    assert set(Contact.objects.values_list("status", "revision")) == {(None, 3)}
