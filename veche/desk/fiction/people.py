"""The generator of fictional people. Person `n` of a seed is the same in a base of a thousand and of a million."""

from __future__ import annotations

import datetime as dt
import math
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from veche.desk.fiction import tables

ZIPF = 0.9  # how fast the share of a surname falls with its rank
ORGANISATION_SHARE = 0.01
PLAIN_SHARE = 0.34
DAYS = 730  # of the past

Word = TypeVar("Word")


class Dice(random.Random):
    """`random.Random` with the throws that hundreds of thousands of people need, none of them in a loop."""

    def pick(self, words: Sequence[Word]) -> Word:
        return words[int(self.random() * len(words))]

    def between(self, first: int, last: int) -> int:
        """A whole number, both ends among them."""
        return first + int(self.random() * (last - first + 1))

    def falling(self, mean: float) -> float:
        """The less likely the larger, `mean` on the whole."""
        return -math.log(1.0 - self.random()) * mean

    def hill(self, up: float, down: float) -> float:
        """From 0 to 1, few at the ends (Kumaraswamy's distribution)."""
        return (1.0 - (1.0 - self.random()) ** (1.0 / down)) ** (1.0 / up)


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """One invented contact. `days_ago` is when it came into the base, counted from the day of making."""

    number: int
    is_organisation: bool
    surname: str
    given_name: str
    patronymic: str
    gender: str
    birthday: tuple[int | None, int | None, int | None]  # year, month, day
    phones: list[str]
    emails: list[str]
    telegram: str
    address: str
    source: tuple[str, str]  # channel, words
    days_ago: int
    caution: str
    campaigns: list[int] = field(default_factory=list)  # places in tables.CAMPAIGNS
    tags: list[int] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def people(count: int, *, seed: int = 1977, start: int = 0) -> Iterator[FictionalPerson]:
    """Persons number `start` to `start + count - 1`."""
    return (person for person, _dice in people_with_dice(count, seed=seed, start=start))


def people_with_dice(count: int, *, seed: int, start: int = 0) -> Iterator[tuple[FictionalPerson, Dice]]:
    """The same with the dice that each was thrown by, for whatever else is to be made up of them before the next."""
    surnames = [
        prefix + stem.lower() if prefix else stem for prefix in tables.PREFIXES for stem in tables.STEMS
    ]
    shares = list(accumulate(1 / (rank + 1) ** ZIPF for rank in range(len(surnames))))
    dice = Dice()
    for number in range(start, start + count):
        dice.seed(seed * 1_000_003 + number)
        yield _person(number, dice, surnames, shares), dice


def _person(number: int, dice: Dice, surnames: list[str], shares: list[float]) -> FictionalPerson:
    is_organisation = dice.random() < ORGANISATION_SHARE
    female = dice.random() < 0.56
    plain = dice.random() < PLAIN_SHARE
    if plain:
        surname = tables.PLAIN[min(int(dice.falling(11)), len(tables.PLAIN) - 1)]
    else:
        surname = surnames[bisect(shares, dice.random() * shares[-1])]
    if female and surname.endswith(("ов", "ев", "ёв", "ин")):
        surname += "а"
    women, men = (tables.PLAIN_WOMEN, tables.PLAIN_MEN) if plain else (tables.WOMEN, tables.MEN)
    given = dice.pick(women if female else men)
    fathers = tables.PLAIN_FATHERS if plain else tables.FATHERS
    patronymic = dice.pick(fathers)[female] if dice.random() < 0.86 else ""
    if is_organisation:
        surname, patronymic = "", ""
        given = f"{dice.pick(tables.ORGANISATIONS)}, {number}"
    return FictionalPerson(
        number=number,
        is_organisation=is_organisation,
        surname=surname,
        given_name=given,
        patronymic=patronymic,
        gender="" if is_organisation else "f" if female else "m",
        birthday=(None, None, None) if is_organisation else _birthday(dice),
        phones=_phones(number, dice),
        emails=[f"veche{number}@{dice.pick(tables.DOMAINS)}.example"] if dice.random() < 0.45 else [],
        telegram=f"galaxy_{number}" if dice.random() < 0.18 else "",
        address=_address(dice) if dice.random() < 0.8 else "",
        source=_chosen(dice, tables.SOURCES)[:2],
        days_ago=int(dice.hill(1.1, 2.2) * DAYS),
        caution="Просит не звонить в будни до 18:00." if dice.random() < 0.004 else "",
        campaigns=[place for place, row in enumerate(tables.CAMPAIGNS) if dice.random() < row[3]],
        tags=[place for place, row in enumerate(tables.TAGS) if dice.random() < row[2]],
        roles=[code for code, share in tables.ROLES if dice.random() < share],
        notes=[dice.pick(tables.NOTES)] if dice.random() < 0.12 else [],
    )


def _birthday(dice: Dice) -> tuple[int | None, int | None, int | None]:
    luck = dice.random()
    if luck < 0.35:
        return None, None, None
    day = dt.date(1936, 1, 1) + dt.timedelta(days=int(dice.hill(2.0, 1.9) * 26_000))
    if luck < 0.45:
        return day.year, None, None
    if luck < 0.50:
        return None, day.month, day.day
    return day.year, day.month, day.day


def _phones(number: int, dice: Dice) -> list[str]:
    """E.164 numbers, unique by the person's number, so that nobody is anybody's double by accident."""
    if dice.random() < 0.07:
        return []
    codes = tables.UNUSED_MOBILE_CODES
    found = [f"+7{codes[number % len(codes)]}{(number // len(codes) + 4_200) * 7919 % 10_000_000:07d}"]
    if dice.random() < 0.12:
        found.append(f"+74950{number % 1_000_000:06d}")  # no number of a town begins with a nought
    return found


def _address(dice: Dice) -> str:
    if dice.random() < tables.YARD:
        number = dice.between(1, 12)
        entrances, floors = tables.YARD_HOUSES[number % len(tables.YARD_HOUSES)]
        flat = dice.between(1, entrances * floors * 4)
        return f"{tables.YARD_TOWN}, {tables.YARD_STREET}, д. {number}, кв. {flat}"
    house = dice.between(1, 140)
    part = dice.pick(("", "", "", "", "/2", "А", " к. 1", ", стр. 2"))
    flat = f", кв. {dice.between(1, 300)}" if dice.random() < 0.85 else ""
    return f"{dice.pick(tables.CITIES)}, {dice.pick(tables.STREETS)}, д. {house}{part}{flat}"


def _chosen(dice: Dice, rows: tuple) -> tuple:
    at = dice.random() * sum(row[-1] for row in rows)
    for row in rows:
        at -= row[-1]
        if at <= 0:
            return row
    return rows[-1]
