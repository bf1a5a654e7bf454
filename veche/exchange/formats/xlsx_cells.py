"""The cells of one row of an .xlsx: letters of the column, style, kind, value, text.

One regular expression cuts rows as Excel, LibreOffice, Google and 1C write them, and must account for every cell; any
other row goes through an XML parser, and what is left of broken XML is kept as text.
"""

from __future__ import annotations

import re
from html import unescape
from math import isfinite
from typing import Any

from .sheet import MAX_CELL, Unreadable
from .xlsx_parts import careful_parser

WIDEST = 16384
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?"
    r'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)


def cells_of(text: str) -> list[tuple[str, ...]]:
    """(letters, style, kind, value, inline text) of each cell, escaped as in the file; raises `expat.ExpatError`."""
    found: list[tuple[str, ...]] = _CELL.findall(text)
    if not found or len(found) != text.count("<c ") or "<c>" in text:
        return _any_cells(text)
    return found


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


def salvaged(row: str) -> str:
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
