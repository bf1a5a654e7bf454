"""What may begin at a token: a place with its type, a place without, a number behind its mark, a bare number.

Works on the shape alone. A cost says how odd a reading is: 0 nothing to wonder at, 1 a guess, 2 and more a last resort.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from veche.addresses.parsing.lexicon import Kind

Shape = tuple[Kind, ...]
Span = tuple[int, int]
NOWHERE: Span = (0, 0)
END = Kind("$")

_LONGEST_NAME = 7
_BARE_WORDS = 4
_WIDE = frozenset({"region", "district", "city"})
_TOWNS = frozenset({"city", "federal city", "region alone"})
_NUMBERED = frozenset({"area", "kilometre"})
_NO_NAME = frozenset({"remark", "organisation", "country"})
_LETTERED = frozenset({"block", "building", "letter", "flat"})
_ASIDE = frozenset({"entrance", "floor", "intercom", "box", "phone"})


class Piece(NamedTuple):
    """One reading of the tokens from `start` to `end`: what it is, where its type or mark stands and where its name."""

    label: str
    start: int
    end: int
    cost: float
    type: Span = NOWHERE
    name: Span = NOWHERE
    bare: bool = False


class Name(NamedTuple):
    """A run of tokens that may be a name: its end, its cost, how many words, whether only numerals, any type word."""

    end: int
    cost: float
    words: int
    only_numerals: bool
    odd: bool


def pieces_at(shape: Shape, start: int) -> list[Piece]:
    """Every piece that may begin at this token."""
    kind = shape[start]
    form = kind.form
    found: list[Piece] = []
    if form == "l" and start and shape[start - 1].form == "," and at(shape, start + 1).form in ",$":
        found.append(Piece("number", start, start + 1, 0.3, name=(start, start + 1), bare=True))
    if form in "wlo":
        if kind.types:
            found += _type_first(shape, start)
        if form != "o" and kind.marks:
            found += _marked_numbers(shape, start)
        found += _named(shape, start)
        if form == "w":
            found += _known_alone(shape, start)
    elif form == "r":
        found += _named(shape, start)
    elif form == "n":
        if kind.size == 6:
            found.append(Piece("postcode", start, start + 1, 0.0, name=(start, start + 1)))
        found += _named(shape, start)
        found += _bare_numbers(shape, start)
        found += _numbered_places(shape, start)
        found += _region_code(shape, start)
    elif form == "q":
        found += _named(shape, start)
    elif form == "(":
        found += _bracket(shape, start)
    if "organisation" in kind.known:
        found += _organisation(shape, start)
    return found


def at(shape: Shape, position: int) -> Kind:
    """The kind at a position; END behind the last."""
    return shape[position] if position < len(shape) else END


# --- names


def names(shape: Shape, start: int, *, numbers_too: bool = False) -> list[Name]:
    """Every name that begins here, shorter before longer."""
    found: list[Name] = []
    cost, words, numerals, quotes, odd = 0.0, 0, 0, 0, False
    position, last = start, min(len(shape), start + _LONGEST_NAME)
    while position < last:
        kind = shape[position]
        form = kind.form
        ends = True
        if form == "w":
            extra = _word_in_name(shape, position, start, special=not numbers_too)
            if extra is None:
                break
            cost += extra + (0.1 if words else 0.0)
            odd = odd or bool(kind.types)
            words += 1
        elif form == "o":
            numerals += 1
            cost += 0.04
        elif form == "r":
            numerals += 1
            cost += 0.25
        elif form == "n":
            extra = _number_in_name(shape, position, start, numbers_too)
            if extra is None:
                break
            numerals += 1
            cost += extra
            ends = numbers_too
        elif form == "l":
            extra = _letter_in_name(shape, position, start)
            if extra is None:
                break
            cost += extra
            ends = words > 0 or numbers_too
            if not ends and "shortened" not in kind.known:
                cost += 0.05
        elif form == "q":
            quotes += 1
            ends = bool(words or numerals)
        elif form in "-№" and (position > start or form == "№") and at(shape, position + 1).form in "wno":
            if form == "-" and at(shape, position + 1).form == "n" and not numbers_too:
                if not (kind.glued and words):
                    break
                position += 1
                cost += 0.15
            cost += 0.2
            ends = shape[position].form == "n"
        else:
            break
        position += 1
        if ends and (words or numerals or numbers_too):
            found.append(Name(position, cost, words, not words, odd))
        if kind.stop and form == "w" and "shortened" not in kind.known:
            break
    return found


def _word_in_name(shape: Shape, position: int, start: int, *, special: bool) -> float | None:
    """What a word costs inside a name; None where it ends one."""
    kind = shape[position]
    known = kind.known
    if known & _NO_NAME:
        return None
    cost = 0.0
    if kind.types or kind.marks:
        if not kind.full:
            if position == start and "shortened" in known:
                return 0.4
            if not special or position == start or "street" not in kind.types or kind.marks:
                return None
            return 0.35
        if "street" in kind.types and not kind.marks:
            cost += 0.3
        elif kind.types & _WIDE or kind.marks:
            cost += 1.5
        else:
            cost += 0.35 if position > start else 0.9
    if position > start:
        if "region alone" in known:
            cost += 1.2
        elif "city" in known:
            cost += 0.4 if kind.adjective or shape[position - 1].form == "q" else 1.1
    if "tag" in known:
        cost += 0.6
    if "comment" in known:
        if position > start:
            return None
        cost += 0.6
    if "person" in known:
        cost += 0.5
    return cost


def _number_in_name(shape: Shape, position: int, start: int, numbers_too: bool) -> float | None:
    after = at(shape, position + 1)
    if shape[position].size > 4:
        return None
    if after.form == "w" and not after.marks and (after.full or not after.types):
        if "date" in after.known:
            return 0.02
        return None if position > start and not numbers_too else 0.45
    return (0.1 if position == start else 0.3) if numbers_too else None


def _letter_in_name(shape: Shape, position: int, start: int) -> float | None:
    """An initial, or «Б.» for Большая; a letter that marks the number behind it ends the name."""
    kind, after = shape[position], at(shape, position + 1)
    if after.form == "n" and (kind.marks or kind.types):
        return None
    if position > start and shape[position - 1].form == "n":
        return 0.1 if shape[position - 1].glued and after.form != "n" else None
    cost = 0.1 if kind.stop else 0.35
    if kind.marks or (kind.types and position > start):
        cost += 0.3 if kind.stop else 0.6
        if "city" in kind.types:
            cost += 1.0
    if after.form in ",$;" and position == start:
        return None
    return cost


# --- places


def _gap(shape: Shape, position: int) -> int:
    """Signs between a type word and its name: «ул.: "Мира"»."""
    while at(shape, position).form in (":", "."):
        position += 1
    return position


def _fits(level: str, shape: Shape, span: Span, name: Name, *, type_first: bool) -> float | None:
    """What it costs that this name is of this level; None where it cannot be."""
    first = shape[span[0]]
    known = first.known
    if level == "region":
        return 0.0 if "region" in known and name.words <= 1 and span[1] - span[0] == 1 else None
    if name.only_numerals:
        return 0.05 if level in ("area", "kilometre") else (0.4 if level == "street" else None)
    if level == "kilometre":
        return None
    if level == "city":
        longer = 0.6 * (span[1] - span[0] > 1) if known & {"city", "federal city"} else 0.12
        return longer + 0.15 * (name.words > 2) + 0.4 * name.odd
    cost = 0.02 + 0.6 * (level == "district" and first.form == "l")
    if name.words > 3:
        cost += 0.2
    if level in ("district", "commune"):
        return cost + 0.3 * (name.words > 2) + 0.5 * name.odd + (0.0 if type_first else 0.05)
    if level == "settlement" and name.odd:
        cost += 0.2
    return cost


def _type_first(shape: Shape, start: int) -> Iterator[Piece]:
    """«ул. Мира», «обл Омская», «г. Москва», «мкр. 5», «ул. Ордынский, туп,»."""
    kind = shape[start]
    begin = _gap(shape, start + 1)
    if begin >= len(shape):
        return
    if (
        kind.form == "l"
        and shape[begin].form == "n"
        and not kind.stop
        and "date" not in at(shape, begin + 1).known
    ):
        if kind.marks:
            return
    plain = names(shape, begin)
    numbered = names(shape, begin, numbers_too=True) if kind.types & _NUMBERED else []
    for level in kind.types:
        for name in numbered if level in _NUMBERED else plain:
            cost = _fits(level, shape, (begin, name.end), name, type_first=True)
            if cost is None:
                continue
            cost += name.cost
            if kind.marks and kind.form == "w" and level != "area":
                cost += 0.3
            if kind.form == "l":
                cost += (0.05 if not kind.stop else 0.0) + 0.3 * (level == "district")
            place = _place(level, shape, begin)
            yield Piece(place, start, name.end, cost, (start, start + 1), (begin, name.end))
            if level == "street" and shape[begin].full and not shape[begin].types & _WIDE and name.words > 1:
                cost -= 0.4  # «ул. Посёлок строителей»
            if level == "street" and at(shape, name.end).form == ",":
                after = at(shape, name.end + 1)
                if "street" in after.types and at(shape, name.end + 2).form in ",$":
                    yield Piece(
                        place, start, name.end + 2, cost + 0.1, (start, start + 1), (begin, name.end + 2)
                    )
        if (
            level == "area"
            and kind.full
            and shape[begin].form in ",;"
            and shape[max(start - 1, 0)].form in ",;"
        ):
            yield Piece("junk", start, start + 1, 0.6)
        if level == "settlement" and "kilometre" in at(shape, begin + 1).types and shape[begin].form in "no":
            yield Piece(level, start, begin + 2, 0.1, (start, start + 1), (begin, begin + 2))
        if level == "kilometre":
            yield from _road_kilometre(shape, start, begin)
        if level == "street" and shape[begin].form == "n":
            yield Piece("street", start, begin + 1, 0.9, (start, start + 1), (begin, begin + 1))
    yield from _region_appendix(shape, start, begin)


def _road_kilometre(shape: Shape, start: int, begin: int) -> Iterator[Piece]:
    """«км. Московский тракт 8», as the state register has it."""
    for name in names(shape, begin):
        if name.words and at(shape, name.end).form == "n":
            yield Piece(
                "street", start, name.end + 1, name.cost + 0.1, (start, start + 1), (begin, name.end + 1)
            )


def _region_appendix(shape: Shape, start: int, begin: int) -> Iterator[Piece]:
    """«Республика Татарстан (Татарстан)», «Чувашская Республика - Чувашия»: handled behind the name."""
    if "region" in shape[start].types and "region" in shape[begin].known:
        end = _appendix(shape, begin + 1)
        if end:
            yield Piece("region", start, end, 0.02, (start, start + 1), (begin, begin + 1))


def _appendix(shape: Shape, position: int) -> int:
    form = at(shape, position).form
    if form in "-(/" and "region" in at(shape, position + 1).known:
        closing = 1 if at(shape, position + 2).form in ")/" else 0
        return position + 2 + closing
    if "region" in at(shape, position).known and "federal city" not in at(shape, position).known:
        if "region alone" in shape[position].known and "city" not in shape[position].known:
            return position + 1
    return 0


def _place(level: str, shape: Shape, name_start: int) -> str:
    return "region" if level == "city" and "federal city" in shape[name_start].known else level


def _named(shape: Shape, start: int) -> Iterator[Piece]:
    """«Мира ул.», «Омская обл», «Москва г», «Тольятти, г,», and names without any type."""
    for name in names(shape, start):
        span = (start, name.end)
        yield from _type_behind(shape, start, name, name.end, 0.0)
        if at(shape, name.end).form == "," and at(shape, name.end + 2).form in ",$":
            yield from _type_behind(shape, start, name, name.end + 1, 0.25)
        if name.words and name.words <= _BARE_WORDS:
            behind = at(shape, name.end)
            cost = (
                name.cost + 0.2 * (name.words - 1) + (1.0 if "person" in shape[name.end - 1].known else 0.0)
            )
            if shape[start].known & _TOWNS and not shape[start].adjective:
                cost += 0.8
            if shape[start].form == "l" and "city" in shape[start].types:
                cost += 0.6
            numbered = (
                behind.form in "n№"
                or behind.marks
                or (
                    behind.form in ",."
                    and (at(shape, name.end + 1).form in "n№" or at(shape, name.end + 1).marks)
                )
            )
            toponym = 0.4 * (name.words == 1 and "toponym" in shape[start].known)
            yield Piece(
                "street", start, name.end, cost + toponym + (0.9 if numbered else 1.7), name=span, bare=True
            )
            if not name.odd:
                yield Piece("area", start, name.end, cost + 1.0, name=span, bare=True)
                yield Piece("settlement", start, name.end, cost + 1.2 - toponym, name=span, bare=True)


def _type_behind(shape: Shape, start: int, name: Name, type_at: int, extra: float) -> Iterator[Piece]:
    kind = at(shape, type_at)
    if not kind.types:
        return
    after = at(shape, type_at + 1)
    for level in kind.types:
        if level == "area" and name.only_numerals is False and name.words > 3:
            continue
        cost = _fits(level, shape, (start, name.end), name, type_first=False)
        if cost is None:
            continue
        cost += name.cost + extra + 0.05
        if name.words > 1 and shape[start].known & _TOWNS and not shape[start].adjective:
            cost += 0.8
        if shape[start].form == "l" and "city" in shape[start].types:
            cost += 0.6
        if kind.form == "l":
            cost += 0.1 + 1.0 * (shape[name.end - 1].form == "l")
            if after.form in "n№" or (after.form == "." and kind.marks):
                cost += 1.5
            elif kind.marks and after.form == "," and at(shape, type_at + 2).form == "n":
                cost += 0.3
            elif after.form == "w" and level in ("settlement", "city") and not after.types:
                cost += 0.5
        elif after.form == "w" and not (after.types or after.marks or after.known) and level != "region":
            cost += 0.35
        if level == "street" and name.only_numerals and not extra:
            for tail in names(shape, type_at + 1):
                if tail.words:
                    yield Piece(
                        "street", start, tail.end, tail.cost + 0.1, (type_at, type_at + 1), (start, tail.end)
                    )
        end = type_at + 1
        if level == "region":
            end = _appendix(shape, end) or end
        if level == "street" and "island" in at(shape, end).known:
            end += 1
        place = _place(level, shape, start)
        span = (start, end if end > type_at + 1 and level == "street" else name.end)
        yield Piece(place, start, end, cost, (type_at, type_at + 1), span)


def _known_alone(shape: Shape, start: int) -> Iterator[Piece]:
    kind = shape[start]
    known = kind.known
    span = (start, start + 1)
    if "country" in known:
        yield Piece("country", start, start + 1, 0.0, name=span)
    if "foreign" in known:
        yield Piece("country", start, start + 1, 0.1, name=span)
    if "region alone" in known:
        end = start + 1
        yield Piece("region", start, end, 0.15 if "federal city" in known else 0.2, name=span, bare=True)
    elif "region" in known:
        yield Piece("region", start, start + 1, 0.85, name=span, bare=True)
    if "city" in known:
        cost = 0.7 if kind.adjective else 0.3
        yield Piece("city", start, start + 1, cost, name=span, bare=True)
        office = at(shape, start + 2)  # «Щелково-3»: the number of a post office
        if at(shape, start + 1).glued and shape[start + 1].form == "-" and office.form == "n":
            yield Piece("city", start, start + 3, cost + 0.2, name=span, bare=True)
    if "ring" in known:
        yield Piece("street", start, start + 1, 0.1, name=span)
    if "island" in known:
        yield Piece("island", start, start + 1, 0.1, name=span)


def _region_code(shape: Shape, start: int) -> Iterator[Piece]:
    """«77 г. Москва», «40 Калужская область»: the number is the region's."""
    after = at(shape, start + 1)
    if shape[start].size <= 4 and (
        "region" in after.known
        or (after.types & {"region", "city"} and "region" in at(shape, start + 2).known)
    ):
        yield Piece("code", start, start + 1, 0.15)


