"""Columns → rows of COPY's binary format for the staging tables: the way of a whole archive's many rows.

What it does not take (elements written otherwise, houses with several numbers, flats with letters) goes row by row
through `rows.Intake`, whose lines of text stand beside these rows under a name of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from veche.addresses.register.columns import Array, Columns, Odd, cut, sift
from veche.addresses.register.elements import Lines, text_of
from veche.addresses.register.keys import house_key
from veche.addresses.register.matching import Matcher
from veche.addresses.register.rows import BINARY, STAGING, Intake
from veche.addresses.register.schema import TABLES

LONGEST_NUMBER, LONGEST_VALUE, LONGEST_FLAT = 16, 11, 4
TYPES = {"bigint": ">i8", "integer": ">i4", "smallint": ">i2", "boolean": "u1"}
HEX = np.full(256, 255, np.uint8)
HEX[np.frombuffer(b"0123456789", np.uint8)] = np.arange(10)
HEX[np.frombuffer(b"abcdef", np.uint8)] = HEX[np.frombuffer(b"ABCDEF", np.uint8)] = np.arange(10, 16)
GUID_DIGITS = np.array([n for n in range(36) if n not in (8, 13, 18, 23)])
TRUE, FALSE = 1, 0


class Packer:
    """Makes the lines of a block of a table's whole elements, at once where it can."""

    def __init__(self, table: str, intake: Intake):
        self.table, self.intake = TABLES[table], intake
        is_params = table.endswith("_PARAMS")
        self.matcher = Matcher(self.table, intake.params if is_params else ())
        self.kinds = tuple(map(str, intake.params)) if is_params else ()
        packs: dict[str, Callable[[Columns], Lines]] = {
            "HOUSES": self._houses, "APARTMENTS": self._flats, "ADM_HIERARCHY": self._adm,
            "MUN_HIERARCHY": self._mun,
        }  # fmt: skip
        self.pack = self._params if is_params else packs.get(table)

    def made(self, text: bytes) -> tuple[Lines, int] | None:
        """(lines, elements seen); None where expat has to look."""
        if self.pack is None:
            return self._one_by_one(text)
        try:
            sifted = sift(text, self.kinds) if self.kinds else None
            if sifted is None:
                found, rest, seen = cut(self.table, text, kinds=self.kinds)
            else:
                found, rest, _few = cut(self.table, sifted[0])
                seen = sifted[1]
            lines: Lines = {}
            for columns in found:
                add(lines, self.pack(columns))
        except Odd:
            return self._one_by_one(text)
        if rest:
            others = self._one_by_one(rest)
            if others is None:
                return None
            add(lines, others[0])
        return lines, seen

    def _one_by_one(self, text: bytes) -> tuple[Lines, int] | None:
        matched = self.matcher.match(text)
        if matched is None:
            return None
        rows, seen = matched
        return self.intake.lines(self.table.name, rows), seen

    def _rows(self, columns: Columns) -> Lines:
        return self.intake.lines(self.table.name, columns.rows(self.table.wanted))

    def _in_force(self, columns: Columns) -> Columns:
        return columns.where(columns.is_sign("ISACTUAL", "1") & columns.is_sign("ISACTIVE", "1"))

    def _houses(self, columns: Columns) -> Lines:
        """Those that have nothing but a number; the others, row by row."""
        columns = self._in_force(columns)
        if (
            not {"HOUSENUM", "HOUSETYPE"} <= columns.starts.keys()
            or {"ADDNUM1", "ADDNUM2"} & columns.starts.keys()
        ):
            return self._rows(columns)
        plain = columns.is_sign("HOUSETYPE", "2") & (columns.widths("HOUSENUM") <= LONGEST_NUMBER)
        lines = self._rows(columns.where(~plain)) if not plain.all() else {}
        columns = columns.where(plain)
        if not columns.count:
            return lines
        ids = columns.numbers("OBJECTID")
        if not self.intake.with_flats:
            self.intake.known.add_all(ids)
        versions, guids = columns.numbers("ID"), guids_of(columns)
        letters = columns.letters("HOUSENUM", LONGEST_NUMBER).view(f"S{LONGEST_NUMBER}").ravel()
        numbers, which = np.unique(letters, return_inverse=True)
        keys = [plain_key(number) for number in numbers.tolist()]
        written = np.array(keys, "S").view(np.uint8).reshape(len(keys), -1)
        lengths = np.array([len(key) for key in keys])[which]
        for length in np.unique(lengths).tolist():
            of = lengths == length
            told = {"version": versions[of], "id": ids[of], "guid": guids[of], "actual": TRUE, "active": TRUE,
                    "kind": 2, "key": written[which[of], :length]}  # fmt: skip
            add(lines, packed("house", int(of.sum()), told))
        return lines

    def _flats(self, columns: Columns) -> Lines:
        columns = self._in_force(columns)
        plain = columns.is_sign("APARTTYPE", "2") & columns.is_number("NUMBER", LONGEST_FLAT)
        lines = self._rows(columns.where(~plain)) if not plain.all() else {}
        columns = columns.where(plain)
        numbers = columns.numbers("NUMBER")
        if not numbers.all():  # a flat called 0
            add(lines, self._rows(columns.where(numbers == 0)))
            columns, numbers = columns.where(numbers > 0), numbers[numbers > 0]
        ids = columns.numbers("OBJECTID")
        self.intake.flats.add_all(ids)
        told = {"version": columns.numbers("ID"), "id": ids, "actual": TRUE, "active": TRUE, "number": numbers,
                "room": None}  # fmt: skip
        return add(lines, packed("flat", columns.count, told))

    def _adm(self, columns: Columns) -> Lines:
        return self._links("adm", columns)

    def _mun(self, columns: Columns) -> Lines:
        return self._links("mun", columns)

    def _links(self, tree: str, columns: Columns) -> Lines:
        intake = self.intake
        active = columns.is_sign("ISACTIVE", "1")
        if intake.gone and not active.all():
            gone = np.fromiter(intake.gone, np.int64, len(intake.gone))
            columns = columns.where(active | np.isin(columns.numbers("OBJECTID"), gone))
        else:
            columns = columns.where(active)
        if not intake.with_flats:
            columns = columns.where(intake.known.among(columns.numbers("OBJECTID")))
        elif tree == "mun":
            columns = columns.where(~intake.flats.among(columns.numbers("OBJECTID")))
        if tree == "mun" and "OKTMO" in columns and not columns.widths("OKTMO").all():
            return self._rows(columns)
        told: dict[str, Any] = {
            "version": columns.numbers("ID"), "id": columns.numbers("OBJECTID"),
            "parent_id": columns.numbers("PARENTOBJID") if "PARENTOBJID" in columns else None,
            "active": columns.is_sign("ISACTIVE", "1"),
        }  # fmt: skip
        if tree == "mun":
            told["oktmo"] = columns.numbers("OKTMO") if "OKTMO" in columns else None
        return packed(tree, columns.count, told)

    def _params(self, columns: Columns) -> Lines:
        lines: Lines = {}
        in_force = columns.is_sign("CHANGEIDEND", "0") & _not_before(columns, "ENDDATE", self.intake.today)
        number = columns.is_number("VALUE", LONGEST_VALUE)
        for name, kind in zip(("postcode", "oktmo"), self.kinds, strict=True):
            chosen = _reads_number(columns, "TYPEID", kind) & in_force
            for live, which in ((TRUE, chosen & number), (FALSE, chosen & ~number)):
                if which.any():
                    part = columns.where(which)
                    told = {"version": part.numbers("ID"), "id": part.numbers("OBJECTID"), "live": live,
                            "value": part.numbers("VALUE") if live else None}  # fmt: skip
                    add(lines, packed(name, part.count, told))
        return lines


