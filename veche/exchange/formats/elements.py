"""What the XML formats .ods and XML Spreadsheet 2003 share: elements come in as a stream, rows go out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO

from .sheet import ScannedRow, Sheet
from .xlsx_parts import careful_parser

BLOCK = 1 << 18


class ElementReader(ABC):
    """Turns elements into `rows`; names of elements and attributes come as their namespace, a space, the name."""

    def __init__(self) -> None:
        self.rows: list[ScannedRow] = []
        self.sheet: Sheet | None = None
        self.number = self.column = 0
        self.row: list[Any] = []
        self.length = 0  # characters of the row

    def read(self, stream: BinaryIO) -> Iterator[ScannedRow]:
        """The rows of the whole stream, as they are complete; raises `expat.ExpatError` for broken XML."""
        parser = careful_parser(namespaces=True)
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.chars
        while block := stream.read(BLOCK):
            parser.Parse(block, False)
            yield from self._taken()
        parser.Parse(b"", True)
        yield from self._taken()

    def _taken(self) -> list[ScannedRow]:
        rows, self.rows = self.rows, []
        return rows

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def end(self, name: str) -> None: ...

    @abstractmethod
    def chars(self, text: str) -> None: ...
