"""What may begin at a token: a place with its type, a place without, a number behind its mark, a bare number.

Works on the shape alone. A cost says how odd a reading is: 0 nothing to wonder at, 1 a guess, 2 and more a last resort.
"""

from __future__ import annotations

from collections.abc import Iterator

from veche.addresses.parsing.naming import WIDE, Name, names
from veche.addresses.parsing.numbering import bare_numbers, letter_behind, marked_numbers
from veche.addresses.parsing.shape import END, NOWHERE, Piece, Shape, Span, at

_BARE_WORDS = 4
_TOWNS = frozenset({"city", "federal city", "region alone"})
_OWN = WIDE | {"street"}
_AROUND = frozenset({"district", "commune", "settlement"})
_NUMBERED = frozenset({"area", "kilometre"})
_SIZE = frozenset({"size", "title"})


def pieces_at(shape: Shape, start: int, *, guesses: bool = True) -> list[Piece]:
    """Every piece that may begin at this token; without guesses no name that has neither a type nor a table."""
    kind = shape[start]
    form = kind.form
    found: list[Piece] = []
    if (
        form == "l"
        and start
        and shape[start - 1].form == ","
        and at(shape, start + 1).form == ","
        and at(shape, start + 2).form == "n"
    ):
        found.append(Piece("number", start, start + 1, 0.3, name=(start, start + 1), bare=True))
    if form in "wlo":
        if kind.types:
            found += _type_first(shape, start)
        if form != "o" and kind.marks:
            found += marked_numbers(shape, start)
        found += _named(shape, start, guesses=guesses)
        if form == "w":
            found += _known_alone(shape, start)
    elif form == "r":
        found += _named(shape, start, guesses=guesses)
    elif form == "n":
        if kind.size == 6:
            found.append(Piece("postcode", start, start + 1, 0.0, name=(start, start + 1)))
        found += _named(shape, start, guesses=guesses)
        found += bare_numbers(shape, start)
        found += _numbered_places(shape, start)
        found += _region_code(shape, start)
    elif form == "q":
        found += _named(shape, start, guesses=guesses)
    elif form == "(":
        found += _bracket(shape, start)
    if "comment" in kind.known and at(shape, start + 1).form == "n":
        found.append(Piece("junk", start, start + 2, 0.3))  # «вход 2»
    if "organisation" in kind.known:
        found += _organisation(shape, start)
    if form == "w" and at(shape, start + 1).form == "l" and at(shape, start + 2).form == "l":
        found += _person(shape, start)
    return found


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
        yield from _nameless_area(shape, start)
        return
    if (
        kind.form == "l"
        and kind.marks
        and not kind.stop
        and shape[begin].form == "n"
        and "date" not in at(shape, begin + 1).known
    ):
        return
    plain = names(shape, begin)
    numbered = names(shape, begin, numbers_too=True) if kind.types & _NUMBERED else []
    for level in kind.types:
        for name in numbered if level in _NUMBERED else plain:
            yield from _typed(shape, start, begin, level, name)
        yield from _rare_type_first(shape, start, begin, level)
    yield from _region_appendix(shape, start, begin)


def _nameless_area(shape: Shape, start: int) -> Iterator[Piece]:
    """«п Кольцово, промзона»: the last word is the type of an area that has no name."""
    before = at(shape, start - 1) if start else None
    if not before or not shape[start].full or "area" not in shape[start].types:
        return
    if before.form == "," or before.known & {"toponym", "city"}:
        yield Piece("junk", start, start + 1, 0.25)


