"""What runs of tokens may be a proper name, and how odd each would be as one."""

from __future__ import annotations

from typing import NamedTuple

from veche.addresses.parsing.shape import Shape, at

_LONGEST_NAME = 7
WIDE = frozenset({"region", "district", "city"})
_NO_NAME = frozenset({"remark", "organisation", "country"})


_LITERA = frozenset({"letter"})  # «л», which begins «Л. Толстого» too
_UNDER = frozenset({"entrance"})  # «под» is short for подъезд, and begins «ул. Под Горой»


class Name(NamedTuple):
    """A run of tokens that may be a name: its end, its cost, how many words, whether only numerals, any type word."""

    end: int
    cost: float
    words: int
    only_numerals: bool
    odd: bool


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
            extra = _word_in_name(shape, position, start, special=not numbers_too, quoted=quotes > 0)
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
            ends = numbers_too or _ends_name(shape, position)
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


def _word_in_name(shape: Shape, position: int, start: int, *, special: bool, quoted: bool) -> float | None:
    """What a word costs inside a name; None where it ends one."""
    kind = shape[position]
    known = kind.known
    if known & _NO_NAME and not _country_in_street(shape, position, start):
        return 0.1 if _is_last_of_name(shape, position, start) else None
    cost = 0.6 if "country" in known else 0.0  # «Героя России …»
    if kind.types or kind.marks:
        if not kind.full:
            if position == start and ("shortened" in known or kind.marks == _UNDER):
                return 0.4
            if not special or position == start or "street" not in kind.types or kind.marks:
                return None
            return 0.35
        if "street" in kind.types and not kind.marks:
            cost += 0.3
        elif position == start and _is_named_street(shape, position):
            cost += 0.3  # «ул. Республики, 5»
        elif position > start and "city" in kind.types and at(shape, position + 1).form in ",q$":
            cost += 0.6  # «мкр. Новый город, 5»
        elif kind.types & WIDE or kind.marks:
            cost += 1.5
        else:
            cost += 0.35 if position > start or _is_numbered_area(shape, position) else 0.9
    if position > start:
        if "region alone" in known:
            cost += 1.2
        elif "city" in known:
            named_after = kind.adjective or quoted or "size" in shape[position - 1].known
            cost += (
                0.4 if named_after else 0.7 if _is_village_name(shape, position, start) else 1.1
            )  # «Новая Усмань»
    if "tag" in known:
        cost += 0.6
    if "comment" in known:
        if position > start:
            return 0.1 if _is_last_of_name(shape, position, start) else None
        cost += 0.6
    if "person" in known:
        cost += 0.5
    return cost


def _is_numbered_area(shape: Shape, position: int) -> bool:
    """«СНТ Сад № 1»."""
    before = shape[position - 1].types if position else frozenset()
    return "area" in before & shape[position].types and at(shape, position + 1).form in "№n"


def _is_village_name(shape: Shape, position: int, start: int) -> bool:
    """«п. Матвеев Курган,»: the second word behind the type of a village, and nothing follows."""
    behind_type = start > 0 and "settlement" in shape[start - 1].types
    return behind_type and position == start + 1 and at(shape, position + 1).form in ",$"


def _is_last_of_name(shape: Shape, position: int, start: int) -> bool:
    """«наб. Реки Сестры, 9», «ул. Чугунные Ворота д. 21»: the second word, and then the house."""
    after = at(shape, position + 1)
    behind = at(shape, position + 2) if after.form == "," else after
    is_house = "house" in behind.marks or (behind.form == "n" and after.form == ",")
    return position == start + 1 and start > 0 and "street" in shape[start - 1].types and is_house


def _is_named_street(shape: Shape, position: int) -> bool:
    """Whether all that stands beside the type of a street is another type word: «ул. Республики», «Республики ул.»."""
    after = at(shape, position + 1)
    if "street" in after.types and not after.marks:
        behind = at(shape, position + 2)
        return behind.form in ",$" or "house" in behind.marks
    is_last = after.form in ",n$" or bool(after.marks)
    return is_last and position > 0 and "street" in shape[position - 1].types


def _country_in_street(shape: Shape, position: int, start: int) -> bool:
    """«ул. Героя России Петрова», «пр-кт Россия»: where a country is no country."""
    if "country" not in shape[position].known:
        return False
    return position > start or (position > 0 and "street" in shape[position - 1].types)


def _is_initial(shape: Shape, position: int, start: int) -> bool:
    """One of the two letters of «ул. П.Г. Косенкова»."""
    if not start or position > start + 1 or "street" not in shape[start - 1].types:
        return False
    first, second = shape[start], at(shape, start + 1)
    return first.stop and second.stop and second.form == "l" and at(shape, start + 2).form == "w"


def _number_in_name(shape: Shape, position: int, start: int, numbers_too: bool) -> float | None:
    after = at(shape, position + 1)
    if shape[position].size > 4:
        return None
    if position > start and _ends_name(shape, position):
        return 0.0 if _is_projected(shape, position) else 0.1
    if after.form == "w" and not after.marks and (after.full or not after.types):
        if "date" in after.known:
            return 0.02
        return None if position > start and not numbers_too else 0.45
    return (0.1 if position == start else 0.3) if numbers_too else None


def _ends_name(shape: Shape, position: int) -> bool:
    """«ул. Кирпичный завод N7, д. 20»: a number that belongs to the name, as the house is marked behind it."""
    if _is_projected(shape, position):
        return True
    mark, number = at(shape, position + 2), at(shape, position + 3)
    return at(shape, position + 1).form == "," and "house" in mark.marks and number.form == "n"


def _is_projected(shape: Shape, position: int) -> bool:
    """«проезд Проектируемый 4062», «… № 4062»."""
    before = position - 2 if position > 1 and shape[position - 1].form == "№" else position - 1
    return before >= 0 and "numbered" in shape[before].known


def _letter_in_name(shape: Shape, position: int, start: int) -> float | None:
    """An initial, or «Б.» for Большая; a letter that marks the number behind it ends the name."""
    kind, after = shape[position], at(shape, position + 1)
    if after.form == "n" and (kind.marks or kind.types):
        return None
    if _is_initial(shape, position, start):
        return 0.1
    if position > start and shape[position - 1].form == "n":
        return 0.1 if shape[position - 1].glued and after.form != "n" else None
    if position > start + 1 and kind.stop and after.form in ",;$":
        before = shape[position - 1]
        if before.form == "l" and before.stop:
            return 0.1  # «ул. Чернышевского Н.Г., 5»
    cost = 0.1 if kind.stop else 0.35
    if kind.marks - _LITERA or (kind.types and position > start):
        cost += 0.3 if kind.stop else 0.6
        if "city" in kind.types:
            cost += 1.0
    if after.form in ",$;" and position == start:
        return None
    return cost
