"""One pass over the folded text: words, numbers, ordinals and signs, each with its place."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from veche.addresses.parsing.lexicon import KINDS, Kind, key_of, phrases

# The letter of a house, glued to its number: not the mark of the number behind it, unless that is a mark by itself.
_LETTER = r"""[а-я](?![а-я\d])(?!\s*[.№"]?\s*\d)|[а-ж](?=[кс]\d)"""
_TOKEN = re.compile(
    r"""(?:
    (?:п\.\s?г\.\s?т | [рдгс]\.\s?п | к\.\s?п(?=\.?\s?[а-я]{3}) | [гмасд]\.\s?о | в\.\s?о | ж\.\s?р | п\.\s?с | с\.\s?т
        | р\.\s?ф | вн\.\s?тер(?:\.\s?г)?)\.?(?![а-я.])
    | (?:п\.г\.т|р\.п|д\.п)\.(?=[а-я]{3})
    | пр\.\s?-?\s?(?:кт|т|д)(?![а-я])\.?
    | (?:пр-кт|пр-т|пр-д|б-р)(?=[а-я]{4})
    | ст\.\s?-?\s?ца(?![а-я])\.?
    | кв\.\s?-\s?л(?![а-я])\.?
    | (?:м/р-н | м/р-он | м/район | кв/оф(?:ис)? | ж/д(?=\s*\.?\s*(?:рзд|ст|оп|будка)) | [а-я]/[а-я]{1,2}(?![а-я/]) )\.?
    | \d+(?:\s?-?\s?(?:летия|летие|лет(?=\s)|ая|ое|ее|ый|ий|ого|ому|я|й)
          |\s?-\s?(?:е|го|ти|ю|ми|ой|х|тилетия)|ти|ой|го)(?![а-я])
    | \d{1,4}(?:LETTER)?(?:/\d{1,4}(?:LETTER)?)*(?!\d)
    | \d+
    | лит(?=[а-з](?![а-я]))
    | (?<=\d\s)л(?=[а-з](?![а-я]))
    | [а-яa-z]+(?:-[а-яa-z]+|-[ ][а-я]{4,}|[ ]-[а-я]{4,})*\.?
    | .
    )[^\S\n]*""".replace("LETTER", _LETTER),
    re.VERBOSE | re.DOTALL,
)


class Tokens(NamedTuple):
    """The tokens of a text with the blanks behind them, where each begins, and their kinds: the shape of the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    shape: tuple[Kind, ...]


class _Keys(dict[str, str]):
    """Token → its key in the tables."""

    def __missing__(self, token: str) -> str:
        key = key_of(token)
        if len(self) < 100_000:
            self[token] = key
        return key


_Phrases = dict[str, list[tuple[str, ...]]]


class _Firsts(dict[str, _Phrases]):
    """Token → the phrases of several tokens that begin with it, by their second token, longest first."""

    def __missing__(self, token: str) -> _Phrases:
        answer: _Phrases = {}
        for phrase in phrases().get(_KEYS[token], ()):
            answer.setdefault(phrase[1], []).append(phrase)
        if len(self) < 100_000:
            self[token] = answer
        return answer


_KEYS = _Keys()
_FIRSTS = _Firsts()


def tokenise(folded: str) -> Tokens:
    """The tokens of a folded text. Words that the tables know as one phrase («нижний новгород») are one token."""
    found = _TOKEN.findall(folded)
    begun = list(map(_FIRSTS.__getitem__, found))
    if any(begun):
        found = _join_phrases(found, begun)
    starts = tuple(accumulate(map(len, found), initial=0))
    return Tokens(tuple(found), starts, tuple(map(KINDS.__getitem__, found)))


def _join_phrases(found: list[str], begun: list[_Phrases]) -> list[str]:
    """From left to right, the longest phrase at each place."""
    joined: list[str] = []
    done, last = 0, len(found) - 1
    for position, by_second in enumerate(begun):
        if not by_second or position < done or position == last:
            continue
        for phrase in by_second.get(_KEYS[found[position + 1]], ()):
            end = position + len(phrase)
            if end == position + 2 or tuple(_KEYS[token] for token in found[position:end]) == phrase:
                joined += found[done:position]
                joined.append("".join(found[position:end]))
                done = end
                break
    return [*joined, *found[done:]] if done else found
