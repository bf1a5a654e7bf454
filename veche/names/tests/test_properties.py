"""Whatever stands in a cell: an answer comes, nothing is lost, time grows no faster than the text."""

import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from veche.names import (
    fold,
    full_forms,
    greeting,
    lexicon,
    name_key,
    parse_name,
    parse_people,
    search_forms,
    switch_layout,
)
from veche.names.people import LONGEST

GIVEN = [(name, gender) for name, gender in lexicon.first_names().values() if gender]
STEMS = [
    "Иван",
    "Петр",
    "Смирн",
    "Кузнец",
    "Попов",
    "Волк",
    "Соколь",
    "Морд",
    "Лазар",
    "Фед",
    "Никит",
    "Зайц",
    "Щук",
]
cells = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="АБВабвИванПётр .,-()/'«»\"[]{};:0123@+\n\t", max_size=120),
    st.text(alphabet="IvanPetrovBdfyjd [];',./<>", max_size=60),
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(max_size=60),
)


@st.composite
def people(draw):
    """(surname, given name, patronymic, gender) of somebody who could exist."""
    given_name, gender = draw(st.sampled_from(GIVEN))
    stem = draw(st.sampled_from(STEMS))
    surname = stem + draw(st.sampled_from(["ов", "ин", "енко", "ский"]))
    father = draw(st.sampled_from(["Иван", "Петр", "Роман", "Степан"]))
    if gender == "f":
        surname = (
            surname[:-2] + "ая"
            if surname.endswith("ский")
            else surname + "а"
            if surname[-1] in "вн"
            else surname
        )
    patronymic = father + ("ович" if gender == "m" else "овна")
    return surname, given_name, patronymic, gender


@given(cells)
@example("И" * 5000)
@example("(" * 200)
@example("а-" * 100)
@example("Иванов\x00Иван")
@example("\ud800")
@settings(max_examples=400, deadline=None)
def test_any_cell_gets_an_answer_and_keeps_its_original(cell):
    found = parse_people(cell)
    assert found
    for person in found:
        assert isinstance(person.original, str)
        assert person.original == found[0].original
        assert 0 <= person.confidence <= 1
        assert person.gender in ("m", "f", "")
        assert greeting(person)
        for reason in (*person.changes, *person.doubts):
            assert reason.sentence
    if isinstance(cell, str):
        assert found[0].original == cell
        fold(cell), name_key(cell, cell), search_forms(cell), switch_layout(cell), full_forms(cell)


@given(
    people(),
    st.sampled_from(["{s} {g} {p}", "{g} {p} {s}", "{s} {g}", "{g} {s}", "{s}, {g} {p}", "{s}\n{g} {p}"]),
)
@settings(deadline=None)
def test_a_known_name_is_read_in_any_order(person, pattern):
    surname, given_name, patronymic, gender = person
    name = parse_name(pattern.format(s=surname, g=given_name, p=patronymic))
    assert (name.surname, name.given_name, name.gender) == (surname, given_name, gender)
    assert name.patronymic == (patronymic if "{p}" in pattern else "")


@given(people(), st.sampled_from([str.upper, str.lower, switch_layout]))
@settings(deadline=None)
def test_capitals_and_layout_do_not_matter(person, spoil):
    surname, given_name, patronymic, gender = person
    name = parse_name(spoil(f"{surname} {given_name} {patronymic}"))
    assert fold(name.full_name) == fold(f"{surname} {given_name} {patronymic}")
    assert name.gender == gender
    assert name.changes


@given(people())
@settings(deadline=None)
def test_its_own_answer_is_read_the_same(person):
    first = parse_name(" ".join(person[:3]).upper())
    again = parse_name(first.full_name, order="surname_first")
    assert (again.surname, again.given_name, again.patronymic) == (
        first.surname,
        first.given_name,
        first.patronymic,
    )
    assert not again.changes


@given(st.text(alphabet="абвгдеёжзиклмнопрстуАБВГДЕ -", max_size=40))
@settings(deadline=None)
def test_no_letter_is_lost(cell):
    answers = parse_people(cell)
    assume(len(answers) == 1)
    answer = answers[0]
    kept = f"{answer.full_name} {answer.former_surname} {answer.rest}"
    assert sorted(letter for letter in fold(kept) if letter.isalpha()) == sorted(
        filter(str.isalpha, fold(cell))
    )


@pytest.mark.parametrize("unit", ["И", "а-", "(", "И.", "Иванов ", "и ", ", ", "Bd[", "'", "Аб", "- ", "1 "])
def test_time_does_not_explode(unit):
    cell = unit * (LONGEST // len(unit))
    parse_people(cell)  # words are judged once
    start = time.process_time()
    for _ in range(20):
        parse_people(cell)
    assert (time.process_time() - start) / 20 < 0.02
    assert parse_name(unit * 10_000).is_doubtful("too_long")
