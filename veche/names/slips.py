"""Words found again by a spelling one slip away: a letter lost, added, changed, or two neighbours swapped.

One slip away means that the two share a form with a letter left out, so an index of such forms finds all candidates
without comparing a word to every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Slips:
    """An index over folded words."""

    def __init__(self, words: Iterable[str]) -> None:
        found: dict[str, set[str]] = {}
        for word in words:
            for form in (word, *_without_a_letter(word)):
                found.setdefault(form, set()).add(word)
        self._owners = {form: frozenset(owners) for form, owners in found.items()}

    def near(self, word: str) -> frozenset[str]:
        """The words of the index that `word` is, or is one slip away from."""
        found = set(self._owners.get(word, ()))
        for form in _without_a_letter(word):
            found |= self._owners.get(form, frozenset())
        return frozenset(each for each in found if _one_slip(word, each))


def _without_a_letter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_slip(one: str, other: str) -> bool:
    """Optimal string alignment distance of 1 at most, for two words that share a form with a letter left out."""
    if len(one) != len(other):
        return True
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) < 2:
        return True
    first, last = places[0], places[-1]
    return len(places) == 2 and last == first + 1 and one[first] == other[last] and one[last] == other[first]
