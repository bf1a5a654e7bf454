"""Who is who among the rows of a file: numbers of people and households, and why two rows are thought to be one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from veche.dedupe.finding import Found, Pair
from veche.dedupe.queries.reasons import in_words


@dataclass(frozen=True)
class Standing:
    """What is said of one row. `double_of` is the first row of the same person, `like` one that may be: a person has
    to decide. `probability` is in percent; 0 where there is nobody to compare with."""

    person: int
    household: int = 0
    double_of: int = 0
    like: int = 0
    probability: float = 0.0
    why: str = ""


class Doubles:
    """The answer of a search by the numbers of rows. Memory grows with the rows, some hundred bytes each."""

    def __init__(self, found: Found) -> None:
        self._first = {int(row): int(name) for row, name in found.clusters}
        self._person: dict[int, int] = {}
        for row in sorted(self._first):
            self._person.setdefault(self._first[row], len(self._person) + 1)
        self._household = self._numbered({int(row): int(name) for row, name in found.households})
        self._best: dict[int, tuple[int, Pair]] = {}
        self._like: dict[int, tuple[int, Pair]] = {}
        for pair in found.pairs:  # the likeliest first
            low, high = int(pair.low), int(pair.high)
            kept = self._best if pair.is_joined else self._like
            for one, other in ((low, high), (high, low)):
                kept.setdefault(one, (other, pair))
        self.spare = sum(row != first for row, first in self._first.items())
        self.people = len(self._person)
        self.households = len(set(self._household.values()))
        self.doubtful = len({tuple(sorted((row, other))) for row, (other, _pair) in self._like.items()})

    def _numbered(self, homes: dict[int, int]) -> dict[int, int]:
        """Row -> number of its household; only where at least two different people live."""
        people: dict[int, set[int]] = {}
        for row, home in homes.items():
            people.setdefault(home, set()).add(self._first[row])
        numbers: dict[int, int] = {}
        for row in sorted(homes):
            if len(people[homes[row]]) > 1:
                numbers.setdefault(homes[row], len(numbers) + 1)
        return {row: numbers[home] for row, home in homes.items() if home in numbers}

    def of(self, row: int) -> Standing | None:
        """None for a row that is about no person."""
        first = self._first.get(row)
        if first is None:
            return None
        double_of = first if first != row else 0
        other, pair = (self._best if double_of else self._like).get(row, (0, None))
        like = self._like.get(row, (0, None))[0]
        return Standing(
            person=self._person[first],
            household=self._household.get(row, 0),
            double_of=double_of,
            like=like,
            probability=min(round(pair.probability * 100, 1), 99.9) if pair else 0.0,
            why=_why(other, pair) if pair else "",
        )


def _why(other: int, pair: Pair) -> str:
    reasons = ", ".join(str(reason.text) for reason in in_words(pair.clues))
    return _("Compared with row %(row)d: %(reasons)s.") % {"row": other, "reasons": reasons}
