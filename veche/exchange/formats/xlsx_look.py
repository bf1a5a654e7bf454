"""One pass over the sheets of an .xlsx that counts what is in them, without reading the cells."""

from __future__ import annotations

import re
from typing import BinaryIO

from .sheet import MAX_CELL, MAX_COLUMNS, Sheet, Unreadable, too_big_cell
from .xlsx_parts import BLOCK
from .xlsx_rows import Pieces, holds_values, row_number

_ROW_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"|\bht="0"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_MERGED = re.compile(rb'mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_VALUED = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)\d+"[^>/]*>(?=<)')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c r="[A-Z]+\d+"(?: s="\d+")?(?: t="\w+")?><(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>(?:<v ?/>|<v></v>)?'
    rb"</(?:\w+:)?c>"
)


def check_longest_text(stream: BinaryIO) -> None:
    """Refuses shared texts of which one is too big, before anything is read."""
    rest = 0
    while block := stream.read(BLOCK):
        pieces = block.split(b"si>")
        longest = max(rest + len(pieces[0]), *map(len, pieces))
        rest = len(pieces[-1]) + (rest if len(pieces) == 1 else 0)
        if max(longest, rest) > 3 * MAX_CELL:
            raise Unreadable("import.cell_too_big_somewhere")


class Look:
    """Counts one sheet into its `Sheet`."""

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
