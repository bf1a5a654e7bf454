"""Phone numbers: every one out of a dirty cell, shown, hidden in part, and searched in any spelling.

phonenumbers decides what is a number and of which kind. Our own are: what Excel does to numbers, several in a
cell, remarks,
short city numbers, the Russian 8, and a fast path for plain Russian mobiles that uses phonenumbers' own
pattern.
"""

import math
import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType

from veche.contacts.empty_marks import is_empty_mark
from veche.contacts.phone_digits import Reading, read_digits
from veche.contacts.problems import Problem

Kind = Literal["mobile", "work", "home", "fax", "landline", "toll_free", "other"]

LONGEST = 500
"""Characters of a cell that are looked at; the rest is remark."""

_FAST = re.compile(
    r"\s*'?(?:\+?7|8)?[ .-]{0,2}\(?(9\d\d)\)?[ .-]{0,2}(\d{3})[ .-]?(\d\d)[ .-]?(\d\d)\s*", re.ASCII
)
_SCIENTIFIC = re.compile(r"(?<![\d.,])(\d)(?:[.,](\d{1,15}))?[eEеЕ]\+?(\d{1,2})(?!\d)", re.ASCII)
_TAIL_OF_FLOAT = re.compile(r"(?<=\d{5})[.,]0{1,2}(?!\d)", re.ASCII)
_SEPARATOR = re.compile(r"[;\n\r|,\\]|\s+(?:и|или|or|and)\s+|(?<!\d)/|/(?!\d)|/(?=\d{5}|\+|8[ (-]|\(?\d{3})")
_EXTENSION = re.compile(
    r"[,;(]?\s*(?:доб(?:авочный)?|внутр?|вн|ext|тон)\b\.?\s*№?\s*:?\s*(\d{1,7})\)?", re.IGNORECASE
)
_RUN = re.compile(r"[+\d(][\d\s().+-]*", re.ASCII)
_ENDING = re.compile(r"\s*/\s*(\d{1,4})(?!\d)", re.ASCII)
_LABEL = re.compile(r"^\s*(?:т|тел|телефон|телефоны|phone|tel)\b\s*[.:]?\s*", re.IGNORECASE)
_DIGITS = re.compile(r"\D+", re.ASCII)
_KINDS: tuple[tuple[Kind, re.Pattern], ...] = (
    ("fax", re.compile(r"факс|fax|\bф\.", re.IGNORECASE)),
    ("work", re.compile(r"раб|служ|офис|work|office|\bр\.", re.IGNORECASE)),
    ("home", re.compile(r"дом|home|\bд\.|гор", re.IGNORECASE)),
    ("mobile", re.compile(r"моб|сот|mob|cell|\bм\.", re.IGNORECASE)),
)
_TYPES: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.TOLL_FREE: "toll_free",
}


class ParsedPhone(NamedTuple):
    """One number of a cell. `value` is E.164 or "", `raw` the part of the cell it was read from, `region` an
    ISO code.

    A problem without a value means that the number can't be used; with a value, that it wants a look.
    """

    raw: str
    value: str = ""
    extension: str = ""
    kind: Kind = "other"
    region: str = ""
    comment: str = ""
    problem: Problem | None = None
    suggestion: str = ""


def parse_phones(
    value: object, *, default_region: str = "RU", city_code: str | None = None
) -> list[ParsedPhone]:
    """Every phone of one cell in its order; nothing for an empty cell or an empty mark («нет», «-»); never an
    exception.

    `default_region` reads numbers without a country, `city_code` (digits) completes short city numbers.
    """
    text = value if type(value) is str else cell_text(value)
    if default_region == "RU":
        fast = _FAST.fullmatch(text)
        if fast:
            national = "".join(fast.groups())
            if _russian_mobile(national) and len(set(national[1:])) > 1:
                return [ParsedPhone(text, f"+7{national}", "", "mobile", "RU")]
    return list(_parse_cell(text, default_region, _DIGITS.sub("", city_code or "")))


def cell_text(value: object) -> str:
    """A cell as text: whole floats without «.0», nothing for None, a truth value, or a number that is none."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


@cache
def _russian_mobiles() -> re.Pattern:
    """phonenumbers' own pattern of Russian mobile numbers (ten digits)."""
    return re.compile(PhoneMetadata.metadata_for_region("RU").mobile.national_number_pattern)


