"""Pairs joined into persons, the likeliest first, and never a person who contradicts himself.

A pair is joined unless some row of the one group contradicts some row of the other. Nor is it joined while a third
group has nearly as good a claim and contradicts: «Иванов И. И.» of a flat with father and son is neither's until a
person says whose. So the answer does not depend on the order of the rows: equal weights are taken by the rows' own
names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from veche.dedupe.finding.contradictions import Names, Person

MARGIN = 3.0  # bits; a claim that is weaker by more than this is no claim


class Edge(NamedTuple):
    """Two rows that may be one person. `joins`: probable enough to be joined unasked; `is_proven`: by a document, which
    no two people share, whatever else was mistaken in one of the rows.
    """

    low: int
    high: int
    weight: float
    joins: bool
    is_proven: bool = False


class Clusters:
    """Groups of rows; `group_of(row)` is the row that names its group, the smallest of them."""

    def __init__(self, names: Names, people: Mapping[int, Person]) -> None:
        self.names, self.people = names, people
        self.refused: dict[str, int] = defaultdict(int)  # why pairs were not joined -> how many
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._mistaken: set[int] = set()  # rows that a proof has joined to what they contradict

    def group_of(self, row: int) -> int:
        """The group of a row, which may be the row itself."""
        root = row
        while (above := self._parent.get(root, root)) != root:
            root = above
        while row != root:
            self._parent[row], row = root, self._parent.get(row, row)
        return root

    def join(self, edges: Iterable[Edge]) -> None:
        """Join what may be joined, the proven first. The edges below `joins` are claims only."""
        edges = sorted(edges, key=lambda edge: (not edge.is_proven, -edge.weight, edge.low, edge.high))
        claims: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for edge in sorted(edges, key=lambda edge: -edge.weight):
            claims[edge.low].append((edge.weight, edge.high))
            claims[edge.high].append((edge.weight, edge.low))
        for edge in edges:
            if edge.joins:
                self._consider(edge, claims)

    def _consider(self, edge: Edge, claims: Mapping[int, list[tuple[float, int]]]) -> None:
        one, other = self.group_of(edge.low), self.group_of(edge.high)
        if one == other:
            return
        if edge.is_proven:
            self._mark_mistaken(one, other)
            self._unite(one, other)
        elif why := self.contradict(one, other) or self._unheard_speaks_against(edge):
            self.refused[why] += 1
        elif self._is_claimed(one, other, edge.weight, claims) or self._is_claimed(
            other, one, edge.weight, claims
        ):
            self.refused["claimed"] += 1
        else:
            self._unite(one, other)

    def _unheard_speaks_against(self, edge: Edge) -> str:
        if self._mistaken.isdisjoint((edge.low, edge.high)):
            return ""
        return self.names.contradict(self.people[edge.low], self.people[edge.high])

    def contradict(self, one: int, other: int) -> str:
        """What sets two groups apart, "" where nothing does. Rows with a proven mistake are no witnesses."""
        for a in self._heard(one):
            for b in self._heard(other):
                if why := self.names.contradict(self.people[a], self.people[b]):
                    return why
        return ""

    def _heard(self, group: int) -> Iterable[int]:
        members = self._members.get(group, (group,))
        return (row for row in members if row not in self._mistaken) if self._mistaken else members

    def _mark_mistaken(self, one: int, other: int) -> None:
        """Of two groups that are one person and contradict each other, one side is wrong, and nobody knows which."""
        for a in self._members.get(one, (one,)):
            for b in self._members.get(other, (other,)):
                if self.names.contradict(self.people[a], self.people[b]):
                    self._mistaken |= {a, b}

    def _is_claimed(
        self, group: int, by: int, weight: float, claims: Mapping[int, list[tuple[float, int]]]
    ) -> bool:
        """Whether a third group could have `group` as well, and then `by` could not."""
        for row in self._members.get(group, (group,)):
            for claim, neighbour in claims[row]:
                if claim < weight - MARGIN:
                    break
                third = self.group_of(neighbour)
                if (
                    third not in (group, by)
                    and self.contradict(third, by)
                    and not self.contradict(third, group)
                ):
                    return True
        return False

    def _unite(self, one: int, other: int) -> None:
        kept, gone = min(one, other), max(one, other)
        self._parent[gone] = kept
        self._members[kept] = [*self._members.get(kept, (kept,)), *self._members.pop(gone, (gone,))]


def connected(ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Everybody of the ties -> the smallest whom ties lead to, through whomever."""
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        while (above := parent.setdefault(one, one)) != one:
            parent[one] = one = parent[above]
        return one

    for one, other in ties:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return {one: root(one) for one in parent}
