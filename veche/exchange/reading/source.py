"""A spreadsheet opened for reading: which sheet, which header, which columns, and its rows one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from veche.exchange.formats.cells import Cell, clean_row
from veche.exchange.formats.sheet import Sheet, Unreadable

from .apart import Apart
from .delimited import TextTable, open_text
from .encodings import Mojibake, find_encoding, find_mojibake, repair_text
from .header import LOOK_AT, Column, Header, Numbered, RowSorter, find_header, header_at, name_columns
from .magic import sniff
from .refusing import refusal_for


@dataclass
class Source:
    """An opened table. `rows()` may be called again and again; memory stays bounded by one sheet."""

    path: Path
    name: str
    kind: str
    """`xlsx`, `xls`, `ods`, `xml2003`, `html` or `text`."""
    sheets: list[Sheet]
    sheet: Sheet
    header: Header
    columns: list[Column]
    banner: list[Numbered]
    """Title rows above the header, not empty ones."""
    encoding: str = ""
    delimiter: str = ""
    repair: str = ""
    mojibake: Mojibake | None = None
    """Spoiled letters that `open_source(…, repair=mojibake.repair)` would set right."""
    _content: Apart | TextTable | None = field(default=None, repr=False)

    @property
    def header_row(self) -> int:
        """The row of the captions, from 1; 0 where there is none."""
        return self.header.row

    @property
    def first_row(self) -> int:
        """The row where people may begin."""
        return self.header.row + max(self.header.height, 1) if self.header.row else 1

    @property
    def row_count(self) -> int:
        """Rows with any value under the header."""
        above = sum(row.number < self.header.row for row in self.banner)
        return max(self.sheet.rows - above - self.header.height, 0)

    @property
    def sorter(self) -> RowSorter:
        """Tells totals and repeated headers from people."""
        return RowSorter([column.caption for column in self.columns])

    def rows(self, start: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        """Cleaned rows `(number in the file from 1, cells as many as columns)`; empty rows are passed over.

        `start` is the number of the first row wanted, so that a killed import goes on where it was.
        """
        return self._cleaned(max(start, self.first_row))

    def top(self, count: int) -> list[tuple[int, list[Cell]]]:
        """The first rows of the sheet, titles and captions among them."""
        return list(islice(self._cleaned(0), count))

    def _cleaned(self, start: int) -> Iterator[tuple[int, list[Cell]]]:
        width = len(self.columns)
        for number, cells in self._records(start, raw=bool(self.repair)):
            if self.repair:
                cells = clean_row([_repaired(cell, self.repair) for cell in cells])
            if len(cells) != width:
                cells = (cells + [None] * (width - len(cells)))[:width]
            if any(cell is not None for cell in cells):
                yield number, cells

    def close(self) -> None:
        """Ends the process that reads a workbook."""
        if self._content is not None:
            self._content.close()

    def _records(self, start: int, raw: bool) -> Iterator[tuple[int, list[Any]]]:
        assert self._content is not None
        return refusing(self._content.records(self.sheet, start, raw=raw))


def insist_readable(path: Path) -> None:
    """`Refusal` for a file that its first bytes show to be no table, without opening it."""
    try:
        sniff(path)
    except Unreadable as failure:
        raise refusal_for(failure.code, failure.params) from failure


def refusing(rows: Iterator[Any]) -> Iterator[Any]:
    """The rows, with a failure told as a refusal."""
    try:
        yield from rows
    except Unreadable as failure:
        raise refusal_for(failure.code, failure.params) from failure


def open_source(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    repair: str = "",
    known: Sequence[Mapping[str, Any]] | None = None,
    tell: Callable[[float], None] | None = None,
) -> Source:
    """Opens a spreadsheet whatever its name says; what is not given is found.

    `header_row` is a row of the file from 1, or 0 for a table without captions; `repair` is a way to set spoiled
    letters right (`Mojibake.repair`). `known` are the sheets that an earlier opening saw (as dicts), so that a big
    workbook is not looked through again; `tell` gets the share of a text that has been read, now and
    then. Raises Refusal with one sentence that says what to do.
    """
    path = Path(path)
    try:
        kind = sniff(path)
        content, sheets = _open(path, kind, encoding, delimiter, known, tell)
    except Unreadable as failure:
        raise refusal_for(failure.code, failure.params) from failure
    try:
        chosen = sheets[0] if kind == "text" else _choose_sheet(sheets, sheet)
        return _source(path, kind, content, sheets, chosen, header_row, repair)
    except BaseException as failure:
        content.close()
        if isinstance(failure, Unreadable):
            raise refusal_for(failure.code, failure.params) from failure
        raise


def _open(
    path: Path,
    kind: str,
    encoding: str | None,
    delimiter: str | None,
    known: Sequence[Mapping[str, Any]] | None,
    tell: Callable[[float], None] | None,
) -> tuple[Apart | TextTable, list[Sheet]]:
    names = {each.name for each in fields(Sheet)}
    seen = [Sheet(**{name: sheet[name] for name in names & sheet.keys()}) for sheet in known or ()]
    if kind == "text":
        table = open_text(path, encoding, delimiter)
        return table, seen or [table.count(tell)]
    encoding = (encoding or find_encoding(path)) if kind == "html" else ""
    book = Apart(path, kind, encoding, seen or None)
    return book, book.sheets


def _source(
    path: Path, kind: str, content: Apart | TextTable, sheets: list[Sheet], chosen: Sheet, header_row: int | None,
    repair: str,
) -> Source:  # fmt: skip
    chosen.check()
    if not chosen.rows:
        raise Unreadable("import.no_rows")
    top = _top(content, chosen, repair)
    header = (
        find_header(top, chosen.merged)
        if header_row is None
        else header_at(_up_to(content, chosen, repair, top, header_row), header_row, chosen.merged)
    )
    width = max(chosen.columns, len(header.captions))
    captions = header.captions + [""] * (width - len(header.captions))
    source = Source(
        path=path, name=path.name, kind=kind, sheets=sheets, sheet=chosen, header=header,
        columns=name_columns(captions, chosen.hidden_columns),
        banner=[row for row in top if row.number < header.row and any(cell is not None for cell in row.cells)],
        encoding=content.encoding, delimiter=content.delimiter if isinstance(content, TextTable) else "",
        repair=repair, _content=content,
    )  # fmt: skip
    if not source.row_count:
        raise Unreadable("import.only_header")
    if not repair:
        texts = (cell for row in top for cell in row.cells if isinstance(cell, str))
        source.mojibake = find_mojibake(texts)
    return source


def _choose_sheet(sheets: list[Sheet], name: str | None) -> Sheet:
    """The named sheet, else the first visible one with a table, else the fullest."""
    if name is not None:
        for sheet in sheets:
            if sheet.name == name:
                return sheet
        raise Unreadable("import.no_sheet", name=name, sheets=", ".join(sheet.name for sheet in sheets))
    if not sheets:
        raise Unreadable("import.no_sheets")
    for sheet in sheets:
        if not sheet.hidden and sheet.rows >= 2 and sheet.columns >= 2:
            return sheet
    return max(sheets, key=lambda sheet: (sheet.rows > 0, not sheet.hidden, sheet.rows))


def _top(content: Apart | TextTable, sheet: Sheet, repair: str, last: int = LOOK_AT) -> list[Numbered]:
    """The rows up to row `last` that hold anything."""
    rows = takewhile(lambda row: row[0] <= last, content.records(sheet, 0, raw=bool(repair)))
    if not repair:
        return [Numbered(number, cells) for number, cells in rows]
    return [
        Numbered(number, clean_row([_repaired(cell, repair) for cell in cells])) for number, cells in rows
    ]


def _repaired(cell: Any, repair: str) -> Any:
    return repair_text(cell, repair) if type(cell) is str else cell


def _up_to(
    content: Apart | TextTable, sheet: Sheet, repair: str, top: list[Numbered], header_row: int
) -> list[Numbered]:
    if header_row < 0 or header_row > sheet.last_row:
        raise Unreadable("import.no_header_row", row=header_row, last=sheet.last_row)
    return top if header_row < LOOK_AT else _top(content, sheet, repair, header_row + 1)
