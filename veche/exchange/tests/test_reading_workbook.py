"""Workbooks: sheets, headers, cell types, and files that must be refused with one sentence."""

import datetime as dt
import tracemalloc
import zipfile

import pytest

from veche.core.refusal import Refusal
from veche.exchange import testing
from veche.exchange.formats.cells import clean_cell
from veche.exchange.reading import open_source
from veche.exchange.testing import LIST_CAPTIONS, LIST_ROWS, xlsx_file

TABLE = [LIST_CAPTIONS, *LIST_ROWS]


def test_types_of_cells(tmp_path):
    row = [
        "Иванов\u00a0\u200bИван ",
        79161234567,
        1.5,
        True,
        dt.datetime(1970, 2, 1),
        dt.datetime(2020, 1, 2, 10, 30),
        None,
    ]
    path = xlsx_file(tmp_path / "a.xlsx", [["ФИО", "Тел.", "a", "b", "ДР", "c", "d"], row])
    ((number, cells),) = open_source(path).rows()
    assert number == 2
    assert cells == [
        "Иванов Иван",
        79161234567,
        1.5,
        True,
        dt.datetime(1970, 2, 1),
        dt.datetime(2020, 1, 2, 10, 30),
        None,
    ]
    assert type(cells[1]) is int and type(cells[3]) is bool


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [("  a\u00a0b\u202fc ", "a b c"), ("co\u00adop\ufeff", "coop"), ("'+7 916", "+7 916"), ("x_x000D_\ny", "x\ny"),
     ("\u200b", None), ("'", "'"), ("д'Артаньян", "д'Артаньян"), (7.9161234567e10, 79161234567), ("a\tb", "a b")],
)  # fmt: skip
def test_dirt_that_nobody_sees_is_gone(dirty, clean):
    assert clean_cell(dirty) == clean


def test_titles_merged_captions_hidden_parts_and_totals(tmp_path):
    rows = [
        ["База сторонников"],
        ["ФИО", "Контакты", None, "Адрес", None, "ФИО"],
        [None, "моб", "почта", None, None, None],
        ["Иванов Иван", 89161234567, "a@b.ru", "Москва", "x", None],
        ["ФИО", "моб", "почта", "Адрес", None, "ФИО"],
        [None] * 6,
        ["Петров Пётр", None, None, None, None, "Петров"],
        ["Итого: 2 человека"],
    ]
    path = xlsx_file(
        tmp_path / "a.xlsx", rows, merged=["A1:F1", "B2:C2", "A2:A3"], hidden_rows=[4], hidden_columns=["E"],
        sheets=[("Старое", True, [["ФИО"], ["Кто-то"]])],
    )  # fmt: skip
    source = open_source(path)
    assert (source.header_row, source.first_row, source.row_count) == (2, 4, 4)
    assert [column.caption for column in source.columns] == [
        "ФИО",
        "Контакты / моб",
        "Контакты / почта",
        "Адрес",
        "",
        "ФИО",
    ]
    assert source.columns[5].title == "ФИО (2)"
    assert "5" in source.columns[4].title
    assert [column.hidden for column in source.columns] == [False, False, False, False, True, False]
    assert source.sheet.hidden_rows == 1
    assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in source.sheets] == [
        ("Лист1", False, 7),
        ("Старое", True, 2),
    ]
    assert [row.number for row in source.banner] == [1]
    kinds = {number: source.sorter.kind(cells) for number, cells in source.rows()}
    assert kinds == {4: "data", 5: "header", 7: "data", 8: "total"}


@pytest.mark.parametrize("text", ["Тоталова Анна", "Всеволод Иванов", "Итогов Пётр", "Общинский Лев"])
def test_names_like_totals_are_people(tmp_path, text):
    source = open_source(xlsx_file(tmp_path / "a.xlsx", [["ФИО", "Тел."], [text, None]]))
    assert [source.sorter.kind(cells) for _number, cells in source.rows()] == ["data"]


