"""A spreadsheet opened for reading: which sheet, which header, which columns, and its rows one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

from .cells import Cell, clean_cell, clean_row
from .delimited import TextTable, open_text
from .encodings import Mojibake, find_mojibake, repair_text
from .header import LOOK_AT, Column, Header, Numbered, RowSorter, find_header, header_at, name_columns
from .magic import sniff
from .workbook import MAX_COLUMNS, Sheet, Workbook


@dataclass
class Source:
    """An opened table. `rows()` may be called again and again; memory stays bounded by one sheet."""

    path: Path
    name: str
    kind: str
    """`xlsx` or `text`."""
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
    _content: Workbook | TextTable | None = field(default=None, repr=False)

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

    def originals(self, start: int = 0) -> Iterator[tuple[int, list[Any]]]:
        """Rows as the file has them, from row `start` of the file (or the first under the header) on."""
        start = max(start, self.first_row)
        for number, cells in islice(self._records(), start - 1, None):
            if any(cell is not None and cell != "" for cell in cells):
                yield number, cells

    def rows(self, start: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        """Cleaned rows `(number in the file from 1, cells as many as columns)`; empty rows are passed over.

        `start` is the number of the first row wanted, so that a killed import goes on where it was.
        """
        width = len(self.columns)
        repair = self.repair
        for number, cells in islice(self._records(), max(start, self.first_row) - 1, None):
            if repair:
                cells = [repair_text(cell, repair) if type(cell) is str else cell for cell in cells]
            cleaned = [clean_cell(cell) if cell != "" else None for cell in cells]
            if len(cleaned) != width:
                cleaned = (cleaned + [None] * (width - len(cleaned)))[:width]
            if any(cell is not None for cell in cleaned):
                yield number, cleaned

    def close(self) -> None:
        if isinstance(self._content, Workbook):
            self._content.close()

    def _records(self) -> Iterator[tuple[int, list[Any]]]:
        return _records(self._content, self.sheet)


def _records(content: Workbook | TextTable | None, sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
    if isinstance(content, Workbook):
        return content.records(sheet)
    assert content is not None
    return content.records()


def open_source(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    repair: str = "",
) -> Source:
    """Opens a spreadsheet whatever its name says; what is not given is found.

    `header_row` is a row of the file from 1, or 0 for a table without captions; `repair` is a way to set spoiled
    letters right (`Mojibake.repair`). Raises Refusal with one sentence that says what to do.
    """
    path = Path(path)
    kind = sniff(path)
    content: Workbook | TextTable
    if kind == "xlsx":
        content = Workbook(path)
        sheets = content.sheets
        chosen = _choose_sheet(sheets, sheet)
        content.check(chosen)
    else:
        content = open_text(path, encoding, delimiter)
        chosen = _count(content)
        sheets = [chosen]
    if not chosen.rows:
        raise Refusal(
            "import.no_rows", _("There are no rows in this sheet: choose another sheet or another file.")
        )
    top = _top(content, chosen, repair)
    merged = content.merged(chosen) if isinstance(content, Workbook) else []
    header = (
        find_header(top, merged)
        if header_row is None
        else header_at(_up_to(content, chosen, repair, top, header_row), header_row, merged)
    )
    width = max(chosen.columns, len(header.captions))
    captions = header.captions + [""] * (width - len(header.captions))
    source = Source(
        path=path, name=path.name, kind=kind, sheets=sheets, sheet=chosen, header=header,
        columns=name_columns(captions, chosen.hidden_columns),
        banner=[row for row in top if row.number < header.row and any(cell is not None for cell in row.cells)],
        encoding=content.encoding if isinstance(content, TextTable) else "",
        delimiter=content.delimiter if isinstance(content, TextTable) else "",
        repair=repair, _content=content,
    )  # fmt: skip
    if not source.row_count:
        raise Refusal(
            "import.no_rows",
            _("There is a header but not a single row under it: add the rows and choose it again."),
        )
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
        raise Refusal(
            "import.no_sheet",
            _("There is no sheet called “%(name)s”; the file has: %(sheets)s.")
            % {"name": name, "sheets": ", ".join(sheet.name for sheet in sheets)},
        )
    if not sheets:
        raise Refusal("import.no_rows", _("There is no sheet with cells in this file: choose another file."))
    for sheet in sheets:
        if not sheet.hidden and sheet.rows >= 2 and sheet.columns >= 2:
            return sheet
    return max(sheets, key=lambda sheet: (sheet.rows > 0, not sheet.hidden, sheet.rows))


def _count(table: TextTable) -> Sheet:
    """One pass over a text file, which also finds unclosed quotes and giant cells before anything is done."""
    sheet = Sheet(table.path.stem)
    for number, record in table.records():
        if record and any(record):
            sheet.rows += 1
            sheet.last_row = number
            if len(record) > sheet.columns:
                sheet.columns = len(record)
                if sheet.columns > MAX_COLUMNS:
                    raise Refusal(
                        "import.too_many_columns",
                        _(
                            "Row %(row)d falls into %(columns)d columns, and we take up to %(limit)d: choose another "
                            "delimiter, or delete the columns you don't need."
                        )
                        % {"row": number, "columns": sheet.columns, "limit": MAX_COLUMNS},
                    )
    return sheet


def _top(content: Workbook | TextTable, sheet: Sheet, repair: str, rows: int = LOOK_AT) -> list[Numbered]:
    return [
        Numbered(
            number,
            clean_row(
                [repair_text(cell, repair) if repair and type(cell) is str else cell for cell in cells]
            ),
        )
        for number, cells in islice(_records(content, sheet), rows)
    ]


def _up_to(
    content: Workbook | TextTable, sheet: Sheet, repair: str, top: list[Numbered], header_row: int
) -> list[Numbered]:
    if header_row < 0 or header_row > sheet.last_row:
        raise Refusal(
            "import.no_header_row",
            _("There is no row %(row)d in this sheet: choose a row from 1 to %(last)d.")
            % {"row": header_row, "last": sheet.last_row},
        )
    return top if header_row < len(top) else _top(content, sheet, repair, header_row + 1)
