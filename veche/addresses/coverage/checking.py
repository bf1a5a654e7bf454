"""Rules of several territories laid beside each other on one street: numbers that nobody has, houses that two have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """Houses of one street that two territories claim; `related` are pairs (part, whole), which may share them."""
    claims = list(claims)
    excluded = [(whose, rule) for whose, rule in claims if rule.excluded]
    kept = [(whose, rule) for whose, rule in claims if not rule.excluded]
    by_house: dict[str, list[Claim]] = {}
    spans: list[Claim] = []
    for whose, rule in kept:
        (by_house.setdefault(rule.house, []) if rule.house else spans).append((whose, rule))
    found: dict[tuple, Double] = {}

    def note(one: Claim, other: Claim, side: str, first: int | None, last: int | None, house: str) -> None:
        (a, rule_a), (b, rule_b) = sorted((one, other), key=lambda claim: claim[0])
        if a == b or (a, b) in related or (b, a) in related or len(found) >= MOST_DOUBLES:
            return
        winner = None if rule_a.rank == rule_b.rank else (a if rule_a.rank > rule_b.rank else b)
        found.setdefault((a, b, side, first, last, house), Double(a, b, side, first, last, house, winner))

    for house, claimants in by_house.items():
        for n, one in enumerate(claimants):
            for other in claimants[n + 1 :]:
                note(one, other, "", None, None, house)
        number = number_of(house)
        for span in spans:
            if span[1].covers(number, house) and not _is_out(excluded, span[0], number, house):
                for one in claimants:
                    note(one, span, "", None, None, house)
    for n, one in enumerate(spans):
        for other in spans[n + 1 :]:
            if one[0] != other[0] and (shared := _shared(one[1], other[1])):
                note(one, other, *shared, "")
    return list(found.values())


def _is_out(excluded: Sequence[Claim], whose: int, number: int | None, house: str) -> bool:
    return any(owner == whose and rule.covers(number, house) for owner, rule in excluded)


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
