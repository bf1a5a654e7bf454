"""Whole and partial dates out of dirty cells, as somebody reads them on 21 November 2026."""

import datetime as dt
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from veche.contacts import dates
from veche.contacts.problems import DATE, Problem

TODAY = dt.date(2026, 11, 21)
parse_date = partial(dates.parse_date, today=TODAY)

# cell | parts as ISO 8601 writes them, or "-", and the code of the problem
TABLE = """
01.02.1970 | 1970-02-01
1.2.1970 | 1970-02-01
01-02-1970 | 1970-02-01
01,02,1970 | 1970-02-01
01.02.1970 г. | 1970-02-01
01.02.1970 0:00:00 | 1970-02-01
1970-02-01 | 1970-02-01
1970-02-01T00:00:00 | 1970-02-01
1970-02-01 10:20:30+03:00 | 1970-02-01
1970.02.01 | 1970-02-01
19700201 | 1970-02-01
01021970 | 1970-02-01
1 февраля 1970 г. | 1970-02-01
1 Февраля 1970 года | 1970-02-01
1 фев. 1970 | 1970-02-01
1-го февраля 1970 | 1970-02-01
Feb 1, 1970 | 1970-02-01
1 February 1970 | 1970-02-01
д.р. 01.02.1970 | 1970-02-01
1970 | 1970
1970 г.р. | 1970
1970г. | 1970
июнь 2019 | 2019-06
июня 2019 г. | 2019-06
мая 1999 | 1999-05
01.1970 | 1970-01
12/1980 | 1980-12
01.02. | --02-01
1 февраля | --02-01
май | --05
43596 | 2019-05-11
43596.0 | 2019-05-11
25600 | 1970-02-01
2/28/1970 | 1970-02-28
28/2/1970 | 1970-02-28
2/1/1970 | 1970-01-02 ambiguous
01.02.70 | 1970-02-01 two_digit_year
01.02.12 | 2012-02-01 two_digit_year
01.02.13 | 1913-02-01 two_digit_year
15 мая 85 | 1985-05-15 two_digit_year
29.02.1972 | 1972-02-29
29.02. | --02-29
29.02.1970 | 1970-02 impossible
31.04.1990 | 1990-04 impossible
99.99.1990 | 1990 impossible
00.00.1990 | 1990 impossible
99.99.9999 | - not_a_date
00.00.0000 | - not_a_date
0000-00-00 | - not_a_date
01.01.0001 | - not_a_date
0001-01-01 00:00:00 | - not_a_date
31.12.9999 | - in_future
9999-12-31 | - in_future
30.02.1570 | - not_a_date
01.02.1570 | - too_old
01.02.2030 | 2030-02-01 in_future
01.01.1900 | 1900-01-01 placeholder
завтра | - not_a_date
12 | - not_a_date
"""
ROWS = [[field.strip() for field in line.split("|", 1)] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("cell", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_reads_the_cell(cell, expected):
    parsed = parse_date(cell)
    problem = parsed.problem.code if parsed.problem else ""
    assert f"{parsed.text or '-'} {problem}".strip() == expected
    assert parsed.raw == cell


@pytest.mark.parametrize(
    "cell", [None, "", "нет", "-", "н/д", "\x00", True, float("nan"), float("inf"), "...."]
)
def test_empty_marks_are_no_dates(cell):
    parsed = parse_date(cell)
    assert (parsed.text, parsed.problem) == ("", None)


@pytest.mark.parametrize(
    "cell", [dt.date(1985, 5, 5), dt.datetime(1985, 5, 5, 10, 30), 31172, 31172.0, 31172.75]
)
def test_values_of_a_spreadsheet(cell):
    assert parse_date(cell).whole == dt.date(1985, 5, 5)


def test_the_other_calendar_of_excel():
    assert parse_date(45123).whole == dt.date(2023, 7, 16)
    assert parse_date(43661, date1904=True).whole == dt.date(2023, 7, 16)


def test_the_month_may_come_first():
    assert parse_date("2/1/1970", day_first=False).whole == dt.date(1970, 2, 1)
    assert parse_date("28/1/1970", day_first=False).whole == dt.date(1970, 1, 28)


def test_a_short_year_of_something_else_than_a_birthday():
    assert parse_date("01.02.26").year == 1926
    assert parse_date("01.02.26", birthday=False).year == 2026
    assert parse_date("01.02.27", birthday=False).year == 1927


def test_a_partial_date_is_no_whole_one():
    assert parse_date("июнь 2019").whole is None
    assert parse_date("01.02.").whole is None


def test_every_problem_makes_a_sentence():
    for code in DATE:
        assert Problem("date", code).sentence


@given(
    st.dates(dt.date(1901, 1, 1), TODAY),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%Y-%m-%dT%H:%M:%S", "%d %b %Y"]),
)
@settings(deadline=None)
def test_every_day_written_usually_is_read(day, pattern):
    assert parse_date(day.strftime(pattern)).whole == day


@given(st.dates(dt.date(1901, 1, 2), TODAY))
@settings(deadline=None)
def test_every_serial_is_read_unless_it_is_a_year(day):
    serial = (day - dt.date(1899, 12, 30)).days
    parsed = parse_date(serial)
    assert parsed.whole == day or parsed.year == serial


@given(
    st.one_of(
        st.text(max_size=150),
        st.text(alphabet="0123456789.-/ :tгмая", max_size=30),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.binary(max_size=30),
    )
)
@example("1" * 10_000)
@example(" 1" * 50)
@example("\ud800")
@settings(deadline=None, max_examples=400)
def test_any_cell_gets_an_answer(cell):
    parsed = parse_date(cell)
    if parsed.day and not isinstance(cell, (dt.date, dt.datetime)):
        assert parsed.month
    if parsed.whole:
        assert parse_date(parsed.text).whole == parsed.whole
    if parsed.problem:
        assert parsed.problem.sentence
