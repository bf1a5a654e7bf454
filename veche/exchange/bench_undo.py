"""`veche bench undo`: an import that changes 100 000 known people, undone and done again."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from veche.accounts.queries import every_permission
from veche.contacts.models import ContactPoint
from veche.core.actor import SHELL, Actor
from veche.core.background import see_through
from veche.core.measuring import Figure, bench_group
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.models import Import

ROWS = 100_000


@bench_group("undo")
def measure(contacts: int) -> Iterator[Figure]:
    """Every known person gets an e-mail, a date of birth, a tag and a note; then all of it goes, comes and goes."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "known.csv"
        _write(path, min(ROWS, contacts))
        with path.open("rb") as file:
            imported = actions.upload_file(by=by, file=file, name=path.name)
        imported = actions.choose_rules(by=by, imported=imported, policy="update", tags=["замер отмены"])
        imported = _run(actions.start_check(by=by, imported=imported))
        imported = _run(actions.start_load(by=by, imported=imported, confirm_overwrites=True))
    updated = imported.totals["load"]["numbers"]["updated"]
    began = time.monotonic()
    imported = _run(actions.start_undo(by=by, imported=imported))
    bar = 120 if contacts >= 10 * ROWS else None
    yield Figure(name=f"undo of {updated} updates", value=time.monotonic() - began, unit="s", bar=bar)
    began = time.monotonic()
    imported = _run(actions.start_redo(by=by, imported=imported))
    yield Figure(name=f"redo of {updated} updates", value=time.monotonic() - began, unit="s")
    _run(actions.start_undo(by=by, imported=imported))


def _write(path: Path, rows: int) -> None:
    known = ContactPoint.objects.filter(kind="phone", position=0, contact__removed_at=None)
    people = known.values_list("contact__name", "value").order_by("contact_id").iterator(2000)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ФИО", "Телефон", "E-mail", "Дата рождения", "Комментарий"])
        for number, (name, phone) in zip(range(rows), people, strict=False):
            born = f"{number % 28 + 1:02}.{number % 12 + 1:02}.{1940 + number % 60}"
            table.writerow([name, phone, f"undo{number}@example.org", born, f"Замер {number}"])


def _run(imported: Import) -> Import:
    see_through(imported.job_id)
    imported.refresh_from_db()
    if imported.state not in (Import.State.CHECKED, Import.State.LOADED, Import.State.UNDONE):
        raise Refusal("bench.failed", f"The import stands at {imported.state}: {imported.error}")
    return imported
