"""What a family is called by the surnames of its people."""

import pytest

from veche.names.families import common_family, family_of, title_of, to_family


@pytest.mark.parametrize(
    ("surname", "gender", "family"),
    [
        ("Иванов", "m", "Ивановы"), ("Иванова", "f", "Ивановы"), ("Иванова", "", "Ивановы"),
        ("Соловьёв", "", "Соловьёвы"),
        ("Пушкина", "f", "Пушкины"), ("Калина", "m", ""), ("Калина", "", ""), ("Троицкая", "f", "Троицкие"),
        ("Романовский", "m", "Романовские"), ("Шевченко", "f", "Шевченко"), ("Седых", "", "Седых"), ("Ким", "m", ""),
        ("Мельник", "f", ""), ("Skywalker", "m", ""), ("", "", ""), ("И.", "", ""),
    ],
)  # fmt: skip
def test_a_family_has_a_name_only_where_it_is_sure(surname, gender, family):
    assert family_of(surname, gender) == family


def test_people_of_one_family_and_of_several():
    assert common_family([("Иванов", "m"), ("Иванова", "f")]) == "Ивановы"
    assert common_family([("Иванов", "m"), ("Петрова", "f")]) == "" == common_family([])
    assert common_family([("Ким", "m"), ("Ким", "f")]) == ""
    assert title_of([("Иванов", "m"), ("Ким", "f"), ("Иванова", "f")]) == "Ивановы, Ким"
    assert title_of([("Петров", "m"), ("", ""), ("Сидорова", "f")]) == "Петров, Сидорова"
    assert [to_family(each) for each in ("Ивановы", "Троицкие", "Шевченко")] == [
        "Семье Ивановых", "Семье Троицких", "Семье Шевченко",
    ]  # fmt: skip
