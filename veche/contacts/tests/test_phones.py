"""Phones out of dirty cells; what phonenumbers says is the measure."""

import time

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from veche.contacts.phones import format_phone, parse_phones
from veche.contacts.problems import PHONE, Problem

# cell | value, kind, what else; several numbers divided by ";" ("-": no number)
TABLE = """
89161234567 | +79161234567 mobile
+79161234567 | +79161234567 mobile
79161234567 | +79161234567 mobile
9161234567 | +79161234567 mobile
+7 (916) 123-45-67 | +79161234567 mobile
8 (916) 123 45 67 | +79161234567 mobile
8-916-123-45-67 | +79161234567 mobile
8.916.123.45.67 | +79161234567 mobile
(916)1234567 | +79161234567 mobile
'+79161234567 | +79161234567 mobile
т.89161234567 | +79161234567 mobile
７９１６１２３４５６７ | +79161234567 mobile
79161234567.0 | +79161234567 mobile
79161234567,00 | +79161234567 mobile
7.9161234567E10 | +79161234567 mobile
7,9161234567E+10 | +79161234567 mobile
7,91612E+10 | - other digits_lost
7.9E+10 | - other digits_lost
'+7 (495) 123-45-67 | +74951234567 landline
8 800 200-06-00 | +78002000600 toll_free
+77011234567 | +77011234567 mobile region=KZ
87011234567 | +77011234567 mobile region=KZ
+994501234567 | +994501234567 mobile region=AZ
380441234567 | +380441234567 landline region=UA
810380441234567 | +380441234567 landline region=UA
+1 650 253 0000 | +16502530000 other region=US
89739823754, 84953234302 (раб.) | +79739823754 mobile ; +74953234302 work comment=раб
8-916-123-45-67 / 8-916-765-43-21 доб. 12 | +79161234567 mobile ; +79167654321 mobile extension=12
89161234567 89031112233 | +79161234567 mobile ; +79031112233 mobile
8916123456789031112233 | +79161234567 mobile ; +79031112233 mobile
89161234567\\n89031112233 | +79161234567 mobile ; +79031112233 mobile
89161234567 и 89031112233 | +79161234567 mobile ; +79031112233 mobile
89161234567; +79161234567 | +79161234567 mobile
8 916 123 45 67 доб 5 | +79161234567 mobile extension=5
8916-123-45-67, доб. 12 | +79161234567 mobile extension=12
раб. 8 (495) 323-43-02 доб. 15 | +74953234302 work extension=15 comment=раб
дом. 8(495)3234302, моб 89161234567 | +74953234302 home comment=дом ; +79161234567 mobile comment=моб
факс 8(495)3234302 | +74953234302 fax comment=факс
89161234567 (муж Иван), 89031112233 - сама | +79161234567 mobile comment=муж_Иван ; +79031112233 mobile comment=сама
89161234567, муж | +79161234567 mobile comment=муж
8 (916) 123-45-67 после 18:00 | +79161234567 mobile comment=после_18:00
8(495)123-45-67/68 | +74951234567 landline ; +74951234568 landline ending_only
+89161234567 | +79161234567 mobile plus_eight
+7 8 916 123 45 67 | +79161234567 mobile prefix_twice
788 916 123 45 67 | - other too_long
123-45-67 | - other needs_city_code
691-26-31 89087896204 | - other needs_city_code ; +79087896204 mobile
89087896204 691-26-31 | +79087896204 mobile ; - other needs_city_code
дом. 06-28-76 8 964 458-50-67 | - home needs_city_code comment=дом ; +79644585067 home comment=дом
2-34-56 | - other needs_city_code
8916123456 | - other missing_digit
7900001434 | - other missing_digit
+7916123456 | - other too_short
790310719 | - other too_short
1234 | - other too_short
891612345678 | - other too_long
+7 (000) 000-00-00 | - other made_up
89999999999 | +79999999999 mobile made_up
84001234567 | - other impossible
89300011234 | - other impossible
позвонить позже | - other not_a_number comment=позвонить_позже
"""
ROWS = [line.split("|", 1) for line in TABLE.strip().splitlines()]


def described(phone):
    """A phone as the table writes it."""
    words = [phone.value or "-", phone.kind]
    words += [f"region={phone.region}"] if phone.region not in ("", "RU") else []
    words += [f"extension={phone.extension}"] if phone.extension else []
    words += [phone.problem.code] if phone.problem else []
    words += [f"comment={phone.comment.replace(' ', '_')}"] if phone.comment else []
    return " ".join(words)


