"""A piece of text in canonical spelling: names, types, regions, districts, numbers. Every spelling is settled once."""

from __future__ import annotations

import re
from functools import lru_cache

from veche.addresses.parsing import lexicon, text

_QUOTES = re.compile(r"[\"'«»„“”`()\[\]№#]")
_AROUND = " \t\n,;:/-–—"
_ORDINAL = re.compile(r"\b(\d+)\s?[-–—]?\s?(ая|ый|ий|ой|ого|го|ая|я|й|е|х|ти|ое)\b(?!\.)", re.IGNORECASE)
_ORDINAL_ENDING = {"ая": "я", "ый": "й", "ий": "й", "ой": "й", "ое": "е", "го": "го", "ого": "го"}
_ISLAND = re.compile(r"(?<![\w.])(?:в\.?\s?о|п\.?\s?с)\.?$", re.IGNORECASE)
_ISLAND_FIRST = re.compile(r"^(в\.?\s?о\.?|п\.?\s?с\.?)\s+(\d.*)$", re.IGNORECASE)
_ISLANDS = {"в": ".О.", "п": ".С."}
_INITIALS = re.compile(r"([А-ЯЁа-яё]\.)(?=[А-ЯЁа-яё]{2})")
_DASHES = re.compile(r"\s*[-–—−‑]\s*")
_BLANKS = re.compile(r"\s+")
_SHORTENED = re.compile(r"^([а-яё-]{1,6})\.?\s+|\s+([а-яё-]{1,6})\.?$", re.IGNORECASE)


@lru_cache(maxsize=65536)
def settle_name(written: str) -> str:
    """A proper name: «2-ой  РОЩИНСКИЙ» → «2-й Рощинский», «Б. Садовая» → «Большая Садовая», «"Заря"» → «Заря»."""
    name = _BLANKS.sub(" ", _QUOTES.sub(" ", written)).strip(_AROUND)
    if not name:
        return ""
    if text.has_latin(name):
        name = " ".join(text.mend_look_alikes(word) for word in name.split(" "))
    if name.count(".") == 1 and name[-1] == "." and len(_BLANKS.split(name)[-1]) > 4:
        name = name[:-1]
    name = _ORDINAL.sub(_settle_ordinal, name)
    name = _INITIALS.sub(r"\1 ", _DASHES.sub("-", name))
    name = _ISLAND_FIRST.sub(r"\2 \1", name)
    if text.fold(name) in lexicon.words("rings"):
        return name.upper()
    name = _ISLAND.sub(
        lambda match: match.group()[0].upper() + _ISLANDS[text.fold(match.group()[0])], text.set_case(name)
    )
    return _lengthen(name)


def _settle_ordinal(match: re.Match[str]) -> str:
    ending = match.group(2).lower()
    return f"{match.group(1)}-{_ORDINAL_ENDING.get(ending, ending)}"


def _lengthen(name: str) -> str:
    """«Б. Садовая», «Филевская Б.» → «Большая …»: where the other word is an adjective of the same gender."""
    match = _SHORTENED.search(name)
    if not match:
        return name
    short = match.group(1) or match.group(2)
    rest = name[match.end() :] if match.group(1) else name[: match.start()]
    head = rest.split(" ")[0].lower()
    ending = "ая" if head.endswith(("ая", "яя", "ья")) else "ий" if head.endswith(("ий", "ый", "ой")) else ""
    if not ending:
        return name
    for whole, forms in _adjectives().items():
        if short.lower().replace("ё", "е") in forms and (whole[-2:] in ("ая", "яя")) == (ending == "ая"):
            return f"{whole.capitalize()} {rest}" if match.group(1) else f"{rest} {whole.capitalize()}"
    return name


@lru_cache(maxsize=1)
def _adjectives() -> dict[str, tuple[str, ...]]:
    table = {}
    for line in lexicon.sections()["shortened"]:
        whole, forms = line.split(":")
        if whole.endswith(("ая", "яя", "ой", "ый", "ий")):
            table[whole] = tuple(forms.split())
    return table


