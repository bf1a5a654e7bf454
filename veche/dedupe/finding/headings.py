"""Which column of a file holds what, by its heading, and the evidence of a row of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from veche.dedupe.finding.evidence import DOCUMENT, Evidence, evidence_of, read_evidence

# part: headings, folded; the first column that fits has it
_CELLS = {
    "name": "фио имя фамилияимяотчество контакт name fullname",
    "phones": "телефон телефоны мобильный phone phones mobile phonenumber",
    "emails": "email эл.почта почта электроннаяпочта emails mail",
    "address": "адрес address",
    "birthday": "датарождения деньрождения др birthday birthdate dateofbirth dob",
    "note": "комментарий примечание заметки note notes comment",
}
_PARTS = {
    "surname": "фамилия surname lastname",
    "given_name": "givenname firstname",
    "patronymic": "отчество patronymic middlename middleinitial",
    "sex": "пол sex gender",
    "street_number": "дом streetnumber house",
    "street": "улица street streetname address1",
    "flat": "квартира flat unitnumber apartment",
    "town": "город city town suburb",
    "postcode": "индекс postcode zipcode zip",
    "number": "снилс ssn socsecid passport",
}
_NOT_A_LETTER = re.compile(r"[^a-zа-яё0-9]")
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
# «1969-04s03», «1978-80-25», «196-10-06»: a slip in one part leaves the others told
_SPOILT_DATE = re.compile(r"(\w{4})\W?(\w\w)\w(\w\w)|(\w{4})\w(\w\w)\W?(\w\w)|(\w{3,5})-(\w{1,3})-(\w{1,3})")
_OLDEST = 120  # years
_SEXES = {"male": "m", "m": "m", "м": "m", "муж": "m", "female": "f", "f": "f", "ж": "f", "жен": "f"}


class UnknownColumns(ValueError):
    """No column that says who somebody is; `args[0]` is what was asked for, "" where nothing fitted."""


def columns_of(heading: Sequence[str], told: Sequence[str] = ()) -> dict[str, int]:
    """Part -> position of its column; the id is the first column. `told` are "part=heading", which go before."""
    keys = [_key(caption) for caption in heading]
    found: dict[str, int] = {}
    for each in told:
        part, _equals, caption = each.partition("=")
        if part not in _CELLS | _PARTS or caption not in heading:
            raise UnknownColumns(each)
        found[part] = list(heading).index(caption)
    known = _CELLS if not {"surname", "lastname", "фамилия"} & set(keys) else {**_CELLS, "name": "", **_PARTS}
    for part, captions in known.items():
        fitting = [
            at for at, key in enumerate(keys) if at and key in captions.split() and at not in found.values()
        ]
        if fitting and part not in found:
            found[part] = fitting[0]
    if not {"name", "surname"} & set(found):
        raise UnknownColumns("")
    return found


def reader_of(columns: dict[str, int]) -> Callable[[Sequence[str]], Evidence]:
    """Turns a row of the file into evidence."""
    if "surname" in columns:
        return lambda row: _from_parts(
            row[0], {part: row[at] for part, at in columns.items() if at < len(row)}
        )
    return lambda row: read_evidence(
        row[0], **{part: row[at] for part, at in columns.items() if at < len(row)}
    )


def _key(caption: str) -> str:
    return _NOT_A_LETTER.sub("", caption.lower().replace("ё", "е"))


def _from_parts(id: str, cells: dict[str, str]) -> Evidence:
    """A list that has names and addresses in parts; what is not of a Russian list goes as it is."""
    whole = {part: cells[part] for part in ("phones", "emails", "address", "note") if cells.get(part)}
    read = read_evidence(id, **whole)
    number = [f"{DOCUMENT}{cells['number']}"] if cells.get("number") else []
    parts = evidence_of(
        id,
        surname=cells.get("surname", ""),
        given_name=cells.get("given_name", ""),
        patronymic=cells.get("patronymic", ""),
        gender=_SEXES.get(cells.get("sex", "").strip().lower(), ""),
        socials=[*read.socials.split("|"), *number],
        birthday=_day(cells.get("birthday", "")),
        town=cells.get("town", cells.get("postcode", "")).lower(),
        street=cells.get("street", "").lower(),
        house=cells.get("street_number", ""),
        flat=cells.get("flat", ""),
    )
    kept = {part: getattr(read, part) for part in ("phones", "lines", "broken", "emails")}
    if not parts.street:
        place = ("town", "street", "house", "flat")
        kept |= {part: getattr(read, part) or getattr(parts, part) for part in place}
    return parts._replace(**kept)


def _possible(year: int, month: int, day: int) -> tuple[int | None, int | None, int | None]:
    """The parts of a date that can be: the others have been spoilt."""
    return (
        year if dt.date.today().year - _OLDEST <= year <= dt.date.today().year else None,
        month if 1 <= month <= 12 else None,
        day if 1 <= day <= 31 else None,
    )


def _day(cell: str) -> tuple[int | None, int | None, int | None]:
    if found := _COMPACT_DATE.fullmatch(cell.strip().replace("-", "")):
        year, month, day = (int(part) for part in found.groups())
        try:
            dt.date(year, month, day)
        except ValueError:
            return _possible(year, month, day)
        return year, month, day
    if found := _SPOILT_DATE.fullmatch(cell.strip()):
        parts = [part for part in found.groups() if part]
        return _possible(*(int(part) if part.isdecimal() else 0 for part in parts))
    read = read_evidence("", birthday=cell)
    return tuple(int(part) if part else None for part in (read.year, read.month, read.day))
