"""`veche bench bridge`: 50 000 people go home, come back with a cell changed in each row, and are put back."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from veche.accounts.queries import every_permission
from veche.contacts.actions.bulk import settle_indexes
from veche.contacts.models import Contact, Kind
from veche.core.actor import SHELL, Actor
from veche.core.measuring import Figure, bench_group
from veche.exchange.actions import bridge_applying as applying
from veche.exchange.actions import bridge_comparing as comparing
from veche.exchange.actions import bridging
from veche.exchange.bridge import CHUNK
from veche.exchange.bridge.columns import BridgeColumn, chosen
from veche.exchange.bridge.file import write_file
from veche.exchange.bridge.ids import row_id
from veche.exchange.bridge.texts import texts
from veche.exchange.models import BridgeReturn, BridgeSheet

ROWS = 50_000
CODES = ("surname", "given_name", "patronymic", "phone", "email", "birthday", "status", "tags")


@bench_group("bridge")
def measure(contacts: int) -> Iterator[Figure]:
    """What the jobs do, portion by portion with a commit after each; the people are as before at the end."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    rows, bar = min(ROWS, contacts), 60 if contacts >= ROWS else None
    sheet, file = _taken(by, rows)
    returned = BridgeReturn.objects.create(sheet=sheet, name="bench.xlsx", file=file)
    by = replace(by, request_id=returned.request_id)
    try:
        for name, work in (("comparison", _compare), ("application", _apply), ("undo", _undo)):
            value = _timed(work, by, returned)
            yield Figure(name=f"{name} of {rows} edited cells", value=value, unit="s", bar=bar)
    finally:
        sheet.delete()
        returned.delete()


def _taken(by: Actor, rows: int) -> tuple[BridgeSheet, str]:
    """A download of the first people, and the name of its file, edited already."""
    columns = chosen([], CODES)
    sheet = BridgeSheet.objects.create(
        columns=[{"code": each.code, "caption": each.caption} for each in columns], rows=rows
    )
    people = Contact.objects.filter(kind=Kind.PERSON, removed_at=None).exclude(surname="").order_by("pk")
    ids = list(people.values_list("pk", flat=True)[:rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        write_file(path, columns, _lines(by, sheet, columns, ids), token=row_id(sheet.pk, 0))
        with path.open("rb") as file:
            return sheet, default_storage.save("bridge/bench.xlsx", File(file))


def _lines(
    by: Actor, sheet: BridgeSheet, columns: list[BridgeColumn], ids: list[int]
) -> Iterator[tuple[str, list[Any]]]:
    place = CODES.index("patronymic")
    for start in range(0, len(ids), CHUNK):
        said = texts(by, ids[start : start + CHUNK], columns)
        lines = [(each, [one.cells[column.code] for column in columns]) for each, one in said.items()]
        bridging.store_lines(sheet, lines)
        for each, cells in lines:
            cells[place] = "Замеровна" if cells[place] != "Замеровна" else "Замерович"
            yield row_id(sheet.pk, each), cells


def _timed(work: Callable[[Actor, BridgeReturn], None], by: Actor, returned: BridgeReturn) -> float:
    began = time.monotonic()
    work(by, returned)
    return time.monotonic() - began


def _compare(by: Actor, returned: BridgeReturn) -> None:
    comparing.compare(by=by, returned=returned, progress=lambda done, total: None)


def _apply(by: Actor, returned: BridgeReturn) -> None:
    after = -1
    while rows := applying.next_rows(returned, after, CHUNK):
        with transaction.atomic():
            applying.apply_rows(by=by, returned=returned, rows=rows)
        after = rows[-1]
    settle_indexes()


def _undo(by: Actor, returned: BridgeReturn) -> None:
    after = -1
    while rows := applying.applied_rows(returned, after, CHUNK):
        with transaction.atomic():
            applying.undo_rows(by=by, returned=returned, rows=rows)
        after = rows[-1]
    settle_indexes()
