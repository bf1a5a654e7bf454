"""What a search is told, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from veche.dedupe.finding.evidence import Evidence

COMPARISONS = ("surname", "given", "patronymic", "birthday", "phone", "email", "social", "place")
WEIGHTS = (0.5, 1.0, 2.0)  # how much of its weight a comparison may have
ALWAYS = frozenset({"surname", "given"})  # without a name nobody is told from his wife


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How sure a search has to be. `automatic` and `ask` are probabilities, 0..1, that two rows are one person: above
    the first they are joined, between the two they are asked about, below the second they are left.

    `comparisons` are those that take part; surname and given name always do, as what contradicts is looked for in them.
    `weights` are factors for what some of them add to the weight; `learned` are corrections out of people's decisions
    (`learning`), in bits by "comparison.level".
    """

    automatic: float = 0.9
    ask: float = 0.2
    comparisons: tuple[str, ...] = COMPARISONS
    weights: Mapping[str, float] = field(default_factory=dict)
    learned: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.ask <= self.automatic < 1:
            raise ValueError(f"0 < ask <= automatic < 1, but {self.ask}, {self.automatic}")
        if unknown := {*self.comparisons, *self.weights} - set(COMPARISONS):
            raise ValueError(f"no such comparison: {', '.join(sorted(unknown))}")
        if not set(self.weights.values()) <= set(WEIGHTS):
            raise ValueError(f"a weight is one of {WEIGHTS}, but {self.weights}")


class Pair(NamedTuple):
    """Two rows that may be one person. `weight` is the logarithm to base 2 of how many times likelier that is than
    chance; `clues` maps a comparison to the code of what was found, for those that had something to compare.

    `is_joined`: both are in one cluster. One that is not, though probable, was contradicted or is to be asked about.
    `plain` is the weight before it was corrected by what was learned.
    """

    low: str
    high: str
    probability: float
    weight: float
    clues: dict[str, str]
    is_joined: bool
    plain: float


@dataclass(frozen=True)
class Found:
    """The answer of a search; every part may be walked once or again while its folder is there.

    `pairs`: the likeliest first, those above `ask`. `clusters` and `households`: (row, name of its group) for every
    row; a row alone is a group of its own. Groups are named by the first of their rows. `families`: of each household
    of several persons its rows, each with the name of the person's group.
    """

    rows: int
    _pairs: object
    _clusters: object
    _households: object
    _families: object

    @property
    def pairs(self) -> Iterator[Pair]:
        return self._pairs()

    @property
    def clusters(self) -> Iterator[tuple[str, str]]:
        return self._clusters()

    @property
    def households(self) -> Iterator[tuple[str, str]]:
        return self._households()

    @property
    def families(self) -> Iterator[list[tuple[str, Evidence]]]:
        return self._families()
