"""The elements of one file of the archive, in portions, without ever holding the file.

A file is one flat run of empty elements, as the register writes them: a block of a megabyte is matched by one
compiled pattern, at several times the speed of expat; of the parameters, only those of a wanted type. A block
where it doesn't add up, whatever the reason, goes to expat with all that follows. Both know no entities beside XML's
own five, and a document type is refused, so nothing can be blown up.
"""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from veche.addresses.register.archive import Archive, BadArchive, broken, read
from veche.addresses.register.matching import Matcher, Row
from veche.addresses.register.schema import Table

BLOCK = 2**20  # bytes
PROLOGUE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml([^>]*)\?>)?\s*<([A-Z_]+)(?:\s[^<>]*?)?(/?)>")
ENCODING = re.compile(rb"""encoding\s*=\s*["']utf-?8["']""", re.IGNORECASE)

Lines = dict[str, list[bytes]]
# What is made of blocks of whole elements, in their order: (rows, elements seen), or (lines, elements seen) as another
# process made them at once; None for a block that is to be read by expat.
Made = tuple[list[Row] | Lines, int] | None
Making = Callable[[Iterator[bytes]], Iterator[Made]]


@dataclass(frozen=True)
class Spot:
    """A place in a file between two elements: so many bytes, then so many elements more."""

    offset: int = 0
    skip: int = 0


@dataclass(frozen=True)
class Block:
    """Some rows of a file, in the order of `Table.wanted`, escapes still in them, or what was made of them already.

    `seen`: how many elements were looked at.
    """

    rows: list[Row] | Lines
    seen: int
    after: Spot
    bytes: int


class Reader:
    """Reads a file of the archive from `spot` on. `types` keeps only parameters of these TYPEIDs."""

    def __init__(
        self, archive: Archive, entry: zipfile.ZipInfo, table: Table, spot: Spot, types: tuple[int, ...] = ()
    ):
        self.archive, self.entry, self.table, self.spot = archive, entry, table, spot
        self.matcher = Matcher(table, types)
        self.slow = False  # whether expat had to help
        self._closing = b"</" + table.root.encode() + b">"
        self._odd_from: int | None = None  # where expat has to begin

    def blocks(self, making: Making | None = None) -> Iterator[Block]:
        """All that follows `spot`. `BadArchive` where the file ends too early or is none of its kind."""
        if self.spot.skip:
            yield from self._by_expat(self.spot)
            return
        spans: deque[tuple[int, int]] = deque()

        def texts() -> Iterator[bytes]:
            for first, text in self._texts():
                spans.append((first, first + len(text)))
                yield text

        for made in (making or self._matched)(texts()):
            first, last = spans.popleft()
            if made is None:
                self._odd_from = first
                break
            yield Block(made[0], made[1], Spot(last), last - first)
        if self._odd_from is not None:
            yield from self._by_expat(Spot(self._odd_from))

    def _matched(self, texts: Iterator[bytes]) -> Iterator[Made]:
        for text in texts:
            yield self.matcher.match(text)

    def _pass_over(self, file: IO[bytes], size: int) -> None:
        while size:
            passed = read(file, self.entry, min(size, 4 * BLOCK))
            if not passed:
                raise broken(self.entry)
            size -= len(passed)

    def _texts(self) -> Iterator[tuple[int, bytes]]:
        """Blocks of whole elements with where they begin; ends early where only expat can go on."""
        offset, rest = self.spot.offset, b""
        with self.archive.open(self.entry) as file:
            self._pass_over(file, offset)
            if not offset:
                rest = read(file, self.entry, BLOCK)
                head = PROLOGUE.match(rest)
                if not self._is_ours(head):
                    self._odd_from = 0
                    return
                offset, rest = head.end(), rest[head.end() :]
                if head[3]:
                    return
            while True:
                chunk = read(file, self.entry, BLOCK)
                rest += chunk
                end = rest.rfind(b"/>") + 2
                if end > 1:
                    yield offset, rest[:end]
                    offset, rest = offset + end, rest[end:]
                if not chunk:
                    break
                if len(rest) > 4 * BLOCK:  # no element is that long
                    raise broken(self.entry)
        if rest.strip() != self._closing:
            self._odd_from = offset

    def _is_ours(self, head: re.Match[bytes] | None) -> bool:
        return bool(
            head
            and head[2] == self.table.root.encode()
            and (head[1] is None or b"encoding" not in head[1] or ENCODING.search(head[1]))
        )

    def _by_expat(self, start: Spot) -> Iterator[Block]:
        self.slow = True
        slow = ByExpat(self.table, self.entry, self.matcher.types, rooted=start.offset == 0)
        if start.offset:
            slow.feed(b"<" + self.table.root.encode() + b">")
        counted = 0
        with self.archive.open(self.entry) as file:
            self._pass_over(file, start.offset)
            while chunk := read(file, self.entry, BLOCK):
                slow.feed(chunk)
                rows, seen = slow.take()
                fresh = max(0, counted + seen - max(counted, start.skip))
                counted += seen
                if fresh:
                    kept = [row for number, row in rows if number > start.skip]
                    yield Block(kept, fresh, Spot(start.offset, counted), len(chunk))
        slow.end()


