"""E-mail addresses out of dirty cells."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from veche.contacts.emails import parse_emails
from veche.contacts.problems import EMAIL, Problem

# cell | value or "-", code of the problem; several addresses divided by ";"
TABLE = """
ivanov@mail.ru | ivanov@mail.ru
IVANOV@Mail.Ru | ivanov@mail.ru
user+tag@gmail.com | user+tag@gmail.com
anna@пример.рф | anna@пример.рф
mailto:a@b.ru | a@b.ru
e-mail: a@b.ru | a@b.ru
Иван <ivan@mail.ru> | ivan@mail.ru
a@b.ru; | a@b.ru
a@b.ru. | a@b.ru
ivanov@mail.ru (личная) | ivanov@mail.ru
a@b.ru, c@d.ru | a@b.ru ; c@d.ru
a@b.ru c@d.ru | a@b.ru ; c@d.ru
a@b.ru/c@d.ru | a@b.ru ; c@d.ru
a@b.ru; A@B.RU | a@b.ru
ivanov@mail.ru; @ivanov_tg | ivanov@mail.ru
ivanov@mail,ru | ivanov@mail.ru mended
ivanov@ mail.ru | ivanov@mail.ru mended
ivanov @mail.ru | ivanov@mail.ru mended
ivanov@mail. ru | ivanov@mail.ru mended
ivanov(at)mail.ru | ivanov@mail.ru mended
аnna@mail.ru | anna@mail.ru mended
шмфтщм@ьфшдюкг | ivanov@mail.ru mended
ivanov@mail.ry | ivanov@mail.ry domain_typo=ivanov@mail.ru
ivanov@gmail.con | ivanov@gmail.con domain_typo=ivanov@gmail.com
ivanov@yandeks.ru | ivanov@yandeks.ru domain_typo=ivanov@yandex.ru
ivanov@mial.ru | ivanov@mial.ru domain_typo=ivanov@mail.ru
ivanov@bk.ru | ivanov@bk.ru
ivanov@ngo.ru | ivanov@ngo.ru
ivanovmail.ru | - no_at=ivanov@mail.ru
ivanov@mail | - no_top_domain=ivanov@mail.ru
info@romashka | - no_top_domain
ivanov@ | - no_domain
kipri...@mail.ru | - hidden
...@mail.ru | - hidden
a@b@c.ru | - broken
иванов@mail.ru | - broken
no@mail.ru | no@mail.ru made_up
нет@нет.ру | - made_up
vk.com/id1 | - not_an_email
@ivanov_tg | - not_an_email
позвонить | - not_an_email
"""
ROWS = [line.split("|", 1) for line in TABLE.strip().splitlines()]


def described(email):
    problem = email.problem.code if email.problem else ""
    return f"{email.value or '-'} {problem}{'=' + email.suggestion if email.suggestion else ''}".strip()


@pytest.mark.parametrize(("cell", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_reads_the_cell(cell, expected):
    assert [described(email) for email in parse_emails(cell.strip())] == [
        part.strip() for part in expected.split(" ; ")
    ]


@pytest.mark.parametrize("cell", [None, "", " ", "нет", "-", "н/д", "\x00", True, float("nan"), "@", "...."])
def test_empty_marks_are_no_addresses(cell):
    assert parse_emails(cell) == []


def test_every_problem_makes_a_sentence():
    for code in EMAIL:
        assert Problem("email", code, before="a@b,ru", after="a@b.ru").sentence


def test_what_was_mended_is_said():
    (email,) = parse_emails("ivanov@mail,ru")
    assert "ivanov@mail,ru" in email.problem.sentence
    assert "ivanov@mail.ru" in email.problem.sentence


@given(
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet="abя@.,; <>-_+", max_size=60),
        st.emails(),
        st.integers(),
        st.floats(),
        st.binary(max_size=30),
    )
)
@example("@" * 5_000)
@example("a@" * 5_000)
@example("\ud800@b.ru")
@settings(deadline=None, max_examples=400)
def test_any_cell_gets_an_answer_and_a_value_is_read_the_same(cell):
    for email in parse_emails(cell):
        assert email.value or email.problem
        if email.value:
            assert email.value == email.value.lower()
            assert [again.value for again in parse_emails(email.value)] == [email.value]
        if email.problem:
            assert email.problem.sentence
