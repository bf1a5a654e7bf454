"""From captions and contents to targets."""

import datetime as dt

import pytest

from veche.exchange.captions import known_target
from veche.exchange.mapping import (
    FIELD_TYPES,
    TARGETS,
    describe_columns,
    guess_mapping,
    is_target,
    may_repeat,
)
from veche.exchange.mapping.values import read_gender, read_money, read_number, read_yes_no, split_words
from veche.exchange.reading import open_source
from veche.exchange.testing import LIST_CAPTIONS, LIST_ROWS, csv_file, xlsx_file


def guessed(tmp_path, captions, rows):
    source = open_source(xlsx_file(tmp_path / "a.xlsx", [captions, *rows] if captions else rows))
    return guess_mapping(describe_columns(source))


def targets(tmp_path, captions, rows):
    return [guess.target for guess in guessed(tmp_path, captions, rows)]


@pytest.mark.parametrize(
    ("caption", "target"),
    [
        ("ФИО", "name.full"), ("Ф.И.О.", "name.full"), ("Фамилия Имя Отчество", "name.full"),
        ("Full name", "name.full"),
        ("Фамилия", "name.surname"), ("Имя", "name.given"), ("Отчество", "name.patronymic"),
        ("Last Name", "name.surname"),
        ("Тел.", "phone"), ("Моб.", "phone.mobile"), ("Телефон", "phone"), ("раб. тел.", "phone.work"),
        ("Phone", "phone"),
        ("E-mail", "email"), ("ЭЛЕКТРОННАЯ ПОЧТА", "email"), ("Эл. почта:", "email"), ("email", "email"),
        ("Адрес", "address"), ("Адрес регистрации", "address"), ("Улица", "address.part"), ("Индекс", "address.part"),
        ("Дата рождения", "birthday"), ("ДЕНЬ РОЖДЕНИЯ", "birthday"), ("ДР", "birthday"), ("Birth date", "birthday"),
        ("Пол", "gender"), ("Комментарий", "note"), ("Примечание", "note"), ("Откуда", "origin.channel"),
        ("Источник", "origin.channel"), ("Дата подписи", "origin.date"), ("Сборщик", "origin.collector"),
        ("Организация", "organisation.name"), ("Статус", "status"),
        ("Теги", "tags"), ("Метки", "tags"), ("Роль", "role"),
        ("Ответственный", "responsible"), ("Telegram", "telegram"), ("Телеграм", "telegram"), ("VK", "vk"),
        ("WhatsApp", "whatsapp"), ("MAX", "max"), ("ОК", "ok"), ("Одноклассники", "ok"), ("ID", "external_id"),
        ("№ п/п", "skip"), ("ДУБЛИКАТ", "skip"), ("СУММА ПОСЛЕДНЕГО ...", "field:new"), ("РЕКУРРЕНТ", "field:new"),
        ("ИНН", "field:new"), ("Контакты / моб", "phone.mobile"),
        ("почта / соцсети", "email"),
        ("Кличка собаки", None),
    ],
)  # fmt: skip
def test_captions_of_both_languages(caption, target):
    assert (known_target(caption) or (None,))[0] == target


def test_every_caption_leads_to_a_real_target():
    from veche.exchange import captions

    named = set(captions._EXACT.values()) | {target for _pattern, target in captions._LIKE}
    assert named <= TARGETS.keys()
    assert is_target("field:age") and not is_target("field:") and not is_target("nonsense")
    assert may_repeat("phone") and not may_repeat("birthday") and not may_repeat("field:age")


def test_a_headquarters_list(tmp_path):
    source = open_source(csv_file(tmp_path / "a.csv", [LIST_CAPTIONS, *LIST_ROWS], encoding="cp1251"))
    profiles = describe_columns(source)
    guesses = guess_mapping(profiles)
    assert [guess.target for guess in guesses] == [
        "skip", "name.full", "phone", "address", "origin.channel", "note", "origin.date",
    ]  # fmt: skip
    assert guesses[0].why == "serial"
    assert all(0 < guess.confidence <= 1 for guess in guesses)
    phone = profiles[2]
    assert (phone.rows, phone.filled, phone.marks, phone.fill) == (4, 3, 1, 0.75)
    assert phone.samples[0] == "89161234567"
    assert phone.as_json()["fill"] == 0.75


def test_contents_alone(tmp_path):
    rows = [
        [
            f"Иванов{'а' * (i % 2)} Анна Петровна",
            f"8916123456{i}",
            f"a{i}@mail.ru",
            f"Москва, ул. Мира, д. {i}",
            "ж",
            f"@name_{i}x",
        ]
        for i in range(9)
    ]
    assert targets(tmp_path, None, rows) == ["name.full", "phone", "email", "address", "gender", "telegram"]


def test_contents_correct_a_wrong_caption(tmp_path):
    rows = [[f"a{i}@mail.ru", f"+7916123456{i}"] for i in range(9)]
    assert targets(tmp_path, ["Телефон", "Почта"], rows) == ["email", "phone"]


