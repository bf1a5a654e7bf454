"""A text file as Excel takes it by a double click: UTF-8 with a mark, semicolons (or what is asked for), CRLF."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from veche.exchange.writing.columns import Column, unique_captions

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet program may take for the beginning of a formula (OWASP, "CSV injection")."""

# A phone with its spaces is neither a formula nor a number to any program we know, and keeps its plus.
_PHONE = r"\+\d{1,3}[\u00a0 ][\d•\u00a0 ()-]+"
PHONES = re.compile(rf"{_PHONE}((, |\n){_PHONE})*")


def write_text(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, delimiter: str = ";"
) -> int:
    """Write the rows under their captions to `path`; returns how many there were."""
    written = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file, delimiter=delimiter)
        out.writerow([safe_text(caption) for caption in unique_captions(columns)])
        for row in rows:
            out.writerow([as_text(cell) for cell in row])
            written += 1
    return written


def as_text(value: Any) -> Any:
    """A cell of a text file: days as Russian and German programs read them, texts disarmed."""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else safe_text(value)


def safe_text(value: Any) -> Any:
    """A cell that no program takes for a formula: such texts get an apostrophe before them, phones do not."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not PHONES.fullmatch(value):
        return f"'{value}"
    return value
