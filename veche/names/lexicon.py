"""What a single word may be: a given name, a surname, a patronymic, and of which gender.

Own tables first (`known_names`: the common names, their short forms), then the grammemes Name, Surn and Patr of the
OpenCorpora
dictionary that pymorphy3 carries, then endings. Only the dictionary's word list is opened, not pymorphy3's
whole analyser:
its scoring knows nothing about names (best parse of «Иванова» is a man's genitive) and costs 300 µs a word.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from veche.names.fathers import meant_patronymic
from veche.names.known_names import canonical_spellings, first_names, fold_word, short_names
from veche.names.tables.words import DAUGHTER_WORDS, EASTERN_SURNAMES, SON_WORDS


class Word(NamedTuple):
    """How well a word fits each role (0 = no sign of it, 1 = certain) and the gender it shows in that role
    (m, f, "").
    """

    given: float
    given_gender: str
    surname: float
    surname_gender: str
    patronymic: float
    patronymic_gender: str


# --- the dictionary of pymorphy3


@cache
def _dictionary():
    import pymorphy3_dicts_ru
    from pymorphy3.opencorpora_dict.wrapper import Dictionary

    dictionary = Dictionary(pymorphy3_dicts_ru.get_path())
    return dictionary, dictionary.words.compile_replaces({"е": "ё"})


@lru_cache(maxsize=16384)
def _role_of_form(paradigm: int, index: int) -> tuple[str, str] | None:
    """(Name | Surn | Patr, gender) of a dictionary form in the nominative singular, else nothing."""
    tag = _dictionary()[0].build_tag_info(paradigm, index)
    grammemes = tag.grammemes
    role = next((role for role in ("Name", "Surn", "Patr") if role in grammemes), None)
    if role is None or "nomn" not in grammemes or "sing" not in grammemes:
        return None
    gender = "" if "ms-f" in grammemes else "m" if "masc" in grammemes else "f" if "femn" in grammemes else ""
    return role, gender


def _dictionary_roles(key: str) -> dict[str, str]:
    """Role -> gender of a folded word, by the dictionary; a role seen in both genders has ""."""
    dictionary, yo = _dictionary()
    roles: dict[str, str] = {}
    for _form, entries in dictionary.words.similar_items(key, yo):
        for paradigm, index in entries:
            found = _role_of_form(paradigm, index)
            if found:
                role, gender = found
                roles[role] = gender if roles.get(role, gender) == gender else ""
    return roles


# --- endings

_PATRONYMIC_M = re.compile(
    r".+(?:ович|евич|ёвич|ьич|лыч|мыч|рыч|тыч)$|.{2,}(?:аныч|еныч|иныч)$"
    r"|^(?:ильич|кузьмич|фомич|лукич|никитич|саввич|ильинич)$"
)
_PATRONYMIC_F = re.compile(r".+(?:овна|евна|ёвна|ична|инична|ишна)$")
_SON = re.compile(rf".+[- ](?:{'|'.join(sorted(SON_WORDS))})$|.{{3,}}(?:оглы|оглу|угли|улы)$")
_DAUGHTER = re.compile(rf".+[- ](?:{'|'.join(sorted(DAUGHTER_WORDS))})$|.{{3,}}(?:кызы|гызы|кизи)$")
_SURNAME_M = ("ов", "ев", "ин", "ын", "ский", "цкий", "ской", "цкой", "скый", "цкый", "ний", "жий")
_SURNAME_F = ("ова", "ева", "ина", "ына", "ская", "цкая", "няя", "жая")
_SURNAME_ANY = (
    "ко", "их", "ых", "ук", "юк", "ак", "янц", "ян", "швили", "дзе", "уа", "ава", "ман", "берг", "штейн", "айте", "ене",
    "пуло", "ади",
)  # fmt: skip
_WEAK_ANY = (
    "ер", "ель", "аль", "ей", "ой", "ый", "арь", "ань", "ия", "ис", "ус", "ани", "ба", "хан", "ич", "ец", "ень", "шан",
    "ло",
)  # fmt: skip


def _by_ending(key: str) -> tuple[float, str]:
    if len(key) < 5:
        return 0.0, ""
    if key.endswith(_SURNAME_F):
        return 0.75, "f"
    if key.endswith(_SURNAME_M):
        return 0.75, "m"
    if key.endswith(_WEAK_ANY):
        return 0.35, ""
    return (0.6, "") if key.endswith(_SURNAME_ANY) else (0.0, "")


_PATRONYMIC_ENDINGS = (
    *SON_WORDS,
    *DAUGHTER_WORDS,
    "ич", "ыч", "вна", "чна", "шна", "оглы", "оглу", "угли", "улы", "кызы", "гызы", "кизи",
)  # fmt: skip


def _patronymic(key: str) -> tuple[float, str]:
    if not key.endswith(_PATRONYMIC_ENDINGS):
        return 0.0, ""
    if _SON.fullmatch(key):
        return 1.0, "m"
    if _DAUGHTER.fullmatch(key):
        return 1.0, "f"
    if _PATRONYMIC_F.fullmatch(key):
        return 0.95, "f"
    if _PATRONYMIC_M.fullmatch(key):
        return 0.9, "m"
    return 0.0, ""


def _given(key: str, roles: dict[str, str]) -> tuple[float, str]:
    full = first_names().get(key)
    if full:
        return 1.0, full[1]
    owners = short_names().get(key)
    if owners:
        genders = {gender for _full, gender in owners}
        return 0.9, genders.pop() if len(genders) == 1 else ""
    spelling = canonical_spellings().get(key)
    if spelling:
        return 0.9, first_names()[spelling][1]
    if "Name" in roles:
        return (0.3 if "Surn" in roles else 0.6), roles["Name"]
    return 0.0, ""


_same: dict[Word, Word] = {}
"""One tuple for all words judged alike, of which there are a few hundred."""


@lru_cache(maxsize=1 << 17)
def word(key: str) -> Word:
    """Judges a word already folded by `fold_word`. A double word («анна-мария») is as good as its worst half."""
    patronymic, patronymic_gender = _patronymic(key)
    if "-" in key and not patronymic:
        parts = [part for part in key.split("-") if part]
        if len(parts) > 1:
            return _double(parts)
    roles = _dictionary_roles(key)
    given, given_gender = _given(key, roles)
    surname, surname_gender = _by_ending(key)
    if "Surn" in roles:
        ending_gender = surname_gender
        surname, surname_gender = 0.9, roles["Surn"]
        if ending_gender and key.endswith(_SURNAME_F):
            surname_gender = "f"
    elif key in EASTERN_SURNAMES:
        surname = 0.75
    if given >= 0.9:
        surname, surname_gender = min(surname, 0.3), surname_gender if surname else ""
    if patronymic:
        surname = min(max(surname, 0.3), 0.5)
    elif "Patr" in roles:
        patronymic, patronymic_gender = 0.8, roles["Patr"]
    elif given < 0.6 and surname < 0.6 and (meant := meant_patronymic(key)):
        patronymic, patronymic_gender = 0.75, "f" if meant.endswith("на") else "m"
        surname = min(surname, 0.3)
    judged = Word(given, given_gender, surname, surname_gender, patronymic, patronymic_gender)
    return _same.setdefault(judged, judged)


@lru_cache(maxsize=1 << 17)
def known(written: str) -> Word:
    """Judges a word as it is written."""
    return word(fold_word(written))


def _double(parts: list[str]) -> Word:
    words = [word(part) for part in parts]
    last = words[-1]
    given = min(each.given for each in words)
    genders = {each.given_gender for each in words} - {""}
    surname = max(last.surname, max(each.surname for each in words) * 0.8)
    if parts[0] in ("аль", "эль"):
        surname = 0.75
    return Word(
        given=given,
        given_gender=genders.pop() if len(genders) == 1 else "",
        surname=surname if given < 0.9 else min(surname, 0.3),
        surname_gender=last.surname_gender,
        patronymic=0.0,
        patronymic_gender="",
    )


@lru_cache(maxsize=16384)
def is_listed_patronymic(key: str) -> bool:
    """Whether a folded word is a patronymic by the dictionary, not by its ending alone."""
    return "Patr" in _dictionary_roles(key)
