"""Dates out of dirty cells, whole or in part: «1 февраля 1970 г.», «июнь 2019», 1970, «01.02.», Excel's
43596, 29.02.1970.

A part that is unknown is None. What can't be right is kept out of the parts and said in a problem; nothing
raises.
"""

import datetime as dt
import math
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from veche.contacts.empty_marks import is_empty_mark
from veche.contacts.phones import cell_text
from veche.contacts.problems import Problem

LONGEST = 100
EARLIEST = 1880
FIRST = 1000
"""No year of a person's life is written with fewer digits: 0001 is what programs put where none is known."""
YOUNGEST = 14
"""Years: the least age that a two-digit year of birth may mean; the greatest is 99 more."""
_PLACEHOLDERS = frozenset([(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1970, 1, 1)])
_SERIAL_FROM, _SERIAL_TO = 367, 73050
"""Excel serials taken for dates: 1901 to 2099. Four digits that can be a year are a year."""
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EPOCH_1904 = 1462

_MONTHS = (
    "янв", "фев", "мар", "апр", "май|мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_OF = {
    stem: number
    for stems in (_MONTHS, _ENGLISH)
    for number, group in enumerate(stems, start=1)
    for stem in group.split("|")
}
_WORD = r"(?P<word>[а-я]{3,9}|[a-z]{3,9})\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_TAIL = r"(?:\s*(?:г|гг|года|год|г\.?\s*р|year)\.?)?"
_TIME = r"(?:[t\s,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(?P<year>\d{{4}})[-./](?P<month>\d{{1,2}})(?:[-./](?P<day>\d{{1,2}}))?{_TIME}")
_NUMBERS = re.compile(
    rf"(?P<one>\d{{1,2}})\s*[-./,\s]\s*(?P<two>\d{{1,2}})(?:\s*[-./,\s]\s*{_YEAR})?[./]?{_TAIL}{_TIME}"
)
_USUAL = re.compile(r"(?P<one>\d\d)\.(?P<two>\d\d)\.(?P<year>\d{4})", re.ASCII)
"""What most cells look like; the same as _NUMBERS makes of it."""
_MONTH_YEAR = re.compile(rf"(?P<month>\d{{1,2}})\s*[-./]\s*(?P<year>\d{{4}}){_TAIL}")
_DAY_WORD = re.compile(
    rf"(?P<day>\d{{1,2}})(?:-?(?:го|е|st|nd|rd|th))?[\s./-]*{_WORD}(?:[\s,./-]*{_YEAR})?{_TAIL}{_TIME}"
)
_WORD_DAY = re.compile(rf"{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}")
_WORD_YEAR = re.compile(rf"{_WORD}(?:[\s,./-]+(?P<year>\d{{4}}))?{_TAIL}")
_ONLY_YEAR = re.compile(rf"(?P<year>\d{{4}}){_TAIL}")
_COMPACT = re.compile(r"\d{8}")
_SERIAL = re.compile(r"(\d{3,5})(?:[.,]\d+)?")
_BORN = re.compile(r"^(?:род\w*|д\.?\s*р|born|др)\.?\s*:?\s*")


class ParsedDate(NamedTuple):
    """What is known of a date. A problem beside known parts wants a look; without any part nothing usable was
    there.
    """

    raw: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    problem: Problem | None = None

    @property
    def whole(self) -> dt.date | None:
        """The date if year, month and day are known."""
        return dt.date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    @property
    def text(self) -> str:
        """In parts as ISO 8601 has them: 1970-02-01, 1970-02, 1970, --02-01; "" if nothing is known."""
        if self.month:
            head = f"{self.year:04}" if self.year else "-"
            return f"{head}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")
        return f"{self.year:04}" if self.year else ""


class Reading(NamedTuple):
    """How the cells of one column are read."""

    day_first: bool
    date1904: bool
    youngest: int
    today: dt.date


def parse_date(
    value: object,
    *,
    day_first: bool = True,
    birthday: bool = True,
    date1904: bool = False,
    today: dt.date | None = None,
) -> ParsedDate:
    """Reads a cell. `day_first` decides 05/06/07 and is overruled by a number over 12; `date1904` is the
    workbook's calendar.

    A two-digit year means somebody of 14 to 113 years in a `birthday`, else the latest year that is not to
    come.

    `today` (default: the machine's) is the pivot for two-digit years and for dates to come.
    """
    youngest = YOUNGEST if birthday else 0
    return read_date(value, Reading(day_first, date1904, youngest, today or dt.date.today()))


def read_date(value: object, how: Reading) -> ParsedDate:
    """As `parse_date`, for many cells that are read in one way."""
    if type(value) is str:
        return _parse_text(value, how)
    today = how.today
    if isinstance(value, dt.datetime):
        return _checked(str(value), value.year, value.month, value.day, "", today)
    if isinstance(value, dt.date):
        return _checked(value.isoformat(), value.year, value.month, value.day, "", today)
    text = cell_text(value)
    if isinstance(value, float) and math.isfinite(value) and value != int(value):
        text = str(int(value)) if abs(value) < 1e6 else text
    return _parse_text(text, how)


