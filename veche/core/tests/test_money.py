from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.core.money import Money
from veche.core.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("1 234,56", 123456, "RUB"), ("1\u00a0234,56 ₽", 123456, "RUB"), ("1,234.56", 123456, "RUB"),
        ("1.234,56", 123456, "RUB"), ("1234-00", 123400, "RUB"), ("1000р.", 100000, "RUB"), ("1,5", 150, "RUB"),
        ("1,500", 150000, "RUB"), ("0,500", 50, "RUB"), ("$12.30", 1230, "USD"), (1500, 150000, "RUB"),
        (0.1, 10, "RUB"), ("−5", -500, "RUB"), ("1.000.000", 100000000, "RUB"),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(text, minor, currency):
    assert Money.parse(text) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "много", "12a", "nan", "inf", "1-2-3"])
def test_what_is_no_money_is_refused_in_a_sentence(text):
    with pytest.raises(Refusal, match=r"money|сумма денег"):
        Money.parse(text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_survives_writing_and_reading(amount):
    assert Money.parse(str(amount)).amount == amount


@pytest.mark.parametrize("text", ["9" * 16, "1" + "0" * 15, "1e30"])
def test_an_amount_that_fits_no_column_is_none(text):
    with pytest.raises(Refusal):
        Money.parse(text)


def test_currencies_are_not_mixed():
    assert Money(1) + Money(2) == Money(3) and Money(3) - Money(1) == Money(2)
    with pytest.raises(ValueError):
        Money(1) + Money(1, "USD")
    assert Money.of(Decimal("0.005")).minor == 1
