"""What letters are printed on: sheets of sticky labels as they are sold, and envelopes of the post. In millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Labels:
    """A sheet A4 of `columns` by `rows` labels; the first begins at `left` and `top`, the next a step away."""

    key: str
    label: Any
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    step_x: float = 0.0
    step_y: float = 0.0

    @property
    def on_sheet(self) -> int:
        return self.columns * self.rows

    def place(self, n: int) -> tuple[float, float]:
        """Left and top of the label number `n` of a sheet, counted from 0, line by line."""
        row, column = divmod(n, self.columns)
        return (
            self.left + column * (self.step_x or self.width),
            self.top + row * (self.step_y or self.height),
        )


@dataclass(frozen=True)
class Envelope:
    """An envelope lying on its long side."""

    key: str
    label: Any
    width: float
    height: float


LABELS = {
    each.key: each
    for each in (
        Labels("a4-3x8", gettext_lazy("24 on a sheet: 70 × 37 mm"), 3, 8, 70, 37, top=0.5),
        Labels("a4-3x8-gaps", gettext_lazy("24 on a sheet: 64 × 33.9 mm, with gaps"), 3, 8, 64, 33.9, 6.5, 12.9, 66.5),
        Labels("a4-3x7", gettext_lazy("21 on a sheet: 70 × 42.3 mm"), 3, 7, 70, 42.3, top=0.4),
        Labels("a4-3x7-gaps", gettext_lazy("21 on a sheet: 63.5 × 38.1 mm, with gaps"), 3, 7, 63.5, 38.1, 7.2, 15.1,
               66),
        Labels("a4-2x8", gettext_lazy("16 on a sheet: 105 × 37 mm"), 2, 8, 105, 37, top=0.5),
        Labels("a4-2x7-gaps", gettext_lazy("14 on a sheet: 99.1 × 38.1 mm, with gaps"), 2, 7, 99.1, 38.1, 4.65, 15.15,
               101.6),
        Labels("a4-2x4", gettext_lazy("8 on a sheet: 105 × 74 mm"), 2, 4, 105, 74, top=0.5),
    )
}  # fmt: skip
ENVELOPES = {
    each.key: each
    for each in (
        Envelope("dl", gettext_lazy("DL, “euro”: 220 × 110 mm"), 220, 110),
        Envelope("c5", gettext_lazy("C5: 229 × 162 mm"), 229, 162),
        Envelope("c6", gettext_lazy("C6: 162 × 114 mm"), 162, 114),
    )
}
