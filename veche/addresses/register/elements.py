"""The elements of one file of the archive, in portions, without ever holding the file.

A file is one flat run of empty elements, as the register writes them: a block of a megabyte is matched by one
compiled pattern, at several times the speed of expat; of the parameters, only those of a wanted type. That none was
missed is proved by counting: "<" cannot stand inside a value, so there must be as many as matches. A block
where it doesn't add up, whatever the reason, goes to expat with all that follows. Both know no entities beside XML's
own five, and a document type is refused, so nothing can be blown up.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from veche.addresses.register.archive import Archive, BadArchive, broken, read
from veche.addresses.register.schema import Table

BLOCK = 2**20  # bytes
PROLOGUE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml([^>]*)\?>)?\s*<([A-Z_]+)(?:\s[^<>]*?)?(/?)>")
ENCODING = re.compile(rb"""encoding\s*=\s*["']utf-?8["']""", re.IGNORECASE)

Row = tuple[bytes, ...]


@dataclass(frozen=True)
class Spot:
    """A place in a file between two elements: so many bytes, then so many elements more."""

    offset: int = 0
    skip: int = 0


@dataclass(frozen=True)
class Block:
    """Some rows of a file, in the order of `Table.wanted`, escapes still in them; how many elements were looked at."""

    rows: list[Row]
    seen: int
    after: Spot
    bytes: int


class Reader:
    """Reads a file of the archive from `spot` on. `types` keeps only parameters of these TYPEIDs."""

    def __init__(
        self, archive: Archive, entry: zipfile.ZipInfo, table: Table, spot: Spot, types: tuple[int, ...] = ()
    ):
        self.archive, self.entry, self.table, self.spot = archive, entry, table, spot
        self.types = tuple(str(each).encode() for each in types)
        self.slow = False  # whether expat had to help
        self._opening, self._closing = b"<" + table.element.encode(), b"</" + table.root.encode() + b">"
        self._match = self._pattern()

    def _pattern(self) -> re.Pattern[bytes]:
        if not self.types:
            return self.table.pattern()
        kinds = b"|".join(self.types)
        return re.compile(
            rb'<PARAM ID="([0-9]+)" OBJECTID="([0-9]+)"(?: CHANGEID="[0-9]*")? CHANGEIDEND="([0-9]+)" TYPEID="(' + kinds
            + rb')" VALUE="([^"<]*)" UPDATEDATE="[^"<]*" STARTDATE="[^"<]*" ENDDATE="([^"<]*)"\s*/>'
        )  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        """All that follows `spot`. `BadArchive` where the file ends too early or is none of its kind."""
        with self.archive.open(self.entry) as file:
            self._pass_over(file, self.spot.offset)
            if self.spot.skip:
                yield from self._by_expat(file, b"", self.spot)
            else:
                yield from self._by_pattern(file)

    def _pass_over(self, file: IO[bytes], size: int) -> None:
        while size:
            passed = read(file, self.entry, min(size, 4 * BLOCK))
            if not passed:
                raise broken(self.entry)
            size -= len(passed)

    def _by_pattern(self, file: IO[bytes]) -> Iterator[Block]:
        offset, rest = self.spot.offset, b""
        if not offset:
            rest = read(file, self.entry, BLOCK)
            head = PROLOGUE.match(rest)
            if not self._is_ours(head):
                yield from self._by_expat(file, rest, Spot())
                return
            offset, rest = head.end(), rest[head.end() :]
            if head[3]:
                return
        while True:
            chunk = read(file, self.entry, BLOCK)
            rest += chunk
            end = rest.rfind(b"/>") + 2
            if end > 1:
                rows = self._matched(rest[:end])
                if rows is None:
                    yield from self._by_expat(file, rest, Spot(offset))
                    return
                seen, offset = rest.count(self._opening, 0, end), offset + end
                yield Block(rows, seen, Spot(offset), end)
                rest = rest[end:]
            if not chunk:
                break
            if len(rest) > 4 * BLOCK:  # no element is that long
                raise broken(self.entry)
        if rest.strip() != self._closing:
            yield from self._by_expat(file, rest, Spot(offset))

    def _is_ours(self, head: re.Match[bytes] | None) -> bool:
        return bool(
            head
            and head[2] == self.table.root.encode()
            and (head[1] is None or b"encoding" not in head[1] or ENCODING.search(head[1]))
        )

    def _matched(self, text: bytes) -> list[Row] | None:
        """The rows of whole elements; None when the pattern may have missed something."""
        elements = text.count(self._opening + b" ")
        if elements != text.count(b"<"):
            return None
        if self.types:
            return self._wanted(text) if text.count(b' TYPEID="') == elements else None
        rows = self._match.findall(text)
        return rows if len(rows) == elements else None

    def _wanted(self, text: bytes) -> list[Row] | None:
        """The parameters that are wanted, found by their type: most rows are never looked at."""
        rows = []
        for kind in self.types:
            sign = b' TYPEID="' + kind + b'"'
            at = text.find(sign)
            while at >= 0:
                found = self._match.match(text, text.rfind(b"<", 0, at))
                if found is None or found.end() < at:
                    return None
                rows.append(found.groups())
                at = text.find(sign, found.end())
        return rows

    def _by_expat(self, file: IO[bytes], begun: bytes, start: Spot) -> Iterator[Block]:
        self.slow = True
        slow = ByExpat(self.table, self.entry, self.types, rooted=start.offset == 0)
        if start.offset:
            slow.feed(b"<" + self.table.root.encode() + b">")
        counted, chunk = 0, begun
        while True:
            if chunk:
                slow.feed(chunk)
            rows, seen = slow.take()
            fresh = max(0, counted + seen - max(counted, start.skip))
            counted += seen
            if fresh:
                kept = [row for number, row in rows if number > start.skip]
                yield Block(kept, fresh, Spot(start.offset, counted), len(chunk))
            chunk = read(file, self.entry, BLOCK)
            if not chunk:
                break
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
