"""Which order a column follows, and what that decides about names nobody knows."""

from veche.names import guess_order, parse_name

LIST = ["Темничева Елена", "Мусатов Анна", "Раки Анна", "Панов Виталий", "Куприца Галича", "Итого", None, 5]
FORM = ["Дарт Вейдер", "Лея Органа", "Люк Скайуокер", "Мон Мотма", "Кассиан Андор", ""]


def test_a_list_puts_the_surname_first():
    assert guess_order(LIST) == "surname_first"


def test_a_form_puts_the_given_name_first():
    assert guess_order(FORM) == "given_first"


def test_no_votes_and_a_tie_decide_nothing():
    assert guess_order([]) is None
    assert guess_order(["Мон Мотма", "Асока Тано"]) is None
    assert guess_order(["Иванов Иван", "Иван Иванов"]) is None


def test_the_order_decides_unknown_words():
    assert parse_name("Куприца Галича", order="surname_first").surname == "Куприца"
    assert parse_name("Энакин Скайуокер", order="given_first").surname == "Скайуокер"
    assert parse_name("Мон Мотма", order="surname_first").surname == "Мон"


def test_the_order_does_not_overrule_a_known_name():
    name = parse_name("Елена Темничева", order="surname_first")
    assert (name.surname, name.given_name) == ("Темничева", "Елена")
    assert name.was_changed("swapped")


def test_only_as_many_cells_are_read_as_asked():
    def cells():
        yield from ["Иванов Иван"] * 3
        raise AssertionError("read too far")

    assert guess_order(cells(), most=3) == "surname_first"
