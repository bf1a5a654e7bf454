"""An import outlives what happens to it: kill -9 of its worker, another import at the same time, a stop, an undo."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from django.db import connection

from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.notes import add_note
from veche.contacts.models import Contact, ContactPoint, Origin
from veche.contacts.testing import make_person
from veche.core.actions import stop_job
from veche.core.delivery import deliver_all
from veche.core.models import Job
from veche.exchange import actions, queries
from veche.exchange.actions import lanes, loading
from veche.exchange.models import Import
from veche.exchange.queries import import_pages
from veche.exchange.testing import checked, loaded, make_import, run_jobs

ROOT = Path(__file__).resolve().parents[3]
WORKER = """
if __name__ == "__main__":
    import django
    django.setup()
    from veche.exchange.actions import undoing
    undoing.CHUNK = 30
    from veche.exchange.actions import checking, lanes, loading
    checking.CHUNK, checking.PORTION = 200, 100
    loading.CHUNK, lanes.WORTH_LANES = 200, 1
    from veche.core.worker import run_worker
    run_worker(concurrency=1)
"""
ROWS = 2400


def people(count: int, start: int = 0) -> list[list[str]]:
    letters = "абвгдежзик"
    names = ("".join(letters[int(digit)] for digit in f"{n:05}") for n in range(start, start + count))
    return [["Ков" + name, "Иван", "", f"8 916 {n:07}", "", "", ""] for n, name in enumerate(names, start)]


def address() -> str:
    given = connection.settings_dict
    parts = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    rest = {name: value for name, value in parts.items() if value and name != "dbname"}
    return f"postgresql:///{parts['dbname']}?{urlencode(rest)}"


def start_worker(folder: Path) -> subprocess.Popen:
    script = folder / "worker.py"
    script.write_text(WORKER)
    environment = {**os.environ, "DATABASE_URL": address(), "PYTHONPATH": str(ROOT)}
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen([sys.executable, str(script)], env=environment, cwd=folder, stderr=log)


def wait_until(job_id: int, ready, seconds: float = 90) -> Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = Job.objects.get(pk=job_id)
        if ready(job) or not job.is_open:
            return job
        time.sleep(0.01)
    raise AssertionError(f"The job stands at {job.stage}, {job.done} of {job.total}.")


def kill_when(folder: Path, job_id: int, ready) -> None:
    """A worker killed as soon as `ready`, with nobody told; the processes that it started must go by themselves."""
    worker = start_worker(folder)
    try:
        job = wait_until(job_id, ready)
        assert job.is_open, f"too late to kill: {job.state} {job.error}"
        children = psutil.Process(worker.pid).children(recursive=True)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    _gone, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path):
    by = actor_of("coordinator")
    known = make_person("Ковааааа Иван", phone="8 916 0000000", by=by)
    imported = actions.start_check(by=by, imported=make_import(tmp_path, people(ROWS), by=by))
    kill_when(tmp_path, imported.job_id, lambda job: job.stage == "read" and job.done >= 300)
    kill_when(tmp_path, imported.job_id, lambda job: job.stage == "compare" and job.done >= ROWS + 400)
    worker = start_worker(tmp_path)
    try:
        assert wait_until(imported.job_id, lambda job: False).state == Job.State.DONE
        imported.refresh_from_db()
        assert imported.totals["check"]["numbers"]["created"] == ROWS - 1
        assert imported.rows.count() == ROWS
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        imported = actions.start_load(by=by, imported=imported)
        for share in (0.1, 0.4, 0.7):
            kill_when(tmp_path, imported.job_id, lambda job, share=share: job.done >= share * ROWS)
        worker = start_worker(tmp_path)
        assert wait_until(imported.job_id, lambda job: False).state == Job.State.DONE
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    imported.refresh_from_db()
    found = queries.result(imported)
    assert (found.created, found.unchanged, found.rejected, found.repeated) == (ROWS - 1, 1, 0, 0)
    assert Contact.objects.count() == ROWS
    assert ContactPoint.objects.values("value").distinct().count() == ContactPoint.objects.count() == ROWS
    assert Origin.objects.filter(batch=imported.pk).count() == ROWS - 1
    assert imported.rows.values("contact_id").distinct().count() == ROWS
    assert imported.rows.get(number=2).contact_id == known.pk
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*), count(DISTINCT contact_id) FROM core_ledger"
            " WHERE kind = 'contacts.contact_added' AND request_id = %s",
            [imported.request_id],
        )
        assert sql.fetchone() == (ROWS - 1, ROWS - 1)


@pytest.mark.parametrize("lanes_from", [1, 1000])
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_nobody_twice(tmp_path, monkeypatch, lanes_from):
    monkeypatch.setattr(loading, "CHUNK", 50)
    monkeypatch.setattr(lanes, "WORTH_LANES", lanes_from)
    by = actor_of("coordinator")
    imports = []
    for n in range(2):
        folder = tmp_path / str(n)
        folder.mkdir()
        imports.append(checked(make_import(folder, people(400, 200 * n), by=by), by=by))
    imports = [actions.start_load(by=by, imported=each) for each in imports]

    def work(imported: Import) -> None:
        try:
            run_jobs(imported)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in imports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Contact.objects.count() == 600
    first, second = (queries.result(Import.objects.get(pk=each.pk)) for each in imports)
    assert first.created + second.created == 600
    assert first.unchanged + second.unchanged == 200


@pytest.mark.django_db
def test_a_stop_keeps_what_was_written_and_the_rest_can_follow(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 10)
    by = actor_of("coordinator")
    imported = actions.start_load(by=by, imported=checked(make_import(tmp_path, people(40), by=by), by=by))
    stopped = []

    def stop_in_the_middle(*args, **options):
        rows = imported.rows.exclude(outcome="").count()
        if rows >= 20 and not stopped:
            stopped.append(actions.cancel_import(by=by, imported=imported))
        return lock(*args, **options)

    lock = loading.match_anew
    monkeypatch.setattr(loading, "match_anew", stop_in_the_middle)
    imported = run_jobs(imported)
    assert imported.state == Import.State.CANCELLED
    assert Contact.objects.count() == 20, "the chunk that saw the stop was not written"
    (line,) = import_pages.lines([imported])
    assert (line["numbers"]["created"], line["is_result"]) == (20, True), "the list says how far it has come"
    imported = run_jobs(actions.start_load(by=by, imported=imported))
    assert imported.state == Import.State.LOADED
    assert Contact.objects.count() == 40
    assert queries.result(imported).created == 40


@pytest.mark.django_db
def test_a_check_that_was_not_begun_stops_at_once(tmp_path):
    by = actor_of("coordinator")
    imported = actions.start_check(by=by, imported=make_import(tmp_path, people(3), by=by))
    assert actions.cancel_import(by=by, imported=imported).state == Import.State.CANCELLED
    assert queries.result(loaded(imported, by=by)).created == 3


@pytest.mark.django_db(transaction=True)
def test_a_job_stopped_in_the_tray_before_it_began_stops_the_import(tmp_path):
    by = actor_of("coordinator")
    imported = actions.start_check(by=by, imported=make_import(tmp_path, people(3), by=by))
    stop_job(by=by, job=queries.job_of(imported))
    deliver_all()
    imported.refresh_from_db()
    assert imported.state == Import.State.CANCELLED
    assert queries.result(loaded(imported, by=by)).created == 3


@pytest.mark.django_db
def test_an_import_whose_job_died_silently_can_be_stopped_and_goes_on(tmp_path):
    by = actor_of("coordinator")
    imported = actions.start_check(by=by, imported=make_import(tmp_path, people(3), by=by))
    Job.objects.filter(pk=imported.job_id).update(state=Job.State.FAILED)
    assert actions.cancel_import(by=by, imported=imported).state == Import.State.CANCELLED
    assert queries.result(loaded(imported, by=by)).created == 3


@pytest.mark.django_db
def test_undo_takes_back_whom_nobody_has_touched(tmp_path):
    by = actor_of("coordinator")
    known = make_person("Ковааааа Иван", phone="8 916 0000000", by=by)
    imported = loaded(make_import(tmp_path, people(5), by=by, tags=["список"]), by=by)
    made = {row.number: row.contact_id for row in imported.rows.all()}
    add_note(by=by, contact_id=made[3], text="Звонили")
    change_fields(by=actor_of("administrator"), contact_id=made[4], fields={"gender": "f"})
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.state == Import.State.UNDONE
    assert imported.totals["undo"] == {"removed": 2, "kept": 2, "restored": 1, "partly": 0}
    assert set(Contact.objects.values_list("pk", flat=True)) == {known.pk, made[3], made[4]}
    assert "2" in queries.undo_sentence(2, 2)
    again = loaded(make_import(tmp_path, people(5), by=by), by=by)
    assert queries.result(again).created == 2