@pytest.mark.parametrize(("cell", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_reads_the_cell(cell, expected):
    phones = parse_phones(cell.strip().replace("\\n", "\n"))
    assert [sorted(described(phone).split()) for phone in phones] == [
        sorted(part.split()) for part in expected.split(" ; ")
    ]


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        " ",
        "нет",
        "Нет",
        "-",
        "—",
        "н/д",
        "xxx",
        ".",
        "0",
        0,
        True,
        False,
        float("nan"),
        float("inf"),
        "+7",
        "8",
        "\x00",
    ],
)
def test_empty_marks_are_no_numbers(cell):
    assert parse_phones(cell) == []


@pytest.mark.parametrize("cell", [79161234567, 79161234567.0, 7.9161234567e10, 89161234567, 9161234567.0])
def test_numbers_out_of_a_spreadsheet(cell):
    (phone,) = parse_phones(cell)
    assert phone.value == "+79161234567"


def test_a_short_number_takes_the_city_code():
    assert [phone.value for phone in parse_phones("123-45-67", city_code="495")] == ["+74951234567"]
    assert [phone.value for phone in parse_phones("23-45-67", city_code="8 (3412)")] == [""]
    assert [phone.value for phone in parse_phones("23-45-67", city_code="(3412)")] == ["+73412234567"]
    assert parse_phones("23-45-67", city_code="495")[0].problem.code == "needs_city_code"


def test_another_country_by_default():
    (phone,) = parse_phones("(650) 253-0000", default_region="US")
    assert (phone.value, phone.region) == ("+16502530000", "US")
    assert parse_phones("8 029 123-45-67", default_region="BY")[0].value == "+375291234567"


def test_every_problem_makes_a_sentence():
    for code in PHONE:
        assert Problem("phone", code, digits=7).sentence


def test_a_number_that_is_too_short_says_how_many_digits_it_has():
    assert "9" in parse_phones("790310719")[0].problem.sentence


@given(
    st.integers(min_value=9_000_000_000, max_value=9_999_999_999),
    st.sampled_from(["", "8", "7", "+7", "+7 ", "8 "]),
)
@example(9_300_000_000, "8")
@example(9_301_112_233, "8")
@settings(deadline=None, max_examples=500)
def test_the_fast_path_says_what_phonenumbers_says(national, prefix):
    parsed = phonenumbers.parse(f"+7{national}", None)
    (phone,) = parse_phones(f"{prefix}{national}")
    if phonenumbers.is_valid_number(parsed):
        assert phone.value == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert phone.region == phonenumbers.region_code_for_number(parsed)
        assert phone.kind == "mobile"
    else:
        assert phone.value == ""
        assert phone.problem


@given(st.integers(min_value=3_000_000_000, max_value=8_899_999_999))
@settings(deadline=None, max_examples=500)
def test_no_number_of_the_russian_plan_is_accepted_or_refused_against_phonenumbers(national):
    parsed = phonenumbers.parse(f"+7{national}", None)
    (phone,) = parse_phones(f"+7{national}")
    assert bool(phone.value) == phonenumbers.is_valid_number(parsed)
    if phone.value:
        assert phone.region == phonenumbers.region_code_for_number(parsed)


@given(
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet="0123456789+-() .,;/добEe\n", max_size=80),
        st.integers(),
        st.floats(),
        st.none(),
        st.booleans(),
        st.binary(max_size=30),
    )
)
@example("1" * 10_000)
@example("(" * 10_000)
@example("8 9 " * 2_500)
@example("\ud800")
@settings(deadline=None, max_examples=500)
def test_any_cell_gets_an_answer(cell):
    for phone in parse_phones(cell, city_code="495"):
        assert phone.value or phone.problem
        assert phone.raw is not None
        if phone.value:
            assert [again.value for again in parse_phones(phone.value)] == [phone.value]
            assert [again.value for again in parse_phones(format_phone(phone.value))] == [phone.value]
        if phone.problem:
            assert phone.problem.sentence
    if isinstance(cell, str):
        format_phone(cell)


@pytest.mark.parametrize("unit", ["8 916 ", "(", "8(495)123-45-67, ", "1,", "/", "доб ", "7E1", " и "])
def test_time_is_bounded(unit):
    start = time.process_time()
    parse_phones(unit * (10_000 // len(unit)))
    assert time.process_time() - start < 0.1


def test_format():
    assert format_phone("+79040002740") == "+7 904 000-27-40"
    assert format_phone("+74951234567") == "+7 495 123-45-67"
    assert format_phone("not a number") == "not a number"
