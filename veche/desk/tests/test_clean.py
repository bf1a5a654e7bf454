"""`veche clean`: a dirty spreadsheet in, a clean one out, and nothing lost on the way."""

import csv
import json
import pickle
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import openpyxl
import pytest
from click.testing import CliRunner, Result

from veche.core.refusal import Refusal
from veche.dedupe.tests.made_people import Made, made_people
from veche.desk.cleaning import reading, working
from veche.desk.commands.clean import clean

PARTS = {
    "ФИО": "name",
    "Телефон": "phones",
    "E-mail": "emails",
    "Адрес": "address",
    "Дата рождения": "birthday",
}
ODD = [
    [
        "9001",
        "СИДОРОВА  анна петровна",
        "8 (916) 123-45-67, 84951234567 доб. 5",
        "Anna@Mail.RU",
        "",
        "3/5/84",
        "=1+1",
    ],
    ["9002", "", "нет", "", "", "", "@cmd"],
    ["9003", "Лебедь Игорь (Ветров) Олегович", "8 904 12", "", "москва тверская 7-12", "31.02.1980", "+7"],
    ["Итого", "", "", "", "", "", ""],
]


def write(path, made: Made) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target, delimiter=";")
        rows.writerow(["№", *PARTS, "Заметка"])
        rows.writerows([row["id"], *(row.get(part, "") for part in PARTS.values()), ""] for row in made.rows)
        rows.writerows(ODD)


def cleaned(*given: object) -> Result:
    return CliRunner().invoke(clean, [str(each) for each in given], catch_exceptions=False)


@pytest.fixture(scope="module")
def made() -> Made:
    return made_people(households=25)


