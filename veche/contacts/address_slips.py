"""Streets that are probably a slip of the pen: hardly anybody lives there, and the town has one much like it.

No list of right names is needed: the base's own streets say how they are written by most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SHORTEST = 4  # letters; shorter names differ by a letter too often
LONG_ENOUGH = 6  # letters for two letters too many: «лененина»
LONGEST = 30  # letters of a name that is looked at
LEAST = 3  # people on a street that others are corrected to
TIMES = 5  # as many as on the doubtful one


class Street(NamedTuple):
    """A street of a town by its keys, as it is usually written, with the number of people."""

    town_key: str
    street_key: str
    town: str
    street: str
    people: int


class Slip(NamedTuple):
    """A street and what it is likely meant to be."""

    wrong: Street
    right: Street


def find_slips(streets: Iterable[Street]) -> list[Slip]:
    """Doubtful streets with the likeliest right one, those of most people first."""
    towns: dict[str, list[Street]] = defaultdict(list)
    for street in streets:
        if SHORTEST <= len(street.street_key) <= LONGEST:
            towns[street.town_key].append(street)
    found = [slip for town in towns.values() for slip in _of_town(town)]
    return sorted(found, key=lambda slip: (-slip.wrong.people, slip.wrong.town, slip.wrong.street))


def _of_town(streets: list[Street]) -> Iterator[Slip]:
    usual: dict[str, list[Street]] = defaultdict(list)
    most = max(street.people for street in streets)
    for street in streets:
        if street.people >= LEAST:
            for spelling in _without(street.street_key, 1):
                usual[spelling].append(street)
    for street in streets:
        if street.people * TIMES <= most:
            right = max(_alike(street, usual), key=lambda other: other.people, default=None)
            if right is not None:
                yield Slip(street, right)


def _alike(street: Street, usual: dict[str, list[Street]]) -> Iterator[Street]:
    """Streets of the same town that are a letter away, or two letters shorter; never another number."""
    numbers = _digits(street.street_key)
    most = 2 if len(street.street_key) >= LONG_ENOUGH + 2 else 1
    for spelling, dropped in _without(street.street_key, most).items():
        for other in usual.get(spelling, ()):
            if other.street_key == street.street_key or other.people < street.people * TIMES:
                continue
            if dropped == 2 and spelling != other.street_key:
                continue
            if _digits(other.street_key) == numbers:
                yield other


def _without(key: str, most: int) -> dict[str, int]:
    """The key and what is left of it without one letter or (with `most` 2) two, with how many were dropped."""
    left = {key: 0}
    for dropped in range(1, most + 1):
        for text in [text for text, count in left.items() if count == dropped - 1]:
            for place, letter in enumerate(text):
                if letter.isalpha():
                    left.setdefault(text[:place] + text[place + 1 :], dropped)
    return left


def _digits(key: str) -> list[str]:
    return [letter for letter in key if letter.isdigit()]
