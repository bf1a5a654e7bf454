"""The process that reads a workbook: `python -m veche.exchange.formats.reader PATH KIND ENCODING`.

It answers questions from its standard input, each answer a length and a pickle of plain values: first how the file is
(`("sheets", […])`, or `("refused", code, params)`), then portions of rows. Memory and processor time are limited, so
that a malicious file ends this process and nothing else; without its parent it ends by itself.
"""

from __future__ import annotations

import pickle
import struct
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from .sheet import Book, Row, Sheet, Unreadable

PORTION = 1000
MOST_MEMORY = 1000 * 2**20
"""Bytes of address space. 500 000 rows of 20 columns take a third of it."""
MOST_SECONDS = 300
"""Of processor time, for all that is asked about one file."""


def limit() -> None:
    """Bounds for this process, where the system knows such."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (most, hard))
        except (ValueError, OSError):  # macOS has no limit of address space
            continue


def open_book(path: Path, kind: str, encoding: str) -> Book:
    """The file opened by its format, not yet looked through."""
    if kind == "xlsx":
        from .xlsx import Workbook

        return Workbook(path)
    if kind == "ods":
        from .ods import OpenDocument

        return OpenDocument(path)
    if kind == "xls":
        from .xls import OldWorkbook

        return OldWorkbook(path)
    if kind == "xml2003":
        from .xml2003 import XmlSpreadsheet

        return XmlSpreadsheet(path)
    from .html import WebTables

    return WebTables(path, encoding)


class Answers:
    """Answers the parent's questions about one file."""

    def __init__(self, path: Path, kind: str, encoding: str) -> None:
        self.book = open_book(path, kind, encoding)
        self.rows: Iterator[Row] = iter(())

    def look(self) -> list[dict[str, Any]]:
        """Every sheet with what was seen in it."""
        self.book.look()
        return [vars(sheet) for sheet in self.book.sheets]

    def know(self, sheets: list[dict[str, Any]]) -> None:
        """What an earlier look has seen, so that none is needed now."""
        if not hasattr(self.book, "sheets"):
            self.book.sheets = [Sheet(**sheet) for sheet in sheets]

    def begin(self, place: int, start: int, raw: bool) -> None:
        """The next portions are of this sheet from this row on."""
        self.rows = self.book.records(self.book.sheets[place], start, raw)

    def portion(self, size: int) -> list[Row]:
        """The next rows; an empty portion is the end."""
        return list(islice(self.rows, size))


def main(path: str, kind: str, encoding: str) -> None:
    """Answer until there is nobody to ask."""
    limit()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        able = Answers(Path(path), kind, encoding)
    except Exception as error:
        send(answers, _failure(error))
        return
    send(answers, ("open",))
    while (question := receive(questions)) is not None:
        try:
            send(answers, ("answer", getattr(able, question[0])(*question[1:])))
        except BrokenPipeError:
            return
        except Exception as error:
            send(answers, _failure(error))
            return


def _failure(error: Exception) -> tuple[Any, ...]:
    if isinstance(error, Unreadable):
        return ("refused", error.code, error.params)
    if isinstance(error, MemoryError):
        return ("refused", "import.too_much_memory", {})
    return ("refused", "import.damaged", {"why": f"{type(error).__name__}: {error}"[:300]})


_LENGTH = struct.Struct(">I")


def send(stream: BinaryIO, values: Any) -> None:
    """One question or answer."""
    body = pickle.dumps(values, protocol=5)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """The next question, None when the other side has gone."""
    head = stream.read(_LENGTH.size)
    return pickle.loads(stream.read(_LENGTH.unpack(head)[0])) if len(head) == _LENGTH.size else None


if __name__ == "__main__":
    main(*sys.argv[1:4])