# --- numbers


def numbers(shape: Shape, start: int, *, lettered: bool = False) -> list[tuple[int, float]]:
    """Ends and costs of the numbers that begin here: «12», «12а», «12/3», «12-34», «12 "А"», «П1», «XI», «А»."""
    kind = at(shape, start)
    form = kind.form
    if form == "n":
        return _digits(shape, start, 0.0, 0)
    if form == "r":
        return [(start + 1, 0.1), *((end, 0.1) for end in _letter_behind(shape, start + 1))]
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
    for end in _letter_behind(shape, start + 1):
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


def _letter_behind(shape: Shape, position: int) -> list[int]:
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
    if kind.form != "l":
        return []
    after = at(shape, position + 1)
    if after.form in "n№" and (kind.marks or kind.stop):
        return []
    if kind.stop and kind.types and after.form in "wlo":
        return []
    if (
        kind.types
        and not kind.marks
        and after.form == "w"
        and not shape[position - 1].glued
        and not after.types
    ):
        return []
    return [position + 1]


def _marked_numbers(shape: Shape, start: int) -> Iterator[Piece]:
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


def _bracket(shape: Shape, start: int) -> Iterator[Piece]:
    """A remark in brackets."""
    for end in range(start + 1, min(len(shape), start + 12)):
        if shape[end].form == ")":
            yield Piece("junk", start, end + 1, 0.4)
            return