def _russian_mobile(national: str) -> bool:
    return bool(_russian_mobiles().fullmatch(national))


@lru_cache(maxsize=16384)
def _parse_cell(cell: str, region: str, city: str) -> tuple[ParsedPhone, ...]:
    text = (
        unicodedata.normalize("NFKC", cell[:LONGEST])
        .replace("\u200b", "")
        .replace("\ufeff", "")
        .strip(" '\t")
    )
    text = re.sub("[‐‑‒–—−]", "-", text)
    if is_empty_mark(text):
        return ()
    lost: list[ParsedPhone] = []
    text = _TAIL_OF_FLOAT.sub("", _SCIENTIFIC.sub(lambda match: _from_scientific(match, lost), text))
    phones = list(lost)
    for piece in _pieces(text):
        _read_piece(piece, phones, region, city)
    unique = {(phone.value or phone.raw, phone.extension): phone for phone in reversed(phones)}
    phones = list(reversed(unique.values()))
    if not phones and _bare_prefix(text):
        return ()
    return tuple(phones) or (
        ParsedPhone(cell, problem=Problem("phone", "not_a_number"), comment=cell.strip()),
    )


def _bare_prefix(text: str) -> bool:
    """«+7», «8»: what a form puts before the number; not a number and no mistake."""
    return _DIGITS.sub("", text) in ("7", "8") and not any(map(str.isalpha, text))


def _from_scientific(match: re.Match, lost: list[ParsedPhone]) -> str:
    whole, fraction, power = match[1], match[2] or "", int(match[3])
    if len(fraction) == power:
        return whole + fraction
    lost.append(ParsedPhone(match[0], problem=Problem("phone", "digits_lost")))
    return " "


def _pieces(text: str) -> list[str]:
    """The cell between separators; a comma before an extension separates nothing."""
    text = _EXTENSION.sub(lambda match: f" доб {match[1]} ", text)
    return [piece for piece in _SEPARATOR.split(text) if piece and piece.strip()]


def _read_piece(piece: str, phones: list[ParsedPhone], region: str, city: str) -> None:
    """Adds the numbers of one piece; a piece without any is a remark on the number before it."""
    extension = _EXTENSION.search(piece)
    if extension:
        piece = piece[: extension.start()] + " " + piece[extension.end() :]
    runs = [
        run for run in _RUN.finditer(piece) if sum(map(str.isdigit, run[0])) >= 5 or _nothing_else(piece, run)
    ]
    if not runs:
        _remark(piece.strip(), phones)
        return
    start, first_new = 0, len(phones)
    for place, run in enumerate(runs):
        before = piece[start : run.start()]
        own, before = _share_remark(before) if place else ("", before)
        if own:
            _remark(own, phones)
        after = piece[run.end() :] if place == len(runs) - 1 else ""
        ending = _ENDING.match(after)
        if ending:
            after = after[ending.end() :]
        comment = _tidy(f"{before} {after}")
        for number in _split_run(run[0]):
            phones.append(_read_number(number, comment, region, city))
        if ending:
            _add_ending(phones, ending[1], comment)
        start = run.end()
    if extension and len(phones) > first_new:
        phones[-1] = phones[-1]._replace(extension=extension[1])


def _nothing_else(piece: str, run: re.Match) -> bool:
    rest = piece[: run.start()] + piece[run.end() :]
    return any(map(str.isdigit, run[0])) and not any(map(str.isalnum, rest)) and not _bare_prefix(piece)


def _share_remark(between: str) -> tuple[str, str]:
    """Words between two numbers: in brackets they belong to the one before, else to the one after."""
    if between.strip().startswith(("(", ")")) or between.strip().endswith(")"):
        return between, ""
    return "", between


def _remark(text: str, phones: list[ParsedPhone]) -> None:
    remark = _tidy(text)
    if phones and remark:
        last = phones[-1]
        comment = ", ".join(filter(None, (last.comment, remark)))
        phones[-1] = last._replace(comment=comment, kind=_kind(remark) or last.kind)


