"""kill -9 at random moments of everything that spreadsheets do in the worker: nothing is lost, nothing comes twice.

A list is checked, loaded, undone, loaded again, exported, taken home, brought back, written and put back, round after
round, while its workers are killed. After each step all of it must be as if nobody had been killed. `VECHE_KILLS` says
how many kills (100 take some minutes); the chance is seeded, the moments are the machine's.
"""

from __future__ import annotations

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from veche.accounts.testing import actor_of
from veche.contacts.models import Contact, ContactPoint, FieldChange, Origin, TagAssignment
from veche.contacts.testing import make_person
from veche.core.models import Job
from veche.exchange import actions, queries
from veche.exchange.actions import bridging, exports
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeSheet, Export, Import
from veche.exchange.queries import orders
from veche.exchange.testing import make_import
from veche.exchange.tests import signatures
from veche.exchange.tests.bridge_home import saved, table_of
from veche.exchange.tests.test_survival import ROOT, address, people

pytestmark = [pytest.mark.machine, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("VECHE_KILLS", "10"))
ROWS, KNOWN, REPEATS, WRONG = (400 if KILLS <= 10 else 800), 20, 20, 5
MOST_AT_ONE_JOB = 2 if KILLS <= 10 else 4
LONGEST = 1.0  # seconds that a worker lives before its kill
PATIENCE = 30 + 15 * KILLS  # seconds for all of it

# One process has Django ready and forks a worker for each line it reads: a worker begins at once, and is alone.
NURSERY = """
import os, signal, sys

def offer_signatures():
    from veche.contacts.registry import importable_kinds
    from veche.exchange.tests.signatures import SIGNATURES
    importable_kinds.add(SIGNATURES)

if __name__ == "__main__":
    import django
    django.setup()
    from veche.exchange.jobs import bridge as bridge_jobs
    from veche.exchange.actions import checking, lanes, loading, undoing
    from veche.exchange.exporting import making
    from veche.core.worker import run_worker
    offer_signatures()
    undoing.CHUNK, checking.CHUNK, checking.PORTION, bridge_jobs.CHUNK, making.PORTION = 60, 100, 100, 20, 100
    loading.CHUNK = 100
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            lanes.WORTH_LANES = 1 if os.getpid() % 2 else 10**9  # it is begun in one lane and gone on with in two
            run_worker(concurrency=2)
            os._exit(0)
        print(child, flush=True)
else:
    offer_signatures()  # a process that converts rows: it has the rooms from its server, and runs this script's top
"""


