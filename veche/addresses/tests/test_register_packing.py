"""Rows of the register's large tables, packed by the column: the same as one by one."""

from __future__ import annotations

import datetime as dt
import random
import struct

import pytest

from veche.addresses.register.crowds import Crowd
from veche.addresses.register.dictionaries import Dictionaries
from veche.addresses.register.generating import element
from veche.addresses.register.ids import Ids
from veche.addresses.register.packing import Packer
from veche.addresses.register.rows import BINARY, STAGING, Intake

TUESDAY = dt.date(2026, 9, 8)
SHAPES = {"bigint": ">q", "integer": ">i", "smallint": ">h", "boolean": ">?"}


def unpacked(name: str, told: bytes) -> list[list[str]]:
    """Rows of COPY's binary format as its text format has them, sorted."""
    kinds = [column.split()[1] for column in STAGING[name].split(", ")]
    rows, at = [], 0
    while at < len(told):
        (fields,) = struct.unpack_from(">h", told, at)
        assert fields == len(kinds)
        at, row = at + 2, []
        for kind in kinds:
            (length,) = struct.unpack_from(">i", told, at)
            value, at = told[at + 4 : at + 4 + max(length, 0)], at + 4 + max(length, 0)
            if length < 0:
                row.append("")
            elif kind in SHAPES:
                (number,) = struct.unpack(SHAPES[kind], value)
                row.append(str(int(number)))
            else:
                row.append(value.hex() if kind == "uuid" else value.decode())
        rows.append(row)
    return sorted(rows)


def written(name: str, lines: list[bytes]) -> list[list[str]]:
    kinds = [column.split()[1] for column in STAGING[name].split(", ")]
    rows = [line.decode().removesuffix("\n").split("\t") for line in lines]
    for row in rows:
        for at, kind in enumerate(kinds):
            if kind == "uuid":
                row[at] = row[at].replace("-", "").lower()
    return sorted(rows)


def both_ways(table: str, text: bytes, **known) -> tuple[dict, dict, int]:
    """Staging table → rows, by the column and one by one; how many were packed."""
    made = []
    for _n in range(2):
        intake = Intake(Dictionaries(), TUESDAY, is_delta=False, **known)
        intake.gone.add(77)
        intake.flats.add(88)
        made.append(Packer(table, intake))
    lines, seen = made[0].made(text)
    alone, counted = made[1]._one_by_one(text)
    assert seen == counted == text.count(b"<")
    at_once: dict[str, list[list[str]]] = {}
    packed = 0
    for told, rows in lines.items():
        name, binary, _rest = told.partition(BINARY)
        found = unpacked(name, b"".join(rows)) if binary else written(name, rows)
        packed += len(found) if binary else 0
        at_once.setdefault(name, []).extend(found)
    one_by_one = {name: written(name, rows) for name, rows in alone.items() if rows}
    return {name: sorted(rows) for name, rows in at_once.items() if rows}, one_by_one, packed


@pytest.mark.parametrize("table", ["HOUSES", "APARTMENTS", "ADM_HIERARCHY", "MUN_HIERARCHY", "HOUSES_PARAMS"])
def test_columns_are_the_same_as_rows(table):
    crowd = Crowd(66, 400, flats=200)
    made = {
        "HOUSES": crowd._houses, "APARTMENTS": crowd._apartments,
        "ADM_HIERARCHY": lambda: crowd._hierarchy('REGIONCODE="66"'),
        "MUN_HIERARCHY": lambda: crowd._hierarchy('OKTMO="65701000"'),
        "HOUSES_PARAMS": lambda: crowd._params(range(400), crowd.house_id, lambda n: n % 33),
    }[table]  # fmt: skip
    at_once, one_by_one, packed = both_ways(table, "\n".join(made()).encode())
    assert at_once == one_by_one
    assert packed > 0.6 * sum(len(rows) for rows in one_by_one.values())


