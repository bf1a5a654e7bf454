"""Who is the same person: the table of cases that the whole import stands on. No database."""

import pytest

from veche.exchange.queries.sentences import ALIKE, DOUBTS, kind_of, sentence_of
from veche.exchange.sameness import Candidate, Likeness, Person, Repeats, compare, decide, plain


def person(
    name: str = "", birthday=(None, None, None), kind: str = "person", full: tuple[str, ...] = ()
) -> Person:
    surname, given, patronymic = [*name.split(), "", "", ""][:3]
    parts = [plain(part) if part != "-" else "" for part in (surname, given, patronymic)]
    return Person(kind, parts[0], (parts[1], *full) if parts[1] else (), parts[2], birthday)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Иванов Иван Петрович", "ИВАНОВ Иван", Likeness.SAME),
        ("Артёмов Артём", "артемов артем", Likeness.SAME),
        ("Иванов И. П.", "Иванов Иван Петрович", Likeness.FITS),
        ("Иванов", "Иванов Иван", Likeness.FITS),
        ("", "Иванов Иван", Likeness.FITS),
        ("Иванов Иван", "Иванова Мария", Likeness.DIFFERENT),
        ("Иванов Иван Петрович", "Иванов Иван Сергеевич", Likeness.DIFFERENT),
        ("Иванов - -", "- Мария -", Likeness.DIFFERENT),
        ("Иванова Мария Петровна", "Смирнова Мария Петровна", Likeness.SIMILAR),
        ("Иванова Мария", "Смирнова Мария", Likeness.DIFFERENT),
    ],
)
def test_names(one, other, expected):
    assert compare(person(one), person(other)) is expected
    assert compare(person(other), person(one)) is expected


def test_a_short_name_fits_its_full_forms():
    assert (
        compare(person("Иванов Саша", full=("александр", "александра")), person("Иванов Александр"))
        is Likeness.FITS
    )


def test_birthdays_speak_against():
    father, son = person("Иванов Иван", (1960, 5, 1)), person("Иванов Иван", (1990, 5, 1))
    assert compare(father, son) is Likeness.SIMILAR
    assert compare(father, person("Иванов Иван", (1960, None, None))) is Likeness.SAME
    assert compare(person("", (1960, None, None)), person("", (1990, None, None))) is Likeness.DIFFERENT


def test_a_person_is_no_organisation():
    assert compare(person("Ромашка", kind="organisation"), person("Ромашка Иван")) is Likeness.DIFFERENT


def candidates(*found: tuple[int, str, str]) -> list[Candidate]:
    return [Candidate(number, key, person(name)) for number, key, name in found]


def test_a_family_shares_a_phone():
    family = candidates((1, "phone", "Иванов Иван"), (2, "phone", "Иванова Мария"))
    assert decide(person("Иванова Мария"), family).contact_id == 2
    assert decide(person("Иванов Пётр"), family).contact_id is None
    assert not decide(person("Иванов Пётр"), family).rejected


def test_what_fits_several_is_told_and_not_guessed():
    decision = decide(person(""), candidates((1, "phone", "Иванов Иван"), (2, "phone", "Иванова Мария")))
    assert decision.rejected
    assert decision.doubts[0]["code"] == "fits_several"
    assert decision.doubts[0]["params"] == {"contacts": [1, 2]}


def test_the_same_name_wins_over_one_that_only_fits():
    found = candidates((1, "phone", "Иванов"), (2, "phone", "Иванов Иван"))
    assert decide(person("Иванов Иван"), found).contact_id == 2


def test_a_number_decides_unless_the_name_speaks_against_it():
    assert decide(person("Смирнова Мария"), candidates((7, "external_id", "Иванова Мария"))).contact_id == 7
    assert decide(person(""), candidates((7, "external_id", "Иванова Мария"))).contact_id == 7
    other = decide(person("Петров Олег"), candidates((7, "external_id", "Иванова Мария")))
    assert other.rejected
    assert other.doubts[0]["code"] == "number_of_another"


def test_another_birthday_needs_two_keys():
    known = person("Иванов Иван Петрович", (1970, 2, 1))
    row = person("Иванов Иван Петрович", (1971, 2, 1))
    one = decide(row, [Candidate(5, "phone", known)])
    assert one.contact_id is None
    assert [each["code"] for each in one.doubts] == ["looks_like"]
    two = decide(row, [Candidate(5, "phone", known), Candidate(5, "email", known)])
    assert two.contact_id == 5
    assert [each["code"] for each in two.doubts] == ["birthday_differs"]


def repeats(*groups: tuple[str, list[tuple[int, Person]]]) -> Repeats:
    found = Repeats()
    for key, rows in groups:
        found.add(key, rows)
    return found


def test_rows_about_one_person_follow_the_first():
    rows = [(2, person("Иванов Иван")), (5, person("Иванова Мария")), (9, person("Иванов Иван Петрович"))]
    found = repeats(
        ("phone:+7916", rows), ("email:i@example.org", [(9, rows[2][1]), (12, person("Иванов И."))])
    )
    assert found.leaders() == {9: 2, 12: 2}


def test_rows_with_two_birthdays_are_told_which_row_they_repeat():
    first, last = person("Иванов Иван", (1970, 2, 1)), person("Иванов Иван", (1971, 2, 1))
    between = person("Иванов Иван")
    found = repeats(
        ("phone:+7916", [(2, first), (3, between)]), ("email:i@example.org", [(3, between), (4, last)])
    )
    assert found.leaders() == {3: 2, 4: 2}
    (doubt,) = found.doubts[4]
    assert (doubt["code"], doubt["params"]) == ("birthday_differs_row", {"row": 2})
    assert kind_of(doubt) == "match_row"
    assert "2" in sentence_of(doubt)


def test_every_doubt_stands_under_a_heading():
    assert {kind_of({"code": code}) for code in DOUBTS} == set(ALIKE)
    of_the_file = {code for code in DOUBTS if kind_of({"code": code}) == "match_row"}
    assert of_the_file == {"number_in_row", "fits_several_rows", "looks_like_row", "birthday_differs_row"}


def test_father_and_son_stay_two_and_the_unclear_row_stays_alone():
    rows = [
        (2, person("Иванов Иван Петрович")),
        (3, person("Иванов Иван Иванович")),
        (4, person("Иванов Иван")),
    ]
    found = repeats(("phone:+7916", rows))
    assert found.leaders() == {}
    assert found.doubts[4][0]["params"] == {"rows": [2, 3]}


def test_a_phone_of_many_joins_only_the_same_names():
    rows = [(number, person(f"Иванов Имя{number}")) for number in range(20)]
    rows += [(30, person("Иванов Имя3")), (31, person("")), (32, person("Иванов"))]
    assert repeats(("phone:+7916", rows)).leaders() == {30: 3}


def test_a_number_twice_at_different_people_keeps_the_second_out():
    found = repeats(("external_id:17", [(2, person("Иванов Иван")), (3, person("Смирнова Ольга"))]))
    assert found.leaders() == {}
    assert found.doubts[3][0]["code"] == "number_in_row"
    assert found.doubts[3][0]["severity"] == "reject"


def test_hyphens_full_stops_and_yo_do_not_matter():
    assert plain("Петрова-Сидорова") == plain("петрова  сидорова")
    assert plain("П.") == plain("п")
    assert plain("Пётр") == plain("ПЕТР")
