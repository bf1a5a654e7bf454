"""Patronymics out of men's names, and those that were meant."""

import pytest

from veche.names import meant_patronymic, parse_name, patronymics_of
from veche.names.fathers import patronymics


@pytest.mark.parametrize(
    "patronymic",
    "иванович ивановна сергеевич николаевна юрьевич валерьевна анатольевич дмитриевич георгиевна викентьевич "
    "ильич ильинична никитич никитична павлович львовна игоревич лукинична саввична".split(),
)
def test_a_patronymic_is_made_as_grammar_has_it(patronymic):
    assert patronymic in patronymics()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Александрвич", "александрович"),  # a letter lost
        ("Васильефна", "васильевна"),  # changed
        ("Валерьевгна", "валерьевна"),  # added
        ("Никоалевна", "николаевна"),  # two swapped
        ("Сергеевна", "сергеевна"),
        ("Сергеевн", "сергеевна"),
        ("Марковна", "марковна"),
        ("Морковка", ""),
        ("Ильч", ""),  # too short to tell
    ],
)
def test_a_patronymic_one_slip_away_is_understood(word, meant):
    assert meant_patronymic(word) == meant


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Колесникова Алина Сергеевно", ("Колесникова", "Алина", "Сергеевно")),
        ("Игорь Александрвич Сотников", ("Сотников", "Игорь", "Александрвич")),
        ("Татьяна Валерьевгна Антонова", ("Антонова", "Татьяна", "Валерьевгна")),
        ("Иванова Анна", ("Иванова", "Анна", "")),  # one letter from Ивановна, and a surname all the same
        ("Романова Мария Сергеева", ("Романова", "Мария Сергеева", "")),
    ],
)
def test_a_misspelt_patronymic_stands_as_it_was_written_in_its_place(cell, parts):
    name = parse_name(cell)
    assert (name.surname, name.given_name, name.patronymic) == parts


@pytest.mark.parametrize(
    ("name", "patronymic"),
    [
        ("Иван", "ивановна"),
        ("Илья", "ильинична"),
        ("Юрий", "юрьевич"),
        ("Валерий", "валериевна"),
        ("Валерий", "валерьевна"),
        ("Пётр", "петрович"),
        ("Павел", "павловна"),
    ],
)
def test_a_name_has_its_patronymics(name, patronymic):
    assert patronymic in patronymics_of(name)


@pytest.mark.parametrize("name", ["", "Анна", "И."])
def test_who_is_no_father_has_none(name):
    assert not patronymics_of(name) & {"ивановна", "иванович", "анович"}
