"""A text in one spelling, cut at its commas, semicolons, brackets and lines; every piece knows its place in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from veche.addresses.coverage import words

MOST = 200_000  # letters that are read; the rest is told of
_ONE = {"–": "-", "—": "-", "−": "-", "‑": "-", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "\t": " ",
        "\xa0": " ", "ё": "е", "Ё": "Е", "\r": " ", "\u2009": " ", "\u202f": " "}  # fmt: skip
_DROPPED = frozenset("\xad\u200b\ufeff*•·")
_LATIN = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_BY_SOUND = str.maketrans("LNRDGFISVZUlnrdgfisvzub", "ЛНРДГФИСВЗУлнрдгфисвзуб")
_LATIN_LETTER = re.compile(r"(?<=\d)[ABCEHKMOPTXYaceopxyk](?![A-Za-z])")
_WORD = re.compile(r"[A-Za-zА-Яа-я]+")
_CYRILLIC = re.compile(r"[А-Яа-я]")
_CAPITAL = re.compile(r"[A-ZА-Я\"]")
_CLOSED_LINE = re.compile(r"(?:\d[а-я]?|[):.;,]|полностью|целиком|включительно)\s*$", re.IGNORECASE)
_LONG_WORD = re.compile(r"[а-я]{5,}\"?$")
_FULL_STOP = re.compile(r"(?:\d[а-яА-Я]?|[)]|полностью|целиком|сторона|четные|нечетные)$")


class Piece(NamedTuple):
    """A piece between two marks: `before` and `after` are the marks, `depth` how many brackets it stands in."""

    text: str
    start: int
    end: int
    before: str
    after: str
    depth: int


def clean(text: str) -> tuple[str, list[int]]:
    """The text in one spelling, and for each of its letters the place in the original."""
    letters: list[str] = []
    places: list[int] = []
    n, size = 0, min(len(text), MOST)
    while n < size:
        letter = text[n]
        if letter == "-" and _breaks_word(text, n):
            n += 1
            while n < size and text[n].isspace():
                n += 1
            continue
        if letter not in _DROPPED and not (letter < " " and letter not in "\n\t\r"):
            letters.append(_ONE.get(letter, letter))
            places.append(n)
        n += 1
    joined = _LATIN_LETTER.sub(lambda found: found.group().translate(_LATIN), "".join(letters))
    return _WORD.sub(_in_one_alphabet, joined), places


def _in_one_alphabet(found: re.Match[str]) -> str:
    """A word of both alphabets in Cyrillic letters that look alike, else sound alike: «дoма», «Lенина»."""
    word = found.group()
    return (
        word.translate(_LATIN).translate(_BY_SOUND) if _CYRILLIC.search(word) and not word.isascii() else word
    )


def _breaks_word(text: str, n: int) -> bool:
    """Whether this hyphen parts a word at the end of its line: «неч-\\nётные»."""
    if n + 2 >= len(text) or text[n + 1] != "\n" or not n or not text[n - 1].isalpha():
        return False
    return text[n + 2].islower()


def pieces(text: str) -> Iterator[Piece]:
    """All that stands between the marks of the text, in order; whatever is a letter or a number is in one of them."""
    flat, places = clean(text)
    marks = list(_marks(flat))
    at, before, depth = 0, "\n", 0
    for place, mark in [*marks, (len(flat), "\n")]:
        told = flat[at:place]
        bare = told.strip(" \n.-:'")
        if bare:
            from_ = at + told.index(bare)
            yield Piece(
                " ".join(bare.split()), places[from_], places[from_ + len(bare) - 1] + 1, before, mark, depth
            )
            before = mark
        elif mark in ";\n" or before != ";":
            before = mark
        depth = max(0, depth + (mark == "(") - (mark == ")"))
        at = place + 1


def _marks(flat: str) -> Iterator[tuple[int, str]]:
    line = 0
    for n, letter in enumerate(flat):
        if letter in ",;:()":
            yield n, letter
        elif letter == "\n":
            if _ends_here(flat[max(line, n - 40) : n], flat[n + 1 : n + 60]):
                yield n, "\n"
            line = n + 1
        elif letter == "." and (not flat[n + 1 : n + 2].isdigit()):
            if flat[n + 1 : n + 2] in ("", " ", "\n") and _stops(
                flat[max(0, n - 20) : n], flat[n + 1 : n + 60]
            ):
                yield n, "."
        elif (
            letter == "-"
            and flat[n - 1 : n + 2] == " - "
            and not flat[max(0, n - 6) : n].rstrip()[-1:].isdigit()
        ):
            yield n, "-"


def _stops(said: str, following: str) -> bool:
    """Whether a full stop ends what was said; most of them only shorten a word."""
    if _FULL_STOP.search(said):
        return True
    long_word, following = _LONG_WORD.search(said), following.lstrip().split("\n")[0]
    return bool(long_word and (words.street_begins.match(following) or words.precinct.match(following)))


def _ends_here(line: str, following: str) -> bool:
    """Whether a line ends what it says, so that the next one begins something new."""
    following = following.lstrip(" -")
    if not line.strip() or not following.strip() or following.startswith("\n"):
        return True
    following = following.split("\n")[0]
    if words.street_begins.match(following) or words.town_begins.match(following):
        return True
    if any(kind.match(following) for kind in (words.precinct, words.remark, words.bounds)):
        return True
    return bool(_CLOSED_LINE.search(line) and _CAPITAL.match(following))
