"""Workbooks .xlsx and .xlsm as a stream: a sheet of any length takes the memory of one row.

Rows as Excel, LibreOffice, Google and 1C write them are cut by one regular expression that must account for every cell
of the row; any other row goes through an XML parser. Nothing refers from row to row, so that no row can spoil another.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from html import unescape
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from .cells import clean_text
from .dates import iso_date
from .numbers import value_of
from .sheet import MAX_CELL, MAX_COLUMNS, Book, Row, Sheet, Unreadable, too_big_cell
from .xlsx_parts import BLOCK, MOST_XML, careful_parser, find_contents, read_strings

LONGEST_ROW = 64 * MAX_CELL
WIDEST = 16384
_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b[^>]*")
_ROW_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"|\bht="0"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_MERGED = re.compile(rb'mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_VALUED = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)\d+"[^>/]*>(?=<)')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c r="[A-Z]+\d+"(?: s="\d+")?(?: t="\w+")?><(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>(?:<v ?/>|<v></v>)?'
    rb"</(?:\w+:)?c>"
)
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?"
    r'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)


class Workbook(Book):
    """An open .xlsx."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.contents = find_contents(self.archive)
        self.sheets = [sheet for sheet, _part in self.contents.sheets]
        self.numbers = {str(number) for number, shown in enumerate(self.contents.styles) if not shown.kind}
        self.numbers.add("")

    def look(self) -> None:
        """One pass over each sheet's XML, a megabyte at a time."""
        self._check_strings()
        for sheet, part in self.contents.sheets:
            with self.archive.open(part) as stream:
                _Look(sheet).through(stream)  # type: ignore[arg-type]

    @cached_property
    def strings(self) -> Sequence[str]:
        return read_strings(self.archive, self.contents.strings) if self.contents.strings else []

    @cached_property
    def clean_strings(self) -> Sequence[str | None]:
        """Cleaned once, for cells share them; those in a file are cleaned when they are asked for."""
        strings = self.strings
        return [clean_text(each) or None for each in strings] if isinstance(strings, list) else strings

    def _check_strings(self) -> None:
        """A giant text among those that cells share is refused before anything is read."""
        part = self.contents.strings
        if part and self.archive.getinfo(part).file_size > MAX_CELL:
            with self.archive.open(part) as stream:
                _longest_item(stream)  # type: ignore[arg-type]

    def records(self, sheet: Sheet, start: int, raw: bool) -> Iterator[Row]:
        part = self.contents.sheets[self.sheets.index(sheet)][1]
        strings = self.strings if raw else self.clean_strings
        clean = _same if raw else clean_text
        number = 0
        with self.archive.open(part) as stream:
            for piece in Pieces(stream):  # type: ignore[arg-type]
                number, _tag = row_number(piece, number)
                if number >= start and holds_values(piece):
                    cells = self._cells(piece, strings, clean)
                    if cells:
                        yield number, cells

    def _cells(self, piece: bytes, strings: Sequence[str | None], clean: Callable[[str], str]) -> list[Any]:
        text = piece.decode("utf-8", "replace")
        found: list[tuple[str, ...]] = _CELL.findall(text)
        if not found or len(found) != text.count("<c ") or "<c>" in text:
            try:
                found = _any_cells(text)
            except expat.ExpatError:
                return [_salvaged(text)]
        row: list[Any] = []
        plain, names, width = self.numbers, LETTERS, 0
        for letters, style, kind, value, inline in found:
            if not value and not inline:
                continue
            if letters != names[width]:
                index = column_index(letters)
                if index < width:
                    continue  # the same cell twice
                row.extend([None] * (index - width))
                width = index
            width += 1
            if inline:
                row.append(clean(unescape(inline) if "&" in inline else inline) or None)
            elif kind == "s":
                row.append(_shared(strings, value, clean))
            elif kind == "" or kind == "n":
                row.append(number_of(value) if style in plain else self._shown(value, style))
            else:
                row.append(_other(kind, value, clean))
        return row

    def _shown(self, value: str, style: str) -> Any:
        number = number_of(value)
        styles = self.contents.styles
        if isinstance(number, str) or int(style) >= len(styles):
            return number
        return value_of(number, styles[int(style)], self.contents.from_1904)


