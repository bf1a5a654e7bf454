"""Files that mean harm or were harmed: one sentence, little memory, little time, and nothing left behind."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from veche.core.refusal import Refusal
from veche.exchange import testing
from veche.exchange.reading import apart, open_source
from veche.exchange.testing import sheet_xml_file, xlsx_file

from .odd_files import Table, write
from .odd_writers import ods_package, package

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
PEOPLE = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>ФИО</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Иванов Иван</t></is></c></row>'
)
MOST = 300
"""MB of any process; the bar is 600."""


def _rows(count, row):
    """The sheet's XML in blocks, for what would not fit the memory at once."""
    yield (HEAD + PEOPLE).encode()
    for start in range(3, count + 3, 1000):
        yield "".join(row.replace("#", str(number)) for number in range(start, start + 1000)).encode()
    yield TAIL.encode()


def _bomb(path):
    return sheet_xml_file(path, (b" " * (1 << 20) for _each in range(700)))


def _quiet_bomb(path):
    """Unpacks to 60 MB from nothing, below what is refused by the declared size."""
    return sheet_xml_file(path, [(HEAD + PEOPLE).encode(), *[b" " * (1 << 20)] * 60])


def _liar(path):
    """The archive declares a sheet of a hundred bytes and holds twenty megabytes."""
    sheet_xml_file(path, [(HEAD + PEOPLE).encode(), b" " * (20 << 20), TAIL.encode()])
    size = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    return path


def _laughs(path):
    """Entities within entities."""
    lots = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ха">{lots}]>{HEAD}<row r="1"><c><v>&l9;</v></c></row>{TAIL}'
    return sheet_xml_file(path, xml)


