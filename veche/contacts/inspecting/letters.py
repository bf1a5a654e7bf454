"""Names that are no names (tests, marks of nothing, runs of keys) and letters of two alphabets within a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from veche.contacts.inspecting.facts import Facts, Fix, Found, mark_of
from veche.contacts.naming import compose_name
from veche.names import fold, latin_look_alikes, mend_look_alikes, parse_name, switch_layout

PARTS = ("surname", "given_name", "patronymic")
# Said instead of a name. Surnames that are words of this kind (На, Но, Ан) are left out on purpose.
NOTHING_KNOWN = frozenset(
    fold(mark)
    for mark in (
        "не указан|не указана|не указано|не указаны|неизвестен|неизвестна|неизвестно|неизвестный|неизвестная|"
        "не известно|отсутствует|пусто|без имени|без фамилии|без отчества|нет имени|нет фамилии|нет отчества|"
        "не знаю|не помню|нет данных|н д|нд|n a|none|null|nan|undefined|unknown|имя|фамилия|отчество|фио|"
        "имя фамилия|фамилия имя отчество|first name|last name|firstname|lastname|surname"
    ).split("|")
)
TESTS = frozenset(
    fold(word)
    for word in (
        "тест|тестовый|тестовая|тестовое|тестирование|test|tester|testing|testtest|тесттест|проба|пробный|проверка|"
        "удалить|удалить меня|admin|qwerty|qwe|qwer|asd|asdf|asdfg|asdfgh|zxc|zxcv|zxcvbn|йцу|йцук|йцукен|фыв|фыва|"
        "фывап|фывапр|ыва|ывап|ячс|ячсм|ячсмит|123|1234|12345|абв|абвг|абвгд|abc|abcd"
    ).split("|")
)
# Twins that look the same in print; «n» for «п» and the like are guesses.
_STRONG_TWINS = frozenset("ABCEHKMOPTXYaceopxy03")

_LATIN, _CYRILLIC = re.compile("[A-Za-z]"), re.compile("[А-Яа-яЁё]")
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def inspect_letters(person: Facts) -> list[Found]:
    """Whatever makes a name unreadable. What else could be said of it then is left for when it has been put right."""
    found = list(_missing(person)) or list(_garbage(person)) or list(_alphabets(person))
    return found


def _missing(person: Facts) -> Iterator[Found]:
    if not any(person.parts) and not person.name:
        yield Found("name_missing", 0)


def _garbage(person: Facts) -> Iterator[Found]:
    if not any(part and is_garbage(part) for part in person.parts):
        return
    marks = {part: is_garbage(text) for part, text in zip(PARTS, person.parts, strict=True) if text}
    parts = dict(zip(PARTS, person.parts, strict=True))
    emptied = {part: "" for part, mark in marks.items() if mark == "nothing"}
    fix = None
    left = {**parts, **emptied}
    # a test record is to be removed as a whole, and somebody of whom nothing is left is no longer a contact
    if emptied and "test" not in marks.values() and (any(left.values()) or person.points):
        fix = Fix(compose_name(*person.parts), compose_name(*left.values()), tuple(emptied.items()))
    yield Found("name_garbage", mark_of(*person.parts), None, fix, compose_name(*person.parts))


@lru_cache(maxsize=65536)
def is_garbage(text: str) -> str:
    """ "nothing" for a mark that nothing is known, "test" for a test, else "": a name, whoever may bear it."""
    folded = fold(text).strip(" .-+@")
    if not any(map(str.isalnum, text)) or folded in NOTHING_KNOWN:
        return "nothing"
    if folded in TESTS or _is_one_letter(folded):
        return "test"
    return "nothing" if not any(map(str.isalpha, folded)) else ""


def _is_one_letter(folded: str) -> bool:
    letters = folded.replace(" ", "")
    return len(letters) >= 3 and len(set(letters)) == 1


def _alphabets(person: Facts) -> Iterator[Found]:
    if not _LATIN.search(compose_name(*person.parts)):
        return
    mended = tuple(" ".join(_mend(word) for word in part.split(" ")) for part in person.parts)
    is_mixed = any(_mixed(word) for part in person.parts for word in _WORD.findall(part))
    if not is_mixed:
        mended = _retyped(person.parts)
        if not mended:
            return
    after = compose_name(*mended)
    sure = after and not any(_mixed(word) for word in _WORD.findall(after))
    before = compose_name(*person.parts)
    changed = tuple(
        (part, new) for part, old, new in zip(PARTS, person.parts, mended, strict=True) if old != new
    )
    yield Found(
        "name_alphabets", mark_of(*person.parts), None, Fix(before, after, changed) if sure else None, before
    )


def _mixed(word: str) -> bool:
    return bool(_LATIN.search(word) and _CYRILLIC.search(word))


def _mend(word: str) -> str:
    """The word in one alphabet where each foreign letter is the very picture of a letter of the other."""
    if not _mixed(word):
        return word
    if all(letter in _STRONG_TWINS for letter in word if _LATIN.match(letter)):
        return mend_look_alikes(word)
    return latin_look_alikes(word)


def _retyped(parts: tuple[str, str, str]) -> tuple[str, ...]:
    """«Bdfyjd Bdfy» was typed with the keyboard in the other layout: the whole name, and known as one; else nothing."""
    text = compose_name(*parts)
    if _CYRILLIC.search(text):
        return ()
    retyped = tuple(switch_layout(part) for part in parts)
    if any(_LATIN.search(part) for part in retyped) or not retyped[1]:
        return ()
    parsed = parse_name(text)
    read = parse_name(compose_name(*retyped))
    known = parsed.was_changed("layout") and read.confidence >= 0.9 and not read.changes
    return retyped if known else ()