class ByExpat:
    """Any way of writing the same elements, element by element."""

    def __init__(self, table: Table, entry: zipfile.ZipInfo, types: tuple[bytes, ...], *, rooted: bool):
        self.table, self.entry, self.types = table, entry, types
        self.shapes = [(name, table.shape(name), name in table.optional) for name in table.wanted]
        self.rows: list[tuple[int, Row]] = []
        self.seen = self.count = self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._finish
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def feed(self, text: bytes) -> None:
        self._parse(text, False)

    def end(self) -> None:
        self._parse(b"", True)

    def _parse(self, text: bytes, final: bool) -> None:
        try:
            self.parser.Parse(text, final)
        except expat.ExpatError as error:
            raise broken(self.entry) from error

    def take(self) -> tuple[list[tuple[int, Row]], int]:
        """(number of the element, row) since the last call, and how many elements there were."""
        rows, seen, self.rows, self.seen = self.rows, self.seen, [], 0
        return rows, seen

    def _start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            if name != self.table.root:
                raise self._strange(name)
            return
        if name != self.table.element or self.depth > 2:
            raise self._strange(name)
        self.seen += 1
        self.count += 1
        if not self.types or given.get("TYPEID", "").encode() in self.types:
            self.rows.append((self.count, tuple(self._values(given))))

    def _values(self, given: dict[str, str]) -> Iterator[bytes]:
        for name, shape, optional in self.shapes:
            value = given.get(name)
            if value is None and optional:
                yield b""
                continue
            encoded = (value or "").encode()
            if value is None or not shape.fullmatch(encoded):
                raise BadArchive(
                    _(
                        "The file %(file)s of the archive has an element whose %(attribute)s is missing or wrong."
                    )
                    % {"file": self.entry.filename, "attribute": name}
                )
            yield encoded.replace(b"&", b"&amp;")  # as the pattern gives it

    def _finish(self, _name: str) -> None:
        self.depth -= 1

    def _strange(self, name: str) -> BadArchive:
        said = {
            "file": self.entry.filename,
            "element": name,
            "expected": f"{self.table.root}/{self.table.element}",
        }
        return BadArchive(
            _("The file %(file)s of the archive has the element %(element)s where only %(expected)s belongs.")
            % said
        )

    def _refuse(self, *_given: object) -> None:
        raise BadArchive(
            _("The file %(file)s of the archive declares a document type, which the register never does.")
            % {"file": self.entry.filename}
        )


def text_of(value: bytes) -> str:
    """A value as a person reads it."""
    text = value.decode("utf-8", "replace")
    return unescape(text) if "&" in text else text
