"""What is written where: a sheet, its columns and the type of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

TEXT, NUMBER, MONEY, DATE, MOMENT = "text", "number", "money", "date", "moment"
WIDTHS = {TEXT: 18.0, NUMBER: 12.0, MONEY: 14.0, DATE: 12.0, MOMENT: 17.0}


@dataclass(frozen=True)
class Column:
    """A column by its caption and its `type`: what its cells are when they are not empty.

    TEXT takes strings; NUMBER int, float or Decimal; MONEY an amount in whole units with kopecks; DATE a date; MOMENT
    a datetime. A string in a column of another type stays a text, so that a doubtful value is not lost.
    `width` is in letters, 0 for what suits the type. `locked` matters only in a workbook with a password.
    """

    caption: str
    type: str = TEXT
    width: float = 0
    hidden: bool = False
    locked: bool = True

    @property
    def letters(self) -> float:
        """The width to be drawn: the caption fits, as far as it is not a sentence."""
        return self.width or min(40.0, max(WIDTHS[self.type], len(self.caption) + 3.0))


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook. `rows` is read once; `count` is how many it has, where the caller knows it.

    More rows than a sheet holds go on a second one, for which `count` must be given.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    count: int | None = None
    hidden: bool = False


def unique_captions(columns: Sequence[Column]) -> list[str]:
    """The captions, those that repeat an earlier one told apart by a number; a nameless column gets a dash."""
    captions: list[str] = []
    taken: set[str] = set()
    for column in columns:
        caption, n = column.caption or "—", 2
        while caption.casefold() in taken:
            caption, n = f"{column.caption or '—'} ({n})", n + 1
        taken.add(caption.casefold())
        captions.append(caption)
    return captions
