"""Rules of several territories laid beside each other on one street: numbers that nobody has, houses that two have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from veche.addresses.coverage.rules import EVEN, ODD, Rule
from veche.addresses.parsing.columns import number_of

FAR = 10**6
MOST_DOUBLES = 300  # of one street: whoever lays two descriptions over each other needs no longer list


class Missing(NamedTuple):
    """Numbers of one side that no territory has, though it has smaller and greater ones."""

    side: str
    first: int
    last: int


class Double(NamedTuple):
    """Houses that two territories claim. `is_settled`: the rule of `winner` is the more exact one."""

    one: int
    other: int
    side: str
    first: int | None
    last: int | None
    house: str
    winner: int | None

    @property
    def is_settled(self) -> bool:
        return self.winner is not None


Claim = tuple[int, Rule]  # whose rule it is


def missing(rules: Iterable[Rule]) -> list[Missing]:
    """Holes between the numbers that the rules of one street have, on each side of it."""
    claimed = [rule for rule in rules if not rule.excluded]
    if any(rule.rank == 1 for rule in claimed):
        return []
    return [hole for side in (ODD, EVEN) for hole in _missing_on(side, claimed)]


def _missing_on(side: str, rules: Sequence[Rule]) -> list[Missing]:
    spans: list[tuple[int, int]] = []
    for rule in rules:
        if rule.rank == 2 and rule.side == side:
            return []
        if span := _on_side(rule, side):
            spans.append(span)
    holes, reached = [], None
    for first, last in sorted(spans):
        if reached is not None and first > reached + 2:
            holes.append(Missing(side, reached + 2, first - 2))
        reached = last if reached is None else max(reached, last)
    return holes


def _on_side(rule: Rule, side: str) -> tuple[int, int] | None:
    """The first and the last number of this side that a rule has."""
    if rule.house:
        number = number_of(rule.house)
        return (number, number) if number is not None and _is_on(number, side) else None
    if rule.rank != 3 or rule.side not in ("", side):
        return None
    first, last = rule.first or (1 if side == ODD else 2), rule.last if rule.last is not None else FAR
    first, last = first + (not _is_on(first, side)), last - (not _is_on(last, side))
    return (first, last) if first <= last else None


def _is_on(number: int, side: str) -> bool:
    return number % 2 == (side == ODD)


def doubles(claims: Iterable[Claim], related: frozenset[tuple[int, int]] = frozenset()) -> list[Double]:
    """Houses of one street that two territories claim, `MOST_DOUBLES` of them at most; `related` are pairs
    (part, whole), which may share them.

    The rules are met as one walks along the street, so that each is compared only with those that have not ended yet.
    """
    street = _Street(related)
    once = {(whose, rule.meaning): (whose, rule) for whose, rule in claims}.values()
    for whose, rule in once:
        if rule.excluded:
            street.excluded[whose].append(rule)
    for claim in sorted((each for each in once if not each[1].excluded), key=_where):
        if len(street.found) >= MOST_DOUBLES:
            break
        if claim[1].house:
            street.meet_house(claim)
        else:
            street.meet_span(claim)
    return list(street.found.values())[:MOST_DOUBLES]


def _where(claim: Claim) -> tuple[float, bool]:
    """Where on the street a rule begins; a house is met after what begins at it, one without a number at the end."""
    rule = claim[1]
    if rule.house:
        number = number_of(rule.house)
        return (inf if number is None else number, True)
    return (rule.first or 0, False)


class _Street:
    """What was met on the way along a street."""

    def __init__(self, related: frozenset[tuple[int, int]]) -> None:
        self.related = related
        self.found: dict[tuple, Double] = {}
        self.excluded: dict[int, list[Rule]] = defaultdict(list)
        self.open: dict[tuple[int, str], list[Rule]] = defaultdict(list)  # by territory and side
        self.houses: dict[str, list[Claim]] = defaultdict(list)

    def meet_span(self, claim: Claim) -> None:
        whose, rule = claim
        for other, against in self._open_beside(whose, rule.side, rule.first or 0):
            for each in against:
                if shared := _shared(each, rule):
                    self._note((other, each), claim, *shared, "")
                if len(self.found) >= MOST_DOUBLES:
                    return
        self.open[whose, rule.side].append(rule)

    def meet_house(self, claim: Claim) -> None:
        whose, rule = claim
        number = number_of(rule.house)
        side = "" if number is None else (ODD if _is_on(number, ODD) else EVEN)
        for other in self.houses[rule.house]:
            self._note(other, claim, "", None, None, rule.house)
        self.houses[rule.house].append(claim)
        for other, against in self._open_beside(whose, side, inf if number is None else number):
            covering = next((each for each in against if each.covers(number, rule.house)), None)
            if covering and not any(each.covers(number, rule.house) for each in self.excluded[other]):
                self._note((other, covering), claim, "", None, None, rule.house)

    def _open_beside(self, whose: int, side: str, at: float) -> Iterator[tuple[int, list[Rule]]]:
        """Ranges of other territories that may have houses of this side and have not ended before `at`."""
        for (other, on), rules in self.open.items():
            if other == whose or (other, whose) in self.related or (whose, other) in self.related:
                continue
            if on and side and on != side:
                continue
            rules[:] = [rule for rule in rules if rule.last is None or rule.last >= at]
            yield other, rules

    def _note(
        self, one: Claim, other: Claim, side: str, first: int | None, last: int | None, house: str
    ) -> None:
        (a, rule_a), (b, rule_b) = sorted((one, other), key=lambda claim: claim[0])
        if a == b or (a, b) in self.related or (b, a) in self.related:
            return
        winner = None if rule_a.rank == rule_b.rank else (a if rule_a.rank > rule_b.rank else b)
        found = Double(a, b, side, first, last, house, winner)
        self.found.setdefault((a, b, side, first, last, house), found)


def _shared(one: Rule, other: Rule) -> tuple[str, int | None, int | None] | None:
    """(side, first, last) of what two ranges, sides or whole streets have in common."""
    if one.side and other.side and one.side != other.side:
        return None
    side = one.side or other.side
    first = max((rule.first for rule in (one, other) if rule.first is not None), default=None)
    last = min((rule.last for rule in (one, other) if rule.last is not None), default=None)
    if side and first is not None:
        first += not _is_on(first, side)
    if side and last is not None:
        last -= not _is_on(last, side)
    if first is not None and last is not None and first > last:
        return None
    return side, first, last
