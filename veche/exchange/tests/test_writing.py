"""Writing a spreadsheet: what its reader gets, cell by cell. Read by openpyxl, which is no relation of the writer."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import load_workbook

from veche.exchange.writing import (
    DATE,
    MOMENT,
    MONEY,
    NUMBER,
    Column,
    Sheet,
    safe_text,
    write_text,
    write_workbook,
)
from veche.exchange.writing import workbook as workbook_module

DANGEROUS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", '=HYPERLINK("http://example.org")', "+7|cmd", "＝1"]
PHONES = ["+7 904 000-27-40", "+7 904 000-27-40, +7 812 000-00-00", "+49 30 000000", "+7 904 •••-27-40"]


def book_of(path: Path, *sheets: Sheet, password: str = ""):
    count = write_workbook(path, sheets, password=password)
    return count, load_workbook(path)


def test_each_type_comes_out_as_what_it_is(tmp_path):
    columns = [Column("a"), Column("n", NUMBER), Column("m", MONEY), Column("d", DATE), Column("t", MOMENT)]
    moment = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)
    row = ["0079", 7, Decimal("1500.50"), dt.date(1980, 2, 29), moment]
    count, book = book_of(tmp_path / "a.xlsx", Sheet("Люди", columns, iter([row])))
    cells = list(book["Люди"][2])
    assert count == 1
    assert [cell.value for cell in cells] == [
        "0079", 7, 1500.5, dt.datetime(1980, 2, 29), dt.datetime(2026, 11, 2, 12, 30)
    ]  # fmt: skip
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "d", "d"]
    assert cells[0].number_format == "@"


@pytest.mark.parametrize("text", [*DANGEROUS, *PHONES])
def test_no_text_of_a_workbook_is_a_formula(tmp_path, text):
    _count, book = book_of(tmp_path / "a.xlsx", Sheet("A", [Column("a")], [[text]]))
    cell = book.active["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_text_file_is_a_formula(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("value", [*PHONES, "Иванова", "", 5, -5])
def test_what_is_harmless_stays_as_it_is(value):
    assert safe_text(value) == value


def test_what_a_cell_cannot_hold_is_not_lost_silently(tmp_path):
    columns = [Column("a"), Column("n", NUMBER), Column("d", DATE)]
    rows = [["я" * 40_000, 12345678901234567890, dt.date(1861, 3, 3)], ["a\x01b", None, "29.02.1970"]]
    _count, book = book_of(tmp_path / "a.xlsx", Sheet("A", columns, rows))
    first, second = ([cell.value for cell in row] for row in book.active.iter_rows(min_row=2))
    assert len(first[0]) == 32_767 and first[0].endswith("…")
    assert first[1:] == ["12345678901234567890", "03.03.1861"]
    assert second[1:] == [None, "29.02.1970"]


def test_captions_stay_in_sight_and_repeated_ones_are_told_apart(tmp_path):
    columns = [Column("Город"), Column("город"), Column(""), Column("Город (2)")]
    _count, book = book_of(tmp_path / "a.xlsx", Sheet("A", columns, []))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["Город", "город (2)", "—", "Город (2) (2)"]
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold


def test_hidden_columns_hidden_sheets_and_locked_cells(tmp_path):
    columns = [Column("id", NUMBER, hidden=True), Column("name", locked=False)]
    people, keys = Sheet("A", columns, [[1, "x"]]), Sheet("keys", [Column("k")], [["v"]], hidden=True)
    count, book = book_of(tmp_path / "a.xlsx", people, keys, password="x")
    sheet = book["A"]
    assert count == 1
    assert sheet.column_dimensions["A"].hidden and not sheet.column_dimensions["B"].hidden
    assert sheet.protection.sheet and sheet["A2"].protection.locked and not sheet["B2"].protection.locked
    assert not sheet.column_dimensions["B"].protection.locked  # so that rows can be added
    assert book["keys"].sheet_state == "hidden" and book["keys"]["A2"].value == "v"


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_module, "MOST_ROWS", 2)
    rows = ([n] for n in range(5))
    count, book = book_of(tmp_path / "a.xlsx", Sheet("Люди", [Column("n", NUMBER)], rows, count=5))
    assert count == 5
    assert book.sheetnames == ["Люди", "Люди 2", "Люди 3"]
    assert [cell.value for name in book.sheetnames for cell in book[name]["A"][1:]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["A/B: [x]*?", "я" * 40, "", "'"])
def test_any_name_becomes_the_name_of_a_sheet(tmp_path, name):
    _count, book = book_of(tmp_path / "a.xlsx", Sheet(name, [Column("n")], []))
    assert 1 <= len(book.sheetnames[0]) <= 31


def test_what_the_rows_raise_comes_through(tmp_path):
    class Stop(Exception):
        pass

    def rows():
        yield ["a"]
        raise Stop

    with pytest.raises(Stop):
        write_workbook(tmp_path / "a.xlsx", [Sheet("A", [Column("a")], rows())])
    with pytest.raises(OSError):
        write_workbook(tmp_path / "no" / "a.xlsx", [Sheet("A", [Column("a")], [["a"]])])


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_text_file_opens_by_a_double_click(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    columns = [Column("Имя"), Column("n", NUMBER), Column("d", DATE), Column("t")]
    row = ["Анна; Мария, «Заря»\nдом", 7, dt.date(1980, 2, 29), None]
    assert write_text(path, columns, [row], delimiter=delimiter) == 1
    assert path.read_bytes().startswith("\ufeffИмя".encode()) and path.read_bytes().endswith(b"\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    assert rows[1] == ["Анна; Мария, «Заря»\nдом", "7", "29.02.1980", ""]


def test_days_are_written_as_the_reader_of_the_language_reads_them(tmp_path):
    with translation.override("en"):
        _count, book = book_of(tmp_path / "a.xlsx", Sheet("A", [Column("d", DATE)], [[dt.date(2026, 1, 2)]]))
    assert book.active["A2"].number_format == "yyyy-mm-dd"
