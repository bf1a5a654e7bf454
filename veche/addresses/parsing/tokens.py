"""One pass over the folded text: words, numbers, ordinals and signs, each with its place."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from veche.addresses.parsing.lexicon import KINDS, Kind, key_of, phrases

_TOKEN = re.compile(
    r"""(?:
    (?:п\.\s?г\.\s?т | [рдкгс]\.\s?п | [гмасд]\.\s?о | в\.\s?о | п\.\s?с | с\.\s?т | р\.\s?ф | вн\.\s?тер(?:\.\s?г)?)
        \.?(?![а-я.])
    | пр\.\s?-?\s?(?:кт|т|д)(?![а-я])\.?
    | ст\.\s?-?\s?ца(?![а-я])\.?
    | кв\.\s?-\s?л(?![а-я])\.?
    | (?:м/р-н | м/р-он | м/район | кв/оф(?:ис)? | ж/д(?=\s*\.?\s*(?:рзд|ст|будка)) | [а-я]/[а-я]{1,2}(?![а-я/]) )\.?
    | \d+(?:\s?-?\s?(?:летия|летие|лет(?=\s)|ая|ый|ий|ого|ому|я|й)|\s?-\s?(?:е|го|ти|ти|ю|ми|ой|х|тилетия)|ти|ой|го)(?![а-я])
    | \d+
    | [а-яa-z]+(?:-[а-яa-z]+|-[ ][а-я]{4,}|[ ]-[а-я]{4,})*\.?
    | .
    )\s*""",
    re.VERBOSE | re.DOTALL,
)


class Tokens(NamedTuple):
    """The tokens of a text with the blanks behind them, where each begins, and their kinds: the shape of the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    shape: tuple[Kind, ...]


class _Firsts(dict[str, bool]):
    """Token → whether a phrase of several tokens may begin with it."""

    def __missing__(self, token: str) -> bool:
        answer = key_of(token) in phrases()
        if len(self) < 100_000:
            self[token] = answer
        return answer


_FIRSTS = _Firsts()


def tokenise(folded: str) -> Tokens:
    """The tokens of a folded text. Words that the tables know as one phrase («нижний новгород») are one token."""
    found = _TOKEN.findall(folded)
    if True in map(_FIRSTS.__getitem__, found):
        found = _join_phrases(found)
    starts = tuple(accumulate(map(len, found), initial=0))
    return Tokens(tuple(found), starts, tuple(map(KINDS.__getitem__, found)))


def _join_phrases(found: list[str]) -> list[str]:
    keys = list(map(key_of, found))
    joined: list[str] = []
    position = 0
    while position < len(found):
        length = _phrase_length(keys, position)
        joined.append("".join(found[position : position + length]) if length > 1 else found[position])
        position += length
    return joined


def _phrase_length(keys: list[str], position: int) -> int:
    for phrase in phrases().get(keys[position], ()):
        length = len(phrase)
        if tuple(keys[position : position + length]) == phrase:
            return length
    return 1
