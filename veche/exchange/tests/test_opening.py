"""What we write opens in LibreOffice, and says there what it said here. Excel itself cannot be asked on this system."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import translation

from veche.exchange.writing import DATE, NUMBER, Column, Sheet, write_text, write_workbook

pytestmark = pytest.mark.machine
COLUMNS = [
    Column("№", NUMBER),
    Column("Фамилия"),
    Column("Телефон"),
    Column("Дата рождения", DATE),
    Column("Внешний №"),
]
ROWS = [
    [1, "Органа", "+7 904 000-27-40", dt.date(1979, 6, 14), "12345678901234567890"],
    [2, '=HYPERLINK("http://example.org")', "+7 904 000-27-41, +7 904 000-27-42", "29.02.1970", "007"],
    [3, "+1+1", "", None, "a;b\nc"],
]
IN_UTF8_WITH_COMMAS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


def soffice() -> str:
    """LibreOffice's program. Without it these tests fail in CI; on a user's machine they are left out, aloud."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("The tests of exported files need LibreOffice Calc: install it and start again.")
    return found


def opened(path: Path, folder: Path) -> dict[str, list[list[str]]]:
    """The sheets of a file as LibreOffice understands them."""
    home = f"-env:UserInstallation=file://{folder / 'profile'}"
    out = folder / "out"
    # A person is shown a dialogue with the encoding found; without a screen it has to be said.
    told = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if path.suffix == ".csv" else []
    words = [
        soffice(),
        home,
        *told,
        "--headless",
        "--convert-to",
        IN_UTF8_WITH_COMMAS,
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    sheets = {}
    for made in out.glob("*.csv"):
        with made.open(encoding="utf-8", newline="") as file:
            sheets[made.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(file))
    return sheets


def test_a_workbook_opens_as_it_was_written(tmp_path):
    path = tmp_path / "people.xlsx"
    hidden = Sheet("ключ", [Column("k")], [["v"]], hidden=True)
    with translation.override("ru"):
        write_workbook(path, [Sheet("Люди", COLUMNS, ROWS), hidden], password="x")
    sheets = opened(path, tmp_path)
    head, *rows = sheets["Люди"]
    assert head == [column.caption for column in COLUMNS]
    assert rows == [
        ["1", "Органа", "+7 904 000-27-40", "14.06.1979", "12345678901234567890"],
        ["2", '=HYPERLINK("http://example.org")', "+7 904 000-27-41, +7 904 000-27-42", "29.02.1970", "007"],
        ["3", "+1+1", "", "", "a;b\nc"],
    ]


def test_a_text_file_opens_and_runs_nothing(tmp_path):
    path = tmp_path / "people.csv"
    write_text(path, COLUMNS, ROWS, delimiter=",")
    sheets = opened(path, tmp_path)
    rows = next(iter(sheets.values()))
    assert rows[1][1:3] == ["Органа", "+7 904 000-27-40"]
    assert rows[2][1].lstrip("'").startswith("=HYPERLINK") and rows[3][1].lstrip("'") == "+1+1"
