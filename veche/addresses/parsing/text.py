"""Letters: a folded twin of the text that keeps every place, and the mending of what was written."""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = "ABCEHKMOPTXYaceopxykmthb"
_CYRILLIC = "АВСЕНКМОРТХУасеорхукмтнв"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
LOOK_ALIKES = frozenset(_LATIN)
_ODD = {
    "ё": "е", "Ё": "е", "\u00a0": " ", "\u2011": "-", "\u2012": "-", "–": "-", "—": "-", "−": "-", "\t": " ",
    "\u202f": " ", "\u2009": " ", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "`": '"', "'": '"', "’": '"',
    "′": '"', "\\": "/", "[": "(", "]": ")", "{": "(", "}": ")", "_": " ", "\u200b": " ", "\ufeff": " ", "|": ";",
    "\u00ad": " ", "\r": "\n",
}  # fmt: skip
_FOLD = {ord(char): char.lower() for char in "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_FOLD |= {ord(latin): cyrillic.lower() for latin, cyrillic in zip(_LATIN, _CYRILLIC, strict=True)}
_FOLD |= {ord(char): folded for char, folded in _ODD.items()}

_ODD_LETTER = re.compile(r"[^А-Яа-я0-9 .,/()\"#№:;+-]")
_HAS_LATIN = re.compile("[A-Za-z]")
_ROMAN = re.compile("[IVXLCХСММivxlcхс]+", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    "на и де ла над под в при от имени им реки реке канала р им имени года лет летия по у за к".split()
)
_STAY_SMALL = frozenset("км реки канала им имени года лет летия".split())
_ACRONYMS = frozenset("влксм ссср мкад кад цкад зсд мопр ркка нквд гэс тэц втуз ртс бам".split())
_VOWEL = re.compile("[аеёиоуыэюяaeiouyьъ]")
_WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """The text in lower case, Latin look-alikes as Cyrillic, ё as е, all dashes and quotes alike; of equal length."""
    if _ODD_LETTER.search(text):
        return text.translate(_FOLD)
    return text.lower()


def has_latin(text: str) -> bool:
    """Whether a Latin letter stands in the text."""
    return _HAS_LATIN.search(text) is not None


def mend_look_alikes(text: str) -> str:
    """Latin letters that look like Cyrillic ones become Cyrillic; a Roman numeral stays."""
    if not _HAS_LATIN.search(text) or _ROMAN.fullmatch(text):
        return text
    return text.translate(_TO_CYRILLIC)


@lru_cache(maxsize=65536)
def set_case(name: str) -> str:
    """A name all in capitals or all in small letters gets its capitals; one that has both keeps them."""
    if not (name.isupper() or name.islower()):
        if name[0].islower() and name.partition(" ")[0].rstrip(".") not in _STAY_SMALL:
            return name[0].upper() + name[1:]
        return name
    return _WORD.sub(_capitalise, name.lower())


def _capitalise(match: re.Match[str]) -> str:
    word = match.group()
    start = match.start()
    if word in _STAY_SMALL:
        return word
    if word in _ACRONYMS or (len(word) < 6 and len(word) > 1 and not _VOWEL.search(word)):
        return word.upper()
    before = match.string[start - 1] if start else " "
    if start and (before.isdigit() or word in _SMALL_WORDS):
        return word
    if before in "-–—" and (word in _SMALL_WORDS or match.string[: start - 1][-1:].isdigit()):
        return word
    return word[0].upper() + word[1:]