def _organisation(shape: Shape, start: int) -> Iterator[Piece]:
    """«Школа № 5», «ООО "Заря"»."""
    end = start + 1
    while end < len(shape) and end < start + 6 and shape[end].form in "q№n":
        end += 1
    if end > start + 1:
        yield Piece("junk", start, end, 0.4)
    if at(shape, start + 1).form == "q":
        for end in range(start + 2, min(len(shape), start + 10)):
            if shape[end].form == "q":
                yield Piece("junk", start, end + 1, 0.4)
                return


def _numbered_places(shape: Shape, start: int) -> Iterator[Piece]:
    """«85 кв-л», «3а мкр», «7 линия», «26 км»."""
    for end in (start + 1, *_letter_behind(shape, start + 1)):
        kind = at(shape, end)
        span, type_span = (start, end), (end, end + 1)
        if kind.form != "w" or shape[start].size > 4:
            continue
        if "area" in kind.types:
            yield Piece("area", start, end + 1, 0.12, type_span, span)
        if "street" in kind.types and kind.full:
            yield Piece("street", start, end + 1, 0.35, type_span, span)
        if "kilometre" in kind.types:
            yield Piece("kilometre", start, end + 1, 0.05, type_span, span)


def _bare_numbers(shape: Shape, start: int) -> Iterator[Piece]:
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
