"""Do two records speak of one person, and by what? Pure: of a form, of a row of a file, of a contact alike.

A name alone proves little, a phone alone less: a family shares one. So a record is like another when nothing
contradicts, the names are the same or nearly so, and something else agrees. What agrees is told by codes; who reads
them gets words (`queries.likely`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from veche.names import full_forms

WHOLE, NAME, LETTER, SWAPPED, MARRIED = "whole", "name", "letter", "swapped", "married"
PHONE, EMAIL, ACCOUNT = "phone", "email", "account"
BIRTHDAY, NEARLY_BORN = "birthday", "birthday_nearly"
FLAT, HOUSE, STREET = "flat", "house", "street"
CODES = (
    PHONE, EMAIL, ACCOUNT, WHOLE, NAME, SWAPPED, LETTER, MARRIED, BIRTHDAY, NEARLY_BORN, FLAT, HOUSE, STREET,
)  # fmt: skip
_PLACES = (FLAT, HOUSE, STREET)
_POINTS = {"phone": PHONE, "whatsapp": PHONE, "email": EMAIL}
SHORTEST = 4  # letters; a slip in a shorter word makes another name


class Place(NamedTuple):
    """An address by its keys, as `AddressReading` has them."""

    town: str = ""
    street: str = ""
    house: int | None = None
    flat: int | None = None


class Traits(NamedTuple):
    """What is compared. `given` has the name as written first, then the full forms of a short one; all are plain."""

    kind: str = "person"
    surname: str = ""
    given: tuple[str, ...] = ()
    patronymic: str = ""
    birthday: tuple[int | None, int | None, int | None] = (None, None, None)  # year, month, day
    points: frozenset[tuple[str, str]] = frozenset()  # (kind, value)
    places: tuple[Place, ...] = ()

    @property
    def is_born(self) -> bool:
        return None not in self.birthday


def plain(text: str) -> str:
    """A part of a name as it is compared: lower case, е for ё, no hyphens and full stops."""
    return " ".join(text.lower().replace("ё", "е").replace("-", " ").replace(".", "").split())


def one_slip(one: str, other: str) -> bool:
    """Whether one letter too many, too few, another or two changed about part two words (Damerau 1964)."""
    if one == other or abs(len(one) - len(other)) > 1 or max(len(one), len(other)) < SHORTEST:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]


def alike(one: Traits, other: Traits) -> tuple[str, ...]:
    """By what they are likely to be one person, as codes in the order of `CODES`; nothing where they are not."""
    if one.kind != other.kind:
        return ()
    name, born = _names(one, other), _births(one, other)
    if not name or born is False:
        return ()
    points = {_POINTS.get(kind, ACCOUNT) for kind, _value in one.points & other.points}
    place = _place(one.places, other.places)
    if born == NEARLY_BORN and name not in (WHOLE, NAME):
        return ()
    facts = {*points, *([born] if born == BIRTHDAY else []), *([place] if place else [])}
    if name == MARRIED:
        enough = len(facts) > 1 or bool(points)
    elif born == NEARLY_BORN:
        enough = bool(points) or place in (FLAT, HOUSE)
    elif one.kind == "organisation":
        enough = bool(facts)
    else:
        enough = bool(facts - {STREET}) or (place == STREET and name in (WHOLE, LETTER))
    if not enough:
        return ()
    told = {name, born, place, *points}
    return tuple(code for code in CODES if code in told)


def same_name(one: Traits, other: Traits) -> bool:
    """Whether the whole names are the same and the birthdays do not speak against it."""
    return one.kind == other.kind and _names(one, other) == WHOLE and _births(one, other) is not False


def _names(one: Traits, other: Traits) -> str:
    """How the names are alike; "" when they are not, or when one of them says too little."""
    if one.kind == "organisation":
        if one.surname and one.surname == other.surname:
            return WHOLE
        return LETTER if one_slip(one.surname, other.surname) else ""
    if not (one.surname and other.surname and one.given and other.given):
        return ""
    surname, given = _part(one.surname, other.surname), _given(one.given, other.given)
    patronymic = _part(one.patronymic, other.patronymic) if one.patronymic and other.patronymic else ""
    if "other" not in (surname, given, patronymic):
        slips = [surname, given, patronymic].count("slip")
        if slips:
            return LETTER if slips == 1 else ""
        return WHOLE if patronymic == "same" or not (one.patronymic or other.patronymic) else NAME
    if surname == "other" and given == patronymic == "same":
        return MARRIED
    turned = one.given[0] == other.surname and one.surname == other.given[0]
    return SWAPPED if turned and patronymic != "other" else ""


def _part(one: str, other: str) -> str:
    """same, slip or other; an initial is the same as what begins with it."""
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return "same"
    return "slip" if one_slip(one, other) else "other"


def _given(one: Sequence[str], other: Sequence[str]) -> str:
    """As `_part`; two names that both are names, Евгений and Евгения, are no slip."""
    if set(one) & set(other):
        return "same"
    found = _part(one[0], other[0])
    return "other" if found == "slip" and is_name(one[0]) and is_name(other[0]) else found


def is_name(word: str) -> bool:
    """Whether a plain word is a given name that the tables know."""
    return full_forms(word) != (word,)  # the tables write names with a capital


def _births(one: Traits, other: Traits) -> str | bool:
    """BIRTHDAY, NEARLY_BORN, False where they contradict, "" where too little is known."""
    pairs = list(zip(one.birthday, other.birthday, strict=True))
    if all(a is None or b is None or a == b for a, b in pairs):
        return BIRTHDAY if one.is_born and other.is_born else ""
    if not (one.is_born and other.is_born):
        return False
    year, month, day = one.birthday
    if (year, day, month) == other.birthday:  # day and month changed about
        return NEARLY_BORN
    texts = [f"{y:04}{m:02}{d:02}" for y, m, d in (one.birthday, other.birthday)]  # type: ignore[str-format]
    return NEARLY_BORN if sum(a != b for a, b in zip(*texts, strict=True)) == 1 else False


def _place(one: Sequence[Place], other: Sequence[Place]) -> str:
    """The nearest that any two of their addresses have in common."""
    found = {_common(a, b) for a in one for b in other}
    return next((code for code in _PLACES if code in found), "")


def _common(one: Place, other: Place) -> str:
    if one.flat is not None and one.flat == other.flat:
        return FLAT
    if one.house is not None and one.house == other.house:
        # of one house the flats may speak against it
        return "" if one.flat is not None and other.flat is not None else HOUSE
    towns = not (one.town and other.town) or one.town == other.town
    return STREET if one.street and one.street == other.street and towns else ""
