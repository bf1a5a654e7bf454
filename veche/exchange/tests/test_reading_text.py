"""Text tables: encodings, delimiters, and the oddities of hand-made csv."""

import pytest

from veche.core.refusal import Refusal
from veche.exchange.reading import open_source
from veche.exchange.reading.encodings import find_mojibake, repair_text
from veche.exchange.testing import LIST_CAPTIONS, LIST_ROWS, csv_file

TABLE = [LIST_CAPTIONS, *LIST_ROWS]


@pytest.mark.parametrize(
    ("encoding", "bom", "found"),
    [
        ("cp1251", False, "cp1251"),
        ("cp866", False, "cp866"),
        ("koi8-r", False, "koi8-r"),
        ("utf-8", False, "utf-8"),
        ("utf-8", True, "utf-8-sig"),
        ("utf-16-le", True, "utf-16"),
        ("utf-16-be", True, "utf-16"),
        ("utf-16-le", False, "utf-16-le"),
        ("utf-16-be", False, "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_encoding_and_delimiter_are_found(tmp_path, encoding, bom, found, delimiter):
    rows = [[str(cell).replace("№", "N") for cell in row] for row in TABLE]
    source = open_source(csv_file(tmp_path / "a.csv", rows, encoding=encoding, bom=bom, delimiter=delimiter))
    assert (source.encoding, source.delimiter) == (found, delimiter)
    assert source.row_count == 4
    assert [row[1] for _number, row in source.rows()] == [row[1] for row in LIST_ROWS]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize(
    "words",
    [["Ольга"], ["ИВАНОВ ИВАН ИВАНОВИЧ"], ["иванов иван"], ["Щукина Фёкла"], ["ФИО", "Йода"], ["Эмма Юнг"]],
)
def test_few_words_are_enough_to_tell_old_encodings(tmp_path, encoding, words):
    source = open_source(
        csv_file(
            tmp_path / "a.csv", [["Фамилия Имя", "Телефон"], *([w, "1"] for w in words)], encoding=encoding
        )
    )
    assert source.encoding == encoding


def test_one_damaged_byte_does_not_turn_utf8_into_gibberish(tmp_path):
    path = csv_file(tmp_path / "a.csv", TABLE * 40)
    path.write_bytes(path.read_bytes() + b"\xd0;\r\n")
    assert open_source(path).encoding == "utf-8"


def test_sep_line_quotes_breaks_and_nul(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"sep=;\r\n"
        + 'ФИО;Комментарий\r\n"Иванов ""Ваня"" Иван";"две\r\nстроки; и знак"\r\n\r\n'.encode("cp1251")
        + 'Петров\0;ООО "Ромашка"\r\n'.encode("cp1251")
    )
    source = open_source(path)
    assert source.delimiter == ";"
    assert list(source.rows()) == [
        (2, ['Иванов "Ваня" Иван', "две\nстроки; и знак"]),
        (4, ["Петров", 'ООО "Ромашка"']),
    ]
    assert list(source.rows(start=3)) == [(4, ["Петров", 'ООО "Ромашка"'])]


def test_decimal_commas_do_not_win_over_semicolons(tmp_path):
    rows = [["ФИО", "Сумма", "Доля"], *[["Иванов", "1,5", "2,5"]] * 5]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    assert open_source(path).delimiter == ";"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("cp1251", "utf-8"), ("latin-1", "cp1251"), ("cp866", "cp1251"), ("latin-1", "utf-8")],
)
def test_letters_spoiled_before_us_are_set_right(tmp_path, wrong, right):
    good = [
        ["Фамилия Имя Отчество", "Город"],
        ["Медведев Антон", "Нижний Тагил"],
        ["Кравцова Ольга", "Пермь"],
    ]
    spoiled = [[cell.encode(right).decode(wrong, "replace") for cell in row] for row in good]
    path = csv_file(tmp_path / "a.csv", spoiled, encoding="utf-8", delimiter="\t")
    source = open_source(path)
    assert source.mojibake is not None
    repaired = open_source(path, repair=source.mojibake.repair)
    assert [column.caption for column in repaired.columns] == good[0]
    assert [row for _number, row in repaired.rows()] == good[1:]


def test_the_lost_second_byte_of_the_letter_i_is_known():
    assert repair_text("РРІР°РЅРѕРІ РРІР°РЅ", "cp1251>utf-8") == "Иванов Иван"


@pytest.mark.parametrize("text", ["Иванов Иван", "Ivanov", "Ёлкина Юлия", "ТСЖ «Съезд»", "Ülker Özgür", "42"])
def test_good_letters_are_left_alone(text):
    assert find_mojibake([text]) is None
    for repair in ("cp1251>utf-8", "latin-1>cp1251", "cp866>cp1251"):
        assert repair_text(text, repair) == text


def test_an_unclosed_quote_is_refused_with_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('ФИО;Телефон\nИванов;1\n"Петров;2\nСидоров;3\n', encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        open_source(path)
    assert refusal.value.code == "import.unclosed_quote"
    assert "3" in str(refusal.value)


def test_a_giant_cell_is_refused(tmp_path):
    path = csv_file(tmp_path / "a.csv", [["ФИО", "Телефон"], ["я" * 1_100_000, "1"]])
    with pytest.raises(Refusal) as refusal:
        open_source(path)
    assert refusal.value.code == "import.cell_too_big"


def test_ten_thousand_columns_are_refused(tmp_path):
    path = csv_file(tmp_path / "a.csv", [["ФИО"] * 10_000, ["Иванов"] * 10_000])
    with pytest.raises(Refusal) as refusal:
        open_source(path)
    assert refusal.value.code == "import.too_many_columns"


def test_an_unknown_encoding_asked_for_is_refused(tmp_path):
    with pytest.raises(Refusal) as refusal:
        open_source(csv_file(tmp_path / "a.csv", TABLE), encoding="klingon")
    assert refusal.value.code == "import.unknown_encoding"


def test_one_column_without_header(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Иванов Иван\nПетров Пётр\n", encoding="cp1251")
    source = open_source(path)
    assert source.header_row == 0
    assert [row for _number, row in source.rows()] == [["Иванов Иван"], ["Петров Пётр"]]
