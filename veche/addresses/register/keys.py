"""What is compared: names, numbers of houses and of flats in one spelling. The rules are those of the parser's fields.

A key is stored by the loader and made of the question by the lookup, so both must come from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

STEAD = 100  # the kind of a plot of land, beside the register's HOUSETYPE
LIKE_RUSSIAN = str.maketrans("ABCEHKMOPTXYaceopxykmthb", "АВСЕНКМОРТХУасеорхукмтнв")
OTHER_SIGNS = re.compile(r"[^0-9a-zа-я]+")
# After a number these say that it is an ordinal or an age: "1-я", "60-летия", "50 лет".
ORDINALS = re.compile(r"\b(\d+)[\s–—-]*(?:ая|ый|ой|ое|го|ти|ых|летия|летие|лет|я|й|е|ю|х|ого)\b")
DROPPED = frozenset({"им", "имени"})
# Words that are abbreviated in many ways: the beginning that all have in common, and the forms.
SHORTENED = {
    "больш": "б бол больш большая большой большое большие",
    "мал": "м мал малая малый малое малые",
    "верхн": "верх верхн верхняя верхний верхнее верхние",
    "нижн": "ниж нижн нижняя нижний нижнее нижние н",
    "нов": "нов новая новый новое новые",
    "стар": "стар старая старый старое старые ст",
    "средн": "ср сред средн средняя средний среднее средние",
    "велик": "вел великая великий великое",
    "академик": "ак акад академик академика",
    "маршал": "марш маршал маршала",
    "генерал": "ген генерал генерала",
    "адмирал": "адм адмирал адмирала",
    "профессор": "проф профессор профессора",
    "лейтенант": "лейт лейтенант лейтенанта",
    "свят": "св святого святой",
    "рек": "р реки река",
}
WORDS = {form: stem for stem, forms in SHORTENED.items() for form in forms.split()}
# What belongs to the kind of a place, not to its name.
REGION_WORDS = frozenset(
    "область обл край республика респ автономный автономная автономного округ ао аобл город г федерального значения "
    "югра кузбасс российская федерация".split()
)
DISTRICT_WORDS = frozenset(
    "район рн р н муниципальный муниципального городской сельский национальный округ округа го мо поселение "
    "внутригородская внутригородского территория вн тер город".split()
)
DISTRICT_LEVELS = (2, 3, 4, 13, 14)


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in one spelling, in the order in which they stand."""
    text = name.translate(LIKE_RUSSIAN).lower().replace("ё", "е")
    text = OTHER_SIGNS.sub(" ", ORDINALS.sub(r"\1 ", text))
    words = tuple(WORDS.get(word, word) for word in text.split() if word not in DROPPED)
    return words or tuple(text.split())


def name_key(name: str) -> str:
    """`name` for comparison, whatever the order of its words: "Б. Академическая" and "Академическая Большая"."""
    return " ".join(sorted(name_words(name)))


def object_key(name: str, level: int) -> str:
    """The key of an address object. Of districts and regions without the words that say what they are."""
    if level == 1:
        return region_key(name)
    return district_key(name) if level in DISTRICT_LEVELS else name_key(name)


def region_key(name: str) -> str:
    return _without(REGION_WORDS, name)


def district_key(name: str) -> str:
    return _without(DISTRICT_WORDS, name)


def _without(kinds: frozenset[str], name: str) -> str:
    words = name_words(name)
    return " ".join(sorted([word for word in words if word not in kinds] or words))


def rotations(key: str) -> list[str]:
    """The key begun with each of its other words, for the search by the beginning of any word."""
    words = key.split()
    return list(
        dict.fromkeys(" ".join([word, *words[:at], *words[at + 1 :]]) for at, word in enumerate(words) if at)
    )


def prefix_word(typed: str) -> str:
    """The last, unfinished word of what is being typed, as keys have it: "больша" begins what they call "больш"."""
    for stem, forms in SHORTENED.items():
        if len(typed) >= 3 and any(form.startswith(typed) for form in forms.split()):
            return min(stem, typed, key=len)
    return typed


NUMBER_NOISE = re.compile(r"[\s\"'«»“”„().,№]+")
GLUED = re.compile(r"(?<=\d)[-/](?=[А-Я]\b)")
COMPOSITE = re.compile(r"(\d+[А-Я]?(?:/\d+[А-Я]?)?)К(?:ОРП)?(\d+[А-Я]?)(?:СТ?Р?(\d+[А-Я]?))?")
BUILT = re.compile(r"(\d+[А-Я]?(?:/\d+[А-Я]?)?)СТ?Р?(\d+[А-Я]?)")


@lru_cache(maxsize=65536)
def number_key(number: str) -> str:
    """The number of a house, block or building: "9-а", "9 "А"" and "09/А" are 9А."""
    text = NUMBER_NOISE.sub("", number.translate(LIKE_RUSSIAN).upper().replace("Ё", "Е"))
    return GLUED.sub("", text).lstrip("0") or text[:1]


def house_key(number: str = "", block: str = "", building: str = "", letter: str = "") -> str:
    """The four parts of a house in one text, empty ends left out: "12А|3||Б"."""
    number, block, building, letter = map(number_key, (number, block, building, letter))
    if number and not block and not building:
        if match := COMPOSITE.fullmatch(number):
            number, block, building = match[1], match[2], match[3] or ""
        elif match := BUILT.fullmatch(number):
            number, building = match[1], match[2]
    return f"{number}|{block}|{building}|{letter}".rstrip("|")


def split_house(key: str) -> tuple[str, str, str, str]:
    """number, block, building, letter of a house's key."""
    number, block, building, letter = ([*key.split("|"), "", "", ""])[:4]
    return number, block, building, letter


SLOTS = {
    "корпус": "block",
    "строение": "building",
    "сооружение": "building",
    "литера": "letter",
    "литер": "letter",
}


def slot_of(kind: str) -> str:
    """Which part of a house a number of this kind is ("корпус" → block); `number` for houses and all others."""
    return SLOTS.get(kind.strip().lower(), "number")


def key_of_house(numbers: Iterable[tuple[str, str]]) -> str:
    """The key of a house whose row has these (slot, number): a second of the same slot stands behind a slash."""
    parts: dict[str, str] = {}
    for slot, number in numbers:
        if number:
            parts[slot] = f"{parts[slot]}/{number}" if slot in parts else number
    return house_key(**parts)


MOST_FLAT = 99_999


def flat_number(number: str) -> int | None:
    """The number of a flat when it is nothing but a number."""
    text = number.strip()
    return (
        int(text)
        if text.isdecimal() and text.isascii() and 0 < int(text[:9]) <= MOST_FLAT and len(text) < 9
        else None
    )
