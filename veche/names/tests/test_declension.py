"""Names in sentences and at the beginning of letters."""

import pytest

from veche.names import ParsedName, decline, greeting, parse_name

DATIVE = """
Иванов Иван Иванович | Иванову Ивану Ивановичу
Иванова Мария Ивановна | Ивановой Марии Ивановне
Черных Анна Петровна | Черных Анне Петровне
Седых Иван Петрович | Седых Ивану Петровичу
Шевченко Тарас Григорьевич | Шевченко Тарасу Григорьевичу
Петров-Водкин Кузьма Сергеевич | Петрову-Водкину Кузьме Сергеевичу
Толстой Лев Николаевич | Толстому Льву Николаевичу
Ким Александр | Киму Александру
Ким Мария | Ким Марии
Гоголь Николай Васильевич | Гоголю Николаю Васильевичу
Гоголь Мария | Гоголь Марии
Мамедов Али Гасан оглы | Мамедову Али Гасан оглы
Алиева Лейла Вагиф кызы | Алиевой Лейле Вагиф кызы
фон Мекк Надежда Филаретовна | фон Мекк Надежде Филаретовне
Достоевский Фёдор Михайлович | Достоевскому Фёдору Михайловичу
Ильина Любовь Ильинична | Ильиной Любови Ильиничне
Королёв Илья Никитич | Королёву Илье Никитичу
Данелия Георгий | Данелии Георгию
"""
PAIRS = [[field.strip() for field in line.split("|")] for line in DATIVE.strip().splitlines()]


@pytest.mark.parametrize(("nominative", "dative"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_dative(nominative, dative):
    assert decline(parse_name(nominative), "dative") == dative


def test_every_case():
    name = parse_name("Петров Пётр Петрович")
    assert decline(name, "nominative") == "Петров Пётр Петрович"
    assert decline(name, "genitive") == "Петрова Петра Петровича"
    assert decline(name, "accusative") == "Петрова Петра Петровича"
    assert decline(name, "instrumental") == "Петровым Петром Петровичем"
    assert decline(name, "prepositional") == "Петрове Петре Петровиче"


def test_the_parts_stand_in_the_order_asked():
    name = parse_name("Иванова Мария Ивановна")
    assert decline(name, "dative", parts=("given_name", "patronymic")) == "Марии Ивановне"
    assert decline(name, "genitive", parts=("given_name", "surname")) == "Марии Ивановой"


def test_capitals_survive():
    assert decline(ParsedName("", surname="ИВАНОВ", gender="m"), "dative") == "ИВАНОВУ"


def test_initials_and_foreign_letters_stay():
    assert decline(parse_name("Иванов И.И."), "dative") == "Иванову И. И."
    assert decline(ParsedName("", surname="Smith", given_name="John", gender="m"), "dative") == "Smith John"


def test_without_a_gender_nothing_is_declined():
    assert decline(parse_name("Саша Ким"), "dative") == "Ким Саша"


@pytest.mark.parametrize(
    ("cell", "formal", "friendly"),
    [
        ("Иванова Мария Ивановна", "Уважаемая Мария Ивановна", "Здравствуйте, Мария"),
        ("Иванов Иван", "Уважаемый Иван", "Здравствуйте, Иван"),
        ("Иванов И.И.", "Уважаемый господин Иванов", "Здравствуйте"),
        ("Иванова", "Уважаемая госпожа Иванова", "Здравствуйте"),
        ("Саша Ким", "Здравствуйте, Саша", "Здравствуйте, Саша"),
        ("Мон Мотма", "Здравствуйте, Мон", "Здравствуйте, Мон"),
        ("семья Ивановых", "Уважаемая семья Ивановых", "Уважаемая семья Ивановых"),
        ("ООО «Ромашка»", "Здравствуйте", "Здравствуйте"),
        ("", "Здравствуйте", "Здравствуйте"),
    ],
)
def test_greeting(cell, formal, friendly):
    assert greeting(parse_name(cell)) == formal
    assert greeting(parse_name(cell), formal=False) == friendly


def test_the_greeting_is_in_the_language_of_the_contact():
    assert greeting(parse_name("Иванова Мария"), language="en") == "Dear Мария"
    assert greeting(parse_name("Иванова Мария"), language="tt") == "Dear Мария"
