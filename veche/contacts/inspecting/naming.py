"""Names that can be read: several people in one, capitals, parts in each other's place, the other gender's surname."""

from __future__ import annotations

import re
from collections.abc import Iterator

from veche.contacts.inspecting.facts import Facts, Fix, Found, mark_of
from veche.contacts.inspecting.letters import PARTS
from veche.contacts.naming import compose_name
from veche.names import ParsedName, for_gender, looks_cased, parse_name, parse_parts, parse_people, title_case

SURE = 0.75  # confidence of a part that is known as a name, and not only looks like one
_SEVERAL = re.compile(r"[;,/&+|\\]|\s[иИ]\s|(?:\S+\s+){4}\S")
_INITIALS = re.compile(r"(?:[А-ЯЁA-Z]\.?-?){1,3}", re.UNICODE)
_ONLY_NAMES = re.compile(r"[А-Яа-яЁёA-Za-z.' -]+")
_CAPS_LOCK = re.compile(r"[а-яёa-z][А-ЯЁA-Z]{2,}")


def inspect_name(person: Facts) -> Iterator[Found]:
    parts = person.parts
    if not any(parts):
        return
    name = compose_name(*parts)
    if several := _several(name):
        yield Found("name_several", mark_of(*parts), None, None, several)
        return
    shouted = name.isupper() and len(name) > 4 and bool(_ONLY_NAMES.fullmatch(name))
    cased = tuple(_capitalised(part) if shouted else _cased(part) for part in parts)
    if cased != parts:
        yield Found("name_case", mark_of(*parts), None, _renamed(parts, cased), name)
    if not parts[0] and not parts[1]:
        return
    parsed = parse_parts(surname=cased[0], given_name=cased[1], patronymic=cased[2])
    moved = _moved(cased, parsed)
    if moved:
        fix = _renamed(parts, moved)._replace(before=_by_parts(parts), after=_by_parts(moved))
        yield Found("name_order", mark_of(*parts), None, fix, name)
        return
    yield from _gender(person, cased, parsed)


def _renamed(before: tuple[str, ...], after: tuple[str, ...]) -> Fix:
    changed = tuple((part, new) for part, old, new in zip(PARTS, before, after, strict=True) if old != new)
    return Fix(compose_name(*before), compose_name(*after), changed)


def _by_parts(parts: tuple[str, ...]) -> str:
    """«Иванов · Иван · —»: what stands in the surname, in the first name and in the patronymic."""
    return " · ".join(part or "—" for part in parts)


def _several(name: str) -> str:
    """Everyone whom one name names, when it is more than one."""
    if not _SEVERAL.search(name):
        return ""
    people = [each for each in parse_people(name) if each.is_person]
    known = [each for each in people if each.given_name and each.confidence >= 0.5]
    return "; ".join(each.full_name for each in people) if len(known) > 1 else ""


def _capitalised(part: str) -> str:
    """Every word of a part with a capital; initials stay as they are."""
    return " ".join(word if "." in word else title_case(word) for word in part.split(" "))


def _cased(part: str) -> str:
    """The part with capitals where they belong, if it is written without any or with nothing else.

    Beside a remark («наш актив») small letters are meant.
    """
    if not part or part.istitle() or not _ONLY_NAMES.fullmatch(part):
        return part
    words = part.split(" ")
    wrong = [word for word in words if _miscased(word)]
    if not wrong:
        return part
    return " ".join(title_case(word) if _miscased(word) or word.isupper() else word for word in words)


def _miscased(word: str) -> bool:
    letters = sum(map(str.isalpha, word))
    if looks_cased(word) or letters < 2 or (_INITIALS.fullmatch(word) and letters < 4):
        return False
    plain = word.replace("-", "").replace("'", "")
    return word.isupper() or word.islower() or bool(_CAPS_LOCK.fullmatch(plain))


def _moved(parts: tuple[str, ...], parsed: ParsedName) -> tuple[str, ...] | None:
    """The parts where they belong, if some stand elsewhere and every one of them is known for what it is."""
    filled = [part for part in parts if part]
    if len(filled) == 1 and " " in filled[0]:
        return _spread(parts, parse_name(filled[0]))
    if len(filled) < 2:
        return None
    after = (parsed.surname, parsed.given_name, parsed.patronymic)
    if after == tuple(parts) or not _is_sure(parsed) or sorted(filter(None, after)) != sorted(filled):
        return None
    return after if parsed.given_name and _surely_surname(parsed) else None


def _surely_surname(parsed: ParsedName) -> bool:
    """Known as a surname by itself, or beside a patronymic: «Кирилл Патриарх» is no swap, whatever he is called."""
    if not parsed.surname:
        return False
    alone = parse_name(parsed.surname)
    return parsed.confidences.patronymic >= 0.9 or alone.confidences.surname >= SURE


def _spread(parts: tuple[str, ...], parsed: ParsedName) -> tuple[str, ...] | None:
    """A whole name that stands in one part: «Иванов Иван Иванович» in the surname."""
    after = (parsed.surname, parsed.given_name, parsed.patronymic)
    whole = compose_name(*parts).split()
    if not _is_sure(parsed) or not (parsed.given_name and _surely_surname(parsed)) or after == parts:
        return None
    return after if sorted(compose_name(*after).split()) == sorted(whole) else None


def _is_sure(parsed: ParsedName) -> bool:
    return (
        parsed.is_person
        and not parsed.doubts
        and parsed.confidences.surname >= SURE
        and parsed.confidences.given_name >= 0.9
    )


def _gender(person: Facts, parts: tuple[str, ...], parsed: ParsedName) -> Iterator[Found]:
    if (parsed.surname, parsed.given_name, parsed.patronymic) != parts:
        return
    if parsed.is_doubtful("gender_mismatch"):
        mark = mark_of(*person.parts, person.gender)
        yield Found("surname_gender", mark, None, _surname_fix(person, parsed), compose_name(*person.parts))
    elif (
        person.gender
        and parsed.gender
        and parsed.gender != person.gender
        and parsed.confidences.gender >= 0.9
    ):
        mark = mark_of(*person.parts, person.gender)
        sure = parsed.confidences.gender == 1.0 and bool(parsed.patronymic)
        fix = Fix(person.gender, parsed.gender, (("gender", parsed.gender),)) if sure else None
        yield Found("gender_wrong", mark, None, fix, compose_name(*person.parts))


def _surname_fix(person: Facts, parsed: ParsedName) -> Fix | None:
    """The surname of the gender that first name and patronymic both show: one of them alone may be the mistake."""
    given = parse_name(parsed.given_name, order="given_first")
    father = parse_name(f"{parsed.given_name} {parsed.patronymic}") if parsed.patronymic else None
    if not father or father.is_doubtful("gender_mismatch") or not given.gender:
        return None
    if father.gender != given.gender or person.gender not in ("", given.gender):
        return None
    surname = for_gender(parsed.surname, given.gender)
    if surname == parsed.surname:
        return None
    after = (surname, parsed.given_name, parsed.patronymic)
    return Fix(compose_name(*person.parts), compose_name(*after), (("surname", surname),))