@pytest.fixture(scope="module")
def source(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("clean") / "dirty.csv"
    write(path, made)
    return path


@pytest.fixture(scope="module")
def book(source):
    out = source.with_name("clean.xlsx")
    answer = cleaned(source, "-o", out, "--language", "ru", "--json")
    assert answer.exit_code == 0
    assert {each.name for each in source.parent.iterdir()} == {"dirty.csv", "clean.xlsx"}
    return openpyxl.load_workbook(out), json.loads(answer.stdout)


def records(sheet) -> list[dict[str, object]]:
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_rows_and_columns_stay_as_they_were_and_in_their_order(source, book):
    with source.open(encoding="utf-8") as file:
        heading, *rows = csv.reader(file, delimiter=";")
    first = book[0].worksheets[0]
    written = [[cell or "" for cell in row[: len(heading)]] for row in first.iter_rows(values_only=True)]
    assert written == [heading, *rows]
    assert all(cell.data_type != "f" for row in first.iter_rows() for cell in row)


def test_doubles_share_a_number_and_relatives_a_household(made, book):
    told = {row["№"]: row for row in records(book[0].worksheets[0])}
    people, homes = defaultdict(set), defaultdict(set)
    for row, person in made.person.items():
        people[told[row]["✓ Номер человека"]].add(person)
        if household := told[row]["✓ Номер семьи"]:
            homes[household].add(made.home[row])
    assert all(len(each) == 1 for each in people.values())
    assert len(people) < 1.1 * len(set(made.person.values()))
    assert len(homes) > 10 and all(len(each) == 1 for each in homes.values())
    by_row = {row["✓ Строка файла"]: row for row in told.values()}
    doubles = [row for row in told.values() if row["✓ Дубль строки"]]
    assert len(doubles) == book[1]["doubles"] > 10
    for row in doubles:
        first = by_row[row["✓ Дубль строки"]]
        assert first["✓ Номер человека"] == row["✓ Номер человека"] and not first["✓ Дубль строки"]
        assert row["✓ Вероятность, %"] >= 90 and "имя то же" in row["✓ Почему так решено"]


def test_cells_are_read_into_columns(book):
    told = {row["№"]: row for row in records(book[0].worksheets[0])}
    anna = told["9001"]
    assert [anna[f"✓ {part}"] for part in ("Фамилия", "Имя", "Отчество", "Пол")] == [
        "Сидорова", "Анна", "Петровна", "женский",
    ]  # fmt: skip
    assert anna["✓ Телефон"] == "+7 916 123-45-67"
    assert anna["✓ Телефон 2"] == "+7 495 123-45-67 доб. 5"
    assert anna["✓ Электронная почта"] == "anna@mail.ru"
    igor = told["9003"]
    assert (igor["✓ Улица"], igor["✓ Дом"], igor["✓ Квартира"]) == ("Тверская", "7", "12")
    assert igor["✓ Адрес одной строкой"] == "Москва, Тверская, д. 7, кв. 12"
    assert not igor["✓ Телефон"] and "8 904 12" in igor["✓ Замечания"] and "31.02.1980" in igor["✓ Замечания"]


def test_rows_about_nobody_are_kept_and_marked(book):
    told = {row["№"]: row for row in records(book[0].worksheets[0])}
    assert not told["9002"]["✓ Номер человека"] and told["9002"]["✓ Замечания"]
    assert told["Итого"]["✓ Замечания"] == "Это строка итогов, а не человек."
    assert book[1]["nobody"] == 2


def test_every_change_is_told_with_its_reason(book):
    changes = records(book[0].worksheets[1])
    assert book[0].sheetnames == ["Вычищено", "Что изменено", "Сводка"]
    of_anna = {row["Колонка"]: row for row in changes if row["Было"] in ODD[0] or row["Было"] in ODD[0][2]}
    assert of_anna["ФИО"]["Стало"] == "Сидорова Анна Петровна"
    assert "заглавные" in of_anna["ФИО"]["Почему"]
    assert of_anna["E-mail"]["Стало"] == "anna@mail.ru"
    assert all(row["Почему"] and row["Было"] != row["Стало"] and row["Строка файла"] > 1 for row in changes)
    summary = {row["Что"]: row["Сколько"] for row in records(book[0].worksheets[2])}
    assert summary["строки таблицы"] == book[1]["rows"]
    assert summary["Это строка итогов, а не человек."] == 1
    assert summary["ФИО"] == sum(row["Колонка"] == "ФИО" for row in changes)


def test_a_text_file_has_its_two_others_beside_it(source, tmp_path):
    answer = cleaned(source, "-o", tmp_path / "out.csv", "--language", "en")
    assert {each.name for each in tmp_path.iterdir()} == {"out.csv", "out-changes.csv", "out-summary.csv"}
    assert "rows read" in answer.output and "out-changes.csv" in answer.output
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        told = {row["№"]: row for row in csv.DictReader(file, delimiter=";")}
    assert told["9001"]["✓ Given name"] == "Анна" and told["9001"]["✓ Gender of the person"] == "female"
    assert (told["9001"]["Заметка"], told["9002"]["Заметка"]) == ("'=1+1", "'@cmd")


class Apart(ThreadPoolExecutor):
    """Threads in place of processes; what goes between them is packed and unpacked all the same."""

    def __init__(self, processes, *, mp_context, initializer, initargs):
        super().__init__(1, initializer=initializer, initargs=pickle.loads(pickle.dumps(initargs)))

    def submit(self, work, rows):
        return super().submit(lambda: pickle.loads(pickle.dumps(work(pickle.loads(pickle.dumps(rows))))))


def test_a_long_file_is_read_in_portions_with_the_same_answer(source, book, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PORTION", 7)
    monkeypatch.setattr(reading, "ProcessPoolExecutor", Apart)
    answer = cleaned(source, "-o", tmp_path / "again.xlsx", "--language", "ru", "--json")
    assert {**json.loads(answer.stdout), "seconds": 0, "files": 0} == {**book[1], "seconds": 0, "files": 0}
    again = openpyxl.load_workbook(tmp_path / "again.xlsx")
    for sheet, other in zip(again.worksheets, book[0].worksheets, strict=True):
        assert list(sheet.iter_rows(values_only=True)) == list(other.iter_rows(values_only=True))


def test_what_cannot_be_cleaned_is_refused_in_a_sentence(source, tmp_path):
    (tmp_path / "photo.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    empty = openpyxl.Workbook()
    empty.save(tmp_path / "empty.xlsx")
    said = {
        (tmp_path / "nowhere.csv", tmp_path / "out.xlsx"): "There is no file",
        (tmp_path, tmp_path / "out.xlsx"): "is a folder",
        (tmp_path / "photo.xlsx", tmp_path / "out.xlsx"): "a picture",
        (tmp_path / "empty.xlsx", tmp_path / "out.xlsx"): "no rows|empty",
        (source, tmp_path / "there.xlsx"): "there already.*--force",
        (source, source): "file to be cleaned",
        (source, tmp_path / "out.docx"): r"OUT\.xlsx",
        (source, tmp_path / "nowhere" / "out.xlsx"): "There is no folder",
    }
    for (file, out), sentence in said.items():
        with pytest.raises(Refusal, match=sentence):
            cleaned(file, "-o", out, "--language", "en")
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"
    assert {each.name for each in tmp_path.iterdir()} == {"photo.xlsx", "there.xlsx", "empty.xlsx"}
    assert cleaned(source, "-o", tmp_path / "out.xlsx", "--colour").exit_code == 2


def test_a_full_disk_is_one_sentence_and_leaves_the_former_file(source, tmp_path, monkeypatch):
    def full(path, _sheets):
        path.write_bytes(b"half")
        raise OSError("Failed to save workbook: i/o error: No space left on device (os error 28)")

    monkeypatch.setattr(working, "write_workbook", full)
    nothing = SimpleNamespace(clusters=(), households=(), pairs=())
    monkeypatch.setattr(working, "find", lambda rows, **_options: list(rows) and nothing)
    (tmp_path / "out.xlsx").write_bytes(b"former")
    with pytest.raises(Refusal, match="full"):
        cleaned(source, "-o", tmp_path / "out.xlsx", "--language", "en", "--force")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"former"]
