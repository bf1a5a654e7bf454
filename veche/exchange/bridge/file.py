"""The spreadsheet itself: how it is written, and how one that came back is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.models import OwnField
from veche.core.refusal import Refusal
from veche.exchange.bridge.columns import BridgeColumn, id_caption
from veche.exchange.bridge.heading import find_id_place
from veche.exchange.bridge.ids import Forged, read_row_id
from veche.exchange.bridge.values import Shown, written_cell
from veche.exchange.reading import Source, open_source
from veche.exchange.writing import NUMBER, TEXT, Column, Sheet, write_workbook

LOOK_AT = 400
"""Rows by which the columns are recognised."""
_WIDTHS = {"address": 40.0, "tags": 28.0, "campaigns": 28.0, "phone": 24.0, "email": 26.0}


def write_file(
    path: Path, columns: Sequence[BridgeColumn], rows: Iterable[tuple[str, Sequence[Shown]]], *, token: str
) -> int:
    """Write (row number, cells) under their captions: the numbers in a hidden column, `token` in a hidden sheet."""
    heads = [
        Column(id_caption(), hidden=True),
        *(Column(each.caption, _type(each), width=_WIDTHS.get(each.code, 0)) for each in columns),
    ]
    cells = ([number, *map(_cell, columns, shown)] for number, shown in rows)
    about = Sheet("veche", [Column("veche")], [[token]], hidden=True)
    return write_workbook(path, [Sheet(_("People"), heads, cells), about])


def _type(column: BridgeColumn) -> str:
    """Dates and phones go as text, so that no program turns 03.11 into a day of this year; numbers as numbers."""
    return NUMBER if column.own and column.own.type in (OwnField.Type.NUMBER, OwnField.Type.MONEY) else TEXT


def _cell(column: BridgeColumn, shown: Shown) -> Any:
    text = written_cell(shown)
    if _type(column) == NUMBER and text:
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    return text or None


@dataclass
class Returned:
    source: Source
    id_place: int
    sheet_id: int
    """The download that most of its rows are of."""


def open_returned(path: Path) -> Returned:
    """Open a file that came back; `Refusal` when no row has a number of ours."""
    source = open_source(path)
    rows = [cells for _number, cells in islice(source.rows(), LOOK_AT)]
    place = find_id_place(rows)
    if place is None:  # a long list of new people may stand on top
        rows = [cells for _number, cells in source.rows()]
        place = find_id_place(rows)
    sheets: Counter[int] = Counter()
    for cells in rows:
        try:
            found = read_row_id(cells[place]) if place is not None else None
        except Forged:
            continue
        if found:
            sheets[found[0]] += 1
    if place is None or not sheets:
        source.close()
        raise Refusal(
            "bridge.no_numbers",
            _(
                "No row has its Veche number: the hidden first column was deleted, or this list was not taken from "
                "here. Take the list again, or load this file as an import."
            ),
        )
    return Returned(source, place, sheets.most_common(1)[0][0])
