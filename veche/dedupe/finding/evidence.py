"""What tells people apart, out of one row: normal forms only, as short texts, ready to be compared.

Two ways in: `read_evidence` reads the raw cells of a file, `evidence_of` takes parts that were read before (a stored
contact). Both give the same for the same person, so a file and a base can be searched together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from veche.addresses import ParsedAddress, house_of, street_name_key, town_key
from veche.addresses import parse as parse_address
from veche.contacts.dates import parse_date
from veche.contacts.emails import parse_emails
from veche.contacts.phones import ParsedPhone, parse_phones
from veche.names import fold, for_gender, full_forms, meant_names, meant_patronymic, name_key, parse_people

SEPARATOR = "|"  # between several values of one field
DOCUMENT = "№"  # before a number of a document among the accounts: no two people have one
_NATIONAL = 10  # digits of a Russian number without its country
_CITY_NUMBER = range(5, 8)  # digits of a city number whose city nobody wrote down
_CITY_CODES = "348"  # a Russian number that begins so stands in a flat or an office, not in a pocket
_ONE_BOX = {
    "googlemail.com": "gmail.com",
    **dict.fromkeys(("ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"), "yandex.ru"),
}
_SOCIAL = re.compile(
    r"(?:(?:vk(?:\.com|\.ru|ontakte\.ru)?|вк)\s*[/:@]\s*@?|(?:t\.me/|(?:telegram|телеграм\w*|tg|тг)\s*[:@]?\s*@?)"
    r"|ok\.ru/(?:profile/)?|(?<![\w.])@)([A-Za-z0-9_.]{3,40})",
    re.IGNORECASE,
)
_NOT_IN_A_HOUSE = re.compile(r"[^0-9a-zа-я]")
_DIGITS = re.compile(r"\D")
# Most cells: of these parse_date makes the same, ten times as slowly. Days that some month lacks are left to it.
_PLAIN_DAY = re.compile(
    r"(0[1-9]|1\d|2[0-8])[./-](0[1-9]|1[0-2])[./-](19\d\d|200\d)"
    r"|(19\d\d|200\d)-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])",
    re.ASCII,
)
_PLACEHOLDER_YEARS = ("1900", "1901", "1970")  # what programs write for a day that nobody told


class Evidence(NamedTuple):
    """One row, as it is compared. Everything is text; "" where nothing is known; several values stand between "|".

    A given name or a patronymic of one letter is an initial. The surname is as a man of the family bears it.
    """

    id: str = ""
    surname: str = ""
    former: str = ""  # surnames that somebody had before, or the other half of a double one
    given: str = ""  # the likeliest full form
    givens: str = ""  # all full forms that it may stand for
    meant: str = ""  # full forms that a word which is nobody's name may have been meant for
    patronymic: str = ""
    gender: str = ""  # "m", "f"
    phones: str = ""  # digits with the country, of numbers that belong to a person
    lines: str = ""  # numbers of a flat or an office
    broken: str = ""  # nine digits of a number that lost one
    emails: str = ""
    socials: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    town: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""


def read_evidence(
    id: str,
    *,
    name: str = "",
    phones: str = "",
    emails: str = "",
    address: str = "",
    birthday: str = "",
    note: str = "",
) -> Evidence:
    """The evidence of raw cells; never an exception, whatever they hold. The first person of a cell counts."""
    year, month, day = _birthday(birthday) if birthday else ("", "", "")
    town, street, house, flat = _read_place(address) if address else ("", "", "", "")
    return Evidence(
        id,
        *(_read_name(name) if name else _NOBODY),
        *_numbers(parse_phones(phones) if phones else ()),
        _joined(_boxes(emails, note)),
        _joined(_accounts(note)) if note else "",
        year,
        month,
        day,
        town,
        street,
        house,
        flat,
    )


def evidence_of(
    id: str,
    *,
    surname: str = "",
    given_name: str = "",
    patronymic: str = "",
    former: Iterable[str] = (),
    gender: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    socials: Iterable[str] = (),
    birthday: tuple[int | None, int | None, int | None] = (None, None, None),
    town: str = "",
    street: str = "",
    house: str = "",
    flat: str = "",
) -> Evidence:
    """The evidence of parts that were read before: phones as E.164, `birthday` as year, month, day, town and street as
    the keys by which addresses compares them, the house as `house_of` writes it.
    """
    phones, lines = _apart(value if value.startswith("+") else f"+{value}" for value in phones if value)
    year, month, day = _told_day(*birthday)
    return Evidence(
        id,
        *_parts(surname, given_name, patronymic, gender, tuple(former)),
        _joined(phones),
        _joined(lines),
        "",
        _joined([_box(value.lower()) for value in emails]),
        _joined([value.lower().strip("@.") for value in socials]),
        year,
        month,
        day,
        town,
        street,
        _house(house),
        fold(flat),
    )


def _joined(values: Sequence[str]) -> str:
    if len(values) < 2:
        return values[0] if values else ""
    return SEPARATOR.join(dict.fromkeys(filter(None, values)))


# --- names

_Parts = tuple[str, str, str, str, str, str, str]
_NOBODY: _Parts = ("", "", "", "", "", "", "")


def _read_name(cell: str) -> _Parts:
    people = parse_people(cell)
    one = people[0] if people else None
    if one is None or one.kind == "organisation":
        return _NOBODY
    former = (one.former_surname,) if one.former_surname else ()
    is_told = not any(doubt.code == "gender_mismatch" for doubt in one.doubts)
    return _parts(one.surname, one.given_name, one.patronymic, one.gender if is_told else "", former)


def _parts(surname: str, given: str, patronymic: str, gender: str, former: tuple[str, ...]) -> _Parts:
    """Surname, former ones, given name, its full forms, those that were meant, patronymic, gender."""
    family, other = _families(surname, former)
    if not patronymic and " " in given:  # a patronymic so misspelt that it was taken for a second name
        given, _space, patronymic = given.partition(" ")
    likeliest, forms, meant = _given(given)
    return family, other, likeliest, forms, meant, _patronymic(patronymic), gender


@lru_cache(maxsize=1 << 16)
def _families(surname: str, former: tuple[str, ...]) -> tuple[str, str]:
    family = _family(surname)
    others = [_family(each) for each in former]
    for each in (family, *others):
        others += each.split("-") if "-" in each else []
    return family, _joined(others)


def _family(surname: str) -> str:
    return fold(for_gender(surname, "m")).replace(" ", "-") if surname else ""


@lru_cache(maxsize=1 << 15)
def _given(name: str) -> tuple[str, str, str]:
    key = fold(name).rstrip(".")
    if len(key) < 2:
        return key, "", ""
    forms = _keys(full_forms(name))
    return forms[0], _joined(forms), _joined(_keys(sorted(meant_names(name))) if forms == [key] else ())


def _keys(names: Iterable[str]) -> list[str]:
    """One for Наталья and Наталия."""
    return [name_key("", name) for name in names]


@lru_cache(maxsize=1 << 15)
def _patronymic(name: str) -> str:
    key = fold(name).rstrip(".")
    return meant_patronymic(key) or key


# --- phones, mailboxes, accounts


def _numbers(parsed: Sequence[ParsedPhone]) -> tuple[str, str, str]:
    """Phones of people, of places, and broken ones."""
    if len(parsed) == 1 and (value := parsed[0].value):  # as most rows have it
        return ("", value[1:], "") if _is_line(value) else (value[1:], "", "")
    whole, city, broken = [], [], []
    for phone in parsed:
        if phone.value:
            whole.append(phone.value)
            continue
        digits = _DIGITS.sub("", phone.raw)
        if len(digits) in _CITY_NUMBER and not phone.extension:
            city.append(digits)
        elif len(digits) == _NATIONAL and digits[0] in "78":
            broken.append(digits[1:])
        elif len(digits) == _NATIONAL - 1:
            broken.append(digits)
    phones, lines = _apart(whole)
    return _joined(phones), _joined(lines + city), _joined(broken)


def _apart(numbers: Iterable[str]) -> tuple[list[str], list[str]]:
    """Digits of people's and of places' numbers, out of E.164."""
    phones: list[str] = []
    lines: list[str] = []
    for number in numbers:
        (lines if _is_line(number) else phones).append(number[1:])
    return phones, lines


def _is_line(number: str) -> bool:
    return number.startswith("+7") and number[2:3] in _CITY_CODES


def _boxes(emails: str, note: str) -> list[str]:
    found = []
    for cell in (emails, note):
        if "@" not in cell and (cell is note or "." not in cell):
            continue
        for each in parse_emails(cell):
            value = each.suggestion or each.value
            if value and not (each.problem and each.problem.code == "made_up"):
                found.append(_box(value))
    return found


def _box(address: str) -> str:
    """The mailbox that an address leads to: one for all spellings that its service takes for the same."""
    local, _at, domain = address.rpartition("@")
    local, domain = local.split("+")[0], _ONE_BOX.get(domain, domain)
    if domain == "gmail.com":
        local = local.replace(".", "")
    elif domain == "yandex.ru":
        local = local.replace(".", "-")
    return f"{local}@{domain}"


def _accounts(note: str) -> list[str]:
    return [found[1].lower().strip(".") for found in _SOCIAL.finditer(note)]


# --- birthdays and places


def _birthday(cell: str) -> tuple[str, str, str]:
    if plain := _PLAIN_DAY.fullmatch(cell):
        day, month, year, iso_year, iso_month, iso_day = plain.groups()
        return _told_day(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    date = parse_date(cell)
    return _told_day(date.year, date.month, date.day)


def _told_day(year: int | None, month: int | None, day: int | None) -> tuple[str, str, str]:
    """Year, month, day; of the first of January only the year is taken for told, of 1970 and 1900 not even that:
    programs and clerks write it where they know no better.
    """
    told = (str(year or ""), str(month or ""), str(day or ""))
    if told[1:] == ("1", "1"):
        return "" if told[0] in _PLACEHOLDER_YEARS else told[0], "", ""
    return told


@lru_cache(maxsize=1 << 15)
def _read_place(cell: str) -> tuple[str, str, str, str]:
    return _place(parse_address(cell))


def _place(address: ParsedAddress) -> tuple[str, str, str, str]:
    return town_key(address), street_name_key(address), _house(house_of(address)), fold(address.flat)


@lru_cache(maxsize=1 << 16)
def _house(written: str) -> str:
    """«12 корп. 3», «12к3» and «12/3» are one house."""
    return _NOT_IN_A_HOUSE.sub("", written.lower().replace("/", "к").replace("-", "к"))
