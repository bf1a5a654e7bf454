"""What a single token may be: the word tables, read once, and the judgement of a token by them.

A `Kind` says everything the layout may know of a token, and nothing of its letters: «ул.» and «проспект» are of one
kind, «Ленина» and «Мира» of another. So one layout serves every address of the same shape.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLES = Path(__file__).parent.parent / "tables"
PLACES = ("region", "district", "commune", "city", "settlement", "area", "street", "kilometre")
MARKS = ("house", "block", "building", "letter", "flat", "entrance", "floor", "intercom", "box", "phone")
_NONE: frozenset[str] = frozenset()


class Kind(NamedTuple):
    """`form`: w word, n number, o ordinal, r Roman numeral, l single letter, q quote, otherwise the sign itself.

    `types`: levels of places the token may be the type word of; `marks`: numbers it may stand before; `known`: what
    the tables know by this name; `full`: a type word written in full, which may also be part of a name; `glued`: no
    blank follows; `stop`: a full stop follows a word that is no abbreviation; `size`: of a number, how many digits.
    """

    form: str
    types: frozenset[str] = _NONE
    marks: frozenset[str] = _NONE
    known: frozenset[str] = _NONE
    full: bool = False
    adjective: bool = False
    glued: bool = False
    stop: bool = False
    size: int = 0


def lines(name: str) -> list[str]:
    """The lines of a table, without remarks."""
    text = (_TABLES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def fold_word(word: str) -> str:
    """The key of a word in the tables: folded, `_` a blank."""
    return word.replace("_", " ").lower().replace("ё", "е")


@cache
def sections() -> dict[str, list[str]]:
    """The sections of `words.txt`: name → lines."""
    found: dict[str, list[str]] = {}
    for line in lines("words.txt"):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.append(line)
    return found


@cache
def words(section: str) -> frozenset[str]:
    """The words of one section."""
    return frozenset(fold_word(word) for line in sections()[section] for word in line.split())


@cache
def type_words() -> dict[str, dict[str, str]]:
    """Level → spelling → canonical type."""
    table: dict[str, dict[str, str]] = {}
    for line in lines("types.txt"):
        level, canonical, spellings = (cell.strip() for cell in line.split("|"))
        for spelling in spellings.split():
            table.setdefault(level, {}).setdefault(fold_word(spelling), canonical)
    return table


@cache
def roles() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Spelling → the levels it is a type of, the numbers it marks."""
    table: dict[str, tuple[set[str], set[str]]] = {}
    for level, spellings in type_words().items():
        for spelling in spellings:
            table.setdefault(spelling, (set(), set()))[level in MARKS].add(level)
    return {spelling: (frozenset(types), frozenset(marks)) for spelling, (types, marks) in table.items()}


@cache
def known_words() -> dict[str, frozenset[str]]:
    """Spelling → what the tables know by it."""
    table: dict[str, set[str]] = {}
    beside, alone = region_names()
    for names, mark in ((alone, "region alone"), (beside, "region")):
        for name, region in names.items():
            table.setdefault(name, set()).add(mark)
            if region_types()[region] == "город":
                table[name].add("federal city")
    for city in cities():
        table.setdefault(city, set()).add("city")
    for section, mark in _SECTION_KINDS.items():
        for word in words(section):
            table.setdefault(word, set()).add(mark)
    for line in sections()["shortened"]:
        word = fold_word(line.partition(":")[0])
        if _ADJECTIVE.fullmatch(word):
            for ending in ("", "ие", "ые", "ое", "ее"):
                table.setdefault(word[:-2] + ending if ending else word, set()).add("size")
        elif word.endswith(("а", "я")):
            table.setdefault(word, set()).add("title")
    for line in sections()["people"]:
        table.setdefault(line.partition(": ")[2].split()[0], set()).add("title")
    for word in shortened():
        if len(word) < _SHORTENED:
            table.setdefault(word, set()).add("shortened")
    return {word: frozenset(marks) for word, marks in table.items()}


