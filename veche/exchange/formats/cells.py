"""What one cell becomes: a str, int, float, bool, datetime or None, without the dirt that nobody sees."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

Cell = str | int | float | bool | datetime | None

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_BREAK = re.compile("_x000[dD]_\r?\n?|\r\n?|[\u2028\u2029\u0085]")


def clean_text(text: str) -> str:
    """The text without invisible characters, with plain spaces, and line breaks as a single line feed."""
    if not text.isprintable() or "_x000" in text:
        text = _BREAK.sub("\n", text)
        text = _INVISIBLE.sub("", text)
        text = _ODD_SPACE.sub(" ", text)
    text = text.strip()
    if text.startswith("'") and len(text) > 1 and (text[1].isdigit() or text[1] in "+=-("):
        text = text[1:].lstrip()  # the mark with which Excel keeps digits as text
    return text


def clean_cell(value: Any) -> Cell:
    """One value as a reader gave it: empty text is None, a whole float an int, a date a datetime at midnight.

    Excel knows only floats, so that 79161234567 comes as 79161234567.0; beyond 2**53 digits are already
    lost in the file itself. A time or a duration alone becomes text.
    """
    kind = type(value)
    if kind is str:
        return (clean_text(value) or None) if value else None
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 1e18 else value
    if kind is datetime or kind is int or kind is bool or value is None:
        return value
    if kind is date:
        return datetime(value.year, value.month, value.day)
    if kind is time:
        return value.strftime("%H:%M" if not value.second else "%H:%M:%S")
    return str(value) if isinstance(value, timedelta) else clean_text(str(value)) or None


def clean_row(values: list[Any]) -> list[Cell]:
    """All cells of a row, cleaned."""
    return [clean_cell(value) for value in values]


def stored_text(value: Any) -> str:
    """A cell that was kept as JSON, as a person would type it: dates stand there as ISO texts."""
    return cell_text(revive_cell(value))


def revive_cell(value: Any) -> Cell:
    """A cell that was kept as JSON, as it was before."""
    if isinstance(value, str) and _ISO.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


def cell_text(value: Cell) -> str:
    """A cell as a person would type it: dates as dd.mm.yyyy, whole numbers without a point, None as ''."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if type(value) is datetime:
        return value.strftime("%d.%m.%Y") if value.time() == time() else value.strftime("%d.%m.%Y %H:%M")
    if type(value) is float:
        return f"{value:.15g}"
    if type(value) is bool:
        return "TRUE" if value else "FALSE"
    return str(value)
