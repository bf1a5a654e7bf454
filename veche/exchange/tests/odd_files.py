"""A corpus of odd spreadsheets, made anew for each test: one table, spoilt by any of `DEFECTS`, in any of `WRITERS`.

A defect changes the `Table` and says how a reader must take notice (`told`). What must come out is always
`Table.expected()`: every row of people, whatever else is in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from veche.exchange.reading import Source


class Odd(NamedTuple):
    """A cell that is more than its value: `kind` is error, percent, zeros, formula or serial (a date as a number)."""

    kind: str
    value: Any
    read: Any
    """What a reader must give."""


@dataclass
class Table:
    """What is written into a file."""

    captions: list[str] = field(
        default_factory=lambda: ["ФИО", "Телефон", "Дата рождения", "Город", "Заметка"]
    )
    body: list[list[Any]] = field(default_factory=lambda: [list(row) for row in PEOPLE])
    above: list[list[Any]] = field(default_factory=list)
    second: list[Any] = field(default_factory=list)
    """A second row of captions."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top, left, bottom, right from 0, in the rows as written."""
    hidden_rows: set[int] = field(default_factory=set)
    """Indexes into `body`."""
    hidden_columns: set[int] = field(default_factory=set)
    more: list[tuple[str, bool, list[list[Any]]]] = field(default_factory=list)
    """More sheets: name, hidden, rows."""
    from_1904: bool = False

    def __post_init__(self) -> None:
        self.people = list(self.body)

    def lines(self) -> list[list[Any]]:
        """All rows from the top of the sheet."""
        return [*self.above, self.captions, *([self.second] if self.second else []), *self.body]

    def first_of_body(self) -> int:
        return len(self.above) + 1 + bool(self.second)

    def expected(self) -> list[list[Any]]:
        """Rows under the captions that hold anything, as a reader gives them."""
        width = max(len(line) for line in self.lines())
        rows = [[_read(cell) for cell in row] + [None] * (width - len(row)) for row in self.body]
        return [row for row in rows if any(cell is not None for cell in row)]


def _read(cell: Any) -> Any:
    if isinstance(cell, Odd):
        return cell.read
    return None if cell == "" else cell


PEOPLE = [
    ["Скайуокер Люк Энакинович", 79161234567, dt.datetime(1970, 2, 1), "Химки", "активный"],
    ["Органа Лея Бейловна", "8 (916) 765-43-21", dt.datetime(1985, 12, 31), "Тверь", None],
    ["Соло Хан", "84955550101", None, "Пермь", "не звонить"],
    ["Калриссиан Лэндо", 79265550101, dt.datetime(1953, 7, 4), "Клин", "старший по дому"],
]


class Defect(NamedTuple):
    spoil: Callable[[Table], None]
    told: Callable[[Source], bool]
    formats: tuple[str, ...]


TREES = ("xlsx", "xls", "ods", "xml2003", "html")
CELLS = ("xlsx", "xls", "ods", "xml2003")
ALL = (*TREES, "csv")


def _titles(table: Table) -> None:
    table.above[:0] = [["База сторонников"], [], ["по состоянию на 1 мая"]]
    table.merged = [(top + 3, left, bottom + 3, right) for top, left, bottom, right in table.merged]


def _two_rows(table: Table) -> None:
    top = len(table.above)
    table.captions = ["ФИО", "Контакты", "", "Город", "Заметка"]
    table.second = ["", "Телефон", "Дата рождения", "", ""]
    table.merged += [(top, 1, top, 2), (top, 0, top + 1, 0)]


def _repeated_header(table: Table) -> None:
    table.body.insert(2, list(table.captions) if not table.second else [None, *table.second[1:3], None, None])


def _totals(table: Table) -> None:
    table.body.append(["Итого: 4 человека", None, None, None, None])


def _gaps(table: Table) -> None:
    table.body.insert(1, [None] * 5)
    table.body.append([None] * 5)
    table.body.append(["Чубакка", None, None, None, None])


def _empty_column(table: Table) -> None:
    for line in (*table.body, table.captions, *([table.second] if table.second else [])):
        line += [""] * (5 - len(line)) + [None, "хвост" if line in table.body[:1] else None]


def _errors(table: Table) -> None:
    table.people[0][4] = Odd("error", "#N/A", "#N/A")


def _put(row: int, column: int, cell: Any) -> Callable[[Table], None]:
    def spoil(table: Table) -> None:
        table.people[row][column] = cell

    return spoil


def _hide_rows(table: Table) -> None:
    table.hidden_rows |= {0}


