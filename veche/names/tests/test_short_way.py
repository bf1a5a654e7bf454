"""The short way for well-written names answers as the long way does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from veche.names import lexicon, parse_people
from veche.names.parsing import read_well_written
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