def _typed(shape: Shape, start: int, begin: int, level: str, name: Name) -> Iterator[Piece]:
    """A type word at `start` with the name that begins at `begin`."""
    kind, first = shape[start], shape[begin]
    cost = _fits(level, shape, (begin, name.end), name, type_first=True)
    if cost is None:
        return
    cost += name.cost
    if kind.marks and kind.form == "w" and level != "area":
        cost += 0.3
    if kind.form == "l":
        cost += (0.05 if not kind.stop else 0.0) + 0.3 * (level == "district")
    if level in _AROUND and "region alone" in first.known:
        cost += 0.6
    if level == "street" and name.words > 1 and first.full and not first.types & _OWN:
        cost -= 0.4  # «ул. Посёлок строителей»
    place = _place(level, shape, begin)
    yield Piece(place, start, name.end, cost, (start, start + 1), (begin, name.end))
    if level == "street" and at(shape, name.end).form == ",":
        after = at(shape, name.end + 1)
        if "street" in after.types and at(shape, name.end + 2).form in ",$":
            yield Piece(place, start, name.end + 2, cost + 0.1, (start, start + 1), (begin, name.end + 2))


def _rare_type_first(shape: Shape, start: int, begin: int, level: str) -> Iterator[Piece]:
    """«промзона,», «г. Щёлково-3», «разъезд 23 км», «км. Московский тракт 8», «проезд № 5»."""
    first, type_span = shape[begin], (start, start + 1)
    if (
        level == "area"
        and shape[start].full
        and first.form in ",;"
        and (not start or shape[start - 1].form in ",;")
    ):
        yield Piece("junk", start, start + 1, 0.6)
    if level == "city" and "city" in first.known:
        yield from _with_office(shape, start, begin, 0.2)
    if level == "district" and "city" in first.types and "region alone" not in shape[start].known:
        for name in names(shape, begin + 1):  # «г.о. город Тула»
            yield Piece(level, start, name.end, name.cost + 0.15, type_span, (begin + 1, name.end))
    if level == "settlement" and "kilometre" in at(shape, begin + 1).types and first.form in "no":
        yield Piece(level, start, begin + 2, 0.1, type_span, (begin, begin + 2))
    if level == "kilometre":
        yield from _road_kilometre(shape, start, begin)
    number = begin + 1 if first.form == "№" else begin
    if level == "street" and at(shape, number).form == "n":
        yield Piece("street", start, number + 1, 0.9, type_span, (number, number + 1))
        if (
            at(shape, number + 1).form == "-" and "island" in at(shape, number + 3).known
        ):  # «линия 18-19 В.О.»
            yield Piece("street", start, number + 3, 0.1, type_span, (number, number + 3))


def _road_kilometre(shape: Shape, start: int, begin: int) -> Iterator[Piece]:
    """«км. Московский тракт 8», «км МКАД 41-й», as the state register has them."""
    for name in names(shape, begin):
        end = name.end + (at(shape, name.end).form == "n")
        if name.words and (end > name.end or shape[end - 1].form == "o"):
            yield Piece("street", start, end, name.cost + 0.1, (start, start + 1), (begin, end))


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
    known = at(shape, position).known
    return position + 1 if "region alone" in known and not known & {"federal city", "city"} else 0


def _place(level: str, shape: Shape, name_start: int) -> str:
    return "region" if level == "city" and "federal city" in shape[name_start].known else level


def _named(shape: Shape, start: int, *, guesses: bool) -> Iterator[Piece]:
    """«Мира ул.», «Омская обл», «Москва г», «Тольятти, г,», and names without any type."""
    for name in names(shape, start):
        yield from _type_behind(shape, start, name, name.end, 0.0)
        if at(shape, name.end).form == "," and at(shape, name.end + 2).form in ",$":
            yield from _type_behind(shape, start, name, name.end + 1, 0.25)
        if guesses and 0 < name.words <= _BARE_WORDS:
            yield from _without_type(shape, start, name)


