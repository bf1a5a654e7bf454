"""One rule: which houses of a town or a street belong to a territory; and how it is written so that it reads back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

ALL, ODD, EVEN = "", "odd", "even"
SURE, LIKELY = 0.9, 0.7
_SIDES = {ODD: "нечётные", EVEN: "чётные"}


class Rule(NamedTuple):
    """Houses of one street: all of them, a side, from one number to another, or one house by its own number.

    Without a street it is a whole town or village, without a house, bounds and side a whole street. `excluded` takes
    these houses out of what the territory's other rules give it. `start` and `end` are its place in the text, `sure`
    says how surely it was read there, `doubt` why it is not surer (a code of `DOUBTS`).
    """

    region: str = ""
    town: str = ""
    town_key: str = ""
    street: str = ""
    street_key: str = ""
    street_kind: str = ""
    side: str = ALL
    first: int | None = None
    last: int | None = None
    house: str = ""
    excluded: bool = False
    start: int = 0
    end: int = 0
    sure: float = 1.0
    doubt: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.town_key, self.street_key, self.street_kind

    @property
    def rank(self) -> int:
        """How exact it is: what is more exact has the last word."""
        if self.house:
            return 4
        if self.first is not None or self.last is not None:
            return 3
        if self.side:
            return 2
        return 1 if self.street_key else 0

    @property
    def meaning(self) -> tuple:
        """What it says, whatever the text was."""
        return (*self.place, self.side, self.first, self.last, self.house, self.excluded)

    def covers(self, number: int | None, house: str) -> bool:
        """Whether a house of its street with this number is meant."""
        if self.house:
            return house == self.house
        if self.side and (number is None or number % 2 != (self.side == ODD)):
            return False
        if self.first is None and self.last is None:
            return True
        return number is not None and (self.first or 0) <= number <= (self.last or 10**6)


class Unread(NamedTuple):
    """A piece of the text that no rule was made of. `remark`: it looks like one that needs none, as a telephone."""

    start: int
    end: int
    text: str
    remark: bool = False


def houses_written(rule: Rule) -> str:
    """The houses of a rule as a commission writes them: «1–25 (нечётные)»; "" for a whole street or town."""
    if rule.house:
        return rule.house
    side = _SIDES.get(rule.side, "")
    if rule.first is not None and rule.last is not None:
        told = f"{rule.first}–{rule.last}"
    elif rule.first is not None:
        told = f"с {rule.first} до конца"
    elif rule.last is not None:
        told = f"до {rule.last}"
    else:
        return f"{side} дома" if side else ""
    return f"{told} ({side})" if side else told


def written(rules: Iterable[Rule]) -> str:
    """Rules as a text that reads back into the same rules: a line for each street."""
    lines: list[str] = []
    place: tuple | None = None
    before = Rule()
    town = ""
    for rule in rules:
        if rule.town != town:
            town, place = rule.town, None
            if rule.street_key:
                lines.append(f"{_town_written(rule)}:")
        if not rule.street_key:
            lines.append(_whole_town(rule))
            place = None
            continue
        houses = houses_written(rule) or "полностью"
        if rule.side and rule.rank == 3 and place == rule.place and before.rank == 3 and not before.side:
            # a side behind several ranges would be taken for all of them
            houses = f"{_SIDES[rule.side]} {houses_written(rule._replace(side=ALL))}"
        if rule.excluded:
            houses = f"(кроме {houses})"
        glue = " " if rule.excluded else ", "
        if place == rule.place and not lines[-1].endswith("полностью;"):
            lines[-1] = f"{lines[-1][:-1]}{glue}{houses};"
        else:
            lines.append(f"{rule.street}{glue}{houses};")
        place, before = rule.place, rule
    return "\n".join(lines)


def _whole_town(rule: Rule) -> str:
    return f"{_town_written(rule)} {'(кроме полностью)' if rule.excluded else 'полностью'};"


def _town_written(rule: Rule) -> str:
    return rule.town if "." in rule.town or " " in rule.town.split("-")[0] else f"г. {rule.town}"


def described(rule: Rule) -> str:
    """What a rule means, in the reader's language: for a line beside its street."""
    if rule.house:
        return rule.house
    if rule.first is None and rule.last is None:
        if rule.side:
            return _("all odd numbers") if rule.side == ODD else _("all even numbers")
        return _("the whole street") if rule.street_key else _("all of it")
    said = {"first": rule.first, "last": rule.last}
    if rule.last is None:
        told = _("from %(first)s on") % said
    elif rule.first is None:
        told = _("up to %(last)s") % said
    elif rule.first == rule.last:
        told = str(rule.first)
    else:
        told = f"{rule.first}–{rule.last}"
    if rule.side == ODD:
        told += ", " + pgettext("house numbers", "odd")
    elif rule.side == EVEN:
        told += ", " + pgettext("house numbers", "even")
    return told
