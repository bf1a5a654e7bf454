"""`veche bench export`: everybody into a workbook and into a text file, by the job that users start, beside openpyxl.

The bars are those of a million on two cores, as shares of a smaller base.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import openpyxl
import psutil

from veche.accounts.queries import every_permission
from veche.core.actor import SHELL, Actor
from veche.core.background import run_job
from veche.core.measuring import Figure, bench_group
from veche.core.refusal import Refusal
from veche.exchange.actions import exports
from veche.exchange.models import Export
from veche.exchange.queries import orders
from veche.exchange.reading import open_source

BARS = {"xlsx": 120, "csv": 40}  # seconds for a million
RIVALS_ROWS = 20_000


class Growth:
    """The peak of this process's own resident memory, in MB. The server's processes are its own affair."""

    def __enter__(self) -> Growth:
        self.peak, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.05):
            self.peak = max(self.peak, me.memory_info().rss / 2**20)

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


@bench_group("export")
def measure(contacts: int) -> Iterator[Figure]:
    """The usual columns of everybody, in the order of the list; both formats, each by a job of its own."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    columns = [choice.fact.key for choice in orders.choices(by) if choice.chosen]
    share = contacts / 1_000_000
    for form in ("csv", "xlsx"):
        with Growth() as memory:
            export, seconds = _exported(by, form, columns)
        rival = _openpyxl(export) if form == "xlsx" else None
        rate = (export.people or 0) / seconds
        if rival:
            yield Figure(name="writing by openpyxl, cells only", value=rival, unit="rows/s")
        yield Figure(
            name=f"export of {export.people} people, {len(columns)} columns, .{form}", value=seconds, unit="s",
            bar=BARS[form] * max(share, 0.1), ratio_to="openpyxl write-only, by rate" if rival else None,
            ratio=rate / rival if rival else None,
        )  # fmt: skip
        yield Figure(name=f"export, .{form}, peak memory", value=memory.peak, unit="MB", bar=300)
        exports.delete_export_file(by=by, export=export)


def _exported(by: Actor, form: str, columns: list[str]) -> tuple[Export, float]:
    export = exports.order_export(by=by, view={}, columns=columns, form=form)
    began = time.monotonic()
    run_job(job_id=export.job_id)
    seconds = time.monotonic() - began
    export.refresh_from_db()
    if not export.is_ready:
        raise Refusal("bench.failed", f"The export stands at {export.state}: {export.error}")
    return export, seconds


def _openpyxl(export: Export) -> float:
    """Rows a second that openpyxl writes of the same cells, which it need not ask the base for."""
    source = open_source(orders.file_path(export))
    rows = [cells for _number, cells in islice(source.rows(), RIVALS_ROWS)]
    source.close()
    began = time.monotonic()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in rows:
        sheet.append(cells)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "rival.xlsx")
    return len(rows) / (time.monotonic() - began)
