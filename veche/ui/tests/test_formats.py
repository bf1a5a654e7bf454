"""The look's table of numbers and dates, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from veche.ui import formats

TODAY = date(2026, 11, 21)
NB = "\u00a0"


@pytest.fixture
def ru():
    with override("ru"):
        yield


@pytest.fixture
def en():
    with override("en"):
        yield


def both(function, *args, **kwargs):
    """What `function` says in Russian and in English."""
    said = []
    for language in ("ru", "en"):
        with override(language):
            said.append(function(*args, **kwargs))
    return tuple(said)


@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        (0, "0", "0"),
        (864, "864", "864"),
        (48210, f"48{NB}210", "48,210"),
        (1234567, f"1{NB}234{NB}567", "1,234,567"),
        (-1500, f"−1{NB}500", "−1,500"),
        (None, "—", "—"),
    ],
)
def test_count(number, russian, english):
    assert both(formats.count, number) == (russian, english)


def test_an_estimated_count_says_so():
    assert both(formats.count, 48210, estimated=True) == (f"≈{NB}48{NB}210", f"≈{NB}48,210")


@pytest.mark.parametrize(
    ("amount", "currency", "russian", "english"),
    [
        (Decimal(1500), "RUB", f"1{NB}500{NB}₽", "₽1,500"),
        (Decimal("1500.50"), "RUB", f"1{NB}500,50{NB}₽", "₽1,500.50"),
        (Decimal("-2500"), "RUB", f"−2{NB}500{NB}₽", "−₽2,500"),
        (Decimal("0.05"), "RUB", f"0,05{NB}₽", "₽0.05"),
        (Decimal(20), "USD", f"20{NB}$", "$20"),
        (Decimal(20), "BYN", f"20{NB}BYN", f"BYN{NB}20"),
        (None, "RUB", "—", "—"),
    ],
)
def test_money(amount, currency, russian, english):
    assert both(formats.money, amount, currency) == (russian, english)


def test_percent_and_decimal():
    assert both(formats.percent, 62) == (f"62{NB}%", "62%")
    assert both(formats.percent, Decimal("0.45"), 1) == (f"0,5{NB}%", "0.5%")
    assert both(formats.decimal, 2.5) == ("2,5", "2.5")
    assert both(formats.decimal, "1234.25") == (f"1{NB}234,25", "1,234.25")


@pytest.mark.parametrize(
    ("part", "whole", "russian"),
    [
        (59, 100, f"59{NB}%"),
        (1, 1000, f"<{NB}1{NB}%"),
        (999, 1000, f"99{NB}%"),
        (0, 10, f"0{NB}%"),
        (3, 0, "—"),
    ],
)
def test_a_share_that_is_something_is_never_zero_and_one_that_is_not_all_is_never_hundred(
    ru, part, whole, russian
):
    assert formats.share(part, whole) == russian


@pytest.mark.parametrize(
    ("when", "russian", "english"),
    [
        (TODAY, "сегодня", "today"),
        (TODAY - timedelta(days=1), "вчера", "yesterday"),
        (TODAY + timedelta(days=1), "завтра", "tomorrow"),
        (date(2026, 11, 3), f"3{NB}ноя", f"3{NB}Nov"),
        (date(2026, 5, 9), f"9{NB}мая", f"9{NB}May"),
        (date(2025, 11, 3), "03.11.2025", f"3{NB}Nov{NB}2025"),
        (None, "—", "—"),
    ],
)
def test_day(when, russian, english):
    assert both(formats.day, when, TODAY) == (russian, english)


def test_every_month_has_a_short_name_of_its_own():
    for language in ("ru", "en"):
        with override(language):
            assert len({formats.plain_day(date(2026, month, 2), TODAY) for month in range(1, 13)}) == 12


def test_moment_is_in_the_readers_time_zone():
    moment = datetime(2026, 11, 20, 6, 14, tzinfo=UTC)  # 09:14 in Moscow
    assert both(formats.moment, moment, TODAY) == ("вчера, 09:14", "yesterday, 09:14")
    late = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)  # already the 21st in Moscow
    assert both(formats.moment, late, TODAY) == ("сегодня, 00:30", "today, 00:30")


@pytest.mark.parametrize(
    ("days", "russian", "english"),
    [
        (0, "сегодня", "today"),
        (1, "вчера", "yesterday"),
        (2, "2 дня назад", "2 days ago"),
        (9, "9 дней назад", "9 days ago"),
        (21, "21 день назад", "21 days ago"),
        (60, "60 дней назад", "60 days ago"),
        (61, f"21{NB}сен", f"21{NB}Sep"),
        (-3, f"24{NB}ноя", f"24{NB}Nov"),
    ],
)
def test_ago(days, russian, english):
    assert both(formats.ago, TODAY - timedelta(days=days), TODAY) == (russian, english)


@pytest.mark.parametrize(
    ("seconds", "russian", "english"),
    [
        (20, "осталось меньше минуты", "less than a minute left"),
        (60, "осталось около 1 минуты", "about 1 minute left"),
        (240, "осталось около 4 минут", "about 4 minutes left"),
        (21 * 60, "осталось около 21 минуты", "about 21 minutes left"),
        (7200, "осталось около 2 часов", "about 2 hours left"),
        (None, "", ""),
    ],
)
def test_time_left(seconds, russian, english):
    assert both(formats.left, seconds) == (russian, english)


def test_size():
    assert both(formats.size, 1) == ("1 байт", "1 byte")
    assert both(formats.size, 700) == ("700 байт", "700 bytes")
    assert both(formats.size, 2_500_000) == ("2,4 МБ", "2.4 MB")
    assert both(formats.size, 3 * 1024**3) == ("3,0 ГБ", "3.0 GB")


@pytest.mark.parametrize(
    ("number", "open_text", "masked"),
    [
        ("+79040002740", f"+7{NB}904{NB}000-27-40", f"+7{NB}904{NB}•••-27-40"),
        ("+77012345678", f"+7{NB}701{NB}234-56-78", f"+7{NB}701{NB}•••-56-78"),
        ("+4915123456789", f"+49{NB}1512{NB}3456789", f"+49{NB}•••{NB}67-89"),
        ("+79040002740;ext=12", f"+7{NB}904{NB}000-27-40, доб. 12", f"+7{NB}904{NB}•••-27-40"),
        ("23-45-67", "23-45-67", "•••••••5-67"),
        ("", "—", "—"),
        (None, "—", "—"),
    ],
)
def test_phone(ru, number, open_text, masked):
    assert formats.phone(number) == open_text
    assert formats.phone(number, masked=True) == masked


def test_a_masked_phone_gives_away_at_most_seven_digits():
    shown = formats.phone("+79161234567", masked=True)
    assert "123" not in shown
    assert sum(letter.isdigit() for letter in shown) == 8  # the country, the code, the last four
