"""A sheet of an .xlsx cut into the XML of its rows, as a stream: no more of it is held than one row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from .sheet import MAX_CELL, Unreadable
from .xlsx_parts import BLOCK, MOST_XML

LONGEST_ROW = 64 * MAX_CELL
_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b[^>]*")


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