ODD = {
    "HOUSES": [
        {"ID": 1, "OBJECTID": 77, "OBJECTGUID": "0b5ec3a1-23f8-4e7d-8d0f-6912839ef95b", "HOUSENUM": "9 \"А\"",
         "HOUSETYPE": 2, "ISACTUAL": 1, "ISACTIVE": 1},
        {"ID": 1, "OBJECTID": 7, "OBJECTGUID": "0B5EC3A1-23F8-4E7D-8D0F-6912839EF95B", "HOUSENUM": "", "HOUSETYPE": 2,
         "ISACTUAL": 1, "ISACTIVE": 1},
        {"ID": 1, "OBJECTID": 8, "OBJECTGUID": "0b5ec3a1-23f8-4e7d-8d0f-6912839ef95b", "ADDNUM1": "3", "ADDTYPE1": 1,
         "HOUSENUM": "12", "HOUSETYPE": 2, "ISACTUAL": 1, "ISACTIVE": 1},
        {"ID": 1, "OBJECTID": 9, "OBJECTGUID": "0b5ec3a1-23f8-4e7d-8d0f-6912839ef95b", "HOUSENUM": "7", "HOUSETYPE": 5,
         "ISACTUAL": 1, "ISACTIVE": 0},
    ],
    "APARTMENTS": [
        {"ID": 3, "OBJECTID": n, "NUMBER": number, "APARTTYPE": kind, "ISACTUAL": 1, "ISACTIVE": n % 2}
        for n, (number, kind) in enumerate(
            [("1", 2), ("0", 2), ("12А", 2), ("", 2), ("12345", 2), ("7", 1), ("XI", 1), ("8", 2), ("9", 2)], 1)
    ],
    "MUN_HIERARCHY": [
        {"ID": 1, "OBJECTID": 77, "PARENTOBJID": 2, "OKTMO": "65701000", "ISACTIVE": 0},
        {"ID": 1, "OBJECTID": 78, "PARENTOBJID": 2, "OKTMO": "65701000", "ISACTIVE": 0},
        {"ID": 1, "OBJECTID": 88, "PARENTOBJID": 2, "OKTMO": "65701000", "ISACTIVE": 1},
        {"ID": 1, "OBJECTID": 3, "OKTMO": "", "ISACTIVE": 1},
        {"ID": 10**15, "OBJECTID": 10**12 + 3, "PARENTOBJID": 2, "OKTMO": "", "ISACTIVE": 1},
    ],
    "HOUSES_PARAMS": [
        {"ID": n, "OBJECTID": n, "CHANGEIDEND": end, "TYPEID": kind, "VALUE": value, "ENDDATE": until,
         "UPDATEDATE": "2020-01-01", "STARTDATE": "2020-01-01"}
        for n, (end, kind, value, until) in enumerate(
            [(0, 5, "620000", "2079-06-06"), (9, 5, "620001", "2079-06-06"), (0, 5, "620002", "2020-01-01"),
             (0, 7, "65701000001", "2079-06-06"), (0, 5, "нет", "2079-06-06"), (0, 5, "", "2026-09-08"),
             (0, 55, "1", "2079-06-06"), (0, 15, "1", "2079-06-06"), (0, 7, "1" * 12, "2079-06-06")], 1)
    ],
}  # fmt: skip


@pytest.mark.parametrize("table", ODD)
def test_odd_elements_are_read_as_they_are_one_by_one(table):
    dice = random.Random(3)
    for _n in range(40):
        rows = [dice.choice(ODD[table]) for _m in range(dice.randint(1, 12))]
        text = "".join(element(table, row) + dice.choice(["", "\n"]) for row in rows)
        if dice.random() < 0.3:
            text = text.replace(" />", "/>", dice.randint(1, 3))
        at_once, one_by_one, _packed = both_ways(table, text.encode())
        assert at_once == one_by_one, text


def test_numbers_that_are_none_are_left_to_others():
    text = b'<ITEM ID="1x" OBJECTID="2" PARENTOBJID="3" ISACTIVE="1" PATH="1" />'
    assert Packer("ADM_HIERARCHY", Intake(Dictionaries(), TUESDAY, is_delta=False)).made(text) is None


def test_sets_of_ids_by_the_column():
    import numpy as np

    dice = random.Random(4)
    many = [dice.randrange(10 ** dice.randint(1, 11)) for _n in range(3000)]
    ids = Ids()
    ids.add(many[0])
    ids.add_all(np.array(many[1:1500], np.int64))
    told = ids.among(np.array(many, np.int64)).tolist()
    assert told == [each in set(many[:1500]) for each in many] == [each in ids for each in many]