def _laughing_ods(path):
    lots = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    ods_package(path, "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<!DOCTYPE x [<!ENTITY l0 "ха">{lots}]><x>&l9;</x>')
    return path


def _giant(path):
    return sheet_xml_file(path, [HEAD.encode(), b'<row r="1"><c r="A1" t="str"><v>', *["я".encode() * (1 << 19)] * 10,
                                 b"</v></c></row>", TAIL.encode()])  # fmt: skip


def _giant_shared(path):
    return package(
        path, [("S", False, HEAD + '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + TAIL)], ["я" * 5_000_000]
    )


def _repeated(path):
    cell = '<table:table-cell office:value-type="string"><text:p>Иванов</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return ods_package(path, f'<table:table table:name="a">{row}</table:table>')


def _wide_ods(path):
    about = 'table:number-columns-repeated="16384" office:value-type="string"'
    row = (
        f"<table:table-row><table:table-cell {about}><text:p>ы</text:p></table:table-cell></table:table-row>"
    )
    return ods_package(path, f'<table:table table:name="a">{row * 50}</table:table>')


def _cut(form):
    def make(path):
        whole = write(path, form, Table(body=[list(row) for row in Table().body * 300])).read_bytes()
        path.write_bytes(whole[: len(whole) * 2 // 3])
        return path

    return make


def _spoilt_inside(path):
    raw = bytearray(
        xlsx_file(path, [["ФИО", "Тел."], *[[f"Иванов {n}", n * 7919] for n in range(5000)]]).read_bytes()
    )
    middle = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").header_offset + 4000
    raw[middle : middle + 200] = bytes(200)
    path.write_bytes(bytes(raw))
    return path


def _html_without_end(path):
    path.write_text("<table><tr><td>" + "х" * 12_000_000, encoding="utf-8")
    return path


def _unclosed_csv(path):
    path.write_text('ФИО;Тел\n"Иванов;1\n' + "Петров;2\n" * 400_000, encoding="utf-8")
    return path


def _one_line(path):
    path.write_bytes(b"a" * 60_000_000)
    return path


def _renamed(inside):
    def make(path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(inside, "<x/>")
        return path

    return make


def _bytes(raw):
    def make(path):
        path.write_bytes(raw)
        return path

    return make


def _protected_ods(path):
    return ods_package(path, "", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")


HOSTILE = {
    "a bomb": ("import.zip_bomb", _bomb),
    "a quiet bomb": ("import.damaged", _quiet_bomb),
    "a lying archive": ("import.damaged", _liar),
    "laughs in ods": ("import.damaged", _laughing_ods),
    "a cell of 10 MB": ("import.cell_too_big", _giant),
    "a shared text of 10 MB": ("import.cell_too_big_somewhere", _giant_shared),
    "a row repeated a million times": ("import.far_cell", _repeated),
    "a cell repeated 16384 times": ("import.too_many_columns", _wide_ods),
    "10 000 columns": ("import.too_many_columns", lambda path: xlsx_file(path, [["ФИО"] * 10_000, ["И"] * 10_000])),
    "a cut xlsx": ("import.damaged", _cut("xlsx")),
    "a cut xls": ("import.damaged", _cut("xls")),
    "a cut ods": ("import.damaged", _cut("ods")),
    "a cut xml": ("import.damaged", _cut("xml2003")),
    "spoilt inside": ("import.damaged", _spoilt_inside),
    "a page without an end": ("import.cell_too_big", _html_without_end),
    "an unclosed quote": ("import.cell_too_big", _unclosed_csv),
    "one line of 60 MB": ("import.cell_too_big_somewhere", _one_line),
    "a picture": ("import.picture", testing.picture_file),
    "a protected xlsx": ("import.password_protected", testing.protected_file),
    "a protected ods": ("import.password_protected", _protected_ods),
    "an outside of an xls": ("import.damaged", testing.old_excel_file),
    "a letter in Word": ("import.not_a_table", _renamed("word/document.xml")),
    "a binary workbook": ("import.binary_workbook", _renamed("xl/workbook.bin")),
    "an archive": ("import.archive", _renamed("photos/1.jpg")),
    "a PDF": ("import.not_a_table", _bytes(b"%PDF-1.7 abc")),
    "some other XML": ("import.xml", _bytes(b"<?xml version='1.0'?><feed><entry/></feed>")),
    "a page without a table": ("import.web_page", _bytes(b"<!DOCTYPE html><p>hello")),
    "nothing": ("import.empty_file", _bytes(b"")),
    "only captions": ("import.only_header", lambda path: xlsx_file(path, [["ФИО", "Телефон", "Город"]])),
    "only captions in csv": ("import.only_header", _bytes("ФИО;Телефон;Город\n".encode())),
    "spaces": ("import.no_rows", _bytes(b"  \n\n \n")),
}  # fmt: skip

# The file is opened and read to its end as a worker would; the peaks of this process and of its reader are told.
READ = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from veche.core.refusal import Refusal
from veche.exchange.reading import open_source
told = "read"
try:
    source = open_source(sys.argv[1])
    told = str(sum(1 for _row in source.rows()))
    source.close()
except Refusal as refusal:
    told = refusal.code + "|" + str(refusal)
# Not ru_maxrss of this process: it begins with the memory of whoever forked it.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(told, int(peak) // 1024, readers // 1024, sep="|")
"""


def _read(path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=240, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    return done.stdout.strip().split("|")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence_and_little_memory(tmp_path, what):
    code, make = HOSTILE[what]
    path = tmp_path / "люди.xlsx"
    make(path)
    told, sentence, mine, readers = _read(path)
    assert told == code
    assert sentence.endswith(".") and sentence.count(". ") == 0 and ":" in sentence
    assert int(mine) < MOST and int(readers) < MOST


EMPTY_CELLS = "".join(f'<c r="{letter}#" s="3"/>' for letter in "ABCDEFGHIJ")
FAR = '<row r="1048576"><c r="A1048576" t="str"><v>Петров</v></c></row>'
HARMLESS = {
    "a billion laughs": (1, _laughs),
    "a million empty formatted rows": (
        1, lambda path: sheet_xml_file(path, _rows(1_000_000, '<row r="#" s="1" ht="15"/>')),
    ),
    "200 000 empty formatted cells": (
        1, lambda path: sheet_xml_file(path, _rows(20_000, f'<row r="#">{EMPTY_CELLS}</row>')),
    ),
    "a value in the last row": (2, lambda path: sheet_xml_file(path, HEAD + PEOPLE + FAR + TAIL)),
    "NUL in a csv": (2, _bytes("ФИО;Тел\nИва\0нов;1\nПетров;2\n".encode())),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_an_absurd_file_is_read_in_little_memory(tmp_path, what):
    rows, make = HARMLESS[what]
    path = tmp_path / "люди.xlsx"
    make(path)
    told, mine, readers = _read(path)
    assert int(told) == rows
    assert int(mine) < MOST and int(readers) < MOST


def test_a_row_that_is_broken_is_kept_as_text(tmp_path):
    broken = '<row r="3"><c r="A3" t="str"><v>Петров</v></c><c r="B3" t=str><v>5</v></c></row>'
    after = '<row r="4"><c r="A4" t="str"><v>Сидоров</v></c></row>'
    path = sheet_xml_file(tmp_path / "a.xlsx", HEAD + PEOPLE + broken + after + TAIL)
    source = open_source(path)
    assert [(number, cells[0]) for number, cells in source.rows()] == [
        (2, "Иванов Иван"), (3, "Петров 5"), (4, "Сидоров"),
    ]  # fmt: skip
    source.close()


@pytest.mark.parametrize(
    ("doing", "code"),
    [
        ("import os; os.kill(os.getpid(), 11)", "import.too_much_memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "import.too_slow"),
        ("b = []\nwhile True: b.append(bytes(1 << 24))", "import.too_much_memory"),
    ],
)
def test_a_reader_that_dies_takes_nobody_with_it(tmp_path, monkeypatch, doing, code):
    path = xlsx_file(tmp_path / "a.xlsx", [["ФИО"], ["Иванов"]])
    spoilt = (
        "from veche.exchange.formats import reader, xlsx\n"
        f"def look(self):\n    {doing.replace(chr(10), chr(10) + '    ')}\n"
        "xlsx.Workbook.look = look\nimport sys\nreader.main(*sys.argv[1:4])"
    )
    popen = subprocess.Popen
    monkeypatch.setattr(
        apart.subprocess,
        "Popen",
        lambda command, **how: popen([command[0], "-c", spoilt, *command[3:]], **how),
    )
    with pytest.raises(Refusal) as refusal:
        open_source(path)
    assert refusal.value.code == code
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024 < 1100


def test_an_answer_holds_no_code(tmp_path):
    import io
    import pickle

    with pytest.raises(pickle.UnpicklingError):
        apart._Plain(io.BytesIO(pickle.dumps(print))).load()


def test_two_readings_of_one_file_do_not_mix(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", [["ФИО"], *[[f"Иванов {n}"] for n in range(3000)]])
    source = open_source(path)
    first = source.rows()
    next(first)
    assert sum(1 for _row in source.rows()) == 3000
    with pytest.raises(RuntimeError):
        next(first)
    source.close()


def test_the_reader_knows_no_secret_of_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv("VECHE_SECRET_KEY", "not-for-strangers")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///not-for-strangers")
    opened = apart.Apart(xlsx_file(tmp_path / "a.xlsx", [["ФИО"], ["Органа Лея"]]), "xlsx")
    try:
        environment = Path(f"/proc/{opened._process.pid}/environ").read_bytes()
    finally:
        opened.close()
    assert b"not-for-strangers" not in environment
    assert b"PYTHONPATH" in environment
