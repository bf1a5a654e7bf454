"""Text tables: .csv, .tsv, .txt in any encoding and with any usual delimiter.

A row's number is what a spreadsheet program shows, that is the record's, not the line's: a line break inside
quotes does not count, an empty line does, the `sep=;` line does not.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from veche.exchange.captions import known_target
from veche.exchange.formats.cells import clean_row
from veche.exchange.formats.sheet import MAX_CELL, Row, Sheet, Unreadable, too_big_cell

from .encodings import find_encoding

DELIMITERS = (";", "\t", ",", "|")
_SAMPLE_CHARS = 200_000
_SAMPLE_RECORDS = 200
_MANY_BREAKS = 200
_TELL_EVERY = 20_000
"""Records between two words about how far a pass is."""
LONGEST_LINE = 8 * MAX_CELL

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class TextTable:
    """How to read one text file."""

    path: Path
    encoding: str
    delimiter: str

    def records(self, sheet: Sheet | None = None, start: int = 0, *, raw: bool = False) -> Iterator[Row]:
        """Records that hold anything, from row `start` on; cleaned cells, or `raw` ones as they stand in the file."""
        for number, record in self.every_record():
            if number >= start and any(map(str.strip, record)):
                yield number, record if raw else clean_row(record)

    def count(self, tell: Callable[[float], None] | None = None) -> Sheet:
        """One pass, which also finds unclosed quotes and giant cells before anything is done."""
        sheet = Sheet(self.path.stem)
        for number, record in self.every_record(tell):
            if any(map(str.strip, record)):
                sheet.see(number, record, hidden=False)
                sheet.check()
        return sheet

    def close(self) -> None:
        """Nothing is kept open between readings."""

    def every_record(self, tell: Callable[[float], None] | None = None) -> Iterator[tuple[int, list[str]]]:
        """Every record with its number from 1, empty ones too. Refuses an unclosed quote and a giant cell. `tell` gets
        the share of the file that has been read, now and then."""
        size = self.path.stat().st_size
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=self.delimiter)
            number = 0
            try:
                for number, record in enumerate(reader, 1):
                    if lines.taken > 1:
                        self._check_quotes(number, lines, record)
                    lines.taken = lines.quotes = 0
                    if tell and number % _TELL_EVERY == 0:
                        tell(file.buffer.tell() / size)
                    yield number, record
            except csv.Error as error:
                raise too_big_cell(number + 1) from error

    @staticmethod
    def _check_quotes(number: int, lines: "_Lines", record: list[str]) -> None:
        unclosed = lines.ended and lines.quotes % 2
        if unclosed or max(cell.count("\n") for cell in record) > _MANY_BREAKS:
            raise Unreadable("import.unclosed_quote", row=number)


class _Lines:
    """Lines of the file without NUL characters; counts what the csv reader took for one record."""

    def __init__(self, file: io.TextIOBase) -> None:
        self.file = file
        self.taken = self.quotes = 0
        self.ended = False
        self.first = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._line()
            if self.first:
                self.first = False
                if line[:4].lower() == "sep=":
                    line = self._line()
        except StopIteration:
            self.ended = True
            raise
        if "\0" in line:
            line = line.replace("\0", "")
        self.taken += 1
        self.quotes += line.count('"')
        return line

    def _line(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == LONGEST_LINE:
            raise Unreadable("import.cell_too_big_somewhere")
        return line


def open_text(path: Path, encoding: str | None = None, delimiter: str | None = None) -> TextTable:
    """The file as a table; encoding and delimiter are found where they are not given."""
    encoding = encoding or find_encoding(path)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            sample = file.read(_SAMPLE_CHARS)
    except LookupError as error:
        raise Unreadable("import.unknown_encoding", name=encoding) from error
    return TextTable(path, encoding, delimiter or find_delimiter(sample))


def find_delimiter(sample: str) -> str:
    """The delimiter that `sep=` names, or the one that cuts the records most evenly into cells."""
    if sample[:4].lower() == "sep=" and len(sample) > 4 and sample[4] not in "\r\n":
        return sample[4]
    whole_lines = sample.rpartition("\n")[0] or sample
    return max(DELIMITERS, key=lambda delimiter: _evenness(whole_lines, delimiter))


def _evenness(sample: str, delimiter: str) -> float:
    records = []
    try:
        for record in csv.reader(io.StringIO(sample.replace("\0", "")), delimiter=delimiter):
            if record:
                records.append(record)
            if len(records) >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        return -1.0
    if not records:
        return 0.0
    width, times = Counter(map(len, records)).most_common(1)[0]
    if width < 2:
        return 0.0
    known = max(sum(known_target(cell) is not None for cell in record) for record in records[:20])
    return times / len(records) + known / 2 + (0.1 if delimiter in ";\t" else 0) + min(width, 20) / 200
