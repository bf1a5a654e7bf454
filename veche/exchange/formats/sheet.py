"""What all formats share: a sheet and what was seen in it, the bounds, and the one failure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .cells import clean_row

MAX_CELL = 1_000_000
"""Characters. Excel itself allows 32 767 in a cell; a longer one in a csv is nearly always an unclosed quote."""
MAX_COLUMNS = 1000
MERGES_KEPT = 200
MERGES_NEAR_TOP = 60
"""Rows from the top whose merged ranges are kept: a header stands there."""

Merge = tuple[tuple[int, int], tuple[int, int]]


class Unreadable(Exception):
    """The file can't be taken; `code` and `params` name the sentence in `reading.refusing`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass
class Sheet:
    """One sheet of a workbook (a text file has exactly one)."""

    name: str
    hidden: bool = False
    rows: int = 0
    """Rows that hold any value, header included."""
    columns: int = 0
    last_row: int = 0
    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    """Indexes from 0."""
    empty_formulas: int = 0
    """Formulas whose value was never saved: they read as empty cells."""
    errors: int = 0
    """Cells that show #N/A, #REF! and their like."""
    merged: list[Merge] = field(default_factory=list)
    """Merged ranges near the top as ((row, column), (row, column)) from 0, both corners included."""
    merged_below: int = 0
    """Merged ranges further down."""

    def see(self, number: int, cells: list[Any], hidden: bool) -> None:
        """Counts a row that holds values."""
        self.rows += 1
        self.last_row = number
        self.columns = max(self.columns, len(cells))
        self.hidden_rows += hidden

    def merge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Notes a merged range, both corners from 0."""
        if first[0] < MERGES_NEAR_TOP and len(self.merged) < MERGES_KEPT:
            self.merged.append((first, last))
        else:
            self.merged_below += 1

    def check(self) -> None:
        """Refuses a sheet that is too wide."""
        if self.columns > MAX_COLUMNS:
            raise Unreadable("import.too_many_columns", columns=self.columns, limit=MAX_COLUMNS)


Row = tuple[int, list[Any]]
ScannedRow = tuple[Sheet, int, list[Any], bool]
"""(sheet, row number, cells, whether the row is hidden)."""


class Book(ABC):
    """An open workbook."""

    sheets: list[Sheet]
    """As the file lists them, or filled by `look`, or given by `reader.Answers.know`."""

    @abstractmethod
    def look(self) -> None:
        """Fills `sheets` with what is in each."""

    @abstractmethod
    def records(self, sheet: Sheet, start: int, raw: bool) -> Iterator[Row]:
        """Rows that hold values, numbered as in the file from 1, from row `start` on.

        Cells are cleaned (`cells.clean_cell`), or `raw` ones as they stand in the file.
        """


class ScannedBook(Book):
    """A format that can only be read from its first sheet to its last: once to look, once more for the rows."""

    def look(self) -> None:
        self.sheets = []
        for sheet, number, cells, hidden in self.scan():
            if not self.sheets or self.sheets[-1] is not sheet:
                self.sheets.append(sheet)
            if cells:
                sheet.see(number, cells, hidden)

    @abstractmethod
    def scan(self) -> Iterator[ScannedRow]:
        """Every row that holds values; at least one for each sheet, with no cells."""

    def records(self, sheet: Sheet, start: int, raw: bool) -> Iterator[Row]:
        place = self.sheets.index(sheet)
        seen: list[Sheet] = []
        for each, number, cells, _hidden in self.scan():
            if not seen or seen[-1] is not each:
                if len(seen) > place:
                    return
                seen.append(each)
            if cells and number >= start and len(seen) == place + 1:
                yield number, cells if raw else clean_row(cells)


def trimmed(cells: list[Any]) -> list[Any]:
    """The cells without empty ones at the end."""
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


def too_big_cell(row: int) -> Unreadable:
    """A cell of more than a million characters: an unclosed quote, or something that is no table."""
    return Unreadable("import.cell_too_big", row=row)
