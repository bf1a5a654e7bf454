"""A row becomes a draft: nothing lost, everything odd said."""

import json

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from veche.contacts.problems import DATE, EMAIL, PHONE
from veche.exchange.mapping import (
    TARGETS,
    ColumnPlan,
    Converter,
    Options,
    describe_columns,
    find_options,
    guess_mapping,
    plan_columns,
    problem_kind,
    problem_sentence,
    still_wrong,
)
from veche.exchange.mapping.problems import KINDS, PROBLEMS
from veche.exchange.reading import open_source
from veche.exchange.testing import LIST_CAPTIONS, LIST_ROWS, csv_file, xlsx_file


def convert(columns, cells, **options):
    """A draft from {caption: (target, cell)} or {caption: (target, cell, field type)}."""
    plans = [
        ColumnPlan(i, spec[0], caption, caption, spec[2] if len(spec) > 2 else "")
        for i, (caption, spec) in enumerate(columns.items())
    ]
    return Converter(plans, Options(**options)).convert(
        2, [spec[1] for spec in columns.values()] if cells is None else cells
    )


def draft(**columns):
    return convert({caption.replace("_", " "): spec for caption, spec in columns.items()}, None)


def codes(row):
    return [problem["code"] for problem in row.problems]


def points(row):
    return [(point["kind"], point["value"], point["validity"]) for point in row.points]


def everything(row):
    """All text a draft holds."""
    return json.dumps(row.as_json(), ensure_ascii=False)


def test_a_headquarters_list_row_by_row(tmp_path):
    source = open_source(
        csv_file(tmp_path / "a.csv", [LIST_CAPTIONS, *LIST_ROWS, ["", "Итого: 4"]], encoding="cp1251")
    )
    plans = plan_columns(source, guess_mapping(describe_columns(source)))
    converter = Converter(plans, find_options(source, plans), source.sorter)
    luke, leia, han, lando, total = [converter.convert(number, cells) for number, cells in source.rows()]
    assert (luke.row, luke.surname, luke.given_name, luke.patronymic) == (2, "Скайуокер", "Люк", "Энакинович")
    assert points(luke) == [("phone", "+79161234567", "unchecked")]
    assert luke.addresses == [{"text": "Москва, ул. Ленина, д. 1", "purpose": ""}]
    assert (luke.origin_words, luke.origin_date, luke.notes) == ("сбор подписей", "2019-06-14", ["активный"])
    assert (leia.surname, leia.gender, leia.origin_date) == ("Органа", "f", "2019-05-11")
    assert han.points == [] and han.notes == ["старший по дому", "Дата подписи: июнь 2019"]
    assert codes(han) == ["date_partial"]
    assert points(lando) == [("phone", "+79265550101", "unchecked"), ("phone", "+74955550102", "unchecked")]
    assert lando.points[1]["purpose"] == "work"
    assert total.rejected == "total_row"


def test_one_thing_is_enough_and_nothing_is_rejected():
    assert draft(ФИО=("name.full", "Йода")).rejected == ""
    assert draft(Тел=("phone", 89161234567)).rejected == ""
    assert draft(Почта=("email", "a@b.ru")).rejected == ""
    assert draft(ТГ=("telegram", "@luke_s")).rejected == ""
    assert draft(Адрес=("address", "Москва")).rejected == ""
    nobody = draft(ФИО=("name.full", "-"), Тел=("phone", "нет"), Комментарий=("note", "позвонить"))
    assert nobody.rejected == "nothing_identifies"
    assert nobody.notes == ["позвонить"]


