"""XML Spreadsheet 2003, which many programs write under the name of .xls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .dates import iso_date
from .elements import ElementReader
from .sheet import MAX_CELL, MAX_COLUMNS, ScannedBook, ScannedRow, Sheet, Unreadable, too_big_cell, trimmed

_SS = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "


class XmlSpreadsheet(ScannedBook):
    """An open XML Spreadsheet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def scan(self) -> Iterator[ScannedRow]:
        with self.path.open("rb") as stream:
            yield from _Reader().read(stream)


class _Reader(ElementReader):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = False
        self.kind = ""
        self.text: list[str] | None = None
        self.value: Any = None
        self.formula = False
        self.across = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        given = {key.removeprefix(_SS): value for key, value in attributes.items()}
        name = name.removeprefix(_SS)
        if name == "Data":
            self.kind, self.text = given.get("Type", "String"), []
        elif name == "Cell":
            self.cell(given)
        elif name == "Row":
            self.number = _count(given, "Index", self.number + 1)
            self.row, self.hidden, self.length = [], given.get("Hidden") == "1", 0
        elif name == "Column" and self.sheet is not None:
            self.column = _count(given, "Index", self.column + 1)
            span = _count(given, "Span", 0)
            if given.get("Hidden") == "1":
                self.sheet.hidden_columns.extend(range(self.column - 1, min(self.column + span, MAX_COLUMNS)))
            self.column += span
        elif name == "Worksheet":
            self.sheet, self.number, self.column = Sheet(given.get("Name", "")), 0, 0
            self.rows.append((self.sheet, 0, [], False))
        elif name == f"{_EXCEL}Visible":
            self.text = []

    def cell(self, given: dict[str, str]) -> None:
        assert self.sheet is not None
        place = _count(given, "Index", len(self.row) + 1) - 1
        if place > 16 * MAX_COLUMNS:
            raise Unreadable("import.too_many_columns", columns=place, limit=MAX_COLUMNS)
        self.row.extend([None] * (place - len(self.row)))
        across, down = _count(given, "MergeAcross", 0), _count(given, "MergeDown", 0)
        if across or down:
            first = (self.number - 1, place)
            self.sheet.merge(first, (first[0] + down, place + across))
        self.value, self.formula = None, "Formula" in given
        self.across = min(across, MAX_COLUMNS)

    def end(self, name: str) -> None:
        name = name.removeprefix(_SS)
        if name == "Data":
            self.value, self.text = self.value_of("".join(self.text or [])), None
        elif name == "Cell" and self.sheet is not None:
            if self.value is None and self.formula:
                self.sheet.empty_formulas += 1
            self.row += [self.value, *[None] * self.across]
        elif name == "Row" and self.sheet is not None:
            cells = trimmed(self.row)
            if cells:
                self.rows.append((self.sheet, self.number, cells, self.hidden))
        elif name == f"{_EXCEL}Visible" and self.sheet is not None:
            self.sheet.hidden = "Hidden" in "".join(self.text or [])
            self.text = None
        elif name == "Worksheet":
            self.sheet = None

    def chars(self, text: str) -> None:
        if self.text is not None:
            self.length += len(text)
            if self.length > MAX_CELL:
                raise too_big_cell(self.number)
            self.text.append(text)

    def value_of(self, text: str) -> Any:
        if self.kind == "Error":
            assert self.sheet is not None
            self.sheet.errors += 1
        if self.kind == "Number":
            try:
                return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else float(text)
            except ValueError:
                return text
        if self.kind == "DateTime":
            return iso_date(text)
        if self.kind == "Boolean":
            return text.strip() == "1"
        return text or None


def _count(given: dict[str, str], name: str, otherwise: int) -> int:
    value = given.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else otherwise