def _without_type(shape: Shape, start: int, name: Name) -> Iterator[Piece]:
    """«Мира, 5», «Нахабино»: a name that only its place among the others explains."""
    first, span = shape[start], (start, name.end)
    cost = name.cost + 0.2 * (name.words - 1) + (1.0 if "person" in shape[name.end - 1].known else 0.0)
    cost += _two_names(shape, start, name)
    if first.form == "l" and "city" in first.types:
        cost += 0.6
    toponym = 0.4 * (name.words == 1 and ("toponym" in first.known or _is_village(shape, start, name.end)))
    street = cost + toponym + (0.9 if _number_follows(shape, name.end) else 1.7)
    yield Piece("street", start, name.end, street, name=span, bare=True)
    if not name.odd:
        yield Piece("area", start, name.end, cost + 1.0, name=span, bare=True)
        yield Piece("settlement", start, name.end, cost + 1.2 - toponym, name=span, bare=True)


def _two_names(shape: Shape, start: int, name: Name) -> float:
    """What it costs to take a town and the name behind it for one name."""
    first = shape[start]
    if first.known & _TOWNS and not first.adjective and (name.end > start + 1 or not name.words):
        return 0.8
    if name.end == start + 1 and first.known & _TOWNS:
        return 0.8 * (not first.adjective)
    return 0.6 * (name.words > 1 and ("toponym" in first.known or _is_village(shape, start, start + 1)))


def _is_village(shape: Shape, start: int, end: int) -> bool:
    """«Никитовка, Садовая 5»: such villages are many, but streets are called so too: «Петровка, 38»."""
    return "village" in shape[start].known and _words_behind(shape, end)


def _words_behind(shape: Shape, position: int) -> bool:
    """Whether a name follows that may be a street, and then its house."""
    if at(shape, position).form == ",":
        position += 1
    kind = at(shape, position)
    return kind.form in "wo" and not kind.marks and bool(kind.types or _number_follows(shape, position + 1))


def _number_follows(shape: Shape, position: int) -> bool:
    if at(shape, position).form in ",.":
        position += 1
    kind = at(shape, position)
    return kind.form in "n№" or bool(kind.marks)


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
        cost += _two_names(shape, start, name) + 1.0 * (
            level == "area" and extra > 0 and "city" in shape[start].known
        )
        if level == "street" and name.words > 1 and "toponym" in shape[start].known:
            cost += 0.35  # «Нахабино Вокзальная ул»
        if level == "district" and name.words > 1 and _behind_postcode(shape, start):
            cost += 0.6 * ("region" in shape[start].known)  # «301361 Тульская Заокский р-н»
        if shape[start].form == "l" and "city" in shape[start].types:
            cost += 0.6
        if level == "settlement" and level in shape[start].types and not shape[start].full:
            cost += 1.0  # «д. Новая Деревня»
        if kind.form == "l":
            cost += 0.1 + 1.0 * (shape[name.end - 1].form == "l")
            if after.form in "n№" or (after.form == "." and kind.marks):
                cost += 1.5
            elif after.form == "l" and after.stop:
                cost += 1.0  # «Соколова А.В.» is no аул
            elif kind.marks and after.form == "," and at(shape, type_at + 2).form == "n":
                cost += 0.3
            elif after.form == "w" and level in ("settlement", "city") and not after.types:
                cost += 0.5
        elif (
            after.form == "w"
            and not (after.types or after.marks or after.known - _SIZE)
            and level != "region"
        ):
            cost += 0.35
        if level == "street" and name.only_numerals and not extra:
            for tail in names(shape, type_at + 1):
                if tail.words:
                    yield Piece(
                        "street", start, tail.end, tail.cost + 0.1, (type_at, type_at + 1), (start, tail.end)
                    )
        end = type_at + 1
        if level == "street" and "numbered" in shape[start].known:
            yield from _projected(shape, start, type_at)
        if level == "region":
            end = _appendix(shape, end) or end
        if level == "street" and "island" in at(shape, end).known:
            end += 1
        place = _place(level, shape, start)
        span = (start, end if end > type_at + 1 and level == "street" else name.end)
        yield Piece(place, start, end, cost, (type_at, type_at + 1), span)