def test_parts_of_a_name_and_gender():
    row = draft(
        Фамилия=("name.surname", "ПЕТРОВА"),
        Имя=("name.given", "анна"),
        Отчество=("name.patronymic", "Ивановна"),
    )
    assert (row.surname, row.given_name, row.patronymic, row.gender) == ("Петрова", "Анна", "Ивановна", "f")
    assert row.name == "Петрова Анна Ивановна"
    mixed = draft(Фамилия=("name.surname", "Петрова"), Имя=("name.given", "Aннa"))
    assert [(each["code"], each["column"]) for each in mixed.problems] == [("name_changed", 1)], (
        "told at the column where it stands"
    )
    told = draft(ФИО=("name.full", "Ким Саша"), Пол=("gender", "ж"))
    assert told.gender == "f"
    odd = draft(ФИО=("name.full", "Ким Саша"), Пол=("gender", "киборг"))
    assert odd.notes == ["Пол: киборг"] and "gender_unknown" in codes(odd)


def test_several_people_in_a_cell():
    row = draft(ФИО=("name.full", "Иванова Мария и Петр (муж)"))
    assert (row.surname, row.given_name) == ("Иванова", "Мария")
    assert row.others[0]["name"] == "Иванов Петр"
    assert "several_people" in codes(row) and "Иванов Петр" in " ".join(row.notes)


def test_an_organisation_alone_and_beside_a_person():
    row = draft(ФИО=("name.full", 'ООО "Ромашка" (Сергеева)'))
    assert (row.kind, row.name, row.surname) == ("organisation", 'ООО "Ромашка"', "")
    assert "Сергеева" in " ".join(row.notes)
    alone = draft(Организация=("organisation.name", "Фонд «Вега»"), Тел=("phone", "89161234567"))
    assert (alone.kind, alone.name, alone.organisation) == ("organisation", "Фонд «Вега»", "")
    beside = draft(ФИО=("name.full", "Иванов Иван"), Организация=("organisation.name", "Фонд «Вега»"))
    assert (beside.kind, beside.organisation) == ("person", "Фонд «Вега»")


def test_contacts_of_all_kinds_in_one_cell():
    row = draft(Контакты=("email", "Ivanov@Mail.ru; @ivanov_tg, vk.com/id15 t.me/second_one 8 916 123-45-67"))
    assert points(row) == [
        ("vk", "15", "unchecked"),
        ("telegram", "second_one", "unchecked"),
        ("telegram", "ivanov_tg", "unchecked"),
        ("email", "ivanov@mail.ru", "unchecked"),
        ("phone", "+79161234567", "unchecked"),
    ]
    assert row.notes == []


@pytest.mark.parametrize(
    ("target", "cell", "point"),
    [
        ("telegram", "https://t.me/Luke_S?start=1", ("telegram", "luke_s")),
        ("telegram", "luke_s", ("telegram", "luke_s")),
        ("vk", "https://vk.com/id42", ("vk", "42")),
        ("vk", "https://m.vk.com/luke.s", ("vk", "luke.s")),
        ("ok", "ok.ru/profile/575", ("ok", "575")),
        ("whatsapp", "8 (916) 123-45-67", ("whatsapp", "79161234567")),
        ("whatsapp", "https://wa.me/79161234567", ("whatsapp", "79161234567")),
        ("telegram", "89161234567", ("phone", "+79161234567")),
        ("phone.work", "84951234567", ("phone", "+74951234567")),
        ("phone", 79161234567, ("phone", "+79161234567")),
        ("phone", "79161234567.0", ("phone", "+79161234567")),
    ],
)  # fmt: skip
def test_accounts_and_phones_by_column(target, cell, point):
    row = draft(Столбец=(target, cell))
    assert [(each["kind"], each["value"]) for each in row.points] == [point]


def test_what_cannot_be_used_is_kept():
    row = draft(ФИО=("name.full", "Иванов"), Тел=("phone", "7900001434"), Почта=("email", "kipri...@mail.ru"))
    assert points(row) == [("phone", "7900001434", "invalid"), ("email", "kipri...@mail.ru", "invalid")]
    assert codes(row) == ["phone.missing_digit", "email.hidden"]
    lost = draft(ФИО=("name.full", "Иванов"), Тел=("phone", "7,91612E+10"))
    assert lost.points == [] and lost.notes == ["Тел: 7,91612E+10"] and "phone.digits_lost" in codes(lost)
    words = draft(ФИО=("name.full", "Иванов"), Тел=("phone", "спросить у сестры"))
    assert words.notes == ["Тел: спросить у сестры"] and codes(words) == ["moved_to_note"]


