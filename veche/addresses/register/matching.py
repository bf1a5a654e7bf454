"""Rows out of a block of whole elements, by one compiled pattern. Pure, so that another process may do it.

That no element was missed is proved by counting: "<" cannot stand inside a value, so there must be as many as matches.
"""

from __future__ import annotations

import re

from veche.addresses.register.schema import Table

Row = tuple[bytes, ...]


class Matcher:
    """What is wanted of the elements of a table; `types` keeps only parameters of these TYPEIDs."""

    def __init__(self, table: Table, types: tuple[int, ...] = ()):
        self.opening = b"<" + table.element.encode() + b" "
        self.types = tuple(str(each).encode() for each in types)
        self.pattern = self._of_params() if types else table.pattern()

    def _of_params(self) -> re.Pattern[bytes]:
        kinds = b"|".join(self.types)
        return re.compile(
            rb'<PARAM ID="([0-9]+)" OBJECTID="([0-9]+)"(?: CHANGEID="[0-9]*")? CHANGEIDEND="([0-9]+)" TYPEID="(' + kinds
            + rb')" VALUE="([^"<]*)" UPDATEDATE="[^"<]*" STARTDATE="[^"<]*" ENDDATE="([^"<]*)"\s*/>'
        )  # fmt: skip

    def match(self, text: bytes) -> tuple[list[Row], int] | None:
        """(rows, elements seen) of whole elements; None when the pattern may have missed something."""
        elements = text.count(b"<")
        rows = self._wanted(text, elements) if self.types else self._all(text, elements)
        return None if rows is None else (rows, elements)

    def _all(self, text: bytes, elements: int) -> list[Row] | None:
        rows = self.pattern.findall(text)
        return rows if len(rows) == elements else None

    def _wanted(self, text: bytes, elements: int) -> list[Row] | None:
        """The parameters that are wanted, found by their type: most rows are never looked at."""
        if text.count(self.opening) != elements or text.count(b' TYPEID="') != elements:
            return None
        rows = []
        for kind in self.types:
            sign = b' TYPEID="' + kind + b'"'
            at = text.find(sign)
            while at >= 0:
                found = self.pattern.match(text, text.rfind(b"<", 0, at))
                if found is None or found.end() < at:
                    return None
                rows.append(found.groups())
                at = text.find(sign, found.end())
        return rows