class Pieces:
    """The sheet's XML cut at the ends of its rows: `head` before the first, `tail` after the last."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.head = self.tail = b""

    def __iter__(self) -> Iterator[bytes]:
        rest, close = b"", None
        while block := self.stream.read(BLOCK):
            rest += block
            if close is None:
                found = _SHEET_DATA.search(rest)
                if found is None:
                    if len(rest) > MOST_XML:
                        raise Unreadable("import.damaged")
                    continue
                self.head, rest = rest[: found.end()], rest[found.end() :]
                if found[0].endswith(b"/>"):
                    self.tail = rest[:MOST_XML]
                    continue
                close, over = b"</" + found[1] + b"row>", b"</" + found[1] + b"sheetData>"
            *rows, rest = rest.split(close)
            yield from rows
            if over in rest:
                self.tail = rest[:MOST_XML] + self.stream.read(MOST_XML)
                while self.stream.read(BLOCK):  # to the end, where the archive's checksum is compared
                    continue
                return
            if len(rest) > BLOCK:
                rest = _without_empty_rows(rest)
            if len(rest) > LONGEST_ROW:
                raise Unreadable("import.cell_too_big_somewhere")
        if close is not None:  # the sheet never ends
            raise Unreadable("import.damaged")


def _without_empty_rows(rest: bytes) -> bytes:
    """Empty formatted rows close themselves; a million of them is nothing to keep."""
    start = max(rest.rfind(b"<row "), rest.rfind(b":row "))
    return rest[max(start - 20, 0) :] if start > 0 else rest


def row_number(piece: bytes, before: int) -> tuple[int, bytes]:
    """The row's number and its opening tag; a piece may begin with empty rows that close themselves."""
    tag = piece[: piece.find(b">")] if piece.startswith(b"<row ") else b"/"
    numbered = before + 1
    if tag.endswith(b"/"):
        tags = _ROW_TAG.findall(piece)
        tag, numbered = (tags[-1] if tags else b""), before + max(len(tags), 1)
    found = _ROW_NUMBER.search(tag)
    return (int(found[1]) if found else numbered), tag


def holds_values(piece: bytes) -> bool:
    """Whether any cell of the row has a value."""
    return b"<v>" in piece or b"<is>" in piece or b":v>" in piece or b":is>" in piece or b"<v " in piece


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


LETTERS = [_letters(index) for index in range(WIDEST + 2)]
_INDEXES = {letters: index for index, letters in enumerate(LETTERS)}


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = _INDEXES.get(letters)
    if index is None or index >= WIDEST:
        raise Unreadable("import.damaged")
    return index


def number_of(value: str) -> Any:
    """The number as Excel keeps it, whole ones as int; what is none stays text."""
    if value.isdigit() and len(value) < 18:
        return int(value)
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer():
        return int(number) if abs(number) < 1e18 else number
    return number if isfinite(number) else value


def _same(text: str) -> str:
    return text


def _shared(strings: Sequence[str | None], value: str, clean: Callable[[str], str]) -> str | None:
    try:
        text = strings[int(value)]
    except (IndexError, ValueError):
        return None
    return text if isinstance(strings, list) or text is None else clean(text) or None


def _other(kind: str, value: str, clean: Callable[[str], str]) -> Any:
    if kind == "b":
        return value.strip() in ("1", "true")
    text = unescape(value) if "&" in value else value
    return iso_date(text) if kind == "d" else clean(text) or None


def _salvaged(row: str) -> str:
    """What can be read of a row whose XML is broken: it is kept and shown rather than dropped."""
    return " ".join(unescape(re.sub(r"<[^>]*>?", " ", row)).split())[:MAX_CELL]


def _any_cells(row: str) -> list[tuple[str, ...]]:
    """Cells of a row written in an unusual way, in the shape of `_CELL`."""
    openings = list(re.finditer(r"<((?:\w+:)?)row\b", row))
    if not openings:
        raise Unreadable("import.damaged")
    opening = openings[-1]
    reader = _RowReader()
    reader.parser.Parse(row[opening.start() :] + f"</{opening[1]}row>", True)
    return reader.cells


