"""A block of elements as columns: thousands of elements that are written alike are cut at one go.

Elements are alike when their quotation marks stand at the same places among their names: an element with as many of
them as a pattern, as long a text between each two values, and the same letters before each value that is wanted. That
is proved for every element, so that none is taken for what it is not; the others are given back as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from veche.addresses.register.schema import Table

Array = np.ndarray[Any, Any]
MOST_SHAPES = 6  # ways of writing an element that are tried in a block
MOST_DISTANCES = 24  # of the TYPEID from the beginning of an element, in a block
TYPE_SIGN = b' TYPEID="'
WORD = 8  # letters that are looked at together
MOST_DIGITS = 2 * WORD
KEPT = np.array(
    [0, *(2**64 - 2 ** (8 * (WORD - n)) for n in range(1, WORD + 1))], np.uint64
)  # the last n letters
NAMES = re.compile(rb'([A-Z][A-Z0-9]*)="[^"<]*"')
OPENING, MARK = ord("<"), ord('"')


class Odd(Exception):
    """A value that is not what its column holds: the block is to be read by another."""


@dataclass(frozen=True)
class Columns:
    """Elements that are written alike. `starts` and `ends`: by attribute, where its value stands in `text`."""

    text: bytes
    buffer: Array
    words: Array
    starts: dict[str, Array]
    ends: dict[str, Array]
    count: int

    def __contains__(self, name: str) -> bool:
        return name in self.starts

    def where(self, kept: Array) -> Columns:
        starts = {name: at[kept] for name, at in self.starts.items()}
        ends = {name: at[kept] for name, at in self.ends.items()}
        return Columns(self.text, self.buffer, self.words, starts, ends, int(np.count_nonzero(kept)))

    def widths(self, name: str) -> Array:
        return self.ends[name] - self.starts[name]

    def letters(self, name: str, width: int) -> Array:
        """Values as rows of `width` letters; what is behind a value is 0. `Odd` where one is longer."""
        widths = self.widths(name)
        if self.count and int(widths.max()) > width:
            raise Odd
        at = self.starts[name][:, None] + np.arange(width)
        found = self.buffer[np.minimum(at, len(self.buffer) - 1)]
        found[np.arange(width) >= widths[:, None]] = 0
        return found

    def numbers(self, name: str) -> Array:
        """Values as whole numbers. `Odd` where one is none."""
        ends = self.ends[name]
        if not self.count:
            return np.zeros(0, np.int64)
        widths = ends - self.starts[name]
        width = int(widths.max())
        if not widths.all() or width > MOST_DIGITS:
            raise Odd
        value = _eight_digits(self.words[ends - WORD], np.minimum(widths, WORD))
        if width > WORD:
            more = _eight_digits(self.words[ends - 2 * WORD], np.clip(widths - WORD, 0, WORD))
            value += more * 10**WORD
        return value

    def is_sign(self, name: str, sign: str) -> Array:
        """For each element whether the value is this one sign."""
        return (self.widths(name) == 1) & (self.buffer[self.starts[name]] == ord(sign))

    def is_number(self, name: str, most: int) -> Array:
        """For each element whether the value is of one to `most` digits."""
        widths = self.widths(name)
        good = (widths > 0) & (widths <= most)
        letters = self.buffer[np.minimum(self.starts[name][:, None] + np.arange(most), len(self.buffer) - 1)]
        return good & ((letters - ord("0") <= 9) | (np.arange(most) >= widths[:, None])).all(axis=1)

    def rows(self, names: tuple[str, ...]) -> list[tuple[bytes, ...]]:
        """Values as `Matcher` gives them."""
        return list(zip(*(self._values(name) for name in names), strict=True))

    def _values(self, name: str) -> list[bytes]:
        if name not in self:
            return [b""] * self.count
        places = zip(self.starts[name].tolist(), self.ends[name].tolist(), strict=True)
        return [self.text[start:end] for start, end in places]


def sift(text: bytes, kinds: Sequence[str]) -> tuple[bytes, int] | None:
    """(the elements whose TYPEID is one of `kinds`, how many elements there were); None where one may have none.

    Most parameters are of other kinds, and nothing but this is looked at of them: how far from its beginning an element
    says its TYPEID is the same for very many, as all that stands before are numbers.
    """
    padded = text + bytes(3 * WORD)
    buffer = np.frombuffer(padded, np.uint8)
    words = np.ndarray((len(text) + 2 * WORD,), "<u8", padded, 0, (1,))
    opened = np.flatnonzero(buffer == OPENING)
    ends = np.append(opened[1:], len(text))
    wanted = np.zeros(len(opened), bool)
    left = np.arange(len(opened))
    sign = int.from_bytes(TYPE_SIGN[:WORD], "little")
    for _n in range(MOST_DISTANCES):
        if not len(left):
            pieces = zip(opened[wanted].tolist(), ends[wanted].tolist(), strict=True)
            return b"".join([text[start:end] for start, end in pieces]), len(opened)
        first = int(opened[left[0]])
        far = text.find(TYPE_SIGN, first, int(ends[left[0]])) - first
        if far < 0:
            return None
        at = opened[left] + far
        within = np.flatnonzero(at < ends[left])
        here = within[words[at[within]] == sign]
        values = words[at[here] + len(TYPE_SIGN)]
        for kind in kinds:
            wanted[left[here[_begins(values, f'{kind}"'.encode())]]] = True
        others = np.ones(len(left), bool)
        others[here] = False
        left = left[others]
    return None


def cut(table: Table, text: bytes, *, kinds: Sequence[str] = ()) -> tuple[list[Columns], bytes, int]:
    """(columns of like elements, the other elements as they are, how many elements there are) of whole elements.

    `kinds` leaves out those whose TYPEID is another, where `sift` has not done so.
    """
    padded = text + bytes(2 * WORD)
    buffer = np.frombuffer(padded, np.uint8)
    words = np.ndarray((len(text) + WORD,), "<u8", padded, 0, (1,))
    signs = np.flatnonzero((buffer == OPENING) | (buffer == MARK))
    is_opening = buffer[signs] == OPENING
    openings = np.flatnonzero(is_opening)
    opened, marks = signs[openings], signs[~is_opening]
    first = openings - np.arange(len(openings))  # of an element, the number of its first quotation mark
    counts = np.diff(first, append=len(marks))
    left = np.ones(len(opened), bool)
    ends = np.append(opened[1:], len(text))
    found: list[Columns] = []
    for _n in range(MOST_SHAPES):
        pattern = int(left.argmax()) if len(left) else 0
        if not len(left) or not left[pattern]:
            break
        shape = _shape(table, text[opened[pattern] : ends[pattern]])
        if shape is None:
            break
        width = 2 * len(shape.names)
        like = np.flatnonzero(left & (counts == width))
        if len(like) * width == len(marks):
            at = marks.reshape(-1, width)
        else:
            at = marks[first[like][:, None] + np.arange(width)]
        if kinds:
            other = _of_another_kind(words, at, shape, kinds)
            left[like[other]] = False
            like, at = like[~other], at[~other]
        same = _is_alike(words, opened[like], at, shape, table.wanted)
        if not same.any():
            if kinds and not left[pattern]:
                continue
            break
        left[like[same]] = False
        found.append(_columns(table, shape, text, buffer, words, at if same.all() else at[same]))
    rest = b"".join(text[opened[n] : ends[n]] for n in np.flatnonzero(left))
    return found, rest, len(opened)


def _columns(table: Table, shape: Shape, text: bytes, buffer: Array, words: Array, at: Array) -> Columns:
    places = {name: n for n, name in enumerate(shape.names) if name in table.wanted}
    starts = {name: at[:, 2 * n] + 1 for name, n in places.items()}
    ends = {name: at[:, 2 * n + 1] for name, n in places.items()}
    return Columns(text, buffer, words, starts, ends, len(at))


@dataclass(frozen=True)
class Shape:
    """How an element is written: the names of its attributes, what stands before each value and behind the last."""

    names: tuple[str, ...]
    before: tuple[bytes, ...]  # of the first with the name of the element
    behind: bytes


def _shape(table: Table, element: bytes) -> Shape | None:
    """None where it is not written as the register writes it."""
    pieces = element.rstrip().split(b'"')
    before = tuple(pieces[0:-1:2])
    names = tuple(name.decode() for name in NAMES.findall(element))
    order = [table.attributes.index(name) for name in names if name in table.attributes]
    needed = {name for name in table.wanted if name not in table.optional}
    if (
        len(pieces) != 2 * len(names) + 1
        or pieces[-1].strip() != b"/>"
        or len(pieces[-1]) > WORD
        or len(order) != len(names)
        or order != sorted(set(order))
        or not needed.issubset(names)
        or before[0] != f"<{table.element} {names[0]}=".encode()
        or any(gap != f" {name}=".encode() for gap, name in zip(before[1:], names[1:], strict=True))
    ):
        return None
    return Shape(names, before, pieces[-1])


def _is_alike(words: Array, opened: Array, at: Array, shape: Shape, wanted: tuple[str, ...]) -> Array:
    """For each element whether it is written in that shape; `at`: where its quotation marks stand.

    A name is known by its length and its last eight letters: no two of the register have both in common.
    """
    same = at[:, 0] - opened == len(shape.before[0])
    for n, gap in enumerate(shape.before):
        if n:
            same &= at[:, 2 * n] - at[:, 2 * n - 1] == len(gap) + 1
        if n == 0 or shape.names[n] in wanted:
            same &= _reads(words, at[:, 2 * n] - WORD, gap[-WORD:].rjust(WORD, b"\0"), len(gap))
    if shape.before[0][:-WORD]:
        same &= _reads(words, opened, shape.before[0][:WORD], WORD)
    return same & _begins(words[at[:, -1] + 1], shape.behind)


def _of_another_kind(words: Array, at: Array, shape: Shape, kinds: Sequence[str]) -> Array:
    """For each element whether its TYPEID is none of `kinds`, and is where the shape has it."""
    n = shape.names.index("TYPEID")
    values = words[at[:, 2 * n] + 1]
    wanted = np.zeros(len(at), bool)
    for kind in kinds:
        wanted |= _begins(values, f'{kind}"'.encode())
    return ~wanted & _reads(words, at[:, 2 * n] - WORD, b" TYPEID=", WORD)


def _begins(words: Array, letters: bytes) -> Array:
    """For each eight letters whether they begin with these."""
    return words & np.uint64(2 ** (8 * len(letters)) - 1) == int.from_bytes(letters, "little")


def _reads(words: Array, at: Array, letters: bytes, length: int) -> Array:
    """For each place whether the last `length` of these eight letters stand there."""
    return words[at] & KEPT[min(length, WORD)] == int.from_bytes(letters, "little")


def _eight_digits(word: Array, widths: Array) -> Array:
    """The last `widths` of eight letters as a number: pairs of digits are put together, then pairs of pairs."""
    word = (word ^ np.uint64(0x3030303030303030)) & KEPT[widths]
    if ((word + np.uint64(0x7676767676767676) | word) & np.uint64(0x8080808080808080)).any():
        raise Odd
    word = word * np.uint64(10 * 2**8 + 1) >> np.uint64(8) & np.uint64(0x00FF00FF00FF00FF)
    word = word * np.uint64(100 * 2**16 + 1) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    word = word * np.uint64(10_000 * 2**32 + 1) >> np.uint64(32)
    return word.astype(np.int64)
