"""The file of an export, or the archive of its parts: by portions, so that a million takes no more memory than one.

A text file is written by the database itself (COPY); a workbook by `writing`. `tell` is called after each portion with
the rows written so far, and may raise to stop the work.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.contacts.models import OwnField
from veche.core.actor import Actor
from veche.exchange.exporting.catalogue import Fact
from veche.exchange.exporting.streaming import Question, rows_question, text_question
from veche.exchange.writing import DATE, MOMENT, MONEY, NUMBER, Column, Sheet, safe_text, write_workbook
from veche.exchange.writing.columns import unique_captions

PORTION = 250_000  # people between two looks at whether to stop; each reads every table once, hence no fewer
SEMICOLON, COMMA = ";", ","
XLSX, CSV = "xlsx", "csv"
_TYPES = {NUMBER: "numeric", MONEY: "numeric", MOMENT: "timestamptz"}
LONGEST_NAME = 80  # letters of a file in an archive

Tell = Callable[[int], None]

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Part:
    """People from position `after` (without it) to `upto`, for one file."""

    name: str
    after: int
    upto: int

    @property
    def people(self) -> int:
        return self.upto - self.after


@dataclass(frozen=True)
class Maker:
    """How files of one export are written. `delimiter` matters to text files."""

    actor: Actor
    facts: Sequence[Fact]
    fields: Sequence[OwnField]
    form: str
    delimiter: str
    tell: Tell

    def make(self, path: Path, parts: Sequence[Part]) -> int:
        """Write one file for the only part, or an archive of them; returns the rows written."""
        if not path.name.endswith(".zip"):
            return self._write(path, parts[0], 0)
        written, names = 0, set[str]()
        packing = zipfile.ZIP_STORED if self.form == XLSX else zipfile.ZIP_DEFLATED
        inner = path.with_name(f"{path.stem}.{self.form}")
        with zipfile.ZipFile(path, "w", packing) as archive:
            for part in parts:
                written += self._write(inner, part, written)
                archive.write(inner, _free_name(part.name, self.form, names))
                inner.unlink()
        return written

    def _write(self, path: Path, part: Part, before: int) -> int:
        return (self._workbook if self.form == XLSX else self._text_file)(path, part, before)

    def _workbook(self, path: Path, part: Part, before: int) -> int:
        columns = [
            Column(str(fact.caption), DATE if fact.is_day else fact.type, width=fact.width)
            for fact in self.facts
        ]
        question = rows_question(self.actor, self.facts, self.fields)
        rows = self._rows(question, part, before)
        return write_workbook(path, [Sheet(_("People"), columns, rows, count=part.people)])

    def _rows(self, question: Question, part: Part, before: int) -> Iterator[list[Any]]:
        days = [place for place, fact in enumerate(self.facts) if fact.is_day]
        types = ["int8" if fact.key == "number" else _TYPES.get(fact.type, "text") for fact in self.facts]
        for after, upto in _portions(part):
            params = {**question.params, "after": after, "upto": upto}
            # The base goes on with the next rows while these are written.
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY ({question.sql}) TO STDOUT", params) as copy,
            ):
                copy.set_types(types)
                for row in copy.rows():
                    cells = list(row)
                    for place in days:
                        cells[place] = as_day(cells[place])
                    yield cells
            self.tell(before + upto - part.after)

    def _text_file(self, path: Path, part: Part, before: int) -> int:
        comma = self.delimiter == SEMICOLON
        question = text_question(self.actor, self.facts, self.fields, comma=comma)
        copying = f"COPY ({question.sql}) TO STDOUT (FORMAT csv, DELIMITER '{self.delimiter}')"
        written = 0
        with path.open("wb") as file:
            file.write(self._captions().encode("utf-8-sig"))
            for after, upto in _portions(part):
                params = {**question.params, "after": after, "upto": upto}
                with connection.cursor() as cursor:
                    with cursor.copy(copying, params) as copy:
                        for block in copy:
                            file.write(block)
                    written += cursor.rowcount
                self.tell(before + upto - part.after)
        return written

    def _captions(self) -> str:
        line = io.StringIO()
        captions = unique_captions([Column(str(fact.caption)) for fact in self.facts])
        csv.writer(line, delimiter=self.delimiter, lineterminator="\n").writerow(map(safe_text, captions))
        return line.getvalue()


def as_day(text: Any) -> Any:
    """A date of a whole "03.11.1980"; what is partial or impossible stays the text it is."""
    if not text or len(text) != 10:
        return text
    try:
        return dt.date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        return text


def _portions(part: Part) -> Iterator[tuple[int, int]]:
    for after in range(part.after, part.upto, PORTION):
        yield after, min(after + PORTION, part.upto)


def _free_name(wanted: str, ending: str, taken: set[str]) -> str:
    """A file name for any system, without regard to case another one than those before it."""
    base = _NOT_IN_NAMES.sub(" ", wanted).strip(" .")[:LONGEST_NAME].strip() or "1"
    name, n = base, 2
    while name.casefold() in taken:
        name, n = f"{base} ({n})", n + 1
    taken.add(name.casefold())
    return f"{name}.{ending}"