def test_the_header_may_be_told(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", [["x", "y"], ["ФИО", "Тел."], ["Иванов", "1"]])
    assert open_source(path).header_row == 2
    assert open_source(path, header_row=1).row_count == 2
    assert open_source(path, header_row=0).row_count == 3
    with pytest.raises(Refusal) as refusal:
        open_source(path, header_row=9)
    assert refusal.value.code == "import.no_header_row"


def test_data_without_captions_has_no_header(tmp_path):
    rows = [["Иванов Иван", 89161234567, "a@b.ru"], ["Петров Пётр", 89161234568, "c@d.ru"]]
    source = open_source(xlsx_file(tmp_path / "a.xlsx", rows))
    assert (source.header_row, source.row_count) == (0, 2)


def test_a_table_not_in_the_corner_keeps_its_row_numbers(tmp_path):
    rows = [
        [None],
        [None],
        [None, None, "ФИО", "Телефон"],
        [None, None, "Иванов", 1],
        [None],
        [None, None, "Петров", 2],
    ]
    source = open_source(xlsx_file(tmp_path / "a.xlsx", rows))
    assert [(number, cells[2]) for number, cells in source.rows()] == [(4, "Иванов"), (6, "Петров")]
    assert [(number, cells[2]) for number, cells in source.rows(start=5)] == [(6, "Петров")]


def test_a_formula_without_its_value_is_counted(tmp_path):
    source = open_source(xlsx_file(tmp_path / "a.xlsx", [["ФИО", "Сумма"], ["Иванов", "=1+1"]]))
    assert source.sheet.empty_formulas == 1


def test_the_extension_does_not_matter(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", TABLE).rename(tmp_path / "a.csv")
    assert open_source(path).kind == "xlsx"
    text = testing.csv_file(tmp_path / "b.xlsx", TABLE)
    assert open_source(text).kind == "text"


def _truncated(path):
    whole = xlsx_file(path, TABLE).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _broken_inside(path):
    xlsx_file(path, TABLE * 50)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 120
    content[offset : offset + 400] = bytes(400)
    path.write_bytes(content)


def _bomb(path):
    testing.sheet_xml_file(path, (b" " * 1_000_000 for _ in range(100)))


def _wide(path):
    xlsx_file(path, [["ФИО"] * 1001, ["Иванов"] * 1001])


def _giant_cell(path):
    text = "я" * 3_000_000
    testing.sheet_xml_file(
        path,
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>',
    )


def _archive(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "x")


BAD = {
    "import.empty_file": lambda path: path.write_bytes(b""),
    "import.damaged": _truncated,
    "import.damaged ": _broken_inside,
    "import.damaged  ": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "import.password_protected": testing.protected_file,
    "import.damaged   ": testing.old_excel_file,
    "import.picture": testing.picture_file,
    "import.zip_bomb": _bomb,
    "import.too_many_columns": _wide,
    "import.cell_too_big": _giant_cell,
    "import.archive": _archive,
    "import.web_page": lambda path: path.write_text("<html><p>ФИО</p></html>"),
    "import.not_a_table": lambda path: path.write_bytes(b"%PDF-1.4 abc"),
    "import.no_rows": lambda path: xlsx_file(path, []),
    "import.only_header": lambda path: xlsx_file(path, [LIST_CAPTIONS]),
}


@pytest.mark.parametrize("code", BAD)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, code):
    path = tmp_path / "a.xlsx"
    BAD[code](path)
    tracemalloc.start()
    with pytest.raises(Refusal) as refusal:
        open_source(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.value.code == code.strip()
    sentence = str(refusal.value)
    assert sentence.endswith(".") and sentence.count(". ") == 0 and ":" in sentence
    assert peak < 200 * 1024**2


def test_a_missing_sheet_and_a_missing_file(tmp_path):
    with pytest.raises(Refusal) as refusal:
        open_source(xlsx_file(tmp_path / "a.xlsx", TABLE), sheet="Нет такого")
    assert refusal.value.code == "import.no_sheet"
    with pytest.raises(Refusal) as refusal:
        open_source(tmp_path / "nothing.xlsx")
    assert refusal.value.code == "import.no_file"