def _projected(shape: Shape, start: int, type_at: int) -> Iterator[Piece]:
    """«Проектируемый проезд № 4062»: a street that has a number and no name yet."""
    number = type_at + 2 if at(shape, type_at + 1).form == "№" else type_at + 1
    if at(shape, number).form == "n":
        yield Piece("street", start, number + 1, 0.02, (type_at, type_at + 1), (start, number + 1))


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
    elif "region" in known and kind.adjective:
        sure = _behind_postcode(shape, start) and not _number_follows(shape, start + 1)
        yield Piece("region", start, start + 1, 0.25 if sure else 0.85, name=span, bare=True)
    if "city" in known:
        cost = 0.7 if kind.adjective else 0.3
        yield Piece("city", start, start + 1, cost, name=span, bare=True)
        yield from _with_office(shape, start, start, cost + 0.2)
    if "ring" in known:
        yield Piece("street", start, start + 1, 0.1, name=span)
    if "island" in known:
        yield Piece("island", start, start + 1, 0.1, name=span)


def _behind_postcode(shape: Shape, start: int) -> bool:
    """«301361 Тульская …», «301361, Тульская, …»: as forms of a bank or a post office leave out «область»."""
    before = start - 2 if start > 1 and shape[start - 1].form == "," else start - 1
    return before >= 0 and shape[before].form == "n" and shape[before].size == 6


def _with_office(shape: Shape, start: int, name: int, cost: float) -> Iterator[Piece]:
    """«Щёлково-3»: a town with the number of its post office, which says nothing of the house."""
    dash = at(shape, name + 1)
    if (
        dash.form == "-"
        and dash.glued
        and at(shape, name + 2).form == "n"
        and at(shape, name + 3).form in ",.$"
    ):
        type_span = (start, name) if start < name else NOWHERE
        yield Piece("city", start, name + 3, cost, type_span, (name, name + 1), start == name)


def _region_code(shape: Shape, start: int) -> Iterator[Piece]:
    """«77 г. Москва», «40 Калужская область»: the number is the region's."""
    after = at(shape, start + 1)
    if shape[start].size <= 4 and (
        "region" in after.known
        or (after.types & {"region", "city"} and "region" in at(shape, start + 2).known)
    ):
        yield Piece("code", start, start + 1, 0.15)


def _bracket(shape: Shape, start: int) -> Iterator[Piece]:
    """A remark in brackets; «(ХМАО)» is none."""
    for end in range(start + 1, min(len(shape), start + 12)):
        if "region alone" in shape[end].known:
            return
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


def _person(shape: Shape, start: int) -> Iterator[Piece]:
    """«Сидорова М.И., г. Тула»: a surname with initials, where no number makes it a street."""
    if not (shape[start + 1].stop and shape[start + 2].stop):
        return
    kind, before, after = shape[start], at(shape, start - 1) if start else END, at(shape, start + 3)
    if kind.types or kind.marks or before.types or after.form not in ",;:$-":
        return
    if not _number_follows(shape, start + 3) or at(shape, start + 4).size == 6:
        yield Piece("junk", start, start + 3, 0.35)


def _numbered_places(shape: Shape, start: int) -> Iterator[Piece]:
    """«85 кв-л», «3а мкр», «7 линия», «18-19 линия», «26 км»."""
    ends = [start + 1, *letter_behind(shape, start + 1)]
    if at(shape, start + 1).form == "-" and at(shape, start + 2).form == "n":
        ends.append(start + 3)
    for end in ends:
        kind = at(shape, end)
        span, type_span = (start, end), (end, end + 1)
        if kind.form != "w" or shape[start].size > 4:
            continue
        if "area" in kind.types:
            yield Piece("area", start, end + 1, 0.12, type_span, span)
        if "street" in kind.types and kind.full:
            yield Piece("street", start, end + 1, 0.35, type_span, span)
        if "street" in kind.types and end < start + 3:  # «2 пер. Мира»
            for tail in names(shape, end + 1):
                if tail.words:
                    yield Piece("street", start, tail.end, tail.cost + 0.3, type_span, (start, tail.end))
        if "kilometre" in kind.types:
            yield Piece("kilometre", start, end + 1, 0.05, type_span, span)