def test_one_target_one_column_but_phones_repeat(tmp_path):
    rows = [
        ["Иванов Иван", "Петров", f"8916123456{i}", f"8495123456{i}", "1.2.1980", "3.4.2020"]
        for i in range(9)
    ]
    found = targets(tmp_path, ["ФИО", "ФИО", "Тел.", "Телефон", "Дата рождения", "Дата рождения"], rows)
    assert found[0] == "name.full" and found[1] == "note"
    assert found[2:4] == ["phone", "phone"]
    assert found[4] == "birthday" and found[5] == "field:new"


def test_parts_of_a_name_win_over_the_same_name_whole(tmp_path):
    rows = [["Иванов Иван Иванович", "Иванов", "Иван", "Иванович"]] * 5
    assert targets(tmp_path, ["ФИО", "Фамилия", "Имя", "Отчество"], rows) == [
        "skip", "name.surname", "name.given", "name.patronymic",
    ]  # fmt: skip


def test_a_whole_name_under_the_caption_of_a_part(tmp_path):
    rows = [[f"Иванов Иван{i * 'н'} Петрович", 89161234560 + i] for i in range(5)]
    assert targets(tmp_path, ["Имя", "Телефон"], rows)[0] == "name.full"


@pytest.mark.parametrize(
    ("caption", "cells", "kind"),
    [
        ("Дата последнего взноса", [dt.datetime(2018, 4, 23 - i) for i in range(9)], "date"),
        ("ПОСЛЕДНЕГО ПО...", ["23.04.2018", "22.04.2018", "21.04.2018"] * 3, "date"),
        ("СУММА ПОСЛЕДНЕГО ...", ["100 Р", "5 200 Р", "3 000 Р"] * 3, "money"),
        ("Сумма", [100, 250.5, "1 000,50 р."] * 3, "money"),
        ("РЕКУРРЕНТ", ["Да", "Нет", "Да"] * 3, "yes_no"),
        ("Был на встрече", ["+", None, "+"] * 3, "yes_no"),
        ("Детей", [1, 2, 0, 3, 4, 1, 5, 2, 1], "number"),
        ("ИНН", [771234567800 + i for i in range(9)], "text"),
        ("Район", ["Северный", "Южный", "Северный"] * 3, "choice"),
        ("Интересы", ["экология, суд", "суд", "суд, экология"] * 3, "many_choices"),
        ("Страница", [f"https://example.test/{i}" for i in range(9)], "link"),
        ("Кличка собаки", [f"Шарик{i} старый" for i in range(9)], "text"),
    ],
)  # fmt: skip
def test_an_unknown_column_becomes_a_field_of_a_fitting_type(tmp_path, caption, cells, kind):
    guesses = guessed(tmp_path, ["E-mail", caption], [[f"a{i}@b.ru", cell] for i, cell in enumerate(cells)])
    assert (guesses[1].target, guesses[1].field_type) == ("field:new", kind)
    assert kind in FIELD_TYPES


def test_empty_columns_are_skipped(tmp_path):
    rows = [["Иванов Иван", None, None], ["Петров Пётр", "-", None]]
    assert targets(tmp_path, ["ФИО", "Дупликат", None], rows)[1] == "skip"


@pytest.mark.parametrize(
    ("cell", "kopecks"),
    [
        ("100 Р", 10000), ("5 200 Р", 520000), ("1 000,50 р.", 100050), ("1.234,50 ₽", 123450), ("1,234.50", 123450),
        (-500, -50000), (1000.5, 100050), ("1 тыс", 100000), ("2,5 тыс. руб.", 250000), ("1234-00", 123400),
        ("5р 50к", 550), ("1000р.", 100000), (0.1, 10), ("сто рублей", None), (True, None), ("", None), ("10 $", 1000),
    ],
)  # fmt: skip
def test_money(cell, kopecks):
    money = read_money(cell)
    assert (money and money["minor"]) == kopecks
    assert money is None or money["currency"] == ("USD" if "$" in str(cell) else "RUB")


def test_other_values():
    assert [read_number(cell) for cell in ("9" * 400, "1 234", "1,5", "−3", 7, "7 лет", None, True)] == [
        None,
        1234,
        1.5,
        -3,
        7,
        None,
        None,
        None,
    ]
    assert [read_yes_no(cell) for cell in ("да", "НЕТ", "+", "-", True, 0, "может")] == [
        True,
        False,
        True,
        False,
        True,
        False,
        None,
    ]
    assert [read_gender(cell) for cell in ("м", "Ж.", "жен", "male", "1", "?")] == [
        "m",
        "f",
        "f",
        "m",
        "m",
        None,
    ]
    assert split_words("Экология, #суд; суд\nЧтец клуба") == ["Экология", "суд", "Чтец клуба"]
