"""The short way for well-written names answers as the long way does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from veche.names import lexicon, parse_parts, parse_people
from veche.names.parsing import read_well_written, read_well_written_parts
from veche.names.people import _read_any

WORDS = [name for name, _gender in lexicon.first_names().values()] + (
    "Иванов Иванова Петрович Ивановна Анна-Мария Салтыков-Щедрин Дарт Вейдер Органа Черных Ким Ли Ян Мон Ван Фон Оглы"
    " Итого Семья Депутат Общество Сын Фонд ИП И иван иваНов А. Ёлкина Белова-Ёлкина - «Мир» (сын) Али Гасан Шульц"
).split()


@given(
    st.lists(st.sampled_from(WORDS) | st.text("АИОВНабвгеиноырскь-", max_size=9), max_size=6).map(" ".join),
    st.sampled_from([None, "surname_first", "given_first"]),
)
@settings(max_examples=500, deadline=None)
def test_both_ways_give_the_same_answer(cell, order):
    short = read_well_written(cell, order)
    if short is not None:
        assert [short] == _read_any(cell, order)
    assert parse_people(cell, order=order) == _read_any(cell, order)


@given(*[st.sampled_from([*WORDS, ""])] * 3)
@settings(max_examples=300, deadline=None)
def test_columns_of_parts_are_read_as_the_cell_they_make(surname, given_name, patronymic):
    short = read_well_written_parts(surname, given_name, patronymic)
    if short is not None:
        assert [short] == _read_any(f"{surname} {given_name} {patronymic}", "surname_first")
        assert short == parse_parts(surname=surname, given_name=given_name, patronymic=patronymic)


def test_well_kept_columns_go_the_short_way():
    assert read_well_written_parts("Ёлкина", "Мария", "Ивановна")
    for parts in (("Мария", "Ёлкина", "Ивановна"), ("Ёлкина", "Мария", ""), ("ЁЛКИНА", "Мария", "Ивановна")):
        assert read_well_written_parts(*parts) is None


def test_the_usual_cell_goes_the_short_way():
    for cell in ("Иванов Иван Иванович", "Мария Ёлкина", "Салтыков-Щедрин Михаил Евграфович", "Дарт Вейдер"):
        assert read_well_written(cell, None)


def test_what_wants_a_hand_goes_the_long_way():
    for cell in (
        "ИВАНОВ ИВАН",
        "Иванов И.",
        "Иванов  Иван",
        "Иванов Иван (сын)",
        "Семья Ивановых",
        "",
        "Ли Ы",
    ):
        assert read_well_written(cell, None) is None
