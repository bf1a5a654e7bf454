"""kill -9 at any moment of a load and of a delta: it goes on, and the register is as if nobody had been killed."""

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

from veche.addresses.actions.register import start_load
from veche.addresses.models import AddressObject, Alias, House, Region
from veche.addresses.register.crowds import Crowd, write_crowds
from veche.addresses.testing import load_archive
from veche.addresses.tests.test_register_delta import FRIDAY, TUESDAY, delta
from veche.core.actor import Actor
from veche.core.background import rescue_orphans
from veche.core.models import Job

pytestmark = [pytest.mark.machine, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
HOUSES, KILLS, PATIENCE = 800, 4, 240

# Portions so small that there are many places to be killed at, and a breath between two of them.
WORKER = """
import time, django, sys

def main():
    django.setup()
    from veche.addresses.jobs import register
    from veche.addresses.register import elements
    from veche.core.background import run_job
    register.PORTION = elements.BLOCK = 2**15
    stage = register.staging.stage
    def slowly(lines):
        time.sleep(0.02)
        stage(lines)
    register.staging.stage = slowly
    print("ready", flush=True)
    run_job(job_id=int(sys.argv[1]))

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def nobody_holds_on():
    yield
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS addresses_stage_mark")


def register() -> dict[str, list]:
    return {
        model.__name__: sorted(model.objects.values_list(), key=repr)
        for model in (AddressObject, House, Alias)
    }


def address() -> str:
    """The tests' own database, for another process."""
    given = connection.settings_dict
    parts = {
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    rest = urlencode({name: value for name, value in parts.items() if value})
    return f"postgresql:///{given['NAME']}?{rest}"


def killed_and_gone_on(job_id: int, folder: Path, chance: random.Random) -> int:
    """Let workers do the job, kill each after a moment of its own; how many were killed at work."""
    environment = {**os.environ, "DATABASE_URL": address(), "PYTHONPATH": str(ROOT)}
    script = folder / "worker.py"
    script.write_text(WORKER)
    kills, until = 0, time.monotonic() + PATIENCE
    while (job := Job.objects.get(pk=job_id)).is_open:
        assert time.monotonic() < until, f"{job.stage}: {job.done} of {job.total}, killed {kills} times"
        with (folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen([sys.executable, str(script), str(job_id)], env=environment, text=True,
                                      stdout=subprocess.PIPE, stderr=log)  # fmt: skip
        assert worker.stdout.readline() == "ready\n", (folder / "worker.log").read_text()
        dies = time.monotonic() + (chance.uniform(0.05, 1.2) if kills < KILLS else PATIENCE)
        while worker.poll() is None and time.monotonic() < dies:
            time.sleep(0.01)
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            kills += Job.objects.get(pk=job_id).is_open
        worker.wait()
        worker.stdout.close()
        seen = Region.objects.count()
        assert seen in (0, 1, 2)
        rescue_orphans()
    assert job.state == Job.State.DONE, job.error
    return kills


def test_a_load_and_a_delta_that_are_killed_again_and_again(tmp_path, nobody_holds_on):
    chance = random.Random(9)
    path = write_crowds(tmp_path / "gar.zip", [Crowd(66, HOUSES, flats=300), Crowd(1, 200)], TUESDAY)
    load_archive(path)
    undisturbed = register()
    with connection.cursor() as sql:
        sql.execute("TRUNCATE addresses_object, addresses_house, addresses_alias, addresses_region")
    load = start_load(by=Actor.system(), path=path)
    kills = killed_and_gone_on(load.job_id, tmp_path, chance)
    assert kills >= 2 and register() == undisturbed
    load.refresh_from_db()
    assert (load.state, load.done) == ("done", [1, 66])

    crowd, change = Crowd(66, HOUSES), delta(FRIDAY)
    for n in range(60):
        change.house(66, 66_990_000 + n, crowd.street_id(n % 5), f"{n}/1", postcode=620000 + n)
    archive = change.write(tmp_path / "gar_delta.zip")
    load = start_load(by=Actor.system(), path=archive, is_delta=True)
    killed_and_gone_on(load.job_id, tmp_path, chance)
    assert House.objects.filter(region=66).count() == HOUSES + 60
    assert {*Region.objects.values_list("version", flat=True)} == {FRIDAY}
    with connection.cursor() as sql:  # nothing is left behind
        sql.execute("SELECT relname FROM pg_class WHERE relname LIKE 'addresses_stage_%'")
        assert sql.fetchall() == []