@cache
def region_names() -> tuple[dict[str, str], dict[str, str]]:
    """Names that stand beside a type word, and names that need none, → canonical name."""
    beside: dict[str, str] = {}
    alone: dict[str, str] = {}
    stems: dict[str, str] = {}
    for line in lines("regions.txt"):
        canonical, _type, with_type, without = (cell.strip() for cell in line.split("|"))
        for word in map(fold_word, with_type.split()):
            beside[word] = canonical
            if word.endswith("ская"):
                beside[word[:-2] + "ой"] = canonical
                stems |= {word[:-2]: canonical, word[:-4]: canonical}
            elif word.endswith("кий"):
                beside[word[:-2] + "ого"] = canonical
                beside[word[:-2] + "ом"] = canonical
        for word in map(fold_word, without.split()):
            alone[word] = canonical
            beside.setdefault(word, canonical)
        for whole in (canonical.lower(), canonical.lower().replace(" — ", " - ")):
            beside[whole] = alone[whole] = canonical
    shortened_names = {
        stem: region for stem, region in stems.items() if stem not in alone and stem not in cities()
    }
    return shortened_names | beside, alone


@cache
def region_types() -> dict[str, str]:
    """Canonical region → its type."""
    rows = ([cell.strip() for cell in line.split("|")] for line in lines("regions.txt"))
    return {row[0]: row[1] for row in rows}


@cache
def cities() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Folded town → (its name, the regions that have one of this name)."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    region = ""
    for line in lines("cities.txt"):
        if line.startswith("["):
            region = line.strip("[]")
            continue
        for word in line.split():
            key = fold_word(word)
            regions = found.get(key, ("", ()))[1]
            found[key] = (word.replace("_", " "), (*regions, region))
    for line in sections()["towns"]:
        whole, shorter = line.split(":")
        found |= {fold_word(word): found[fold_word(whole)] for word in shorter.split()}
    for key, city in list(found.items()):
        for stem, short in _SHORT_HEADS.items():
            if key.startswith(stem) and " " in key:  # «В. Пышма»
                found.setdefault(f"{short} {key.partition(' ')[2]}", city)
    return found


@cache
def cities_alike() -> dict[tuple[str, int], list[str]]:
    """First letter and length → the towns of such."""
    found: dict[tuple[str, int], list[str]] = {}
    for city in cities():
        found.setdefault((city[0], len(city)), []).append(city)
    return found


_SHORT_HEADS = {
    "верхн": "в",
    "нижн": "н",
    "стар": "ст",
    "велик": "в",
    "больш": "б",
    "новый": "н",
    "красн": "кр",
}


@cache
def shortened() -> dict[str, str]:
    """Shortened first word of a name → the whole word."""
    table: dict[str, str] = {}
    for line in sections()["shortened"]:
        whole, forms = line.split(":")
        for form in forms.split():
            table.setdefault(fold_word(form), fold_word(whole))
    return table


@cache
def vocabulary() -> frozenset[str]:
    """Every spelling that a table knows."""
    known = {*region_names()[0], *region_names()[1], *cities()}
    for level in type_words().values():
        known |= set(level)
    for section in _SECTION_KINDS:
        known |= words(section)
    return frozenset(known)


@cache
def phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word → the phrases of several tokens that the tables know, longest first; for the tokeniser."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in vocabulary():
        spelt = [phrase, phrase.replace("-", " - ")] if len(phrase) > 7 and "-" in phrase else [phrase]
        for spelling in spelt:
            parts = tuple(re.findall(r"[а-яa-z]+(?:[-/][а-яa-z]+)*|-|/|\(|\)", spelling))
            if len(parts) > 1:
                table.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in table.items()}


_SHORTENED = 6  # letters: a longer one needs no mark, as it is no whole word
_ABBREVIATED = re.compile(r"[бвгджзклмнпрстфхцчшщ]{2,4}|[а-я]{1,5}-[а-я]{1,3}")
_ADJECTIVE = re.compile(r".{2,}(?:ая|яя|ий|ый|ой|ое|ее)")
_TOPONYM = re.compile(r"[а-я-]{3,}(?:ово|ево|ино|ыно|град|поль|бург|горск)")
_VILLAGE = re.compile(r"[а-я-]{3,}[ое]вка")
_PATRONYMIC = re.compile(r"[а-я]{3,}(?:ович|евич|овна|евна|инична|ична)")
_GAPS = re.compile(r"[.\s]+")
_BLANKS = " \n\t"


