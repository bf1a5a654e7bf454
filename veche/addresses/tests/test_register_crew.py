"""Large files of the register, read by several processes."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest

from veche.addresses.register.archive import Archive
from veche.addresses.register.crew import crew
from veche.addresses.register.crowds import Crowd, write_crowds
from veche.addresses.register.dictionaries import Dictionaries
from veche.addresses.register.elements import Reader, Spot
from veche.addresses.register.generating import XML, element
from veche.addresses.register.matching import Matcher
from veche.addresses.register.rows import Intake
from veche.addresses.register.schema import TABLES

pytestmark = pytest.mark.machine
TUESDAY = dt.date(2026, 9, 8)


def test_several_processes_make_the_same_lines_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr("veche.addresses.register.elements.BLOCK", 2**13)
    path = write_crowds(tmp_path / "gar.zip", [Crowd(66, 400, flats=200)], TUESDAY)
    intake = Intake(Dictionaries(), TUESDAY, is_delta=False)
    tables = {"ADM_HIERARCHY": (), "HOUSES_PARAMS": intake.params}
    with crew({name: Matcher(TABLES[name], types) for name, types in tables.items()}, intake) as helpers:
        for name, types in tables.items():
            with Archive(path) as archive:
                entry = archive.files(66, name)[0]
                alone = list(Reader(archive, entry, TABLES[name], Spot(), types).blocks())
                helped = list(
                    Reader(archive, entry, TABLES[name], Spot(), types).blocks(helpers.making(name))
                )
            assert len(alone) > 3
            assert [(block.seen, block.after) for block in helped] == [
                (block.seen, block.after) for block in alone
            ]
            for one, other in zip(alone, helped, strict=True):
                lines = intake.lines(name, one.rows)
                assert {key: b"".join(made) for key, made in lines.items()} == {
                    key: b"".join(made) for key, made in other.rows.items()
                }


def test_what_the_others_cannot_read_goes_to_expat(tmp_path):
    rows = [{"ID": n, "OBJECTID": n, "PARENTOBJID": 1, "ISACTIVE": 1} for n in range(1, 50)]
    text = "".join(element("ADM_HIERARCHY", row) for row in rows).replace(' ISACTIVE="1"', " ISACTIVE='1'", 9)
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("66/AS_ADM_HIERARCHY_20260908_x.XML", f"{XML}\n<ITEMS>{text}</ITEMS>\n")
    intake = Intake(Dictionaries(), TUESDAY, is_delta=False)
    with (
        Archive(path) as archive,
        crew({"ADM_HIERARCHY": Matcher(TABLES["ADM_HIERARCHY"])}, intake) as helpers,
    ):
        entry = archive.files(66, "ADM_HIERARCHY")[0]
        reader = Reader(archive, entry, TABLES["ADM_HIERARCHY"], Spot())
        blocks = list(reader.blocks(helpers.making("ADM_HIERARCHY")))
    assert reader.slow and [row[1] for block in blocks for row in block.rows] == [
        b"%d" % n for n in range(1, 50)
    ]
