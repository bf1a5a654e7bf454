"""Reads the rows of a file into evidence on all cores: that is half of a search's work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from veche.dedupe.finding.evidence import Evidence
from veche.dedupe.finding.headings import reader_of

PROCESSES = min(2, os.cpu_count() or 1)
PORTION = 4_000  # rows
AHEAD = 3  # portions a process has before it, so that none waits and memory stays small


def read_in_processes(rows: Iterable[Sequence[str]], columns: dict[str, int]) -> Iterator[Evidence]:
    """The evidence of the rows, in their order; a few are read here, without other processes."""
    walk = iter(rows)
    first = list(islice(walk, PORTION))
    if len(first) < PORTION:
        yield from (Evidence(*each) for each in read_rows(first, columns))
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[tuple[str, ...]]]] = deque([pool.submit(read_rows, first, columns)])
        while waiting:
            while len(waiting) < PROCESSES * AHEAD and (portion := list(islice(walk, PORTION))):
                waiting.append(pool.submit(read_rows, portion, columns))
            for each in waiting.popleft().result():
                yield Evidence(*each)


def read_rows(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> list[tuple[str, ...]]:
    """The evidence of some rows, as plain tuples, which travel between processes faster."""
    read = reader_of(columns)
    return [tuple(read(row)) for row in rows if row and row[0]]
