"""Workbooks (.xlsx) through calamine, after a look at the raw sheet that keeps the memory bounded.

calamine lays a sheet out as a full rectangle, so one stray value in XFD1048576 would ask for gigabytes; and it
does not tell hidden rows and columns, nor formulas that were saved without a value. So each sheet's XML is
passed once, as a stream, before calamine opens it.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

from .cells import MAX_CELL
from .delimited import too_big_cell
from .magic import damaged

MAX_COLUMNS = 1000
MAX_AREA = 60_000_000
"""Cells of the rectangle from A1 to the last value: 500 000 rows of 120 columns."""


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


class Workbook:
    """An open .xlsx; `close()` frees what calamine holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded: tuple[str, python_calamine.CalamineSheet] | None = None
        try:
            self.book = python_calamine.CalamineWorkbook.from_path(str(path))
            metadata = [
                meta
                for meta in self.book.sheets_metadata
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            self.sheets = self._look(metadata)
        except python_calamine.PasswordError as error:
            raise Refusal(
                "import.password_protected",
                _(
                    "The file is protected by a password: open it in Excel, remove the password, save and "
                    "choose it again."
                ),
            ) from error
        except (
            python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException,
            OSError, KeyError, EOFError, ValueError, NotImplementedError,
        ) as error:  # fmt: skip
            raise damaged() from error

    def close(self) -> None:
        self._loaded = None
        self.book.close()

    def _look(self, metadata: list[Any]) -> list[Sheet]:
        with zipfile.ZipFile(self.path) as archive:
            parts = _sheet_parts(archive)
            _check_shared_strings(archive)
            sheets = []
            for meta in metadata:
                sheet = Sheet(meta.name, meta.visible != python_calamine.SheetVisibleEnum.Visible)
                if meta.name in parts:
                    _look_at_sheet(archive, parts[meta.name], sheet)
                sheets.append(sheet)
            return sheets

    def check(self, sheet: Sheet) -> None:
        """Refuses a sheet that is too wide, or whose last value lies absurdly far from the rest."""
        if sheet.columns > MAX_COLUMNS:
            raise Refusal(
                "import.too_many_columns",
                _(
                    "The sheet has %(columns)d columns, and we take up to %(limit)d: delete the ones you don't "
                    "need and choose the file again."
                )
                % {"columns": sheet.columns, "limit": MAX_COLUMNS},
            )
        if sheet.last_row * max(sheet.columns, 1) > MAX_AREA and sheet.last_row > 4 * sheet.rows:
            raise Refusal(
                "import.far_cell",
                _(
                    "A lonely value stands in row %(row)d, far below the table: delete what lies under the table "
                    "and choose the file again."
                )
                % {"row": sheet.last_row},
            )

    def records(self, sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
        """Every row of the sheet from row 1, as calamine gives it (numbers as floats, empty cells as '')."""
        self.check(sheet)
        if not sheet.rows:
            return
        try:
            content = self._content(sheet)
            left = [""] * (
                content.start[1] if content.start else 0
            )  # calamine leaves out empty columns before the table
            if not left:
                yield from enumerate(content.iter_rows(), 1)
                return
            for number, cells in enumerate(content.iter_rows(), 1):
                yield number, left + cells
        except python_calamine.CalamineError as error:
            raise damaged() from error

    def merged(self, sheet: Sheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged ranges as ((row, column), (row, column)) from 0, both corners included."""
        if not sheet.rows:
            return []
        return self._content(sheet).merged_cell_ranges or []

    def _content(self, sheet: Sheet) -> python_calamine.CalamineSheet:
        """The sheet's cells, kept until another sheet is asked for: the wizard reads the top of one again and again."""
        if self._loaded is None or self._loaded[0] != sheet.name:
            self._loaded = (sheet.name, self.book.get_sheet_by_name(sheet.name))
        return self._loaded[1]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The file inside the archive for each sheet's name."""
    names = {name.lstrip("/").lower(): name for name in archive.namelist()}
    book = fromstring(archive.read(names["xl/workbook.xml"]))
    links = fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    parts = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        target = targets.get(link, "")
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if inside.lower() in names:
            parts[element.get("name") or ""] = names[inside.lower()]
    return parts


def _check_shared_strings(archive: zipfile.ZipFile) -> None:
    """Cells' texts lie apart from the sheets; calamine takes them all, so a giant one is refused before."""
    part = next((name for name in archive.namelist() if name.lower().endswith("xl/sharedstrings.xml")), None)
    if part is None or archive.getinfo(part).file_size <= MAX_CELL:
        return
    longest = rest = 0
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            pieces = block.split(b"si>")
            longest = max(longest, rest + len(pieces[0]), *map(len, pieces))
            rest = len(pieces[-1]) + (rest if len(pieces) == 1 else 0)
    if max(longest, rest) > 3 * MAX_CELL:
        raise Refusal(
            "import.cell_too_big",
            _("A cell is longer than a million characters: shorten it, then choose the file again."),
        )


_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_ROW_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_VALUED_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)\d+"[^>/]*>(?=<)')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c r="[A-Z]+\d+"(?: s="\d+")?><(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>(?:<v ?/>|<v></v>)?</(?:\w+:)?c>'
)
_BLOCK = 1 << 20


def _look_at_sheet(archive: zipfile.ZipFile, part: str, sheet: Sheet) -> None:
    """Counts what the sheet holds in one pass over its XML, a megabyte at a time."""
    rest = b""
    before_rows = True
    number = 0
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            pieces = (rest + block).split(b"row>")
            rest = pieces.pop()
            if before_rows and (pieces or b"sheetData" in rest):
                _hidden_columns(pieces[0] if pieces else rest, sheet)
                before_rows = not pieces
            if len(rest) > 64 * MAX_CELL:
                raise too_big_cell(number + 1)
            for piece in pieces:
                number = _count_row(piece, number, sheet)


def _count_row(piece: bytes, number: int, sheet: Sheet) -> int:
    tag = piece[: piece.find(b">")] if piece.startswith(b"<row") else b"/"
    if tag.endswith(b"/"):  # an empty row before it, or the tags have a prefix
        start = max(piece.rfind(b"<row"), piece.rfind(b":row"))
        tag = piece[start : piece.find(b">", start)] if start >= 0 else b""
    found = _ROW_NUMBER.search(tag)
    number = int(found[1]) if found else number + 1
    if b"<v>" not in piece and b"<is>" not in piece and b":v>" not in piece and b":is>" not in piece:
        return number
    if len(piece) > MAX_CELL and max(map(len, re.split(rb"</(?:\w+:)?c>", piece))) > 2 * MAX_CELL:
        raise too_big_cell(number)
    sheet.rows += 1
    sheet.last_row = max(sheet.last_row, number)
    last = piece.rfind(b'c r="')
    if last >= 0:
        width = _column_number(piece[last + 5 : last + 9])
        if width > sheet.columns:
            valued = _VALUED_CELL.findall(piece)
            sheet.columns = max([sheet.columns, *map(_column_number, valued[-1:])])
    if b"hidden" in tag and _ROW_HIDDEN.search(tag):
        sheet.hidden_rows += 1
    if b"f>" in piece:
        sheet.empty_formulas += len(_EMPTY_FORMULA.findall(piece))
    return number


def _column_number(reference: bytes) -> int:
    number = 0
    for byte in reference:
        if not 65 <= byte <= 90:
            break
        number = number * 26 + byte - 64
    return number


def _hidden_columns(head: bytes, sheet: Sheet) -> None:
    sheet.hidden_columns.clear()
    for tag in _HIDDEN_COLUMN.findall(head):
        if b'hidden="1"' in tag or b'hidden="true"' in tag:
            first, last = (re.search(rb'\b%s="(\d+)"' % name, tag) for name in (b"min", b"max"))
            if first and last:
                sheet.hidden_columns.extend(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))
