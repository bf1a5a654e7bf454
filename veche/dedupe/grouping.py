"""Pairs that the finder has made → groups to merge or to ask about. Plain functions, no tables."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

MOST = 4  # cards that somebody can look at side by side; of more the pairs are asked one by one


class Likely(NamedTuple):
    """Two who may be one, as the finder says it. `weight` is what decisions have not corrected yet, in bits."""

    low: int
    high: int
    probability: float
    clues: Mapping[str, str]
    weight: float | None = None

    @property
    def ids(self) -> tuple[int, int]:
        return self.low, self.high


class Grouped(NamedTuple):
    ids: tuple[int, ...]
    certain: bool
    pairs: tuple[Likely, ...]

    @property
    def probability(self) -> float:
        """That of the likeliest pair; of certain ones that of the least likely, by which they are doubted."""
        each = [pair.probability for pair in self.pairs] or [1.0]
        return min(each) if self.certain else max(each)

    @property
    def mark(self) -> str:
        """The same for the same people."""
        text = "-".join(map(str, self.ids))
        return text if len(text) <= 64 else hashlib.sha256(text.encode()).hexdigest()

    @property
    def reasons(self) -> list[dict[str, Any]]:
        return [
            {
                "low": pair.low,
                "high": pair.high,
                "probability": round(pair.probability, 4),
                "clues": dict(pair.clues),
            }
            | ({} if pair.weight is None else {"weight": round(pair.weight, 3)})
            for pair in self.pairs
        ]


def grouped(
    pairs: Iterable[Likely], clusters: Mapping[int, int], apart: Collection[tuple[int, int]] = frozenset()
) -> list[Grouped]:
    """The certain groups, then those to ask about.

    `clusters` are the finder's, by person: who shares one is certainly one person. `apart` are pairs (low, high) of
    whom somebody has said that they are two: they are not asked about, and a cluster that holds one is not certain.
    """
    inside: dict[int, set[int]] = defaultdict(set)
    for person, cluster in clusters.items():
        inside[cluster].add(person)
    broken = {clusters[low] for low, high in apart if low in clusters and clusters[low] == clusters.get(high)}
    certain: dict[int, list[Likely]] = defaultdict(list)
    doubtful = []
    for pair in pairs:
        cluster = clusters.get(pair.low)
        if cluster is not None and cluster == clusters.get(pair.high) and cluster not in broken:
            certain[cluster].append(pair)
        elif pair.ids not in apart:
            doubtful.append(pair)
    sure = [
        Grouped(tuple(sorted(people)), True, tuple(certain[cluster]))
        for cluster, people in sorted(inside.items())
        if len(people) > 1 and cluster not in broken
    ]
    return sure + _asked(doubtful)


def _asked(pairs: list[Likely]) -> list[Grouped]:
    """Each pair by itself, but up to `MOST` of whom all may be one with all are asked about together."""
    beside: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        beside[pair.low].add(pair.high)
        beside[pair.high].add(pair.low)
    together: dict[tuple[int, ...], list[Likely]] = defaultdict(list)
    for pair in pairs:
        around = beside[pair.low] | {pair.low}
        whole = len(around) <= MOST and all(beside[each] | {each} == around for each in around)
        together[tuple(sorted(around)) if whole else pair.ids].append(pair)
    return [Grouped(ids, False, tuple(found)) for ids, found in together.items()]
