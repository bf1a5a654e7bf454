"""Cells that hold more, less, or something else than one person."""

import pytest

from veche.names import parse_name, parse_parts, parse_people


def named(cell, **options):
    return [person.full_name for person in parse_people(cell, **options)]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Иванов И.И., Петрова М.М.", ["Иванов И. И.", "Петрова М. М."]),
        ("Иванов Иван / Петрова Мария", ["Иванов Иван", "Петрова Мария"]),
        ("Иванов Иван\nПетрова Мария", ["Иванов Иван", "Петрова Мария"]),
        ("Иванов Иван; Петров Пётр; Сидоров Фёдор", ["Иванов Иван", "Петров Пётр", "Сидоров Фёдор"]),
        ("Иванов Иван + Петрова Мария", ["Иванов Иван", "Петрова Мария"]),
        ("Иванова Мария и Пётр (муж)", ["Иванова Мария", "Иванов Пётр"]),
        ("Иван и Мария Петровы", ["Петров Иван", "Петрова Мария"]),
        ("Петровы Иван и Мария", ["Петров Иван", "Петрова Мария"]),
        ("Белинские Анна и Олег", ["Белинская Анна", "Белинский Олег"]),
        ("Мария и Анна", ["Мария", "Анна"]),
        ("Иванов Иван Иванович Петрова Мария Ивановна", ["Иванов Иван Иванович", "Петрова Мария Ивановна"]),
        ("ИВАНОВ ИВАН И ПЕТРОВА МАРИЯ", ["Иванов Иван", "Петрова Мария"]),
    ],
)
def test_several_people_are_separated_and_said_to_be_several(cell, people):
    assert named(cell) == people
    for person in parse_people(cell):
        assert person.is_doubtful("several")
        assert person.was_changed("several")
        assert person.original == cell


def test_an_inherited_surname_is_marked_and_unsure():
    husband = parse_people("Иванова Мария и Пётр (муж)")[1]
    assert husband.was_changed("inherited")
    assert husband.gender == "m"
    assert husband.rest == "муж"
    assert husband.confidence == 0.5


def test_the_first_of_several_keeps_the_others_as_a_remark():
    first = parse_name("Иванов И.И., Петрова М.М.")
    assert first.surname == "Иванов"
    assert first.rest == "Петрова М. М."


def test_a_family_is_no_person():
    (family,) = parse_people("семья Ивановых")
    assert (family.kind, family.surname, family.is_person) == ("family", "Ивановы", False)
    assert family.is_doubtful("several")


@pytest.mark.parametrize(
    ("cell", "organisation", "rest"),
    [
        ("ООО «Ромашка»", "ООО «Ромашка»", ""),
        ('ООО "Ромашка" (Сергеева)', 'ООО "Ромашка"', "Сергеева"),
        ("Благотворительный фонд «Подари жизнь»", "Благотворительный фонд «Подари жизнь»", ""),
        ("АНО Центр Развития", "АНО Центр Развития", ""),
        ("Школа №5", "Школа №5", ""),
    ],
)
def test_organisations(cell, organisation, rest):
    answer = parse_name(cell)
    assert (answer.kind, answer.organisation, answer.rest) == ("organisation", organisation, rest)
    assert not answer.is_person
    assert answer.full_name == organisation


def test_a_sole_trader_is_a_person():
    trader = parse_name("ИП Иванов Пётр Сергеевич")
    assert trader.is_person
    assert (trader.kind, trader.full_name, trader.rest) == ("entrepreneur", "Иванов Пётр Сергеевич", "ИП")


@pytest.mark.parametrize(
    "cell", ["Итого", "ВСЕГО", "ФИО", "Фамилия Имя Отчество", "нет", "аноним", "+79991112233", "a@b.ru"]
)
def test_what_is_no_name(cell):
    answer = parse_name(cell)
    assert (answer.kind, answer.is_person, answer.full_name) == ("other", False, "")


@pytest.mark.parametrize("cell", ["", " ", None, "---", "\x00", "…", "«»", "😀"])
def test_empty_cells(cell):
    answer = parse_name(cell)
    assert (answer.kind, answer.is_person, answer.full_name) == ("empty", False, "")


@pytest.mark.parametrize(
    ("cell", "rest"),
    [
        ("д-р Петров Иван", "д-р"),
        ("Иванов Иван (волонтёр) !!!", "волонтёр"),
        ("Иванов Иван, тел. 8 916 123-45-67", "8 916 123-45-67"),
        ("Иванов Иван Иванович просил перезвонить", "просил, перезвонить"),
        ("к.м.н. Иванов Иван", "к.м.н."),
    ],
)
def test_what_stands_beside_the_name_is_kept(cell, rest):
    name = parse_name(cell)
    assert name.is_person
    assert rest in name.rest
    assert name.was_changed("set_aside")


def test_a_former_surname():
    for cell in ("Петрова (Сидорова) Мария", "Петрова Мария (урожд. Сидорова)", "Петрова Мария (Сидорова)"):
        name = parse_name(cell)
        assert (name.surname, name.given_name, name.former_surname) == ("Петрова", "Мария", "Сидорова")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"surname": "Иванов", "given_name": "Иван", "patronymic": "Иванович"},
            ("Иванов", "Иван", "Иванович"),
        ),
        ({"surname": "Иван", "given_name": "Иванов"}, ("Иванов", "Иван", "")),
        ({"surname": "ИВАНОВА", "given_name": "мария"}, ("Иванова", "Мария", "")),
        ({"surname": "Иванова Мария Ивановна"}, ("Иванова", "Мария", "Ивановна")),
        ({"given_name": "Мария", "patronymic": "Ивановна"}, ("", "Мария", "Ивановна")),
        ({"surname": "Йода"}, ("Йода", "", "")),
        ({"given_name": "Йода"}, ("", "Йода", "")),
        ({"surname": None, "given_name": "", "patronymic": " "}, ("", "", "")),
        ({"surname": "Роман", "given_name": "Ольга"}, ("Роман", "Ольга", "")),
    ],
)
def test_columns_of_parts(columns, expected):
    name = parse_parts(**columns)
    assert (name.surname, name.given_name, name.patronymic) == expected


def test_columns_filled_crosswise_say_so():
    assert parse_parts(surname="Иван", given_name="Иванов").was_changed("swapped")
    assert not parse_parts(surname="Иванов", given_name="Иван").was_changed("swapped")
