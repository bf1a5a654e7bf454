"""What `veche bench` measures. A room's `bench.py` registers groups of figures, and what fills the base for them:

@fill_base
def people(contacts: int) -> None: ...          # in sets; into an empty database, once per size

@bench_group("search")
def search(contacts: int) -> Iterator[Figure]:
    yield Figure(name="search p95", value=31.5, unit="ms", bar=100, ratio_to="icontains", ratio=0.02)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value. `bar` is its promised limit: an upper one, or a lower one with `at_least`.

    `ratio` is value / the value of `ratio_to`, a rival measured in the same run on the same base.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    ratio_to: str | None = None
    ratio: float | None = None

    @property
    def ok(self) -> bool:
        """True when the bar is held, or when there is none."""
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        names = ("name", "value", "unit", "bar", "ok", "ratio_to", "ratio")
        return {name: getattr(self, name) for name in names}


Fill = Callable[[int], None]
Group = Callable[[int], Iterator[Figure]]

FILLS: list[Fill] = []
GROUPS: dict[str, Group] = {}


def fill_base(fill: Fill) -> Fill:
    """Register what fills an empty base; called with the number of contacts, lower floors first."""
    FILLS.append(fill)
    return fill


def bench_group(name: str) -> Callable[[Group], Group]:
    """Register a group of figures under the name that `veche bench` takes."""

    def register(group: Group) -> Group:
        if name in GROUPS:
            raise TypeError(f"Two groups of figures are called {name}.")
        GROUPS[name] = group
        return group

    return register


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def percentile(times: list[float], percent: int) -> float:
    """The smallest of the times that `percent` of them do not exceed (nearest rank); `times` is not empty."""
    rank = -(-len(times) * percent // 100)
    return sorted(times)[max(rank, 1) - 1]
