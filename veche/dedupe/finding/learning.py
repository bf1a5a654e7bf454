"""What people's decisions teach the model: a correction to the weight of each level, in bits.

The pairs that people decide about are no sample of all pairs: they are those that the model was unsure of. So m and u
cannot be estimated anew from them (as Splink's `estimate_m_from_pairwise_labels` would): a level that settles a pair by
itself hardly comes before anybody. What remains right, however the pairs were chosen by their levels, is how likely a
pair of these levels is one person. In Fellegi and Sunter's model its log odds are the prior's plus a sum over the
levels; that is a logistic regression on the levels, with the model's weight as its offset. The corrections are the
coefficients, found by Fisher scoring:

- a Gaussian prior around 0 pulls each towards the model as it is, so few decisions change little;
- the likelihood expects that some of the decisions are mistakes (Copas 1988, "Binary regression models for contaminated
  data"), so one odd decision pulls hardly at all, and the less the odder it is;
- whatever they say, all together move a pair by `MOST` bits at most: less than what lies between even odds and the
  usual automatic limit. Nothing that contradicts is joined by them, as that is asked apart from weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from veche.dedupe.finding.rules import Rules

ENOUGH = 50  # decisions; from fewer nothing is learned
ENOUGH_OF_EACH = 10  # of those that say "one person", and of the others
MOST = 3.0  # bits
EVERYWHERE = ""  # the correction that every pair gets
_SPREAD = 0.5  # bits: how far corrections are expected to lie from 0
_MISTAKEN = 0.03  # share of decisions
_ROUNDS, _CLOSE = 60, 1e-6


class Lesson(NamedTuple):
    """A pair that somebody has decided about: its weight before anything was learned, its levels by comparison, and
    whether it is one person. `share` is its part of the decision, which may be about several pairs."""

    weight: float
    clues: Mapping[str, str]
    is_one: bool
    share: float = 1.0


@dataclass(frozen=True)
class Learned:
    """`bits` are the corrections by "comparison.level". `agreed` is the share of decisions that took the side on which
    the model had been."""

    decisions: int = 0
    one: int = 0
    agreed: float = 0.0
    bits: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        return bool(self.bits)

    @property
    def missing(self) -> int:
        """How many decisions it takes yet, at the least."""
        scarce = sum(max(ENOUGH_OF_EACH - each, 0) for each in (self.one, self.decisions - self.one))
        return max(ENOUGH - self.decisions, scarce)


def learn(lessons: Sequence[Lesson]) -> Learned:
    """What these decisions teach; no corrections when they are too few, or all of one kind."""
    decisions = round(sum(each.share for each in lessons))
    one = round(sum(each.share for each in lessons if each.is_one))
    if not decisions:
        return Learned()
    agreed = sum(each.share for each in lessons if each.is_one == (each.weight >= 0)) / decisions
    told = Learned(decisions, one, min(agreed, 1.0))
    return told if told.missing else Learned(decisions, one, told.agreed, _corrections(lessons))


def correction(bits: Mapping[str, float], clues: Mapping[str, str]) -> float:
    """By how much a pair with these levels is moved."""
    if not bits:
        return 0.0
    keys = (EVERYWHERE, *(f"{name}.{code}" for name, code in clues.items()))
    return min(max(sum(bits.get(key, 0.0) for key in keys), -MOST), MOST)


def slack(bits: Mapping[str, float]) -> float:
    """By how much some pair may be moved up."""
    highest: dict[str, float] = {}
    for key, value in bits.items():
        name = key.partition(".")[0]
        highest[name] = max(highest.get(name, 0.0), value)
    everywhere = bits.get(EVERYWHERE, 0.0)
    return min(max(everywhere + sum(highest.values()) - highest.get(EVERYWHERE, 0.0), 0.0), MOST)


def adjust(db: DuckDBPyConnection, rules: Rules, limit: float) -> None:
    """Correct the weights of the table `pair`, keeping the former ones in `plain`; what is then below `limit` goes."""
    db.execute("alter table pair add column plain double")
    db.execute("update pair set plain = weight")
    if not rules.learned:
        return
    cases: dict[str, list[str]] = {}
    for key, value in rules.learned.items():
        name, _dot, code = key.partition(".")
        if name:
            cases.setdefault(name, []).append(f"when '{code}' then {value!r}")
    said = [f"case {name} {' '.join(each)} else 0 end" for name, each in cases.items()]
    total = " + ".join([repr(rules.learned.get(EVERYWHERE, 0.0)), *said])
    db.execute(f"update pair set weight = plain + least(greatest({total}, {-MOST}), {MOST})")
    db.execute(f"delete from pair where weight < {limit!r}")


def _corrections(lessons: Sequence[Lesson]) -> dict[str, float]:
    import numpy as np

    keys = sorted({f"{name}.{code}" for each in lessons for name, code in each.clues.items()})
    place = {key: at for at, key in enumerate([EVERYWHERE, *keys])}
    levels = np.zeros((len(lessons), len(place)))
    levels[:, 0] = 1
    for row, each in enumerate(lessons):
        for name, code in each.clues.items():
            levels[row, place[f"{name}.{code}"]] = 1
    shares = np.array([each.share for each in lessons])
    is_one = np.array([float(each.is_one) for each in lessons])
    offsets = np.array([each.weight for each in lessons]) * math.log(2)
    found = _fitted(levels, offsets.clip(-30, 30), is_one, shares) / math.log(2)
    return {key: round(float(min(max(found[at], -MOST), MOST)), 4) for key, at in place.items()}


def _fitted(levels: NDArray, offsets: NDArray, is_one: NDArray, shares: NDArray) -> NDArray:
    """The likeliest coefficients, in nats: Fisher scoring, a step that makes it worse being halved."""
    import numpy as np

    certainty = 1 / (_SPREAD * math.log(2)) ** 2

    def chance(at: NDArray) -> NDArray:
        return 1 / (1 + np.exp(-(offsets + levels @ at).clip(-30, 30)))

    def seen(one: NDArray) -> NDArray:
        return _MISTAKEN + (1 - 2 * _MISTAKEN) * one

    def likelihood(at: NDArray) -> float:
        said = seen(chance(at))
        told = shares @ (is_one * np.log(said) + (1 - is_one) * np.log(1 - said))
        return float(told - certainty * at @ at / 2)

    at = np.zeros(levels.shape[1])
    for _round in range(_ROUNDS):
        one = chance(at)
        said, slope = seen(one), (1 - 2 * _MISTAKEN) * one * (1 - one)
        spread = said * (1 - said)
        uphill = levels.T @ (shares * (is_one - said) * slope / spread) - certainty * at
        steepness = (levels.T * (shares * slope**2 / spread)) @ levels + certainty * np.eye(len(at))
        step = np.linalg.solve(steepness, uphill)
        while likelihood(at + step) < likelihood(at) and np.abs(step).max() > _CLOSE:
            step /= 2
        at = at + step
        if np.abs(step).max() <= _CLOSE:
            break
    return at
