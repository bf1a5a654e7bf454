"""One text for an address however it was written, and keys that are equal for equal houses and equal flats."""

from __future__ import annotations

import re
from functools import lru_cache

from veche.addresses.parsing import lexicon
from veche.addresses.parsing.parsed import ParsedAddress
from veche.addresses.parsing.text import fold

_USUAL_STREET = "улица"
_WORD = re.compile(r"[а-яa-z]+|\d+")
_COUNTED = re.compile(r"(\d+)\s?-?\s?(?:летия|летие|лет|тилетия)(?![а-я])")
_ORDINAL = re.compile(r"(\d+)\s?-\s?[а-я]{1,3}(?![а-я])")
_DROPPED = frozenset({"им", "имени", "газеты"})
_ENDING = re.compile(r"(?:ая|яя|ое|ее|ый|ий|ой)$")

# How types are written in the canonical text; others are written in full.
_SHORT = {
    "город": "г.", "посёлок": "п.", "село": "с.", "деревня": "дер.", "хутор": "х.", "станица": "ст-ца",
    "посёлок городского типа": "пгт", "рабочий посёлок": "рп", "дачный посёлок": "дп",
    "микрорайон": "мкр.", "квартал": "кв-л", "территория": "тер.",
    "улица": "ул.", "проспект": "пр-кт", "переулок": "пер.", "проезд": "пр-д", "шоссе": "ш.", "бульвар": "б-р",
    "набережная": "наб.", "площадь": "пл.", "тупик": "туп.",
}  # fmt: skip
_NUMBER_MARKS = (
    ("house", "д."), ("block", "корп."), ("building", "стр."), ("letter", "лит."), ("entrance", "подъезд"),
    ("floor", "этаж"),
)  # fmt: skip
_FLAT_MARKS = {
    "квартира": "кв.", "офис": "оф.", "помещение": "пом.", "комната": "комн.", "кабинет": "каб.", "бокс": "бокс",
    "апартаменты": "апарт.", "секция": "секция",
}  # fmt: skip


def canonical(parsed: ParsedAddress) -> str:
    """The address in one spelling and one order; reading it gives the same parts."""
    told = [parsed.postcode, parsed.country, parsed.region, parsed.district, parsed.municipality]
    told.append(f"г. {parsed.city}" if parsed.city else "")
    told.append(_typed(parsed.settlement_type, parsed.settlement))
    area = f"«{parsed.area}»" if " " in parsed.area else parsed.area
    told.append(_typed(parsed.area_type, area))
    told.append(_street(parsed))
    told += [f"{mark} {value}" for field, mark in _NUMBER_MARKS if (value := getattr(parsed, field))]
    if parsed.flat:
        told.append(f"{_FLAT_MARKS.get(parsed.flat_type, 'кв.')} {parsed.flat}")
    if parsed.room:
        told.append(f"комн. {parsed.room}")
    if parsed.box:
        told.append(f"а/я {parsed.box}")
    return ", ".join(filter(None, told))


def _typed(kind: str, name: str) -> str:
    return f"{_SHORT.get(kind, kind)} {name}".strip() if name else ""


def _street(parsed: ParsedAddress) -> str:
    if parsed.street_type == "километр":
        road, _, number = parsed.street.rpartition(" ")
        if road and (number.isdigit() or " " in road):
            return f"км. {parsed.street}"
        return ", ".join(filter(None, (road, f"{number} км")))
    return _typed(parsed.street_type, parsed.street)


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Equal for a name in any order of words and with any usual shortening: «Б. Садовая» and «Садовая Большая»."""
    folded = _ORDINAL.sub(r"\1 ", _COUNTED.sub(r"\1 лет ", fold(name)))
    words = [word for word in _WORD.findall(folded) if word not in _DROPPED]
    words = _people().get(" ".join(words), " ".join(words)).split()
    return " ".join(sorted(map(_whole, words)))


@lru_cache(maxsize=1)
def _people() -> dict[str, str]:
    pairs = (line.split(": ") for line in lexicon.sections()["people"])
    return {fold(short): fold(whole) for short, whole in pairs}


@lru_cache(maxsize=16384)
def _whole(word: str) -> str:
    """A shortened first word in full, without its gender: «б», «большая», «большой» are one."""
    whole = lexicon.shortened().get(word, word)
    return _ENDING.sub("", whole) if whole in _adjectives() else whole


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    return frozenset(word for word in lexicon.shortened().values() if _ENDING.search(word))


def region_of(parsed: ParsedAddress) -> str:
    """The region that is named, or the only one that has a town of this name; else ""."""
    if parsed.region:
        return parsed.region
    known = lexicon.cities().get(fold(parsed.city)) if parsed.city else None
    return known[1][0] if known and len(known[1]) == 1 else ""


def place_key(parsed: ParsedAddress) -> str:
    """The town or village, with its region and, of a village, with its district."""
    region = fold(region_of(parsed))
    if parsed.settlement and not parsed.city:
        return f"{region}|{name_key(_without_type(parsed.district))}|{name_key(parsed.settlement)}"
    return f"{region}|{name_key(parsed.city)}|{name_key(parsed.settlement)}"


def _without_type(district: str) -> str:
    return re.sub(r"\b(район|городской округ|муниципальный округ|улус|кожуун|поселение)\b", "", district)


def street_key(parsed: ParsedAddress) -> str:
    """Area and street; a street without a type is taken for an улица, as most are."""
    kind = (parsed.street_type or _USUAL_STREET) if parsed.street else ""
    return f"{name_key(parsed.area)}|{kind}|{name_key(parsed.street)}"


def house_key(parsed: ParsedAddress) -> str:
    """Equal for one house however it is written; "" where the text names no house."""
    number = _number_key(parsed)
    if not number or not (parsed.street or parsed.area or parsed.settlement or parsed.city):
        return ""
    return f"{place_key(parsed)}|{street_key(parsed)}|{number}"


def _number_key(parsed: ParsedAddress) -> str:
    if not (parsed.house or parsed.block or parsed.building):
        return ""
    return fold(f"{parsed.house}|{parsed.block}|{parsed.building}|{parsed.letter}")


def flat_key(parsed: ParsedAddress) -> str:
    """Equal for one flat however it is written; of a house without flats that of the house; "" without a house."""
    house = house_key(parsed)
    return f"{house}|{fold(parsed.flat)}|{fold(parsed.room)}" if house else ""
