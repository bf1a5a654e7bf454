"""An address all in Latin letters, as foreign forms have it: its Russian twin, with the place of each letter.

By sound, whichever of the usual systems was used: «shch» щ, «kh» х, «ya», «ja» and «ia» я, «skiy» and «sky» ский. The
soft sign, which hardly anybody writes, comes back where the tables know a town by its letters without it: «Kazan».
"""

from __future__ import annotations

import re
from functools import lru_cache

from veche.addresses.parsing import lexicon
from veche.addresses.parsing.text import LOOK_ALIKES

_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*", re.IGNORECASE)
_SOUNDS = {
    "shch": "щ", "sch": "щ", "yo": "ё", "jo": "ё", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш",
    "yu": "ю", "ju": "ю", "iu": "ю", "ya": "я", "ja": "я", "ia": "я", "ye": "е", "je": "е", "ck": "к", "a": "а",
    "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к", "l": "л",
    "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в",
    "x": "кс", "y": "ы", "z": "з", "'": "ь", "-": "-",
}  # fmt: skip
_ENDINGS = {"skiy": "ский", "skij": "ский", "skyi": "ский", "sky": "ский", "ski": "ский", "niy": "ний", "iy": "ий",
            "ij": "ий", "yy": "ый", "yj": "ый", "iya": "ия", "oe": "ое", "ie": "ие"}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_ENDING = re.compile("(?:" + "|".join(sorted(_ENDINGS, key=len, reverse=True)) + ")$")
_SOFT = re.compile("(л(?=ск|ша|шо)|ябр(?=ск))")  # «Никольская», «Большая», «Октябрьская»
_VOWELS = frozenset("aeiouy")


def is_latin(text: str) -> bool:
    """Whether a text without Russian letters has words in Latin ones, and not only such as look like Russian ones."""
    return any(not LOOK_ALIKES.issuperset(match.group()) for match in _WORD.finditer(text))


def in_russian(text: str) -> tuple[str, list[int]]:
    """The text by its sound, and for each of its letters, and its end, where in the text it comes from."""
    told: list[str] = []
    places: list[int] = []
    last = 0
    for match in _WORD.finditer(text):
        word = match.group()
        russian = _word(word.lower())
        russian = russian.upper() if word.isupper() and len(word) > 1 else russian
        russian = russian.capitalize() if word.istitle() else russian
        told += [text[last : match.start()], russian]
        places += range(last, match.start())
        step = len(word) / max(1, len(russian))
        places += (match.start() + int(step * at) for at in range(len(russian)))
        last = match.end()
    told.append(text[last:])
    places += range(last, len(text) + 1)
    return "".join(told), places


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    known = _known().get(word)
    if known:
        return known
    ending = _ENDING.search(word) if len(word) > 4 else None
    stem = word[: ending.start()] if ending else word
    sounds = []
    for match in _SOUND.finditer(stem):
        sound = match.group()
        is_short = sound in "yi" and match.start() and stem[match.start() - 1] in _VOWELS
        sounds.append("й" if is_short and match.end() == len(stem) else _SOUNDS[sound])
    russian = "".join(sounds) + (_ENDINGS[ending.group()] if ending else "")
    russian = _SOFT.sub(r"\1ь", russian)
    return _signless().get(russian, russian)


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    pairs = (line.split(": ") for line in lexicon.sections()["latin"])
    return {form: russian for russian, forms in pairs for form in forms.split()}


@lru_cache(maxsize=1)
def _signless() -> dict[str, str]:
    """Towns without their soft signs → as they are written."""
    return {city.replace("ь", ""): city for city in lexicon.cities() if "ь" in city and " " not in city}
