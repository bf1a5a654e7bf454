"""Where the table begins: the header row among title rows, the captions, and rows that are no people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from veche.exchange.captions import known_target, plain_caption
from veche.exchange.formats.cells import Cell, cell_text

LOOK_AT = 40
"""Rows from the top among which the header is looked for."""

_DATA_LIKE = re.compile(r"@|\d{5,}|^\d[\d\s.,:/()+-]*$|^\+7|://|^<")


class Numbered(NamedTuple):
    """A cleaned row with its number in the file, from 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Column:
    """A column of the table: `caption` as the file has it, or '' where it has none."""

    index: int
    caption: str
    repeat: int = 1
    """2 for the second column with the same caption, and so on."""
    hidden: bool = False

    @property
    def title(self) -> str:
        """What to show: the caption, «Column 9» where there is none, «ФИО (2)» for a repeated one."""
        if not self.caption:
            return _("Column %(number)d") % {"number": self.index + 1}
        return f"{self.caption} ({self.repeat})" if self.repeat > 1 else self.caption


@dataclass(frozen=True)
class Header:
    """`row` from 1, 0 where the file has none; `height` is how many rows the captions take."""

    row: int
    height: int
    captions: list[str]


def _is_caption(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= 120 and not _DATA_LIKE.search(cell)


def _is_data(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(_DATA_LIKE.search(cell)))


def _score(cells: Sequence[Cell], width: int) -> tuple[float, int]:
    filled = [cell for cell in cells if cell is not None]
    known = sum(isinstance(cell, str) and known_target(cell) is not None for cell in filled)
    texts = {plain_caption(cell) for cell in filled if isinstance(cell, str) and _is_caption(cell)}
    data = sum(map(_is_data, filled))
    return 3 * known + len(texts) - 2 * data + len(filled) / max(width, 1), known


def find_header(
    top: Sequence[Numbered], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> Header:
    """The row with most known captions, else with most texts over rows that look like data, else none."""
    rows = [row for row in top[:LOOK_AT] if any(cell is not None for cell in row.cells)]
    width = max((len(row.cells) for row in top), default=0)
    best, best_score, best_known = None, 0.0, 0
    people_began = (
        False  # captions after the first people are a repeated header, unless the better one by far
    )
    for position, row in enumerate(rows):
        score, known = _score(row.cells, width)
        if score > best_score * (2 if people_began else 1) and (known or _stands_over_data(rows, position)):
            best, best_score, best_known, people_began = position, score, known, False
        elif best is not None and any(map(_is_data, row.cells)):
            people_began = True
    if best is None or (best_known == 0 and len(rows) == 1):
        return Header(0, 0, [""] * width)
    return header_at(top, rows[best].number, merged)


def _stands_over_data(rows: Sequence[Numbered], position: int) -> bool:
    """A row of texts only, two or more, with nothing like data in it while the rows below have some."""
    filled = [cell for cell in rows[position].cells if cell is not None]
    below = [cell for row in rows[position + 1 : position + 11] for cell in row.cells]
    return len(filled) > 1 and all(map(_is_caption, filled)) and any(map(_is_data, below))


def header_at(
    top: Sequence[Numbered], number: int, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> Header:
    """The header that stands in this row (0 = none), joined with a second row under merged captions."""
    width = max((len(row.cells) for row in top), default=0)
    first = next((row.cells for row in top if row.number == number), None)
    if not number or first is None:
        return Header(0, 0, [""] * width)
    upper = _pad(first, width)
    lower = _pad(next((row.cells for row in top if row.number == number + 1), []), width)
    groups = [
        (left, right) for (above, left), (below, right) in merged
        if above == below == number - 1 and right > left and right < width
    ]  # fmt: skip
    if not groups and _is_second_row(upper, lower):
        groups = _groups_of(upper, lower)
    if not groups or not any(lower) or any(map(_is_data, lower)):
        return Header(number, 1, [_caption(cell) for cell in upper])
    for left, right in groups:
        upper[left : right + 1] = [upper[left]] * (right - left + 1)
    captions = [" / ".join(filter(None, map(_caption, pair))) for pair in zip(upper, lower, strict=True)]
    return Header(number, 2, captions)


def _pad(cells: Sequence[Cell], width: int) -> list[Cell]:
    return [*cells, *[None] * (width - len(cells))]


def _caption(cell: Cell) -> str:
    return " ".join(cell_text(cell).split())[:200]


def _is_second_row(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Without merged ranges (csv): known captions stand under the gaps and the left ends of the gaps only."""
    filled = [index for index, cell in enumerate(lower) if cell is not None]
    known = [index for index in filled if isinstance(lower[index], str) and known_target(str(lower[index]))]
    under_gap = [index for index in filled if upper[index] is None]
    under_text = [index for index in filled if upper[index] is not None]
    next_to_gap = all(index + 1 < len(upper) and upper[index + 1] is None for index in under_text)
    return bool(under_gap) and len(known) == len(filled) >= 2 and next_to_gap


def _groups_of(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[tuple[int, int]]:
    groups, left = [], None
    for index, cell in enumerate(upper):
        if cell is not None:
            left = index
        elif left is not None and lower[index] is not None and lower[left] is not None:
            groups.append((left, index))
    return groups


def name_columns(captions: Sequence[str], hidden: Sequence[int] = ()) -> list[Column]:
    """Columns with repeated captions counted."""
    seen: dict[str, int] = {}
    columns = []
    for index, caption in enumerate(captions):
        key = plain_caption(caption) or caption
        seen[key] = seen.get(key, 0) + 1
        columns.append(Column(index, caption, seen[key] if caption else 1, index in set(hidden)))
    return columns


_TOTAL = re.compile(
    r"^(?:итого|итог|всего|общий итог|общая сумма|промежуточный итог|total|grand total|subtotal)\b"
    r"(?:[\s:.,—–-]*(?:по|за|человек|чел|строк|записей|сумма|руб)?[^@]{0,60})?$",
    re.IGNORECASE,
)


_TOTAL_STARTS = ("итог", "всег", "общ", "пром", "tota", "gran", "subt")


def _sparse(cells: Sequence[Cell]) -> bool:
    """About half of the cells or more are empty, as in a row of totals."""
    return sum(cell is not None for cell in cells) * 2 <= max(len(cells), 4) + 1


def _start(text: str) -> str:
    """The first letters as two captions would have them that are the same."""
    return text[:3].lower().replace("ё", "е")


class RowSorter:
    """Tells people from rows that a spreadsheet adds for its own sake."""

    def __init__(self, captions: Sequence[str]) -> None:
        self.captions = [plain_caption(caption) for caption in captions]
        self.known = {caption for caption in self.captions if caption}
        self.starts = {_start(caption) for caption in (*self.known, *captions)}

    def kind(self, cells: Sequence[Cell]) -> str:
        """`data`, `total` («Итого», «Всего: 15 чел.») or `header` (the captions once more)."""
        for cell in cells:
            if cell is None:
                continue
            if type(cell) is not str:
                if type(cell) is datetime:
                    return "data"
                continue
            if cell[:4].lower().startswith(_TOTAL_STARTS) and _TOTAL.match(cell) and _sparse(cells):
                return "total"
            return "header" if self._is_header(cell, cells) else "data"
        return "data"

    def _is_header(self, first: str, cells: Sequence[Cell]) -> bool:
        start = _start(first)  # nearly always another than a caption's, and told at once
        if start.isalnum() and start not in self.starts:
            return False
        if len(first) > 120 or plain_caption(first) not in self.known:
            return False
        texts = [cell for cell in cells if cell is not None]
        same = sum(
            isinstance(cell, str) and plain_caption(cell) == caption
            for cell, caption in zip(cells, self.captions, strict=False)
        )
        return same * 2 > len(texts) and same >= min(2, len(self.known))
