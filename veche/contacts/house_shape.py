"""How the flats of a house lie: entrances, floors, numbers. Pure functions; nothing here knows of people.

Flats are numbered as in nearly every Russian house: the first entrance from its lowest floor up, then the next one.
Where a floor has fewer flats than the others it is the lowest one (shops, the store of prams). A house with another
order is told by the flats of each entrance (`ranges`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

MOST_ENTRANCES, MOST_FLOORS, MOST_FLATS = 60, 120, 5_000
HIGHEST_FLAT = 9_999
MOST_HINTS = 100  # that a guess looks at
# (floors, flats of a floor) of houses as they were built in series, the most usual first
USUAL = ((5, 4), (9, 4), (5, 3), (10, 4), (9, 6), (3, 4), (2, 4), (12, 4), (16, 4), (14, 4), (17, 4), (9, 8), (5, 8),
         (4, 4), (16, 6), (16, 8), (25, 8), (9, 3), (5, 2), (2, 2), (3, 2), (10, 8), (17, 8), (9, 2), (4, 2),
         (12, 8))  # fmt: skip
_RANGE = re.compile(r"(\d{1,4})(?:\s*(?:[-–—…]|\.\.|до)\s*(\d{1,4}))?")
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Shape:
    """`ranges` are (first, last) by entrance; where they are given they go before the even split."""

    entrances: int
    floors: int
    first_flat: int
    last_flat: int
    first_floor: int = 1
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def flats(self) -> int:
        return sum(last - first + 1 for first, last in ranges_of(self))


@dataclass(frozen=True)
class Floor:
    number: int
    flats: range


@dataclass(frozen=True)
class Entrance:
    """Its floors from the top down, as a house is drawn."""

    number: int
    first: int
    last: int
    floors: list[Floor] = field(default_factory=list)

    @property
    def widest(self) -> int:
        return max((len(floor.flats) for floor in self.floors), default=0)


def ranges_of(shape: Shape) -> tuple[tuple[int, int], ...]:
    """The first and the last flat of each entrance."""
    if shape.ranges:
        return shape.ranges
    count = shape.last_flat - shape.first_flat + 1
    levels = _levels(shape)
    each = _over(count, shape.entrances * levels) * levels
    if each * (shape.entrances - 1) >= count:  # whole floors would leave the last entrance empty
        each = _over(count, shape.entrances)
    starts = range(shape.first_flat, shape.last_flat + 1, each)
    return tuple((start, min(start + each - 1, shape.last_flat)) for start in starts)


def entrances_of(shape: Shape) -> list[Entrance]:
    """The whole house, entrance by entrance."""
    return [
        Entrance(number, first, last, _floors(shape, first, last))
        for number, (first, last) in enumerate(ranges_of(shape), 1)
    ]


def _floors(shape: Shape, first: int, last: int) -> list[Floor]:
    """From the top down: each floor full, what is left on the lowest one."""
    levels, left = _levels(shape), last
    each = _over(last - first + 1, levels)
    found = []
    for number in range(shape.first_floor + levels - 1, shape.first_floor - 1, -1):
        start = max(first, left - each + 1)
        if start <= left:
            found.append(Floor(number, range(start, left + 1)))
        left = start - 1
    return found


def _levels(shape: Shape) -> int:
    return max(1, shape.floors - shape.first_floor + 1)


def _over(whole: int, parts: int) -> int:
    return max(1, -(-whole // max(1, parts)))


def place_of(house: Sequence[Entrance], flat: int) -> tuple[int, int] | None:
    """(entrance, floor) of a flat; None for a number that the house does not have."""
    for entrance in house:
        if entrance.first <= flat <= entrance.last:
            return next(
                ((entrance.number, floor.number) for floor in entrance.floors if flat in floor.flats), None
            )
    return None


def numbers_of(shape: Shape) -> list[int]:
    """All numbers of flats, in order."""
    return [flat for first, last in sorted(ranges_of(shape)) for flat in range(first, last + 1)]


@dataclass(frozen=True)
class Hint:
    """What an address says of where a flat lies."""

    flat: int
    entrance: int | None = None
    floor: int | None = None


def guess(hints: Collection[Hint]) -> Shape | None:
    """The most usual house that has all these flats where their addresses say they are; None without any flat.

    Of the usual houses that contradict nothing the one with the fewest flats beyond the highest number, and of those
    the most usual. It is a guess: a person confirms it.
    """
    highest = max((hint.flat for hint in hints if 0 < hint.flat <= HIGHEST_FLAT), default=0)
    if not highest:
        return None
    told = [hint for hint in hints if hint.flat <= highest and (hint.entrance or hint.floor)][:MOST_HINTS]
    entrances = max((hint.entrance or 1 for hint in told), default=1)
    floors = max((hint.floor or 1 for hint in told), default=1)
    best: tuple[float, Shape] | None = None
    for rank, (levels, each) in enumerate(USUAL):
        least = max(entrances, _over(highest, levels * each))
        if levels < floors or least > 12:
            continue
        for count, first_floor in product((least, least + 1), (1, 2)):
            shape = Shape(count, levels + first_floor - 1, 1, count * levels * each, first_floor)
            house = entrances_of(shape)
            against = sum(not _agrees(house, hint) for hint in told)
            beyond = (shape.last_flat - highest) / shape.last_flat
            odd = rank * 0.05 + count * 0.06 + (first_floor - 1) * 0.6 + (count - least)
            cost = against * 10 + beyond * 4 + odd
            if best is None or cost < best[0]:
                best = (cost, shape)
    return best[1] if best else None


def _agrees(house: Sequence[Entrance], hint: Hint) -> bool:
    place = place_of(house, hint.flat)
    if place is None:
        return False
    entrance, floor = place
    return hint.entrance in (None, entrance) and hint.floor in (None, floor)


class BadRanges(ValueError):
    """The text does not say the flats of each entrance; `code` is "text", "order" or "overlap"."""

    def __init__(self, code: str, given: str) -> None:
        super().__init__(code, given)
        self.code, self.given = code, given


def read_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """«1-36, 37–70; 71» → the flats of each entrance, in the order in which they stand."""
    found: list[tuple[int, int]] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _RANGE.match(text, place)
        if match is None:
            raise BadRanges("text", text[place : place + 20])
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 < first <= last:
            raise BadRanges("order", match[0])
        if any(first <= other_last and last >= other for other, other_last in found):
            raise BadRanges("overlap", match[0])
        found.append((first, last))
        between = _BETWEEN.match(text, match.end())
        if between is None and match.end() < len(text):
            raise BadRanges("text", text[match.end() : match.end() + 20])
        place = between.end() if between else match.end()
    return tuple(found)


def written_ranges(ranges: Iterable[Sequence[int]]) -> str:
    """Ranges as they are typed: «1–36, 37–70»."""
    return ", ".join(f"{first}–{last}" if last > first else f"{first}" for first, last in ranges)


def in_short(numbers: Iterable[int]) -> str:
    """Numbers with neighbours drawn together: «3, 7–12, 15»."""
    stretches: list[list[int]] = []
    for number in sorted(set(numbers)):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return written_ranges(stretches)


def flat_number(text: str) -> int | None:
    """The number of a flat where it is a plain one; None for «12А», «оф. 3»."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) else None
