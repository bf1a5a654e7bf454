"""Tables of a web page, which many programs write under the name of .xls. Each table is a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from .sheet import MAX_CELL, MAX_COLUMNS, ScannedBook, ScannedRow, Sheet, Unreadable, too_big_cell, trimmed

BLOCK = 1 << 16
_ASIDE = {"script", "style", "title", "head", "template", "noscript"}
_BREAKS = {"br", "p", "div", "li"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)


class WebTables(ScannedBook):
    """An open page."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding

    def scan(self) -> Iterator[ScannedRow]:
        reader = _Reader()
        with self.path.open(encoding=self.encoding, errors="replace") as stream:
            while block := stream.read(BLOCK):
                reader.feed(block)
                yield from reader.take()
                if len(reader.rawdata) > 4 * MAX_CELL:
                    raise too_big_cell(reader.number + 1)
        reader.close()
        reader.end_row()
        yield from reader.take()


class _Reader(HTMLParser):
    """Turns tags into rows; a table inside a cell is a part of its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[ScannedRow] = []
        self.sheet: Sheet | None = None
        self.tables = self.depth = self.aside = self.number = self.length = 0
        self.row: list[Any] | None = None
        self.cell: list[str] | None = None
        self.place, self.across, self.down = 0, 1, 1
        self.hidden = False
        self.given = ""
        self.covered: dict[int, int] = {}
        """Columns that a cell from above still takes, and for how many rows."""

    def take(self) -> list[ScannedRow]:
        rows, self.rows = self.rows, []
        return rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _ASIDE:
            self.aside += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.begin_table(given)
        elif self.depth == 1 and tag == "tr":
            self.end_row()
            self.row, self.hidden = [], bool(_HIDDEN.search(given.get("style", "")))
        elif self.depth == 1 and tag in ("td", "th") and self.row is not None:
            self.begin_cell(given)
        elif tag in _BREAKS and self.cell:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _ASIDE:
            self.aside = max(self.aside - 1, 0)
        elif tag == "table":
            if self.depth == 1:
                self.end_row()
                self.sheet = None
            self.depth = max(self.depth - 1, 0)
        elif self.depth == 1 and tag in ("td", "th"):
            self.end_cell()
        elif self.depth == 1 and tag == "tr":
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.aside:
            self.length += len(data)
            if self.length > MAX_CELL:
                raise too_big_cell(self.number + 1)
            self.cell.append(re.sub(r"[ \t\r\n]+", " ", data))

    def begin_table(self, given: dict[str, str]) -> None:
        self.tables += 1
        self.sheet = Sheet(
            given.get("id") or given.get("title") or str(self.tables),
            hidden=bool(_HIDDEN.search(given.get("style", ""))),
        )
        self.number, self.covered, self.row, self.cell = 0, {}, None, None
        self.rows.append((self.sheet, 0, [], False))

    def begin_cell(self, given: dict[str, str]) -> None:
        assert self.row is not None and self.sheet is not None
        self.end_cell()
        while self.covered.get(len(self.row), 0):
            self.row.append(None)
        self.place = len(self.row)
        self.across, self.down = _span(given, "colspan"), _span(given, "rowspan")
        if self.place + self.across > 16 * MAX_COLUMNS:
            raise Unreadable("import.too_many_columns", columns=self.place + self.across, limit=MAX_COLUMNS)
        if self.across > 1 or self.down > 1:
            self.sheet.merge(
                (self.number, self.place), (self.number + self.down - 1, self.place + self.across - 1)
            )
        self.cell, self.length, self.given = [], 0, given.get("x:num", "")

    def end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        text = re.sub(r" ?\n ?", "\n", "".join(self.cell)).strip(" \n")
        value: Any = text or None
        if re.fullmatch(r"\d{5,17}", self.given):
            value = int(self.given)  # Excel keeps the number here and its looks in the text
        if isinstance(value, str) and self.sheet is not None and _is_error(value):
            self.sheet.errors += 1
        if self.down > 1:
            for column in range(self.place, self.place + self.across):
                self.covered[column] = self.down
        self.row += [value, *[None] * (self.across - 1)]
        self.cell, self.given = None, ""

    def end_row(self) -> None:
        self.end_cell()
        if self.row is None or self.sheet is None:
            return
        self.number += 1
        cells = trimmed(self.row)
        if cells:
            self.rows.append((self.sheet, self.number, cells, self.hidden))
        self.covered = {column: left - 1 for column, left in self.covered.items() if left > 1}
        self.row = None


def _is_error(text: str) -> bool:
    return text.startswith("#") and text.rstrip("!?").lstrip("#").replace("/", "").isupper()


def _span(given: dict[str, str], name: str) -> int:
    value = given.get(name, "")
    return (
        max(1, min(int(value), MAX_COLUMNS)) if value.isascii() and value.isdigit() and len(value) < 9 else 1
    )
