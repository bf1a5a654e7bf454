"""OpenDocument spreadsheets (.ods of LibreOffice) as a stream."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .dates import iso_date
from .elements import ElementReader
from .sheet import MAX_CELL, MAX_COLUMNS, ScannedBook, ScannedRow, Sheet, Unreadable, too_big_cell, trimmed

REPEATED_ROWS = 100_000
"""A row of values said to be repeated more often is a mistake or worse."""
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE, _DRAW = (
    f"{_OASIS}{name}:1.0 " for name in ("table", "office", "text", "style", "drawing")
)
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_ASIDE = {f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_TABLE}tracked-changes", f"{_TABLE}dde-links"}
_HIDDEN = ("collapse", "filter")


class OpenDocument(ScannedBook):
    """An open .ods."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        names = self.archive.namelist()
        if "META-INF/manifest.xml" in names:
            manifest = self.archive.open("META-INF/manifest.xml").read(MAX_CELL)
            if b"encryption-data" in manifest:
                raise Unreadable("import.password_protected")

    def scan(self) -> Iterator[ScannedRow]:
        with self.archive.open("content.xml") as stream:
            yield from _Reader().read(stream)  # type: ignore[arg-type]


class _Reader(ElementReader):
    def __init__(self) -> None:
        super().__init__()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.aside = 0  # how deep in what is no part of the table
        self.row_repeated, self.row_hidden = 1, False
        self.cell: dict[str, str] = {}
        self.lines: list[str] = []
        self.in_paragraph = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.aside or name in _ASIDE or name.startswith(_DRAW):
            self.aside += 1
        elif name in _CELLS:
            self.cell, self.lines = attributes, []
        elif name == f"{_TEXT}p":
            self.in_paragraph = True
            self.lines.append("")
        elif self.in_paragraph:
            self.mark(name, attributes)
        elif name == f"{_TABLE}table-row":
            self.row, self.length = [], 0
            self.row_repeated = _count(attributes, f"{_TABLE}number-rows-repeated")
            self.row_hidden = attributes.get(f"{_TABLE}visibility") in _HIDDEN
        elif name == f"{_TABLE}table-column":
            self.columns(attributes)
        elif name == f"{_TABLE}table":
            self.table(attributes)
        elif name == f"{_STYLE}style":
            self.style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self.style)

    def end(self, name: str) -> None:
        if self.aside:
            self.aside -= 1
        elif name in _CELLS:
            self.end_cell(covered=name.endswith("covered-table-cell"))
        elif name == f"{_TEXT}p":
            self.in_paragraph = False
        elif name == f"{_TABLE}table-row":
            self.end_row()
        elif name == f"{_TABLE}table":
            self.sheet = None

    def chars(self, text: str) -> None:
        if self.in_paragraph and not self.aside:
            self.length += len(text)
            if self.length > MAX_CELL:
                raise too_big_cell(self.number + 1)
            self.lines[-1] += text

    def mark(self, name: str, attributes: dict[str, str]) -> None:
        """Spaces, tabs and breaks inside a paragraph are elements."""
        if name == f"{_TEXT}s":
            self.lines[-1] += " " * min(_count(attributes, f"{_TEXT}c"), 100)
        elif name == f"{_TEXT}tab":
            self.lines[-1] += "\t"
        elif name == f"{_TEXT}line-break":
            self.lines[-1] += "\n"

    def table(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name", "")
        hidden = attributes.get(f"{_TABLE}style-name") in self.hidden_styles
        self.sheet, self.number, self.column = Sheet(name, hidden), 0, 0
        self.rows.append((self.sheet, 0, [], False))

    def columns(self, attributes: dict[str, str]) -> None:
        repeated = _count(attributes, f"{_TABLE}number-columns-repeated")
        if self.sheet is not None and attributes.get(f"{_TABLE}visibility") in _HIDDEN:
            self.sheet.hidden_columns.extend(range(self.column, min(self.column + repeated, MAX_COLUMNS)))
        self.column += repeated

    def end_cell(self, covered: bool) -> None:
        cell, sheet = self.cell, self.sheet
        if sheet is None:
            return
        value = None if covered else self.value()
        place = (self.number, len(self.row))
        across, down = (_count(cell, f"{_TABLE}number-{name}-spanned") for name in ("columns", "rows"))
        if across > 1 or down > 1:
            sheet.merge(place, (place[0] + down - 1, place[1] + across - 1))
        repeated = _count(cell, f"{_TABLE}number-columns-repeated")
        if value is not None and len(self.row) + repeated > 16 * MAX_COLUMNS:
            raise Unreadable("import.too_many_columns", columns=len(self.row) + repeated, limit=MAX_COLUMNS)
        self.row.extend([value] * min(repeated, 17 * MAX_COLUMNS))

    def value(self) -> Any:
        cell, sheet = self.cell, self.sheet
        text = "\n".join(self.lines)
        kind = cell.get(f"{_OFFICE}value-type", "")
        assert sheet is not None
        if cell.get(f"{_CALCEXT}value-type") == "error" or (
            text.startswith("#") and f"{_TABLE}formula" in cell
        ):
            sheet.errors += 1
            return text
        if not kind and not text:
            sheet.empty_formulas += f"{_TABLE}formula" in cell
            return None
        if kind in ("float", "currency"):
            return _number(cell.get(f"{_OFFICE}value", ""), text)
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        if kind == "date":
            return iso_date(cell.get(f"{_OFFICE}date-value", text))
        return text or cell.get(f"{_OFFICE}string-value") or None

    def end_row(self) -> None:
        cells = trimmed(self.row)
        if self.sheet is not None and cells:
            if self.row_repeated > REPEATED_ROWS:
                raise Unreadable("import.far_cell", row=self.number + self.row_repeated)
            self.rows.extend(
                (self.sheet, self.number + each, list(cells), self.row_hidden)
                for each in range(1, self.row_repeated + 1)
            )
        self.number += self.row_repeated
        self.row = []


def _number(value: str, text: str) -> Any:
    """The number, or the text where it shows zeros that a number has not."""
    if len(text) > 1 and text.isascii() and text.isdigit() and text.startswith("0") and text.strip("0"):
        return text
    try:
        number = float(value)
    except ValueError:
        return text or value
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else number


def _count(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1
