"""Reads a spreadsheet into cleaned rows, in processes of its own when it is long, and keeps them in a file meanwhile.

So memory holds a few portions, whatever the length of the table; the rows are walked again when they are written.
"""

from __future__ import annotations

import os
import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from django.utils import translation

from veche.dedupe.finding import Evidence
from veche.desk.cleaning.row import Cleaned, RowCleaner
from veche.exchange.mapping import ColumnPlan, Options
from veche.exchange.reading import Cell

PROCESSES = min(2, os.cpu_count() or 1)
PORTION = 2_000  # rows
AHEAD = 3  # portions before each process

Rows = Sequence[tuple[int, Sequence[Cell]]]


@dataclass
class Tally:
    """What is counted while the rows are read. `most` is the greatest number of phones or e-mails of a row, `types` the
    types of the cells of each column."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    most: dict[str, int] = field(default_factory=dict)
    types: dict[int, set[str]] = field(default_factory=dict)

    def see(self, row: Cleaned) -> None:
        self.rows += 1
        self.outcomes[row.outcome] += 1
        self.changes.update((change.column, change.kind) for change in row.changes)
        self.remarks.update({kind for kind, _sentence in row.remarks})
        self.filled.update(row.told.keys())
        for key in ("phones", "emails"):
            self.most[key] = max(self.most.get(key, 0), len(row.told.get(key, ())))
        for at, cell in enumerate(row.cells):
            if cell is not None:
                self.types.setdefault(at, set()).add(type(cell).__name__)

    def add(self, other: Tally) -> None:
        self.rows += other.rows
        for name in ("outcomes", "changes", "remarks", "filled"):
            getattr(self, name).update(getattr(other, name))
        for key, most in other.most.items():
            self.most[key] = max(self.most.get(key, 0), most)
        for at, types in other.types.items():
            self.types.setdefault(at, set()).update(types)


@dataclass(frozen=True)
class Portion:
    """Rows as bytes for the file between, with what the rest of the work needs of them at once."""

    rows: bytes
    evidence: list[Evidence]
    tally: Tally


class Kept:
    """Cleaned rows in a file, in their order."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, portions: Iterable[Portion], tally: Tally) -> Iterator[Evidence]:
        """Keep the rows as they come and give on what tells people apart; `tally` is whole at the end."""
        with self._path.open("wb") as file:
            for portion in portions:
                file.write(portion.rows)
                tally.add(portion.tally)
                yield from portion.evidence

    def __iter__(self) -> Iterator[Cleaned]:
        with self._path.open("rb") as file:
            while file.peek(1):
                yield from pickle.load(file)  # written by ourselves, in a folder of our own


def read_rows(
    rows: Iterable[tuple[int, Sequence[Cell]]],
    plans: Sequence[ColumnPlan],
    options: Options,
    tell: Callable[[int], None],
) -> Iterator[Portion]:
    """The portions of a file, in their order; a short one is read here. `tell` hears how many rows are done."""
    walk = iter(rows)
    first = list(islice(walk, PORTION))
    if len(first) < PORTION:
        yield _cleaned(RowCleaner(plans, options), first)
        return
    begin = (plans, options, translation.get_language())
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=_begin, initargs=begin
    ) as pool:
        waiting: deque[Future[Portion]] = deque([pool.submit(_clean_portion, first)])
        done = 0
        while waiting:
            while len(waiting) < PROCESSES * AHEAD and (portion := list(islice(walk, PORTION))):
                waiting.append(pool.submit(_clean_portion, portion))
            answer = waiting.popleft().result()
            done += answer.tally.rows
            tell(done)
            yield answer


_cleaner: RowCleaner | None = None


def _begin(plans: Sequence[ColumnPlan], options: Options, language: str) -> None:
    global _cleaner
    import django

    django.setup()
    translation.activate(language)
    _cleaner = RowCleaner(plans, options)


def _clean_portion(rows: Rows) -> Portion:
    assert _cleaner is not None
    return _cleaned(_cleaner, rows)


def _cleaned(cleaner: RowCleaner, rows: Rows) -> Portion:
    found, evidence, tally = [], [], Tally()
    for number, cells in rows:
        row, proof = cleaner.clean(number, cells)
        tally.see(row)
        found.append(row)
        if proof is not None:
            evidence.append(proof)
    return Portion(pickle.dumps(found, pickle.HIGHEST_PROTOCOL), evidence, tally)
