"""What a search asks of the processor: rows of a file read into evidence on all cores, which is half of its work."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from veche.dedupe.finding.headings import reader_of
from veche.dedupe.finding.records import as_columns

if TYPE_CHECKING:
    from pyarrow import Table

PROCESSES = min(2, os.cpu_count() or 1)
PORTION = 4_000  # rows
AHEAD = 3  # portions a process has before it, so that none waits and memory stays small


def read_in_processes(rows: Iterable[Sequence[str]], columns: dict[str, int]) -> Iterator[Table]:
    """The evidence of the rows in portions, in their order; a few are read here, without other processes."""
    walk = iter(rows)
    first = list(islice(walk, PORTION))
    if len(first) < PORTION:
        yield read_rows(first, columns)
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Table]] = deque([pool.submit(read_rows, first, columns)])
        while waiting:
            while len(waiting) < PROCESSES * AHEAD and (portion := list(islice(walk, PORTION))):
                waiting.append(pool.submit(read_rows, portion, columns))
            yield waiting.popleft().result()


def read_rows(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> Table:
    """The evidence of some rows, in columns: they travel between processes, and into DuckDB, as they lie in memory."""
    read = reader_of(columns)
    return as_columns([read(row) for row in rows if row and row[0]])


@contextmanager
def without_collector() -> Iterator[None]:
    """No search for circles of dead objects meanwhile: beside a million live ones it is a third of the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
