"""Houses out of a piece of a description: «дома 1–25», «с 2 по 40 (чётные)», «12 корп. 2», «до 40», «32/1»."""

from __future__ import annotations

import re
from typing import NamedTuple

from veche.addresses.coverage import words
from veche.addresses.parsing.columns import house_of, number_of
from veche.addresses.parsing.reading import parse

BACKWARDS = "backwards"
MOST_LISTED = 40  # «12/1–12/9» are written out
_PLAIN = re.compile(r"\d{1,4}")
_FRACTION = re.compile(r"(\d{1,4})/(\d{1,3})")
_SPACES = re.compile(r"\s+")


class Houses(NamedTuple):
    """The houses of a rule; nothing at all is the whole street."""

    side: str = ""
    first: int | None = None
    last: int | None = None
    house: str = ""
    sure: float = 1.0
    doubt: str = ""

    @property
    def is_span(self) -> bool:
        return not self.house and (self.first is not None or self.last is not None)


def houses_of(text: str, side: str) -> list[Houses]:
    """What a piece says of houses; nothing where it says something else. `side` holds for all ranges of the street."""
    text = text.strip(" -:.")
    if not any(letter.isdigit() for letter in text):
        return []
    if found := words.house.match(text):
        return _listed(found["house"])
    if found := words.sided_house.match(text):
        return _listed(found["house"])
    if found := words.span.match(text):
        return _span(found["first"], found["last"], _side(found) or side)
    if found := words.open_span.match(text):
        bound = int(found["bound"])
        first, last = (bound, None) if found["from"] else (None, bound)
        return [Houses(_side(found) or side, first, last)]
    if found := words.to_end.match(text):
        return [Houses(_side(found) or side, None, int(found["bound"]))]
    return _several(text, side)


def _several(text: str, side: str) -> list[Houses]:
    """«1 и 3», «1 3 5»: numbers without a comma between them."""
    if len(text) > 400:
        return []
    halves = re.split(r"\s+и\s+", text, maxsplit=1)
    if len(halves) == 2 and (first := houses_of(halves[0], side)) and (rest := houses_of(halves[1], side)):
        return first + rest
    told = [part for part in re.split(r"\s+и\s+|\s+", text) if part]
    if len(told) < 2 or not all(words.house.match(part) or words.span.match(part) for part in told):
        return []
    return [each._replace(sure=0.8) for part in told for each in houses_of(part, side)]


def _side(found: re.Match[str]) -> str:
    named = found.groupdict()
    if named.get("aodd") or named.get("bodd"):
        return "odd"
    return "even" if named.get("aeven") or named.get("beven") else ""


def _listed(house: str) -> list[Houses]:
    named = house_named(house)
    return [Houses(house=named)] if named else []


def house_named(house: str) -> str:
    """A house's number as readings of addresses have it."""
    told = _SPACES.sub(" ", house.replace('"', "")).strip()
    if _PLAIN.fullmatch(told):
        return told.lstrip("0") or "0"
    parsed = parse(f"г. Екатеринбург, ул. Мира, д. {told}")
    return house_of(parsed) if parsed.house and not parsed.rest and not parsed.flat else ""


def _span(first: str, last: str, side: str) -> list[Houses]:
    ends = _FRACTION.fullmatch(first), _FRACTION.fullmatch(last)
    if ends[0] and ends[1] and ends[0][1] == ends[1][1]:
        numbers = range(int(ends[0][2]), int(ends[1][2]) + 1)
        if 0 < len(numbers) <= MOST_LISTED:
            return [Houses(house=f"{ends[0][1]}/{n}", sure=0.85) for n in numbers]
    from_, to = number_of(first), number_of(last)
    if from_ is None or to is None:
        return []
    if from_ > to:
        return [Houses(side, to, from_, sure=0.5, doubt=BACKWARDS)]
    rough = not (_PLAIN.fullmatch(first) and _PLAIN.fullmatch(last))
    return [Houses(side, from_, to, sure=0.85 if rough else 1.0)]


def split_off(text: str) -> tuple[str, list[Houses]]:
    """A name and the houses behind it without a comma: «ул. 8 Марта 12–34» → («ул. 8 Марта», 12–34)."""
    parts = text.split(" ")
    if len(parts) > 24:
        return text, []
    for n in range(1, len(parts)):
        name, rest = " ".join(parts[:n]), " ".join(parts[n:])
        if not any(letter.isalpha() for letter in name) or _is_only_kind(name):
            continue
        if words.all_of_it.match(rest) or words.only_mark.match(rest):
            return name, [Houses(sure=1.0)] if words.all_of_it.match(rest) else []
        if side := words.side.match(rest):
            return name, [Houses(side="odd" if side["aodd"] else "even")]
        if houses := houses_of(rest, ""):
            return name, houses
    return text, []


def _is_only_kind(name: str) -> bool:
    found = words.street_begins.match(name)
    return bool(found and not found["name"].strip())
