"""The parts of an .xlsx beside its sheets: where they lie, the texts they share, and how numbers are shown."""

from __future__ import annotations

import mmap
import posixpath
import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import BinaryIO
from xml.parsers import expat

from .numbers import Shown, shown_by
from .sheet import MAX_CELL, Sheet, Unreadable

BLOCK = 1 << 20
MOST_XML = 32 << 20
"""Bytes of a small part (the list of sheets, the styles)."""
STRINGS_IN_MEMORY = 96 << 20
"""Bytes of the shared texts' XML; more than that goes to a temporary file."""


@dataclass
class Contents:
    """What the workbook says of itself."""

    sheets: list[tuple[Sheet, str]]
    """Each with its part of the archive."""
    from_1904: bool
    strings: str | None
    styles: list[Shown]


def elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(name without prefix, attributes without prefixes) of every element of a small part."""
    if archive.getinfo(part).file_size > MOST_XML:
        raise Unreadable("import.damaged")
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(
            (name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})
        )

    parser = careful_parser()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)
    yield from found


def careful_parser(namespaces: bool = False) -> expat.XMLParserType:
    """An XML parser that takes no declarations of entities: they are how a small file grows without bounds."""
    parser = expat.ParserCreate(namespace_separator=" ") if namespaces else expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declared: object) -> None:
        raise Unreadable("import.damaged")

    parser.EntityDeclHandler = refuse
    return parser


def find_contents(archive: zipfile.ZipFile) -> Contents:
    """Sheets in their order, styles and the calendar."""
    names = {name.lstrip("/").lower(): name for name in archive.namelist()}
    book = names["xl/workbook.xml"]
    links = {
        each.get("Id", ""): (each.get("Type", "").rpartition("/")[2], _inside(each.get("Target", "")))
        for name, each in elements(archive, names["xl/_rels/workbook.xml.rels"])
        if name == "Relationship"
    }
    from_1904, sheets = False, []
    for name, each in elements(archive, book):
        if name == "workbookPr":
            from_1904 = each.get("date1904") in ("1", "true")
        elif name == "sheet":
            kind, target = links.get(each.get("id", ""), ("", ""))
            if kind == "worksheet" and target in names:
                sheet = Sheet(each.get("name", ""), each.get("state", "visible") != "visible")
                sheets.append((sheet, names[target]))
    found = {kind: names.get(target) for kind, target in links.values()}
    styles = found.get("styles")
    return Contents(
        sheets=sheets, from_1904=from_1904, strings=found.get("sharedStrings"),
        styles=_styles(archive, styles) if styles else [],
    )  # fmt: skip


def _inside(target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return path.lower()


def _styles(archive: zipfile.ZipFile, part: str) -> list[Shown]:
    """For each style number of a cell, how its numbers are shown."""
    formats: dict[int, str] = {}
    shown: list[Shown] = []
    in_cells = False
    for name, each in elements(archive, part):
        if name == "numFmt" and each.get("numFmtId", "").isdigit():
            formats[int(each["numFmtId"])] = each.get("formatCode", "")
        elif name in ("cellXfs", "cellStyles", "dxfs", "cellStyleXfs"):
            in_cells = name == "cellXfs"
        elif name == "xf" and in_cells:
            number = each.get("numFmtId", "0")
            number = int(number) if number.isdigit() else 0
            shown.append(shown_by(number, formats.get(number)))
    return shown


_PLAIN_ITEM = re.compile(
    r"\s*(?:<sst\b[^>]*>\s*)?<si>\s*<t(?: xml:space=\"preserve\")?>([^<]*)</t>\s*\Z", re.DOTALL
)
_EMPTY_ITEMS = re.compile(r"<(?:\w+:)?si\s*/>|<(?:\w+:)?si>\s*<(?:\w+:)?t\s*/>\s*\Z")


class KeptStrings(Sequence[str]):
    """Texts in a temporary file, for the workbook whose texts would fill the memory."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.ends = array("Q", [0])
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the workbook
        end = 0
        for text in texts:
            raw = text.encode("utf-8", "replace")
            self.file.write(raw)
            end += len(raw)
            self.ends.append(end)
        self.file.flush()
        self.bytes = mmap.mmap(self.file.fileno(), end, access=mmap.ACCESS_READ) if end else b""

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bytes(self.bytes[self.ends[index] : self.ends[index + 1]]).decode()


def read_strings(archive: zipfile.ZipFile, part: str) -> Sequence[str]:
    """All texts that cells refer to by number."""
    with archive.open(part) as stream:
        texts = _strings(stream)  # type: ignore[arg-type]
        return list(texts) if archive.getinfo(part).file_size <= STRINGS_IN_MEMORY else KeptStrings(texts)


def _strings(stream: BinaryIO) -> Iterator[str]:
    rest, close = b"", None
    while block := stream.read(BLOCK):
        rest += block
        if close is None and (found := re.search(rb"<((?:\w+:)?)si\b", rest)):
            close = b"</" + found[1] + b"si>"
        if close is not None:
            *items, rest = rest.split(close)
            for item in items:
                yield from _texts_of(item)
        if len(rest) > 3 * MAX_CELL:
            raise Unreadable("import.cell_too_big_somewhere")
    yield from [""] * len(_EMPTY_ITEMS.findall(rest.decode("utf-8", "replace")))


def _texts_of(item: bytes) -> Iterator[str]:
    """The text of an item, after empty items that close themselves."""
    if len(item) > 3 * MAX_CELL:
        raise Unreadable("import.cell_too_big_somewhere")
    text = item.decode("utf-8", "replace")
    plain = _PLAIN_ITEM.match(text)
    if plain:
        yield unescape(plain[1]) if "&" in plain[1] else plain[1]
        return
    start = max(text.rfind("<si"), text.rfind(":si>") - 20, 0)
    yield from [""] * len(re.findall(r"<(?:\w+:)?si\s*/>", text))
    begins = text.find("<", start)
    closing = re.search(r"<((?:\w+:)?)si\b[^>/]*>", text[begins:])
    if closing is None:
        raise Unreadable("import.damaged")
    yield "".join(rich_text(text[begins + closing.start() :] + f"</{closing[1]}si>"))


def rich_text(xml: str) -> list[str]:
    """The pieces of text of one item or cell; how it is pronounced (rPh) is no part of it."""
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        inside.append(name.rpartition(":")[2])

    def end(_name: str) -> None:
        inside.pop()

    def chars(text: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(text)

    parser = careful_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, chars
    parser.Parse(xml, True)
    return pieces
