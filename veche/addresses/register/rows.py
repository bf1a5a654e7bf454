"""Rows of the archive → lines for COPY into the staging tables. Pure.

A full load stages only what is in force (and former names of objects); a delta stages everything, with its flags.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from veche.addresses.register.dictionaries import POSTCODE_PARAM, Dictionaries
from veche.addresses.register.elements import Lines, text_of
from veche.addresses.register.ids import Ids
from veche.addresses.register.keys import STEAD, flat_number, house_key, key_of_house, object_key
from veche.addresses.register.matching import Row

# staging table → its columns, as the lines have them
STAGING = {
    "object": "version bigint, id bigint, guid uuid, level smallint, actual boolean, active boolean, type text,"
    " name text, key text",
    "house": "version bigint, id bigint, guid uuid, actual boolean, active boolean, kind smallint, key text",
    "flat": "version bigint, id bigint, actual boolean, active boolean, number integer, room text",
    "adm": "version bigint, id bigint, parent_id bigint, active boolean",
    "mun": "version bigint, id bigint, parent_id bigint, oktmo bigint, active boolean",
    "postcode": "version bigint, id bigint, live boolean, value bigint",
    "oktmo": "version bigint, id bigint, live boolean, value bigint",
}
BINARY = (
    ":binary"  # behind the name of a staging table: rows of COPY's binary format, as `packing` makes them
)
TEXTS = ("object", "house")  # where an empty field is a text; elsewhere it is null
PLAIN_FLAT = 2  # APARTTYPE: квартира
TO_ESCAPE = re.compile(r"[\\\t\n\r\0]")
ESCAPES = str.maketrans({"\\": r"\\", "\t": " ", "\n": " ", "\r": " ", "\0": ""})


@dataclass
class Intake:
    """Turns the rows of any table into lines; `today` is the day on which a parameter must be in force."""

    dictionaries: Dictionaries
    today: dt.date
    is_delta: bool
    with_flats: bool = True
    gone: set[int] = field(default_factory=set)  # objects that are no more: their last place is kept
    known: Ids = field(default_factory=Ids)  # objects and houses that a whole load without flats has staged
    flats: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        self._day = self.today.isoformat().encode()
        self._oktmo = str(self.dictionaries.oktmo_param).encode()
        self._takers = {
            "ADDR_OBJ": self._objects, "HOUSES": self._houses, "STEADS": self._steads, "APARTMENTS": self._flats,
            "ADM_HIERARCHY": self._adm, "MUN_HIERARCHY": self._mun,
        }  # fmt: skip

    @property
    def params(self) -> tuple[int, ...]:
        """The TYPEIDs that are wanted."""
        return (POSTCODE_PARAM, self.dictionaries.oktmo_param)

    def lines(self, table: str, rows: Sequence[Row]) -> Lines:
        """staging table → lines, of rows in the order of `TABLES[table].wanted`."""
        return self._takers.get(table, self._params)(rows)

    def _objects(self, rows: Sequence[Row]) -> Lines:
        lines = []
        for version, id_, guid, name, kind, level, actual, active in rows:
            name, number = text_of(name), int(level)
            if not self.with_flats:
                self.known.add(int(id_))
            if actual == b"1" and active == b"0":
                self.gone.add(int(id_))
            told = f"{escaped(text_of(kind))}\t{escaped(name)}\t{escaped(object_key(name, number))}"
            lines.append(
                b"%b\t%b\t%b\t%b\t%b\t%b\t%b\n" % (version, id_, guid, level, actual, active, told.encode())
            )
        return {"object": lines}

    def _houses(self, rows: Sequence[Row]) -> Lines:
        lines = []
        slot, added, known = self.dictionaries.house_slot, self.dictionaries.added_slot, self.known.add
        for version, id_, guid, number, first, second, kind, first_kind, second_kind, actual, active in rows:
            if not self.is_delta:
                if actual != b"1" or active != b"1":
                    continue
                if not self.with_flats:
                    known(int(id_))
            if first or second or kind != b"2":
                kind = kind or b"2"
                key = key_of_house([
                    (slot(int(kind)), text_of(number)),
                    (added(int(first_kind or b"1")), text_of(first)),
                    (added(int(second_kind or b"1")), text_of(second)),
                ])  # fmt: skip
            else:
                told = (version, id_, guid, actual, active, kind, _plain_house(number))
                lines.append(b"%b\t%b\t%b\t%b\t%b\t%b\t%b\n" % told)
                continue
            told = (version, id_, guid, actual, active, kind, escaped(key).encode())
            lines.append(b"%b\t%b\t%b\t%b\t%b\t%b\t%b\n" % told)
        return {"house": lines}

    def _steads(self, rows: Sequence[Row]) -> Lines:
        lines = []
        for version, id_, guid, number, actual, active in rows:
            if self.is_delta or (actual == b"1" and active == b"1"):
                if not self.with_flats:
                    self.known.add(int(id_))
                key = escaped(house_key(text_of(number))).encode()
                lines.append(
                    b"%b\t%b\t%b\t%b\t%b\t%d\t%b\n" % (version, id_, guid, actual, active, STEAD, key)
                )
        return {"house": lines}

    def _flats(self, rows: Sequence[Row]) -> Lines:
        lines = []
        for version, id_, number, kind, actual, active in rows:
            if self.is_delta or (actual == b"1" and active == b"1"):
                self.flats.add(int(id_))
                if kind == b"2" and number.isdigit() and len(number) < 5 and number != b"0":
                    plain, room = number, b""
                else:
                    plain, room = _flat(text_of(number), int(kind))
                lines.append(b"%b\t%b\t%b\t%b\t%b\t%b\n" % (version, id_, actual, active, plain, room))
        return {"flat": lines}

    def _adm(self, rows: Sequence[Row]) -> Lines:
        return {"adm": self._links(rows, 3)}

    def _mun(self, rows: Sequence[Row]) -> Lines:
        return {"mun": self._links(rows, 4, but=self.flats)}

    def _links(self, rows: Sequence[Row], active: int, but: Ids | None = None) -> list[bytes]:
        """Of a whole archive what is in force. A load without flats keeps the places of what it has staged only."""
        if not self.is_delta:
            gone = self.gone
            rows = [row for row in rows if row[active] == b"1" or int(row[1]) in gone]
            if not self.with_flats:
                rows = [row for row in rows if int(row[1]) in self.known]
            elif but is not None:
                rows = [row for row in rows if int(row[1]) not in but]
        return [b"\t".join(row) + b"\n" for row in rows]

    def _params(self, rows: Sequence[Row]) -> Lines:
        """Live is a parameter without an end: CHANGEIDEND 0, and an ENDDATE that is not over."""
        postcodes: list[bytes] = []
        numbers: list[bytes] = []
        day, oktmo, is_delta = self._day, self._oktmo, self.is_delta
        for version, id_, ended, kind, value, until in rows:
            live = ended == b"0" and until >= day
            if live or is_delta:
                if not value.isdigit() or len(value) > 11:
                    value, live = b"", False
                line = b"%b\t%b\t%b\t%b\n" % (version, id_, b"1" if live else b"0", value)
                (numbers if kind == oktmo else postcodes).append(line)
        return {"postcode": postcodes, "oktmo": numbers}


@lru_cache(maxsize=65536)
def _plain_house(number: bytes) -> bytes:
    """The key of a house that has nothing but a number; the same few thousand numbers come again and again."""
    return escaped(house_key(text_of(number))).encode()


def _flat(number: str, kind: int) -> tuple[bytes, bytes]:
    plain = flat_number(number) if kind == PLAIN_FLAT else None
    if plain is not None:
        return b"%d" % plain, b""
    return b"", escaped(room_key(kind, number)).encode()


def room_key(kind: int, number: str) -> str:
    """What stands in `House.rooms`."""
    return f"{kind}:{number.strip().upper()}"


def escaped(text: str) -> str:
    """For COPY's text format."""
    return text.translate(ESCAPES) if TO_ESCAPE.search(text) else text