def _hide_columns(table: Table) -> None:
    table.hidden_columns |= {3}


def _calendar(table: Table) -> None:
    table.from_1904 = True


def _more_sheets(table: Table) -> None:
    table.more += [("Старое", True, [["ФИО"], ["Кто-то"]]), ("Ещё", False, [["ФИО"], ["Другой"]])]


def _captions(source: Source) -> list[str]:
    return [column.caption for column in source.columns]


def _kinds(source: Source) -> list[str]:
    return [source.sorter.kind(cells) for _number, cells in source.rows()]


DEFECTS: dict[str, Defect] = {
    "titles": Defect(_titles, lambda s: s.header_row >= 4 and len(s.banner) == 2, ALL),
    "two rows of captions": Defect(
        _two_rows, lambda s: s.header.height == 2 and "Контакты / Дата рождения" in _captions(s), ALL
    ),
    "repeated captions": Defect(_repeated_header, lambda s: "header" in _kinds(s) or s.header.height == 2, ALL),
    "totals": Defect(_totals, lambda s: "total" in _kinds(s), ALL),
    "empty rows": Defect(_gaps, lambda s: any(c[0] == "Чубакка" for _n, c in s.rows()), ALL),
    "empty and uncaptioned columns": Defect(_empty_column, lambda s: len(s.columns) == 7, ALL),
    "error": Defect(_errors, lambda s: s.sheet.errors == 1, TREES),
    "percent": Defect(
        _put(1, 4, Odd("percent", 0.155, "15.5%")), lambda s: "15.5%" in _column(s, 4), ("xlsx", "xls", "ods")
    ),
    "leading zeros": Defect(
        _put(2, 1, Odd("zeros", 1234, "0001234")), lambda s: "0001234" in _column(s, 1), ("xlsx", "xls", "ods")
    ),
    "number as text": Defect(_put(2, 4, "0042"), lambda s: "0042" in _column(s, 4), ALL),
    "boolean": Defect(_put(3, 4, True), lambda s: True in _column(s, 4), CELLS),
    "impossible date": Defect(_put(2, 2, "29.02.1970"), lambda s: "29.02.1970" in _column(s, 2), ALL),
    "impossible serial": Defect(
        _put(1, 2, Odd("serial", -5, -5)), lambda s: -5 in _column(s, 2), ("xlsx",)
    ),
    "formula": Defect(
        _put(3, 3, Odd("formula", 7, 7)), lambda s: 7 in _column(s, 3), ("xlsx", "ods", "xml2003")
    ),
    "formula without value": Defect(
        _put(2, 3, Odd("formula", None, None)), lambda s: s.sheet.empty_formulas == 1, ("xlsx", "ods", "xml2003")
    ),
    "hidden row": Defect(_hide_rows, lambda s: s.sheet.hidden_rows == 1, TREES),
    "hidden column": Defect(_hide_columns, lambda s: s.columns[3].hidden and not s.columns[2].hidden, CELLS),
    "more sheets": Defect(
        _more_sheets,
        lambda s: [(sheet.name, sheet.hidden) for sheet in s.sheets][1:] == [("Старое", True), ("Ещё", False)],
        TREES,
    ),
    "calendar of 1904": Defect(
        _calendar, lambda s: dt.datetime(1953, 7, 4) in _column(s, 2), ("xlsx", "xls")
    ),
    "long number": Defect(_put(0, 1, 79161234567.0), lambda s: 79161234567 in _column(s, 1), CELLS),
    "dirt": Defect(
        _put(2, 0, Odd("text", "\u00a0Соло\u200b Хан &amp; <К°>\u00ad", "Соло Хан &amp; <К°>")),
        lambda s: "Соло Хан &amp; <К°>" in _column(s, 0), ALL,
    ),
    "break in a cell": Defect(_put(0, 3, "раз\nдва"), lambda s: "раз\nдва" in _column(s, 3), ALL),
    "two people in the end": Defect(
        lambda table: table.body.extend([["Кеноби Оби-Ван", None], ["Йода", None, None, None, "мал"]]),
        lambda s: any(cells[0] == "Йода" for _n, cells in s.rows()), ALL,
    ),
}  # fmt: skip


def _column(source: Source, index: int) -> list[Any]:
    return [cells[index] for _number, cells in source.rows()]


def write(path: Path, form: str, table: Table) -> Path:
    """The table in this format under the name that people would give it."""
    from . import odd_writers

    return getattr(odd_writers, f"write_{form}")(path, table)
