"""What the inspector finds in one person, and what it leaves alone; the fix is the after of each before."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from veche.contacts.inspecting import FINDINGS, Facts, Point, inspect, mark_of
from veche.contacts.templatetags.people import foreign_letters

OK_PHONE = Point(1, "phone", "+79040002740")


def person(surname="", given_name="", patronymic="", **known):
    name = " ".join(filter(None, (surname, given_name, patronymic)))
    return Facts(
        7,
        "person",
        surname,
        given_name,
        patronymic,
        name,
        **{"points": (OK_PHONE,), "has_address": True, **known},
    )


def found(who):
    return {each.key: each for each in inspect(who)}


def after(who, key):
    fix = found(who)[key].fix
    return dict(fix.fields or fix.point) if fix else None


# (who, what is found, what the fix sets; None where only a person can tell)
NAMES = [
    (("Мусатов", "Анна"), "surname_gender", None),
    (("Соловьев", "Александра"), "surname_gender", None),
    (("Мусатов", "Анна", "Петровна"), "surname_gender", {"surname": "Мусатова"}),
    (("Иванова", "Пётр", "Ильич"), "surname_gender", {"surname": "Иванов"}),
    (("Иван", "Иванов"), "name_order", {"surname": "Иванов", "given_name": "Иван"}),
    (("Анна", "Скайуокер", "Петровна"), "name_order", {"surname": "Скайуокер", "given_name": "Анна"}),
    (("Иван", "Петров", "Сергеевич"), "name_order", {"surname": "Петров", "given_name": "Иван"}),
    (
        ("Иванов Иван Иванович",),
        "name_order",
        {"surname": "Иванов", "given_name": "Иван", "patronymic": "Иванович"},
    ),
    (("ИВАНОВ", "ИВАН"), "name_case", {"surname": "Иванов", "given_name": "Иван"}),
    (("ЛИ", "АННА"), "name_case", {"surname": "Ли", "given_name": "Анна"}),
    (("иванова-петрова", "анна"), "name_case", {"surname": "Иванова-Петрова", "given_name": "Анна"}),
    (("иВАНОВ", "Иван"), "name_case", {"surname": "Иванов"}),
    (("Иванoв", "Иван"), "name_alphabets", {"surname": "Иванов"}),
    (("Ivanоv", "Ivan"), "name_alphabets", {"surname": "Ivanov"}),
    (("Ivанов", "Иван"), "name_alphabets", None),
    (("Bdfyjd", "Bdfy"), "name_alphabets", {"surname": "Иванов", "given_name": "Иван"}),
    (("тест", "тест"), "name_garbage", None),
    (("ааа", "ааа"), "name_garbage", None),
    (("asdf",), "name_garbage", None),
    (("фыва", "Иван"), "name_garbage", None),
    (("-", "Иван"), "name_garbage", {"surname": ""}),
    (("не указан", "Иван"), "name_garbage", {"surname": ""}),
    (("12345", "Иван"), "name_garbage", None),
    (("Иванов Иван и Петрова Анна",), "name_several", None),
    (("Иванов", "Иван, Пётр"), "name_several", None),
]
FINE_NAMES = [
    ("Иванов", "Иван", "Иванович"), ("Иванова", "Анна"), ("Скайуокер", "Лука"), ("Ким", "Анна"), ("Ан", "Юрий"),
    ("Черных", "Анна"), ("Шевченко", "Пётр"), ("фон Мекк", "Надежда"), ("О'Нил", "Джон"), ("Иванов", "И.", "И."),
    ("Мамедов", "Али", "Гасан оглы"), ("Тестов", "Иван"), ("Skywalker", "Luke"), ("Органа", "Лея"), ("", "Анна"),
    ("Дюма", "Александр"), ("Романова", "Мария-Луиза"), ("На", "Анна"), ("Салтыков-Щедрин", "Михаил"),
    ("Роман", "Александр"), ("МакКинли", "Джон"), ("Кирилл", "Патриарх"), ("Вейдер", "Дарт"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "key", "fix"), NAMES, ids=lambda value: str(value))
def test_a_bad_name_is_found(parts, key, fix):
    who = person(*parts)
    assert list(found(who)) == [key]
    assert after(who, key) == fix


@pytest.mark.parametrize("parts", FINE_NAMES, ids=" ".join)
def test_a_fine_name_is_left_alone(parts):
    assert found(person(*parts)) == {}


def test_the_gender_follows_the_patronymic_only_when_it_is_there():
    assert after(person("Иванова", "Анна", "Петровна", gender="m"), "gender_wrong") == {"gender": "f"}
    assert after(person("Иванова", "Анна", gender="m"), "gender_wrong") is None
    assert not found(person("Иванова", "Анна", "Петровна", gender=""))
    assert not found(person("Ли", "Саша", gender="m"))


POINTS = [
    (Point(7, "phone", "7910446", "7910446", "invalid"), "phone_short", None),
    (Point(7, "phone", "790310719", "790310719", "invalid"), "phone_short", None),
    (Point(7, "phone", "+7123"), "phone_short", {"validity": "invalid"}),
    (Point(7, "phone", "+79999999999"), "phone_impossible", {"validity": "invalid"}),
    (Point(7, "phone", "+70000000000"), "phone_impossible", {"validity": "invalid"}),
    (Point(7, "phone", "+79001234567"), "phone_impossible", None),
    (Point(7, "email", "luke@gmial.com"), "email_typo", {"text": "luke@gmail.com"}),
    (Point(7, "email", "luke@mail.ry"), "email_typo", {"text": "luke@mail.ru"}),
    (Point(7, "email", "test@test.ru"), "email_broken", {"validity": "invalid"}),
    (Point(7, "email", "lukemail.ru", "lukemail.ru", "invalid"), "email_broken", {"text": "luke@mail.ru"}),
]
FINE_POINTS = [
    Point(7, "phone", "+79040002740"), Point(7, "phone", "+79000001434"), Point(7, "phone", "+74952345678"),
    Point(7, "phone", "+380501234567"), Point(7, "phone", "+7123", validity="invalid"),
    Point(7, "phone", "+79001234567", validity="valid"), Point(7, "email", "luke@tatooine.example"),
    Point(7, "email", "luke@gmial.com", validity="valid"), Point(7, "email", "test@test.ru", validity="invalid"),
    Point(7, "telegram", "test"), Point(7, "email", "anna@пример.рф"),
]  # fmt: skip


@pytest.mark.parametrize(("point", "key", "fix"), POINTS, ids=lambda value: str(value))
def test_a_bad_point_is_found(point, key, fix):
    who = person("Иванов", "Иван", points=(point,))
    assert list(found(who)) == [key]
    assert found(who)[key].point == 7
    assert after(who, key) == fix


@pytest.mark.parametrize("point", FINE_POINTS, ids=str)
def test_a_fine_point_is_left_alone(point):
    assert found(person("Иванов", "Иван", points=(point,))) == {}


def test_a_short_number_is_completed_where_the_city_is_known(settings):
    settings.VECHE_CITY_CODE = "495"
    from veche.contacts.inspecting import reach

    reach._judge_phone.cache_clear()
    who = person("Иванов", "Иван", points=(Point(7, "phone", "2345678", "234-56-78", "invalid"),))
    assert after(who, "phone_short") == {"text": "+74952345678"}
    reach._judge_phone.cache_clear()


DAYS = [
    ((1970, 2, 29), "day_impossible", "02.1970"),
    ((1985, 4, 31), "day_impossible", "04.1985"),
    ((None, 2, 30), "day_impossible", None),
    ((1900, 1, 1), "birthday_placeholder", ""),
    ((1970, 1, 1), "birthday_placeholder", None),
    ((2150, 3, 4), "birthday_unlikely", "04.03"),
    ((1890, 3, 4), "birthday_unlikely", "04.03"),
    ((1890, None, None), "birthday_unlikely", ""),
]


@pytest.mark.parametrize(("birthday", "key", "fix"), DAYS, ids=str)
def test_a_bad_birthday_is_found(birthday, key, fix):
    who = person("Иванов", "Иван", birthday=birthday)
    assert list(found(who)) == [key]
    assert after(who, key) == (None if fix is None else {"birthday": fix})


@pytest.mark.parametrize(
    "birthday",
    [(1972, 2, 29), (None, 2, 29), (1980, 5, None), (1980, None, None), (1930, 1, 1), (2001, 1, 1)],
    ids=str,
)
def test_a_fine_birthday_is_left_alone(birthday):
    assert found(person("Иванов", "Иван", birthday=birthday)) == {}


def test_days_that_an_import_could_only_keep_as_text():
    lost = person("Иванов", "Иван", birthday=(1970, 2, None), lost_days=("29.02.1970",))
    assert list(found(lost)) == ["day_impossible"]
    assert found(lost)["day_impossible"].value == "29.02.1970"
    assert not found(lost._replace(birthday=(1970, 2, 28)))
    assert list(found(person("Иванов", "Иван", own=(("born", "31.04.2001"),)))) == ["day_impossible"]


def test_what_is_missing():
    assert list(found(Facts(1, points=(OK_PHONE,)))) == ["name_missing"]
    assert list(found(Facts(1, surname="Иванов", name="Иванов"))) == ["no_reach"]
    assert not found(Facts(1, surname="Иванов", name="Иванов", has_address=True))
    assert not found(Facts(1, kind="organisation", name="ТЕСТ", points=(OK_PHONE,)))
    assert not found(Facts(1, is_removed=True))


def test_a_mark_stands_for_its_value():
    assert mark_of("Иванов", None) == mark_of("Иванов", "") != mark_of("", "Иванов")
    assert -(2**63) <= mark_of("x") < 2**63


word = st.text(alphabet="АБВГДЕИКЛМНОПРСТУЯабвгдеиклмнопрстуяёABCexo03-' .,;", max_size=12)


@given(word, word, word, st.sampled_from(["", "m", "f"]))
def test_any_name_gives_known_findings_and_a_fix_that_settles_it(surname, given_name, patronymic, gender):
    who = person(surname, given_name, patronymic, gender=gender)
    for each in inspect(who):
        assert each.key in FINDINGS
        if not each.fix:
            continue
        better = who._replace(**dict(each.fix.fields))
        assert better != who
        assert each.key not in found(better), "a fix must settle its own finding"


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["phone", "email"]))
def test_any_point_gives_known_findings(value, as_given, kind):
    for each in inspect(person("Иванов", "Иван", points=(Point(3, kind, value, as_given),))):
        assert each.key in FINDINGS
        assert each.fix is None or each.fix.point


@example(1800, 2, 31)
@example(2199, 2, 30)
@given(st.integers(1800, 2200), st.integers(1, 12), st.integers(1, 31))
def test_any_birthday_is_settled_by_its_fix(year, month, day):
    from veche.contacts.birthdays import parse_birthday

    who = person("Иванов", "Иван", birthday=(year, month, day))
    for each in inspect(who):
        if each.fix:
            better = who._replace(birthday=tuple(parse_birthday(dict(each.fix.fields)["birthday"])))
            assert not inspect(better)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Пeтров Пётр", "П<mark>e</mark>тров Пётр"),
        ("Smіth & Сын", "Sm<mark>і</mark>th &amp; Сын"),
        ("John Smith <b>", "John Smith &lt;b&gt;"),
        ("Анна", "Анна"),
    ],
)
def test_letters_of_the_other_alphabet_are_marked(text, marked):
    assert foreign_letters(text) == marked