def test_values_in_the_wrong_column_find_their_place():
    row = draft(
        ФИО=("name.full", "+79991112233"),
        Моб=("phone.mobile", "Кузнецов"),
        Адрес=("address", "позвонить позже"),
    )
    assert points(row) == [("phone", "+79991112233", "unchecked")]
    assert row.surname == "Кузнецов"
    assert row.addresses == [] and row.notes == ["Адрес: позвонить позже"]
    assert codes(row) == ["moved_to_phone", "moved_to_name", "moved_to_note"]
    both = draft(ФИО=("name.full", "Иванов Иван 89161234567"), Почта=("email", "нет"))
    assert both.name == "Иванов Иван" and points(both) == [("phone", "+79161234567", "unchecked")]


def test_city_code_and_order_of_names():
    plans = [ColumnPlan(0, "name.full", "ФИО"), ColumnPlan(1, "phone", "Тел.")]
    row = Converter(plans, Options(default_city_code="495", name_order="given_first")).convert(
        2, ["Дарт Вейдер", "123-45-67"]
    )
    assert (row.surname, row.given_name) == ("Вейдер", "Дарт")
    assert row.points[0]["value"] == "+74951234567"


def test_birthdays():
    assert draft(ДР=("birthday", "29.02.1970"), ФИО=("name.full", "Иванов")).birth_month == 2
    impossible = draft(ДР=("birthday", "29.02.1970"), ФИО=("name.full", "Иванов"))
    assert (
        impossible.birth_day is None
        and impossible.notes == ["ДР: 29.02.1970"]
        and codes(impossible) == ["date.impossible"]
    )
    year = draft(ДР=("birthday", 1970), ФИО=("name.full", "Иванов"))
    assert (year.birth_year, year.birth_month, year.birth_day) == (1970, None, None)
    assert "birthday_young" in codes(draft(ДР=("birthday", 45123), ФИО=("name.full", "Иванов")))
    words = draft(ДР=("birthday", "весной"), ФИО=("name.full", "Иванов"))
    assert words.birth_year is None and words.notes == ["ДР: весной"]


def test_months_before_days_are_found_by_column(tmp_path):
    rows = [["Иванов Иван", "2/28/1970", "28.02.1970"], ["Петров Пётр", "2/1/1970", "1.2.1970"]]
    source = open_source(xlsx_file(tmp_path / "a.xlsx", [["ФИО", "Дата рождения", "Дата подписи"], *rows]))
    plans = plan_columns(source, guess_mapping(describe_columns(source)))
    assert [plan.day_first for plan in plans] == [True, False, True]
    second = list(source.rows())[1]
    row = Converter(plans).convert(*second)
    assert (row.birth_month, row.birth_day, row.origin_date) == (2, 1, "1970-02-01")


def test_own_fields_by_type():
    columns = {
        "ФИО": ("name.full", "Иванов"), "Сумма": ("field:gift", "5 200 Р", "money"),
        "Детей": ("field:kids", "2", "number"),
        "Член": ("field:new", "нет", "yes_no"), "Когда": ("field:when", "23.04.2018", "date"),
        "Район": ("field:area", "Северный", "choice"), "Темы": ("field:topics", "суд, экология", "many_choices"),
        "Ещё": ("field:text", "да", "text"), "Плохо": ("field:bad", "сто рублей", "money"),
    }  # fmt: skip
    row = convert(columns, None)
    assert row.own == {
        "gift": {"minor": 520000, "currency": "RUB"}, "kids": 2, "new:3": False, "when": "2018-04-23",
        "area": "Северный", "topics": ["суд", "экология"], "text": "да",
    }  # fmt: skip
    assert row.notes == ["Плохо: сто рублей"] and codes(row) == ["money_unknown"]


