"""`veche bench import`: 100 000 dirty and 500 000 plain rows, end to end, beside what others do in the same run.

With a smaller base the files are smaller too, and bars that speak of so many rows do not count.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import rustpy_xlsxwriter
from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.contacts.models import Contact, ContactPoint, Membership, Origin
from veche.contacts.naming import key_of
from veche.core.actor import SHELL, Actor
from veche.core.background import run_job
from veche.core.measuring import Figure, bench_group
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.bench.rows import dirty_rows, plain_rows
from veche.exchange.mapping import Converter, Options
from veche.exchange.models import Import
from veche.exchange.queries.plans import plans_of
from veche.exchange.reading import open_source

ROWS = 100_000
MANY_ROWS = 500_000
LOOP_ROWS = 500


class Memory:
    """The peak resident memory of this process and its children, each by itself, in MB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._over = threading.Event()

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.1):
            for process in [me, *me.children(recursive=True)]:
                try:
                    self.peak = max(self.peak, process.memory_info().rss / 2**20)
                except psutil.NoSuchProcess:
                    continue

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


@bench_group("import")
def measure(contacts: int) -> Iterator[Figure]:
    """The whole path for an .xlsx of dirty rows with its rivals, then for a large plain one; each is undone."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.xlsx"
        yield from _dirty(by, path, min(ROWS, max(contacts, 1000)))
        yield from _plain(by, path, min(MANY_ROWS, max(contacts // 2, 1000)))


def _dirty(by: Actor, path: Path, rows: int) -> Iterator[Figure]:
    rustpy_xlsxwriter.write_worksheet(dirty_rows(rows, _known(rows)), str(path), sheet_name="Люди")
    with Memory() as memory:
        imported, look, check, load = _import(by, path)
    seconds = look + check + load
    slow = _openpyxl_rate(path)
    yield Figure(name="reading by openpyxl", value=slow, unit="rows/s")
    loop = _loop_rate(imported, path)
    yield Figure(name="row-by-row ORM loop", value=loop, unit="rows/s")
    rate = rows / seconds
    against = {"ratio_to": "row-by-row ORM loop, by rate", "ratio": rate / loop}
    bar = 60 if rows == ROWS else None
    yield Figure(name=f"import of {rows} dirty rows", value=seconds, unit="s", bar=bar, **against)
    yield Figure(name="of that, upload and look", value=look, unit="s")
    yield Figure(name="of that, check", value=check, unit="s")
    yield Figure(name="import, peak memory of a process", value=memory.peak, unit="MB", bar=600)
    yield _reading(path, slow)
    bar = 120 if rows == ROWS else None
    yield Figure(name=f"undo of {rows} rows", value=_undo(by, imported), unit="s", bar=bar)


def _plain(by: Actor, path: Path, rows: int) -> Iterator[Figure]:
    rustpy_xlsxwriter.write_worksheet(plain_rows(rows), str(path), sheet_name="Люди")
    with Memory() as memory:
        imported, look, check, load = _import(by, path)
    loop, rate = _loop_rate(imported, path), rows / (look + check + load)
    whole = rows == MANY_ROWS
    yield Figure(name=f"upload and look at {rows} plain rows", value=look, unit="s")
    yield Figure(name=f"check of {rows} plain rows", value=check, unit="s", bar=60 if whole else None)
    yield Figure(
        name="load of plain rows",
        value=rows / load,
        unit="rows/s",
        bar=5000 if whole else None,
        at_least=True,
    )
    yield Figure(
        name="upload, look, check and load of plain rows", value=rate, unit="rows/s",
        ratio_to="row-by-row ORM loop", ratio=rate / loop,
    )  # fmt: skip
    yield Figure(
        name=f"import of {rows} plain rows, peak memory of a process", value=memory.peak, unit="MB", bar=800
    )
    _undo(by, imported)


def _undo(by: Actor, imported: Import) -> float:
    began = time.monotonic()
    _run(actions.start_undo(by=by, imported=imported))
    return time.monotonic() - began


def _known(rows: int) -> list[tuple[str, str]]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT c.name, p.value FROM contacts_contact AS c JOIN contacts_contactpoint AS p ON p.contact_id = c.id"
            " WHERE p.kind = 'phone' AND c.id %% 7 = 0 AND c.patronymic <> '' ORDER BY c.id LIMIT %s",
            [rows],
        )
        return sql.fetchall()


def _import(by: Actor, path: Path) -> tuple[Import, float, float, float]:
    """The loaded import; seconds of its upload with the look through the file, of the check, and of the load."""
    began = time.monotonic()
    with path.open("rb") as file:
        imported = actions.upload_file(by=by, file=file, name=path.name)
    looked = time.monotonic()
    imported = _run(actions.start_check(by=by, imported=imported))
    checked = time.monotonic()
    imported = _run(actions.start_load(by=by, imported=imported, confirm_overwrites=True))
    return imported, looked - began, checked - looked, time.monotonic() - checked


def _run(imported: Import) -> Import:
    run_job(job_id=imported.job_id)
    imported.refresh_from_db()
    if imported.state not in (Import.State.CHECKED, Import.State.LOADED, Import.State.UNDONE):
        raise Refusal("bench.failed", f"The import stands at {imported.state}: {imported.error}")
    return imported


def _reading(path: Path, slow: float) -> Figure:
    began = time.monotonic()
    source = open_source(path)
    count = sum(1 for _row in source.rows())
    source.close()
    rate = count / (time.monotonic() - began)
    return Figure(name="reading", value=rate, unit="rows/s", ratio_to="openpyxl", ratio=rate / slow)


def _openpyxl_rate(path: Path, rows: int = 20_000) -> float:
    began = time.monotonic()
    book = openpyxl.load_workbook(path, read_only=True)
    count = sum(1 for _row in islice(book.worksheets[0].iter_rows(values_only=True), rows))
    book.close()
    return count / (time.monotonic() - began)


def _loop_rate(imported: Import, path: Path) -> float:
    """What most CRMs do: for each row one look-up per key and one save per record. Nothing of it stays."""
    source = open_source(path)
    given = {
        name: imported.options[name] for name in Options.__dataclass_fields__ if name in imported.options
    }
    converter = Converter(plans_of(imported), Options(**given))
    rows = list(islice(source.rows(), LOOP_ROWS))
    source.close()
    began = time.monotonic()
    with transaction.atomic():
        for number, cells in rows:
            _save(converter.convert(number, cells), imported)
        transaction.set_rollback(True)
    return len(rows) / (time.monotonic() - began)


def _save(draft: Any, imported: Import) -> None:
    contact = None
    for point in draft.points:
        contact = (
            contact
            or Contact.objects.filter(points__kind=point["kind"], points__value=point["value"]).first()
        )
    if contact is None:
        contact = Contact.objects.create(
            surname=draft.surname, given_name=draft.given_name, patronymic=draft.patronymic, name=draft.name,
            name_key=key_of(draft.surname, draft.given_name, draft.patronymic), gender=draft.gender,
        )  # fmt: skip
    origin = Origin.objects.create(
        contact=contact, channel="import", batch_name=imported.name, batch_row=draft.row
    )
    for position, point in enumerate(draft.points):
        ContactPoint.objects.get_or_create(
            contact=contact, kind=point["kind"], value=point["value"], extension=point.get("extension", ""),
            defaults={"position": position, "origin": origin},
        )  # fmt: skip
    for address in draft.addresses:
        contact.addresses.get_or_create(text=address["text"])
    if imported.campaign_id:
        Membership.objects.get_or_create(contact=contact, campaign_id=imported.campaign_id)
