"""Home forms of names that no table lists, and misspelt ones."""

import pytest

from veche.names import full_forms, meant_names, parse_name


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("Глебка", "Глеб"),
        ("Лерка", "Валерия"),
        ("Тонька", "Антонина"),
        ("Филька", "Филипп"),
        ("Эльмирка", "Эльмира"),
        ("Розочка", "Роза"),
        ("Тимурчик", "Тимур"),
        ("Маратик", "Марат"),
        ("Ася", "Анна"),
        ("Ася", "Анастасия"),
    ],
)
def test_a_home_form_stands_for_the_full_name(written, full):
    assert full in full_forms(written)


@pytest.mark.parametrize("name", ["Бочка", "Чук", "Ольха", "Янка", "Он", "Ка", "ик", ""])
def test_a_suffix_alone_makes_no_name(name):
    assert all(form in (name, "Яна", "Ян") for form in full_forms(name))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Виатля", {"Виталий"}),  # two swapped, of a short form
        ("Сереега", {"Сергей"}),  # one added
        ("Аелксандр", {"Александр"}),
        ("Сергкй", {"Сергей"}),  # changed
        ("Серей", {"Сергей"}),  # lost
        ("Амина", set()),  # a name, though one letter from Алина
        ("Зю", set()),  # too short to tell
        ("Абвгд", set()),
    ],
)
def test_a_misspelt_name_is_understood(written, meant):
    assert meant_names(written) == meant


@pytest.mark.parametrize(
    ("cell", "gender"),
    [
        ("ириан козлова", "f"),
        ("Власова Ириан", "f"),
        ("Козлова Саша", "f"),
        ("Ириан Козлов", "m"),
        ("Илья Козлова", "m"),
    ],
)
def test_a_womans_surname_outweighs_a_rare_mans_name(cell, gender):
    assert parse_name(cell).gender == gender
