"""Numbers as Excel shows them: dates from serials, percents, leading zeros (ECMA-376 part 1, 18.8.30, 18.17.4)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """How numbers of a style are shown: `kind` is '', `date`, `time`, `percent` or `zeros` (`digits` of them)."""

    kind: str = ""
    digits: int = 0


PLAIN = Shown()
_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47}
_NO_SIGNS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def shown_by(number: int, code: str | None = None) -> Shown:
    """For a built-in number of a format, or its code."""
    if code is None:
        if number in _DATES:
            return Shown("date")
        return Shown("time") if number in _TIMES else Shown("percent") if number in (9, 10) else PLAIN
    first = _NO_SIGNS.sub("", code).split(";")[0].strip().lower()
    if first in ("general", "основной", "@", ""):
        return PLAIN
    if re.fullmatch(r"0{2,}", first):
        return Shown("zeros", len(first))
    if "%" in first:
        return Shown("percent")
    if re.search(r"[ydгд]|mmm|ммм", first) or re.fullmatch(r"[mм]{1,2}[./\- ]*", first):
        return Shown("date")
    return Shown("time") if re.search(r"[hsчс]", first) else PLAIN


def value_of(number: float, shown: Shown, from_1904: bool) -> Any:
    """A number as a person sees it; what is no possible date stays a number."""
    if shown.kind in ("date", "time"):
        return date_of(number, from_1904, shown.kind == "time")
    if shown.kind == "percent":
        return f"{number * 100:.10g}%"
    if shown.kind == "zeros" and number >= 0 and number == int(number):
        return f"{int(number):0{shown.digits}d}"
    return number


def date_of(serial: float, from_1904: bool = False, only_time: bool = False) -> Any:
    """Excel's serial as a datetime; a time alone or a duration as text; an impossible one stays a number.

    The system of 1900 counts a 29.02.1900 that never was (serial 60): days before it are one off.
    """
    if only_time and serial >= 0:
        minutes, seconds = divmod(round(serial * 86400), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
    if serial < 0 or serial >= 2_958_466 or (60 <= serial < 61 and not from_1904):
        return serial
    first = datetime(1899, 12, 30) if serial > 60 else datetime(1899, 12, 31)
    start = datetime(1904, 1, 1) if from_1904 else first
    try:
        return start + timedelta(days=int(serial), seconds=round((serial - int(serial)) * 86400))
    except OverflowError:
        return serial
