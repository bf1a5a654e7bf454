"""Numbers of houses, blocks, flats: «12», «12а», «12/3», «12-34», «12 "А"», «XI», behind a mark, before one, bare."""

from __future__ import annotations

from collections.abc import Iterator

from veche.addresses.parsing.shape import Piece, Shape, at

_LETTERED = frozenset({"block", "building", "letter", "flat"})
_ASIDE = frozenset({"entrance", "floor", "intercom", "box", "phone"})


def numbers(shape: Shape, start: int, *, lettered: bool = False) -> list[tuple[int, float]]:
    """Ends and costs of the numbers that begin here: «12», «12а», «12/3», «12-34», «12 "А"», «П1», «XI», «А»."""
    kind = at(shape, start)
    form = kind.form
    if form == "n":
        return _digits(shape, start, 0.0, 0)
    if form == "r":
        return [(start + 1, 0.1), *((end, 0.1) for end in letter_behind(shape, start + 1))]
    if form == "l":
        after = at(shape, start + 1)
        found = [
            (start + 1, (0.05 if lettered else 0.7) + (0.5 if after.form == "n" and kind.marks else 0.0))
        ]
        if after.form == "n" and (kind.glued or lettered) and not kind.stop:
            found += [(end, cost + 0.1) for end, cost in _digits(shape, start + 1, 0.0, 1)]
        if after.form in "-/" and after.glued and at(shape, start + 2).form == "n":
            found += [(end, cost + 0.2) for end, cost in _digits(shape, start + 2, 0.0, 1)]
        return found
    if form == "w" and lettered and "short" in kind.known:
        return [(start + 1, 0.2)]
    if form == "q" and at(shape, start + 1).form == "l" and at(shape, start + 2).form == "q":
        return [(start + 3, 0.1 if lettered else 0.8)]
    return []


def _digits(shape: Shape, start: int, cost: float, depth: int) -> list[tuple[int, float]]:
    size = shape[start].size
    cost += 0.0 if size <= 4 else 0.5 if size == 5 else 1.5 if size == 6 else 4.0
    found = [(start + 1, cost)]
    for end in letter_behind(shape, start + 1):
        penalty = 0.0 if shape[start].glued else 0.12
        found.append((end, cost + penalty))
        if depth < 3:
            found += _joined(shape, end, cost + penalty, depth)
    if depth < 3:
        found += _joined(shape, start + 1, cost, depth)
    return found


def _joined(shape: Shape, position: int, cost: float, depth: int) -> list[tuple[int, float]]:
    """What follows a number behind a slash or a dash."""
    sign = at(shape, position).form
    if sign not in ("/", "-"):
        return []
    after = at(shape, position + 1)
    if after.form == "n":
        return _digits(shape, position + 1, cost + 0.02, depth + 1)
    if after.form == "r":
        return [(position + 2, cost + 0.1)]
    if after.form == "l" and at(shape, position + 2).form == "n" and after.glued and not after.stop:
        return [(end, extra + 0.1) for end, extra in _digits(shape, position + 2, cost, depth + 1)]
    return []


def letter_behind(shape: Shape, position: int) -> list[int]:
    """Where a house's letter ends: «9а», «9 А», «9-А», «9/А», «9 "А"»."""
    kind = at(shape, position)
    if kind.form in "-/":
        position += 1
        kind = at(shape, position)
        if kind.form not in "lq":
            return []
    if kind.form == "q" and at(shape, position + 1).form == "l" and at(shape, position + 2).form == "q":
        return [position + 3]
    if kind.form == "w" and "short" in kind.known and at(shape, position - 1).glued:
        return [position + 1]
    after = at(shape, position + 1)
    if kind.form != "l" or ("join" in kind.known and after.types):
        return []
    if after.form in "n№" and (kind.marks or kind.stop):
        return []
    if kind.stop and ((kind.types and after.form in "wlo") or (kind.marks and not shape[position - 1].glued)):
        return []
    if (
        kind.types
        and not kind.marks
        and after.form == "w"
        and not shape[position - 1].glued
        and not (after.types or after.marks)
    ):
        return []
    return [position + 1]


def marked_numbers(shape: Shape, start: int) -> Iterator[Piece]:
    """«д. 5», «корп 2», «лит. А», «кв № 7», «пом. XI»."""
    kind = shape[start]
    begin = start + 1
    skipped = 0
    while at(shape, begin).form in (".", ":", "№", "q", "-", "#", ",") and skipped < 3:
        if shape[begin].form == "q" and at(shape, begin + 2).form == "q":
            break
        if shape[begin].form == "," and (skipped or not kind.full):
            break
        begin += 1
        skipped += 1
    for label in kind.marks:
        lettered = label in _LETTERED
        for end, cost in numbers(shape, begin, lettered=lettered):
            only_letter = at(shape, begin).form in "lqw"
            if label == "letter" and not only_letter:
                cost += 0.25
            if kind.form == "l":
                cost += 0.02
                if label == "building" and only_letter:
                    cost += 0.3
                if label == "flat":
                    cost += 0.2
            if label == "flat" and only_letter:
                cost += 0.4
            yield Piece(label, start, end, cost + 0.02 * skipped, (start, start + 1), (begin, end))


def bare_numbers(shape: Shape, start: int) -> Iterator[Piece]:
    bracketed = 1.0 if start and shape[start - 1].form == "(" else 0.0
    for end, cost in numbers(shape, start):
        span = (start, end)
        cost += bracketed
        yield Piece("number", start, end, cost, name=span, bare=True)
        mark = at(shape, end)
        if mark.form == "w" and mark.marks:
            follows = at(shape, end + 1).form in "n№" or (
                at(shape, end + 1).form in ".:" and at(shape, end + 2).form in "n№"
            )
            for label in mark.marks:
                extra = 0.05 if label in _ASIDE else 0.35
                yield Piece(label, start, end + 1, cost + extra + 1.2 * follows, (end, end + 1), span)
