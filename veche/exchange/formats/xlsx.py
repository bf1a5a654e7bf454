"""Workbooks .xlsx and .xlsm as a stream: a sheet of any length takes the memory of one row.

Nothing refers from row to row, so that no row can spoil another: `xlsx_rows` cuts them out, `xlsx_cells` reads one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .cells import clean_text
from .dates import iso_date
from .numbers import value_of
from .sheet import MAX_CELL, Book, Row, Sheet
from .xlsx_cells import LETTERS, cells_of, column_index, number_of, salvaged
from .xlsx_look import Look, check_longest_text
from .xlsx_parts import find_contents, read_strings
from .xlsx_rows import Pieces, holds_values, row_number


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
                Look(sheet).through(stream)  # type: ignore[arg-type]

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
                check_longest_text(stream)  # type: ignore[arg-type]

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
        try:
            found = cells_of(text)
        except expat.ExpatError:
            return [salvaged(text)]
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