class Kinds(dict[str, Kind]):
    """Token as it stands in the folded text, with the blanks behind it → its kind; every token is judged once."""

    def __missing__(self, token: str) -> Kind:
        kind = judge(token)
        kind = _same.setdefault(kind, kind)
        if len(self) < 200_000 and len(token) < 40:
            self[token] = kind
        return kind


_same: dict[Kind, Kind] = {}


def key_of(token: str) -> str:
    """The spelling under which the tables know a token: no dots, no blanks round it, and inside as the tables."""
    word = token.strip(" \n\t.")
    if word.isalpha():
        return word
    if "." in word or " " in word or "\n" in word:
        parts = _GAPS.split(word)
        spaced, compact = " ".join(parts), "".join(parts)
        known = vocabulary()
        word = compact if compact in known and spaced not in known else spaced
        if " - " in word and word not in known:
            word = word.replace(" - ", "-")
    return word


def judge(token: str) -> Kind:
    """What a token may be."""
    bare = token.rstrip(_BLANKS)
    glued = len(bare) == len(token)
    if not bare:
        return Kind("\n" if "\n" in token else " ")
    first = bare[0]
    if first.isdigit():
        return _judge_number(bare, glued)
    if not first.isalpha():
        return Kind(
            "q" if first == '"' else first if first in ",.;:/-()#№+\n" else "?", glued=first in "-/" and glued
        )
    word = key_of(bare)
    if word in ("n", "или"):
        return Kind("№" if word == "n" else ";")
    if re.fullmatch("[ivxlcхсмl]+", word) and re.search("[ivl]", word):
        return Kind("r", glued=glued)
    return _judge_word(word, bare.endswith("."), glued)


def _judge_number(bare: str, glued: bool) -> Kind:
    digits = len(bare) - len(bare.lstrip("0123456789"))
    if digits != len(bare):
        return (
            Kind("n", size=4)
            if (len(bare) == digits + 1 and bare[-1] not in "яй") or "/" in bare
            else Kind("o")
        )
    return Kind("n", glued=glued, size=min(max(digits, 4), 7))


def _judge_word(word: str, dotted: bool, glued: bool) -> Kind:
    types, marks = roles().get(word, (_NONE, _NONE))
    known = _known(word)
    if word == "а" and not dotted:
        types = _NONE  # «а.» is an аул, a lone «а» the letter of a house
    if len(word) == 1:
        return Kind("l", types, marks, known, glued=glued and not dotted, stop=dotted)
    full = (
        bool(types or marks)
        and (len(word) > 4 or word in _SHORT_BUT_FULL)
        and not _ABBREVIATED.fullmatch(word)
    )
    if dotted and full and len(word) < 6 and word not in _SHORT_BUT_FULL:
        full = False
    adjective = bool(known) and _ADJECTIVE.fullmatch(word) is not None
    return Kind(
        "w", types, marks, known, full, adjective, stop=dotted and not (types or marks) and len(word) > 3
    )


_SHORT_BUT_FULL = frozenset("село край вал дом сад аул спуск улус ряд".split())


def _known(word: str) -> frozenset[str]:
    known = known_words().get(word, _NONE)
    if "city" not in known and _PATRONYMIC.fullmatch(word):
        return known | {"person"}
    if not known:
        if _TOPONYM.fullmatch(word):
            return _ONLY_TOPONYM
        if _VILLAGE.fullmatch(word):
            return _ONLY_VILLAGE
        if len(word) == 2 and word not in roles():
            return _ONLY_SHORT
    return known


_ONLY_TOPONYM, _ONLY_VILLAGE, _ONLY_SHORT = (frozenset({mark}) for mark in ("toponym", "village", "short"))
_SECTION_KINDS = {
    "countries": "country",
    "foreign": "foreign",
    "tags": "tag",
    "remarks": "remark",
    "comments": "comment",
    "organisations": "organisation",
    "dates": "date",
    "islands": "island",
    "given": "person",
    "rings": "ring",
    "numbered": "numbered",
    "joins": "join",
}
KINDS = Kinds()