class Nursery:
    """Workers, each of them forked in an instant and killed without a word."""

    def __init__(self, folder: Path) -> None:
        script = folder / "nursery.py"
        script.write_text(NURSERY)
        environment = {**os.environ, "DATABASE_URL": address(), "PYTHONPATH": str(ROOT)}
        self.log = (folder / "workers.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, str(script)], env=environment, cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
        )  # fmt: skip
        assert self.process.stdout.readline() == "ready\n", (folder / "workers.log").read_text()
        self.kills, self.felled = 0, Counter[str]()

    def begin(self) -> psutil.Process:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return psutil.Process(int(self.process.stdout.readline()))

    def kill(self, worker: psutil.Process) -> None:
        children = worker.children(recursive=True) if worker.is_running() else []
        os.kill(worker.pid, signal.SIGKILL)
        _gone, alive = psutil.wait_procs(children, timeout=20)
        assert not alive, "what a worker started must end by itself"

    def end(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture
def nursery(tmp_path) -> Iterator[Nursery]:
    made = Nursery(tmp_path)
    yield made
    made.end()


def done_under_fire(nursery: Nursery, job_id: int, chance: random.Random) -> None:
    """Let the job be done by workers of whom some are killed meanwhile, as long as kills are left."""
    until = time.monotonic() + PATIENCE
    falls = chance.randint(1, MOST_AT_ONE_JOB)
    while time.monotonic() < until:
        worker = nursery.begin()
        falls -= 1
        lives = chance.uniform(0.02, LONGEST) if falls >= 0 and nursery.kills < KILLS else PATIENCE
        dies = time.monotonic() + lives
        while time.monotonic() < dies and (job := Job.objects.get(pk=job_id)).is_open:
            time.sleep(0.01)
        nursery.kill(worker)
        if not job.is_open:
            assert job.state == Job.State.DONE, f"{job.kind}: {job.state} {job.error}"
            return
        nursery.kills += 1
        nursery.felled[job.kind] += 1
    raise AssertionError(f"{job.kind} stands at {job.stage}, {job.done} of {job.total}")


def the_list() -> list[list[str]]:
    """New people, known people with something new, repeats and rows that name nobody."""
    rows = people(ROWS - REPEATS - WRONG)
    for n in range(KNOWN):
        rows[n][4] = f"known{n}@example.org"
    return rows + [list(row) for row in rows[-REPEATS:]] + [[""] * 6 + [str(n)] for n in range(WRONG)]


def orphans() -> dict[str, int]:
    """Rows of any table that speak of a contact who is not there; the ledger may, for it is never rewritten."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_name)"
            " WHERE column_name = 'contact_id' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'core_ledger%'"
        )
        found = {}
        for (table,) in sql.fetchall():
            sql.execute(
                f"SELECT count(*) FROM {table} AS t WHERE contact_id IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM contacts_contact AS c WHERE c.id = t.contact_id)"
            )
            found[table] = sql.fetchone()[0]
        assert len(found) > 8
    return {table: count for table, count in found.items() if count}


def insist_loaded(imported: Import) -> None:
    imported.refresh_from_db()
    assert imported.state == Import.State.LOADED
    found = queries.result(imported)
    assert (found.created, found.updated, found.repeated, found.rejected, found.rows) == (
        ROWS - KNOWN - REPEATS - WRONG, KNOWN, REPEATS, WRONG, ROWS,
    )  # fmt: skip
    assert Contact.objects.count() == ROWS - REPEATS - WRONG
    phones = ContactPoint.objects.filter(kind="phone")
    assert phones.count() == phones.values("value").distinct().count() == Contact.objects.count()
    assert ContactPoint.objects.filter(kind="email").count() == KNOWN
    assert TagAssignment.objects.count() == Contact.objects.count()
    touched = Origin.objects.filter(batch=imported.pk)
    assert touched.count() == touched.values("contact").distinct().count() == Contact.objects.count()
    assert not orphans()


def insist_undone(imported: Import, before: Any) -> None:
    imported.refresh_from_db()
    assert imported.state == Import.State.UNDONE
    assert imported.totals["undo"] == {
        "removed": ROWS - KNOWN - REPEATS - WRONG, "kept": 0, "restored": KNOWN, "partly": 0,
    }  # fmt: skip
    assert standing() == before
    assert not orphans()


def standing() -> Any:
    """The people, what they are reached by and what hangs on them."""
    points = ContactPoint.objects.order_by("contact_id", "kind", "value")
    return SimpleNamespace(
        people=list(Contact.objects.order_by("pk").values_list("pk", "name", "own", "status_id")),
        points=list(points.values_list("contact_id", "kind", "value", "validity")),
        tags=list(TagAssignment.objects.order_by("contact_id").values_list("contact_id", "tag_id")),
        origins=Origin.objects.count(),
    )


def exported(nursery: Nursery, by: Any, chance: random.Random) -> None:
    export = exports.order_export(by=by, view={}, columns=["number", "phone"], form="csv")
    done_under_fire(nursery, export.job_id, chance)
    export.refresh_from_db()
    assert export.state == Export.State.READY
    text = orders.file_path(export).read_text("utf-8-sig")
    numbers = [row[0] for row in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]]
    assert len(numbers) == len(set(numbers)) == export.people == Contact.objects.count()


def home_and_back(nursery: Nursery, by: Any, chance: random.Random) -> None:
    """Some surnames are changed at home; the file is written into the base, and put back."""
    sheet = bridging.take_view(by=by, query={}, codes=["surname", "phone"])
    done_under_fire(nursery, sheet.job_id, chance)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.rows) == (BridgeSheet.State.READY, Contact.objects.count())
    before, table = standing(), table_of(sheet)
    changed = table[1:400:3]
    for row in changed:
        row[1] += "ский"
    file = SimpleUploadedFile("люди.xlsx", saved(table))
    returned = bridging.bring_back(by=by, file=file, name=file.name)
    done_under_fire(nursery, returned.job_id, chance)
    cells = BridgeCell.objects.filter(batch=returned)
    assert cells.count() == cells.filter(kind="change").count() == len(changed)
    returned.refresh_from_db()
    bridging.decide(by=by, returned=returned, decision="accept")
    history = FieldChange.objects.count()
    done_under_fire(nursery, bridging.start_application(by=by, returned=returned).job_id, chance)
    assert cells.filter(outcome="applied").count() == len(changed)
    assert Contact.objects.filter(surname__endswith="ский").count() == len(changed)
    assert FieldChange.objects.count() == history + len(changed), "each change once"
    done_under_fire(nursery, bridging.start_return_undo(by=by, returned=returned).job_id, chance)
    returned.refresh_from_db()
    assert returned.state == BridgeReturn.State.UNDONE
    assert standing() == before


def test_kills_at_random_moments_lose_nothing_and_double_nothing(nursery, tmp_path):
    chance = random.Random(f"{KILLS} kills")
    by = actor_of("coordinator")
    for row in people(KNOWN):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=by)
    imported = make_import(tmp_path, the_list(), by=by, tags=["список"])
    done_under_fire(nursery, actions.start_check(by=by, imported=imported).job_id, chance)
    imported.refresh_from_db()
    assert imported.totals["check"]["rows"] == imported.rows.count() == ROWS
    before = standing()
    done_under_fire(nursery, actions.start_load(by=by, imported=imported).job_id, chance)
    insist_loaded(imported)
    while True:
        exported(nursery, by, chance)
        done_under_fire(nursery, actions.start_undo(by=by, imported=imported).job_id, chance)
        insist_undone(imported, before)
        done_under_fire(nursery, actions.start_redo(by=by, imported=imported).job_id, chance)
        insist_loaded(imported)
        if nursery.kills >= KILLS * 0.6:
            break
    home_and_back(nursery, by, chance)
    while nursery.kills < KILLS:
        home_and_back(nursery, by, chance)
    print(f"{nursery.kills} kills: {dict(nursery.felled)}")


def test_kills_neither_lose_nor_double_what_comes_beside_people(nursery, tmp_path):
    """Signatures, a kind of the tests' own: of people who were known, and of those whom the file brings."""
    chance, by = random.Random("signatures"), actor_of("coordinator")
    for row in people(KNOWN):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=by)
    rows = [[f"{row[0]} {row[1]}", row[3], "14.06.2019", str(n)] for n, row in enumerate(people(ROWS))]
    with signatures.offered():
        imported = make_import(tmp_path, rows, by=by, captions=["ФИО", "Телефон", "Дата подписи", "Лист"])
        assert imported.options["kind"] == "signatures"
        done_under_fire(nursery, actions.start_check(by=by, imported=imported).job_id, chance)
        imported.refresh_from_db()
        assert imported.totals["check"]["facts"] == {"added": ROWS, "known": 0}
        done_under_fire(nursery, actions.start_load(by=by, imported=imported).job_id, chance)
        insist_signed(imported)
        done_under_fire(nursery, actions.start_undo(by=by, imported=imported).job_id, chance)
        assert (signatures.stored(), Contact.objects.count()) == ([], KNOWN)
        done_under_fire(nursery, actions.start_redo(by=by, imported=imported).job_id, chance)
        insist_signed(imported)
    assert nursery.kills, "nobody was killed"


def insist_signed(imported: Import) -> None:
    imported.refresh_from_db()
    assert imported.totals["load"]["facts"] == {"added": ROWS, "known": 0, "gone": 0}
    signed = signatures.stored("row_number, sheet, contact_id")
    assert [row[:2] for row in signed] == [(n + 2, n) for n in range(ROWS)]
    assert {row[2] for row in signed} == set(Contact.objects.values_list("pk", flat=True))
    assert Contact.objects.count() == ROWS