def is_size(folded: str) -> bool:
    """Whether a word is «большая», «старая», «б.»: what tells a street from another of its name."""
    key = lexicon.key_of(folded)
    return key in lexicon.shortened() or key in _adjectives()


@lru_cache(maxsize=16384)
def settle_type(level: str, folded: str) -> str:
    """«пр-т» → «проспект»; of a phrase or with dots too. "" for what the table does not know at this level."""
    return lexicon.type_words()[level].get(lexicon.key_of(folded), "")


@lru_cache(maxsize=4096)
def settle_region(folded: str) -> str:
    """«свердловской» → «Свердловская область»."""
    beside, alone = lexicon.region_names()
    key = lexicon.key_of(folded.strip(' "'))
    return beside.get(key) or alone.get(key) or ""


@lru_cache(maxsize=16384)
def settle_city(folded: str, written: str) -> str:
    """A town in its official spelling; one that the table does not know as it is written."""
    key, known = lexicon.key_of(folded), lexicon.cities()
    for spelling in (key, key[:-1], *(key[:-1] + ending for ending in "аяь")):  # «города Тулы», «в Казани»
        if spelling in known:
            return known[spelling][0]
    return settle_name(written)


@lru_cache(maxsize=4096)
def near_city(folded: str) -> str:
    """«екатеринбугр» → the town meant, where one letter inside is missing, added, wrong or changed places; else ""."""
    key = lexicon.key_of(folded)
    if len(key) < _LONG_ENOUGH or key in lexicon.vocabulary():
        return ""
    for size in (len(key), len(key) - 1, len(key) + 1):
        for city in lexicon.cities_alike().get((key[0], size), ()):
            if (city[-2:] == key[-2:] or size >= _SURELY_LONG) and _is_a_letter_away(key, city):
                return city
    return ""


_LONG_ENOUGH = 8  # letters: shorter towns are one letter from surnames and villages
_SURELY_LONG = 11  # so long that the ending may be wrong too


def _is_a_letter_away(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    at = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest, others = one[at:], other[at:]
    return (
        rest[1:] in (others, others[1:])
        or rest == others[1:]
        or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    )


@lru_cache(maxsize=16384)
def settle_district(kind: str, written: str) -> str:
    """«Сысертский» + район → «Сысертский район», «Химки» + городской округ → «городской округ Химки»."""
    name = settle_name(written)
    if name.endswith("кого"):
        name = f"{name[:-3]}ий"
    if kind in ("район", "муниципальный район"):
        return f"{name} район" if name.endswith(("ий", "ый", "ой")) else f"район {name}"
    if kind in ("улус", "кожуун") or name.endswith(("ий", "ый", "ой")):
        return f"{name} {kind}"
    return f"{kind} {name}"


_NOT_IN_NUMBERS = re.compile(r"[\s\"'«»„“”`()\[\]№#.:_,]")
_LETTER_BEHIND = re.compile(r"(?<=\d)[-/]([А-ЯA-Z])(?![А-ЯA-Z])")
_ZEROS = re.compile(r"^0+(?=\d)")


@lru_cache(maxsize=65536)
def settle_number(written: str) -> str:
    """«9 - а» → «9А», «8 "А"» → «8А», «14 / 75» → «14/75», «05» → «5»."""
    number = _DASHES.sub("-", _NOT_IN_NUMBERS.sub("", written)).replace("\\", "/").upper().strip("-/")
    number = text.mend_look_alikes(number)
    return _ZEROS.sub("", _LETTER_BEHIND.sub(r"\1", number))


_DIGITS = re.compile(r"\d+")
_JOINT = re.compile(r"(\d+(?:/\d+)*[А-Я]?)-(\d+[А-Я]?)(?:-(\d+[А-Я]?))?")


def leading_number(number: str) -> int:
    """12 of «12А»; -1 where there is none."""
    match = _DIGITS.match(number)
    return int(match.group()) if match else -1


@lru_cache(maxsize=16384)
def split_joint(number: str) -> tuple[str, ...]:
    """«12-34» → («12», «34»), «26-1-12» → («26», «1», «12»); a number without a dash is alone."""
    match = _JOINT.fullmatch(number)
    return tuple(filter(None, match.groups())) if match else (number,)