class _RowReader:
    """One row through an XML parser."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, ...]] = []
        self.inside: list[str] = []
        self.column = -1
        self.style = self.kind = ""
        self.value: list[str] = []
        self.inline: list[str] = []
        self.parser = careful_parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.chars

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.inside.append(name)
        if name == "c":
            letters = re.match(r"[A-Z]{1,3}", attributes.get("r", ""))
            self.column = column_index(letters[0]) if letters else self.column + 1
            self.style, self.kind = attributes.get("s", ""), attributes.get("t", "")
            self.value, self.inline = [], []

    def end(self, name: str) -> None:
        self.inside.pop()
        if name.rpartition(":")[2] == "c":
            style = self.style if self.style.isdigit() else ""
            value, inline = "".join(self.value), "".join(self.inline)
            self.cells.append((LETTERS[min(self.column, WIDEST)], style, self.kind, value.strip(), inline))

    def chars(self, text: str) -> None:
        if self.inside[-1] == "v":
            self.value.append(text.replace("&", "&amp;") if self.kind not in ("", "n", "s", "b") else text)
        elif self.inside[-1] == "t" and "rPh" not in self.inside:
            self.inline.append(text.replace("&", "&amp;"))


def _longest_item(stream: BinaryIO) -> None:
    rest = 0
    while block := stream.read(BLOCK):
        pieces = block.split(b"si>")
        longest = max(rest + len(pieces[0]), *map(len, pieces))
        rest = len(pieces[-1]) + (rest if len(pieces) == 1 else 0)
        if max(longest, rest) > 3 * MAX_CELL:
            raise Unreadable("import.cell_too_big_somewhere")


class _Look:
    """Counts one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def through(self, stream: BinaryIO) -> None:
        pieces, number = Pieces(stream), 0
        for piece in pieces:
            number, tag = row_number(piece, number)
            if holds_values(piece):
                self.row(piece, number, tag)
            elif b"f>" in piece:
                self.sheet.empty_formulas += len(_EMPTY_FORMULA.findall(piece))
        self.hidden_columns(pieces.head)
        for left, top, right, bottom in _MERGED.findall(pieces.tail):
            first, last = (int(top) - 1, _index(left)), (int(bottom) - 1, _index(right))
            self.sheet.merge(first, last)

    def row(self, piece: bytes, number: int, tag: bytes) -> None:
        sheet = self.sheet
        if len(piece) > MAX_CELL and max(map(len, re.split(rb"</(?:\w+:)?c>", piece))) > 2 * MAX_CELL:
            raise too_big_cell(number)
        sheet.rows += 1
        sheet.last_row = max(sheet.last_row, number)
        last = piece.rfind(b'c r="')
        if last >= 0:
            if _index(piece[last + 5 : last + 8]) >= sheet.columns:
                valued = _VALUED.findall(piece)
                sheet.columns = max([sheet.columns, *(_index(each) + 1 for each in valued[-1:])])
        else:
            sheet.columns = max(sheet.columns, piece.count(b"<c") + piece.count(b":c>") // 2)
        if (b"hidden" in tag or b'ht="0"' in tag) and _ROW_HIDDEN.search(tag):
            sheet.hidden_rows += 1
        if b"f>" in piece:
            sheet.empty_formulas += len(_EMPTY_FORMULA.findall(piece))
        if b't="e"' in piece:
            sheet.errors += piece.count(b't="e"')

    def hidden_columns(self, head: bytes) -> None:
        hidden: set[int] = set()
        for tag in _COLUMN.findall(head):
            if re.search(rb'\bhidden="(?:1|true)"|\bwidth="0"', tag):
                first, last = (re.search(rb'\b%s="(\d+)"' % name, tag) for name in (b"min", b"max"))
                if first and last:
                    hidden.update(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))
        self.sheet.hidden_columns = sorted(hidden)


def _index(letters: bytes) -> int:
    """Of the letters that the bytes begin with."""
    number = 0
    for byte in letters:
        if not 65 <= byte <= 90:
            break
        number = number * 26 + byte - 64
    return number - 1