def add(lines: Lines, more: Lines) -> Lines:
    for name, rows in more.items():
        lines.setdefault(name, []).extend(rows)
    return lines


def packed(name: str, count: int, told: dict[str, Any]) -> Lines:
    """Rows of the staging table `name` for COPY's binary format: by column, its values, one value, or None for null."""
    if not count:
        return {}
    fields: list[Any] = [("fields", ">i2")]
    columns = [column.split() for column in STAGING[name].split(", ")]
    for column, kind in columns:
        value = told[column]
        fields.append((f"{column} length", ">i4"))
        if isinstance(value, np.ndarray) and value.ndim == 2:
            fields.append((column, "u1", (value.shape[1],)))
        elif value is not None:
            fields.append((column, TYPES[kind]))
    rows = np.empty(count, np.dtype(fields))
    rows["fields"] = len(columns)
    for column, _kind in columns:
        value = told[column]
        if value is None:
            rows[f"{column} length"] = -1
        else:
            rows[f"{column} length"] = rows.dtype[column].itemsize
            rows[column] = value
    return {name + BINARY: [rows.tobytes()]}


def guids_of(columns: Columns) -> Array:
    """Sixteen bytes each."""
    if (columns.widths("OBJECTGUID") != 36).any():
        raise Odd
    digits = HEX[columns.buffer[columns.starts["OBJECTGUID"][:, None] + GUID_DIGITS]]
    if (digits > 15).any():
        raise Odd
    return digits[:, 0::2] << 4 | digits[:, 1::2]


def _not_before(columns: Columns, name: str, day: dt.date) -> Array:
    """For each element whether the date is this day or a later one; dates are compared by their letters."""
    if (columns.widths(name) != 10).any():
        raise Odd
    starts, said = columns.starts[name], day.isoformat().encode()
    first, last = columns.words[starts].byteswap(), columns.words[starts + 2].byteswap()
    same = first == int.from_bytes(said[:8], "big")
    return (first > int.from_bytes(said[:8], "big")) | same & (last >= int.from_bytes(said[2:], "big"))


def _reads_number(columns: Columns, name: str, number: str) -> Array:
    same = columns.widths(name) == len(number)
    for at, digit in enumerate(number):
        same &= columns.buffer[columns.starts[name] + at] == ord(digit)
    return same


@lru_cache(maxsize=65536)
def plain_key(number: bytes) -> bytes:
    """The key of a house that has nothing but a number; the same few thousand numbers come again and again."""
    return house_key(text_of(number)).encode()