def _tidy(text: str) -> str:
    text = _LABEL.sub("", text)
    return " ".join(text.replace("(", " ").replace(")", " ").split()).strip(" .,:;-'\"№*")


def _kind(comment: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(comment)), None) if comment else None


def _split_run(run: str) -> list[str]:
    """Numbers that stand one after another with nothing but blanks between them."""
    run = run.strip(" .-(\n\r\t")
    count = sum(map(str.isdigit, run))
    if count <= 13 and run.count("+") <= 1:
        return [run]
    if count in (20, 21, 22) and " " not in run:
        digits = _DIGITS.sub("", run)
        cut = 11 if digits[0] in "78" else 10
        return [digits[:cut], digits[cut:]]
    for blank in re.finditer(r"\s+", run):
        if _is_city_number(run[: blank.start()]) and _is_mobile(run[blank.end() :]):
            return [run[: blank.start()], run[blank.end() :]]
    numbers, current = [], ""
    for token in run.replace("+", " +").split():
        digits = _DIGITS.sub("", current)
        full = (
            (len(digits) == 11 and digits[0] in "78")
            or (len(digits) == 10 and digits[0] == "9")
            or len(digits) >= 12
        )
        if current and (token.startswith("+") or full):
            numbers.append(current)
            current = token
        else:
            current = f"{current} {token}".strip()
    return [*numbers, current]


def _is_city_number(text: str) -> bool:
    return 5 <= len(_DIGITS.sub("", text)) <= 7 and "+" not in text


def _is_mobile(text: str) -> bool:
    digits = _DIGITS.sub("", text)
    return (len(digits) == 11 and digits[0] in "78" and digits[1] == "9") or (
        len(digits) == 10 and digits[0] == "9"
    )


def _read_number(raw: str, comment: str, region: str, city: str) -> ParsedPhone:
    digits = _DIGITS.sub("", raw)
    national = digits[-10:]
    usual = (len(digits) == 11 and digits[0] in "78" and (digits[0] == "7" or "+" not in raw)) or len(
        digits
    ) == 10
    if usual and region == "RU" and _russian_mobile(national) and len(set(national[1:])) > 1:
        return ParsedPhone(raw.strip(), f"+7{national}", "", _kind(comment) or "mobile", "RU", comment)
    reading = read_digits(digits, plus="+" in raw, region=region, city=city)
    return _phone(raw, reading, comment)


def _phone(raw: str, reading: Reading, comment: str) -> ParsedPhone:
    problem = Problem("phone", reading.problem, digits=reading.digits) if reading.problem else None
    number = reading.number
    if number is None:
        return ParsedPhone(
            raw.strip(),
            comment=comment,
            kind=_kind(comment) or "other",
            problem=problem,
            suggestion=reading.suggestion,
        )
    return ParsedPhone(
        raw=raw.strip(),
        value=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        kind=_kind(comment) or _TYPES.get(phonenumbers.number_type(number), "other"),
        region=_region(number),
        comment=comment,
        problem=problem,
        suggestion=reading.suggestion,
    )


def _region(number: PhoneNumber) -> str:
    """The country; of the plan that two share, only Kazakhstan's numbers begin with 6 and 7, the rest needs
    no look-up.
    """
    if number.country_code == 7 and str(number.national_number)[0] in "3489":
        return "RU"
    return phonenumbers.region_code_for_number(number) or ""


def _add_ending(phones: list[ParsedPhone], ending: str, comment: str) -> None:
    """«123-45-67/68»: a second number that differs from the first in its ending."""
    first = phones[-1]
    if not first.value:
        return
    digits = first.value[1 : -len(ending)] + ending
    reading = read_digits(digits, plus=True, region=first.region, city="")
    if reading.number is not None:
        phones.append(_phone(f"{first.raw}/{ending}", reading._replace(problem="ending_only"), comment))


# --- showing and finding


def _number_of(e164: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=16384)
def format_phone(e164: str) -> str:
    """«+7 904 000-27-40»; what is no E.164 number comes back as it is."""
    if len(e164) == 12 and e164.startswith("+79") and e164[1:].isdecimal():
        return f"+7 {e164[2:5]} {e164[5:8]}-{e164[8:10]}-{e164[10:]}"
    number = _number_of(e164)
    if number is None:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
