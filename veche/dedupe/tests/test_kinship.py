"""Who of a household is what to whom, and how sure it is that they live together. Nothing of a database."""

import pytest

from veche.dedupe.finding import Evidence, read_evidence
from veche.dedupe.kinship import MOST, Living, kinships, living_together, shared

HOME = "г. Тверь, ул. Мира, д. 5, кв. 8"


def person(id, name, born="", address=HOME, **known) -> Evidence:
    return read_evidence(str(id), name=name, birthday=born, address=address, **known)


def said(*people: Evidence) -> set[tuple[str, str, str]]:
    return {kin[:3] for kin in kinships({each.id: each for each in people}, 2026)}


FATHER = person(1, "Берёзов Игорь Олегович", "03.04.1970")
MOTHER = person(2, "Берёзова Вера Романовна", "05.06.1973")
SON = person(3, "Берёзов Роман Игоревич", "07.08.1998")
DAUGHTER = person(4, "Берёзова Нина Игоревна", "09.10.2001")


def test_a_whole_family_is_read_out_of_names_and_ages():
    assert said(FATHER, MOTHER, SON, DAUGHTER) == {
        ("1", "2", "spouse"),
        ("1", "3", "parent"),
        ("1", "4", "parent"),
        ("2", "3", "parent"),
        ("2", "4", "parent"),
        ("3", "4", "sibling"),
    }


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            FATHER,
            person(9, "Берёзова Вера Романовна"),
            "relative",
        ),  # her age is not known: a sister-in-law, a mother
        (FATHER, person(9, "Берёзова Вера Романовна", "05.06.1935"), "relative"),  # too old for a wife
        (FATHER, person(9, "Берёзова Вера Олеговна", "05.06.1973"), "relative"),  # a sister
        (FATHER, person(9, "Берёзов Глеб Олегович", "05.06.1973"), "sibling"),
        (FATHER, person(9, "Берёзова Вера Романовна", "05.06.1973", address=""), "relative"),
        (FATHER, person(9, "Берёзов Роман Игоревич"), "relative"),  # a son, most likely, but how old is he
        (person(8, "Берёзов Иван Петрович"), person(9, "Берёзов Пётр Иванович"), "relative"),
        (FATHER, person(9, "Калинина Нина Игоревна", "09.10.2001"), "parent"),  # a daughter who married
        (
            FATHER,
            person(9, "Берёзов Роман Игоревич", "07.08.1975"),
            "relative",
        ),  # five years younger is no son
        (
            MOTHER,
            person(9, "Берёзова Нина Верина", "09.10.2001"),
            "relative",
        ),  # nobody is called after a mother
        (person(8, "Берёзов Игорь", "2010"), person(9, "Берёзова Вера", "2012"), "relative"),  # children
    ],
)
def test_what_is_not_plain_is_only_a_relative(one, other, kind):
    [kin] = kinships({one.id: one, other.id: other}, 2026)
    assert kin.kind == kind


def test_strangers_in_one_flat_are_nothing_to_each_other():
    assert said(FATHER, person(9, "Калинин Захар Глебович", "01.02.1971")) == set()


def test_a_wifes_children_of_another_man_are_not_his():
    stepson = person(9, "Берёзов Олег Захарович", "07.08.1998")
    assert ("1", "9", "parent") not in said(FATHER, MOTHER, stepson)


def test_what_is_shared_is_counted_by_people_not_by_rows():
    twice = [FATHER, person(11, "Берёзов Игорь", phones="8 904 000-27-40")]
    reasons = shared([twice, [MOTHER], [person(5, "Калинина Лидия", address=HOME, phones="8 904 000-27-40")]])
    assert reasons == {"flat": 3, "surname": 2, "phone": 2}
    private = "г. Тверь, ул. Мира, д. 5"
    assert shared(
        [[person(1, "Зорин Олег", address=private)], [person(2, "Зорина Нина", address=private)]]
    ) == {
        "house": 2,
        "surname": 2,
    }


def test_one_flat_and_one_surname_is_plain_and_surest():
    plain = Living((1, 2, 3), {"flat": 3, "surname": 3})
    less = [
        Living((1, 2), {"surname": 2, "phone": 2}),
        Living((1, 2), {"flat": 2}),
        Living((1, 2, 3), {"phone": 2}),
        Living(tuple(range(12)), {"flat": 12, "surname": 12}),
    ]
    assert plain.is_plain
    assert not any(each.is_plain for each in less)
    assert all(plain.sureness > each.sureness > 0 for each in less)


def test_a_double_is_one_of_the_household_unless_said_to_be_two():
    family = [(1, FATHER), (1, person(11, "Берёзов Игорь Олегович")), (2, MOTHER)]
    assert [each.ids for each in living_together([family])] == [(1, 2)]
    assert [each.ids for each in living_together([family], apart={(1, 11)})] == [(1, 2, 11)]
    assert list(living_together([family[:2]])) == []


def test_around_fresh_people_only_theirs_are_said_and_a_dormitory_is_none():
    family = [(1, FATHER), (2, MOTHER)]
    assert list(living_together([family], fresh={7})) == []
    assert len(list(living_together([family], fresh={2}))) == 1
    crowd = [(n, person(n, f"Жилец{n} Олег")) for n in range(1, MOST + 2)]
    assert list(living_together([crowd])) == []
    assert len(Living(tuple(range(10**9, 10**9 + 12)), {}).mark) == 64