@lru_cache(maxsize=32768)
def _parse_text(raw: str, how: Reading) -> ParsedDate:
    if usual := _USUAL.fullmatch(raw):
        return _day_month_year(raw, usual, how, slashes=False)
    text = (
        unicodedata.normalize("NFKC", raw[: LONGEST + 1])
        .strip(" '\t\r\n\u200b\ufeff")
        .lower()
        .replace("ё", "е")
    )
    if is_empty_mark(text) or not any(map(str.isalnum, text)):
        return ParsedDate(raw)
    text = _BORN.sub("", text) if not text[0].isdigit() else text
    if len(text) > LONGEST:
        return _nothing(raw)
    return (
        _from_digits(raw, text, how)
        or _from_numbers(raw, text, how)
        or _from_words(raw, text, how)
        or _nothing(raw)
    )


def _nothing(raw: str) -> ParsedDate:
    return ParsedDate(raw, problem=Problem("date", "not_a_date"))


def _from_digits(raw: str, text: str, how: Reading) -> ParsedDate | None:
    """A year, an Excel serial, or eight digits on end."""
    today = how.today
    found = _ONLY_YEAR.fullmatch(text)
    if found and EARLIEST <= int(found["year"]) <= today.year + 100:
        return _checked(raw, int(found["year"]), None, None, "", today)
    found = _SERIAL.fullmatch(text)
    if found and _SERIAL_FROM <= int(found[1]) <= _SERIAL_TO:
        day = _EXCEL_EPOCH + dt.timedelta(days=int(found[1]) + (_EPOCH_1904 if how.date1904 else 0))
        return _checked(raw, day.year, day.month, day.day, "", today)
    if _COMPACT.fullmatch(text):
        iso = int(text[:4]), int(text[4:6]), int(text[6:])
        russian = int(text[4:]), int(text[2:4]), int(text[:2])
        real = (parts for parts in (iso, russian) if EARLIEST <= parts[0] <= today.year and _exists(*parts))
        best = next(real, None)
        return _checked(raw, *best, "", today) if best else None
    return None


def _from_numbers(raw: str, text: str, how: Reading) -> ParsedDate | None:
    today = how.today
    found = _ISO.fullmatch(text)
    if found:
        return _checked(raw, int(found["year"]), int(found["month"]), _int(found["day"]), "", today)
    found = _MONTH_YEAR.fullmatch(text)
    if found:
        return _checked(raw, int(found["year"]), int(found["month"]), None, "", today)
    found = _NUMBERS.fullmatch(text)
    return _day_month_year(raw, found, how, slashes="/" in text) if found else None


def _day_month_year(raw: str, found: re.Match[str], how: Reading, *, slashes: bool) -> ParsedDate:
    one, two = int(found["one"]), int(found["two"])
    day, month = (one, two) if how.day_first else (two, one)
    swapped = month > 12 >= day
    if swapped:
        day, month = month, day
    year, guessed = _full_year(found["year"], how)
    doubt = "two_digit_year" if guessed else ""
    if slashes and not swapped and day <= 12 and month <= 12 and day != month:
        doubt = "ambiguous"
    return _checked(raw, year, month, day, doubt, how.today)


def _from_words(raw: str, text: str, how: Reading) -> ParsedDate | None:
    for pattern in (_DAY_WORD, _WORD_DAY, _WORD_YEAR):
        found = pattern.fullmatch(text)
        month = _month(found["word"]) if found else None
        if found and month:
            parts = found.groupdict()
            year, guessed = _full_year(parts.get("year"), how)
            return _checked(
                raw, year, month, _int(parts.get("day")), "two_digit_year" if guessed else "", how.today
            )
    return None


def _month(word: str) -> int | None:
    stem = word[:3]
    return _MONTH_OF.get(stem)


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _full_year(text: str | None, how: Reading) -> tuple[int | None, bool]:
    """The year, and whether its century was guessed: for a birthday somebody is then 14 to 113 years old now."""
    if not text:
        return None, False
    if len(text) == 4:
        return int(text), False
    year = how.today.year // 100 * 100 + int(text)
    return (year if year <= how.today.year - how.youngest else year - 100), True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _checked(
    raw: str, year: int | None, month: int | None, day: int | None, doubt: str, today: dt.date
) -> ParsedDate:
    """The parts that can be right, and the most serious thing to say about them."""
    if year is not None and not EARLIEST <= year <= today.year + 100:
        if year < FIRST or not _exists(2000, 1 if month is None else month, 1 if day is None else day):
            return _nothing(raw)  # 00.00.0000, 99.99.9999: no part of it can be right
        return ParsedDate(raw, problem=Problem("date", "too_old" if year < EARLIEST else "in_future"))
    if month is not None and not 1 <= month <= 12:
        return ParsedDate(raw, year, problem=Problem("date", "impossible"))
    if day is not None and not _exists(year or 2000, month or 1, day):
        return ParsedDate(raw, year, month, problem=Problem("date", "impossible"))
    problem = doubt
    if year and dt.date(year, month or 1, day or 1) > today:
        problem = "in_future"
    elif (year, month, day) in _PLACEHOLDERS:
        problem = "placeholder"
    return ParsedDate(raw, year, month, day, Problem("date", problem) if problem else None)
