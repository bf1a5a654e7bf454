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


def test_where_nobody_is_known_what_repeats_is_the_given_name():
    given = ["Хан", "Лэндо", "Асока", "Мейс", "Дарт", "Квай"]
    surnames = [
        "Соло",
        "Тано",
        "Винду",
        "Фетт",
        "Эрсо",
        "Мотма",
        "Джинн",
        "Кеноби",
        "Вейдер",
        "Таркин",
        "Андор",
        "Кренник",
    ]
    pairs = [(one, other) for one in given for other in surnames if (len(one) + len(other)) % 2]
    assert guess_order(f"{one} {other}" for one, other in pairs) == "given_first"
    assert guess_order(f"{other} {one}" for one, other in pairs) == "surname_first"
    assert guess_order([f"{one} {other}" for one, other in pairs][:20]) is None


def test_one_known_name_outweighs_what_repeats():
    unknown = [f"Соло{ending} Хан" for ending in "абвгдежзиклмнопрстуфхцчшщ"] + [
        f"Тано{e} Мейс" for e in "абвгдежз"
    ]
    assert guess_order([*unknown, "Иван Петров"]) == "given_first"