def test_parts_of_an_address_and_words():
    row = draft(
        Индекс=("address.part", 142000), Город=("address.part", "Домодедово"), Улица=("address.part", "Советская"),
        Дом=("address.part", "50"), Кв=("address.part", 12), Теги=("tags", "суд, #экология"), Роль=("role", "донор"),
        Кампания=("campaign", "Сквер"), Статус=("status", "Активный"), ID=("external_id", 77),
    )  # fmt: skip
    assert row.addresses[0]["text"] == "142000, Домодедово, Советская, д. 50, кв. 12"
    assert (row.tags, row.roles, row.campaigns, row.status, row.external_id) == (
        ["суд", "экология"],
        ["донор"],
        ["Сквер"],
        "Активный",
        "77",
    )


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_problem_has_a_whole_sentence(language):
    with translation.override(language):
        for code in PROBLEMS:
            sentence = problem_sentence(code, {"value": "x", "after": "y"})
            assert sentence.endswith(".") and "%(" not in sentence
            assert problem_kind(code) in KINDS
        assert problem_sentence("phone.too_short", {"digits": 9, "value": "x"}).endswith(".")
        assert problem_sentence("name_doubt", {"doubt": "family"}).endswith(".")
        assert problem_sentence("name_changed", {"change": "layout", "before": "a", "after": "b"}).endswith(
            "."
        )
    assert [
        problem_kind(code) for code in ("phone.too_short", "email.hidden", "date.impossible", "name_doubt")
    ] == ["phone", "email", "date", "name"]


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(-(10**12), 10**12), st.booleans(), st.datetimes(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["Иванов Иван", "8 916 123-45-67", "a@b.ru", "vk.com/x", "нет", "1.2.70", "@", "://", "+"]),
)  # fmt: skip


TABLES = {"phone": PHONE, "email": EMAIL, "date": DATE}
REMARKS = [*PROBLEMS, *(f"{subject}.{code}" for subject, table in TABLES.items() for code in table)]


@pytest.mark.parametrize("code", REMARKS)
def test_no_refused_correction_repeats_what_is_said_of_cells(code):
    """Of a cell something may be kept, in a note or in part; of what is refused nothing is."""
    sentence = still_wrong(code, "31.04")
    assert "kept" not in sentence
    assert not sentence or sentence.startswith("“31.04” ")


def test_a_refused_correction_says_what_is_wrong_with_it():
    assert "future" in still_wrong("date.in_future", "14.06.2093")
    assert "no day" not in still_wrong("date_partial", "1980")
    assert "city code" in still_wrong("phone.needs_city_code", "123-45-67")
    assert still_wrong("date.two_digit_year", "14.06.80") == "", "it was understood"


@settings(deadline=None)
@given(st.lists(CELLS, min_size=len(TARGETS), max_size=len(TARGETS)))
def test_no_cell_in_no_column_breaks_a_row(cells):
    plans = [
        ColumnPlan(i, target, target, target, "text" if target == "field:new" else "")
        for i, target in enumerate(TARGETS)
    ]
    row = Converter(plans).convert(2, cells)
    json.dumps(row.as_json())
    assert row.kind in ("person", "organisation")
    for point in row.points:
        assert point["value"] and len(point["value"]) <= 254
    for problem in row.problems:
        assert problem_sentence(problem["code"], {"value": problem["value"], **problem["params"]})


WORDS = st.text(alphabet="абвгдежзиклмнопрстуфя", min_size=3, max_size=12)


@given(
    st.sampled_from(
        ["phone", "email", "telegram", "vk", "address", "birthday", "origin.date", "gender", "note"]
    ),
    WORDS,
)
def test_no_word_is_lost_wherever_it_stands(target, word):
    word = f"{word} щы{word}"
    assert word in everything(
        convert({"ФИО": ("name.full", "Иванов Иван Иванович"), "Столбец": (target, word)}, None)
    )
