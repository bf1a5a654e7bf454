"""The PDF of labels and envelopes. Drawn line by line: a sheet of labels needs no layout, and thousands of letters are
drawn in a second (`docs/decisions/0011-letters-are-drawn-with-fpdf2.md`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fpdf import FPDF

from veche.exchange.letters.addressing import Recipient
from veche.exchange.letters.sheets import A4, Envelope, Labels
from veche.exchange.letters.stamp import DIGIT_HEIGHT, DIGIT_WIDTH, EVERY, STEP, STROKES

FONT = "Golos Text"
POINT = 25.4 / 72  # millimetres
LARGEST, SMALLEST = 11.0, 6.0  # points of a label's letters
LINE = 1.25  # of the size of its letters
INSIDE = 3.5  # millimetres between a label's edge and its text
MUTE, GRID = 110, 190  # greys
_KEPT = re.compile(r"(\w\.) (?=\S)")  # «кв. 45» is not parted


@dataclass(frozen=True)
class Sender:
    """Who writes: `lines` of name and address, with the postcode apart."""

    name: str = ""
    address: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Words:
    """What stands printed on an envelope, in the language of the post."""

    sender: str = "От кого"
    sender_place: str = "Откуда"
    to: str = "Кому"
    place: str = "Куда"
    postcode: str = "Индекс"


class _Paper(FPDF):
    """A document that remembers how wide words are: millimetres for a point of their size."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.widths: dict[str, float] = {}


def draw_labels(
    path: Path, font: Path, sheet: Labels, letters: Iterable[Recipient], *, first: int = 1
) -> int:
    """Write sheets of labels, beginning at label `first` of the first sheet; returns how many labels."""
    pdf, drawn, at = _document(font, A4), 0, first - 1
    for letter in letters:
        if drawn == 0 or at % sheet.on_sheet == 0:
            pdf.add_page()
        left, top = sheet.place(at % sheet.on_sheet)
        lines = [letter.to, *letter.lines, letter.postcode]
        _text_box(
            pdf, lines, left + INSIDE, top + INSIDE, sheet.width - 2 * INSIDE, sheet.height - 2 * INSIDE
        )
        drawn, at = drawn + 1, at + 1
    pdf.output(str(path))
    return drawn


def draw_envelopes(
    path: Path, font: Path, envelope: Envelope, letters: Iterable[Recipient], sender: Sender, *, stamp: bool
) -> int:
    """Write an envelope a page: the sender above on the left, the recipient below on the right; returns how many."""
    pdf, drawn, words = _document(font, (envelope.width, envelope.height)), 0, Words()
    for letter in letters:
        pdf.add_page()
        _sender(pdf, envelope, sender, words)
        _recipient(pdf, envelope, letter, words)
        if stamp:
            _stamp(pdf, letter.postcode, 14, envelope.height - 14 - DIGIT_HEIGHT)
        drawn += 1
    pdf.output(str(path))
    return drawn


def _document(font: Path, size: tuple[float, float]) -> _Paper:
    pdf = _Paper(unit="mm", format=size)
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_font(FONT, fname=str(font))
    pdf.set_font(FONT, size=LARGEST)
    return pdf


def _sender(pdf: _Paper, envelope: Envelope, sender: Sender, words: Words) -> None:
    if not (sender.name or sender.address):
        return
    width = envelope.width * 0.42
    y = _captioned(pdf, words.sender, [sender.name], 12, 12, width, 9)
    y = _captioned(pdf, words.sender_place, [sender.address], 12, y + 1, width, 9)
    _captioned(pdf, words.postcode, [sender.postcode], 12, y + 1, width, 9)


def _recipient(pdf: _Paper, envelope: Envelope, letter: Recipient, words: Words) -> None:
    left = envelope.width * 0.46
    width = envelope.width - left - 12
    top = envelope.height * 0.46
    y = _captioned(pdf, words.to, [letter.to], left, top, width, LARGEST)
    y = _captioned(pdf, words.place, list(letter.lines), left, y + 1.5, width, LARGEST)
    _captioned(pdf, words.postcode, [letter.postcode], left, y + 1.5, width, LARGEST)


def _captioned(
    pdf: _Paper, caption: str, lines: Sequence[str], left: float, top: float, width: float, size: float
) -> float:
    """A small grey caption before the lines; returns where the last one ends. Nothing for nothing."""
    lines = [line for line in lines if line]
    if not lines:
        return top
    gap = 15.0
    pdf.set_font_size(7)
    pdf.set_text_color(MUTE)
    pdf.text(left, top + size * POINT, caption)
    pdf.set_text_color(0)
    pdf.set_font_size(size)
    for line in _wrapped(pdf, lines, width - gap, size):
        pdf.text(left + gap, top + size * POINT, line)
        top += size * POINT * LINE
    return top


def _text_box(
    pdf: _Paper, lines: Sequence[str], left: float, top: float, width: float, height: float
) -> None:
    """Lines in a box, in the largest letters with which all of them fit."""
    size, lines = LARGEST, [line for line in lines if line]
    while len(told := _wrapped(pdf, lines, width, size)) * size * POINT * LINE > height and size > SMALLEST:
        size -= 0.5
    pdf.set_font_size(size)
    for n, line in enumerate(told[: max(1, int(height / (size * POINT * LINE)))]):
        pdf.text(left, top + size * POINT + n * size * POINT * LINE, line)


def _wrapped(pdf: _Paper, lines: Iterable[str], width: float, size: float) -> list[str]:
    told: list[str] = []
    blank = _width(pdf, " ", size)
    for line in lines:
        begun, reached = "", 0.0
        for word in _KEPT.sub("\\1\u00a0", line).split(" "):
            wide = _width(pdf, word, size)
            if begun and reached + blank + wide > width:
                told.append(begun)
                begun, reached = word, wide
            else:
                reached += wide + (blank if begun else 0)
                begun = f"{begun} {word}" if begun else word
        told += _cut(pdf, begun, width, size)
    return told


def _width(pdf: _Paper, text: str, size: float) -> float:
    """Millimetres. Asked once for each word: most words of addresses come again and again."""
    if text not in pdf.widths:
        pdf.widths[text] = pdf.get_string_width(text) / pdf.font_size_pt
    return pdf.widths[text] * size


def _cut(pdf: _Paper, word: str, width: float, size: float) -> list[str]:
    """A word that is longer than the line, in pieces."""
    pieces = []
    while " " not in word and len(word) > 1 and (wide := _width(pdf, word, size)) > width:
        fits = max(1, int(len(word) * width / wide))
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def _stamp(pdf: _Paper, postcode: str, left: float, top: float) -> None:
    """The digits as machines read them: every stroke of the grid in pale dots, those of the digit in black."""
    for n in range(6):
        x = left + n * STEP
        pdf.set_draw_color(GRID)
        pdf.set_line_width(0.2)
        pdf.set_dash_pattern(dash=0.3, gap=0.7)
        _strokes(pdf, EVERY, x, top)
        pdf.set_dash_pattern()
        pdf.set_draw_color(0)
        pdf.set_line_width(0.8)
        _strokes(pdf, STROKES.get(postcode[n : n + 1], ()), x, top)


def _strokes(
    pdf: _Paper, strokes: Iterable[tuple[tuple[int, int], tuple[int, int]]], x: float, y: float
) -> None:
    unit = DIGIT_HEIGHT / 2
    for (x1, y1), (x2, y2) in strokes:
        pdf.line(x + x1 * DIGIT_WIDTH, y + y1 * unit, x + x2 * DIGIT_WIDTH, y + y2 * unit)
