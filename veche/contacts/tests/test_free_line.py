"""Lines as people write them: a corpus with what is understood of each, and what holds for any text at all."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veche.contacts.free_line import LONGEST, FreeLine, Known, read_line, read_lines

CORPUS = Path(__file__).with_name("free_lines.txt")
KNOWN = Known.of(
    ["Новый", "Сторонник", "Волонтёр", "Член штаба"], ["водитель", "юрист", "член комиссии", "домком"]
)
LABELS = {"тел", "т", "др", "г", "р", "года", "рождения", "доб", "адрес", "e", "mail"}
PIECES = [
    "Иванов Иван", "Дарт Вейдер", "Лея", "89161234567", "+7 (927) 111-22-33", "8 (84862) 5-12-34", "ivan@mail.ru",
    "01.02.1970", "12 марта 1985", "1970 г.р.", "г. Самара", "ул. Ленина", "д. 5", "кв. 7", "Москва", "Мира 5-12",
    "сторонник Империи", "водитель", "#юрист", "@luke_sky", "t.me/leia", "443099", "ООО «Ромашка»", "не звонить",
    "ИНН 631234567890", "12 Baker Street", "П. П.", "с", "д", "12.", "-", "(муж)", "№ 5", "\x1f", "🙂",
]  # fmt: skip
JOINS = [" ", ", ", ",", "; ", "\t", " - ", ". ", " / "]


def told(line: FreeLine) -> list[str]:
    """What was understood, a line for each thing."""
    name = line.parsed
    values = {
        "organisation" if line.is_organisation else "name": line.name,
        "parts": name and f"{name.surname} | {name.given_name} | {name.patronymic}",
        "phones": ", ".join(
            (p.value or f"? {p.raw}") + f" ext {p.extension}" * bool(p.extension) for p in line.phones
        ),
        "emails": ", ".join(email.value for email in line.emails),
        "accounts": ", ".join(f"{kind} {text}" for kind, text in line.accounts),
        "birthday": line.birthday,
        "address": line.address,
        "status": line.status,
        "tags": ", ".join(line.tags),
        "note": line.note,
    }
    return [f"{key}: {value}".rstrip() for key, value in values.items() if value]


def corpus() -> list[tuple[str, list[str]]]:
    entries = CORPUS.read_text().split("\n\n")[1:]
    return [
        (line.replace("→", "\t"), [each.strip() for each in rest])
        for line, *rest in (entry.rstrip("\n").split("\n") for entry in entries)
    ]


@pytest.mark.parametrize(("line", "expected"), corpus())
def test_a_line_is_understood(line, expected):
    assert told(read_line(line, KNOWN)) == expected


@pytest.mark.parametrize(
    ("text", "name", "role", "of_what", "note"),
    [
        ("Дарт Вейдер, сторонник Империи", "Дарт Вейдер", "Сторонник", "Империи", ""),
        ("Органа Лея Бейловна журналист", "Органа Лея Бейловна", "Журналист", "", ""),
        ("старший по дому Иванов Иван, 8 904 000-27-41", "Иванов Иван", "Старший по дому", "", ""),
        ("Соло Хан, журналист, сторонник Империи", "Соло Хан", "Журналист", "", "сторонник Империи"),
        ("Соло Хан, не сторонник Империи", "Соло Хан", "", "", "не сторонник Империи"),
    ],
)
def test_a_role_says_of_what(text, name, role, of_what, note):
    line = read_line(text, Known.of([], [], ["Сторонник", "Журналист", "Старший по дому"]))
    assert (line.name, line.role, line.role_note, line.note) == (name, role, of_what, note)


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def kept(line: FreeLine) -> str:
    """All words that the understanding of a line holds."""
    texts = [line.name, line.address, line.status, *line.tags, line.note, line.birthday]
    texts += [phone.raw + phone.extension for phone in line.phones]
    texts += [email.raw for email in line.emails] + [text for _kind, text in line.accounts]
    return " ".join(texts).lower()


def lost(text: str) -> list[str]:
    found = read_line(text, KNOWN)
    there = set(words_of(kept(found)))
    digits = re.sub(r"\D", "", kept(found))
    return [
        word
        for word in words_of(text)
        if word not in there | LABELS
        and not (word.isdigit() and word.lstrip("0") in digits)
        and not (found.birthday and word[:3] in {"мар", "янв"})
    ]


@pytest.mark.parametrize("line", [line for line, _expected in corpus()])
def test_nothing_of_a_real_line_is_lost(line):
    assert lost(re.sub(r"^(\d+\.|-) ", "", line)) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINS)), min_size=1, max_size=12))
def test_nothing_is_lost_however_the_pieces_are_put_together(pieces):
    text = "".join(piece + join for piece, join in pieces)
    assert lost(re.sub(r"^\s*(\d+[.)]|[-–])\s+", "", text)) == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_an_error(text):
    read_line(text, KNOWN)
    read_lines(text, KNOWN)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, *"0123456789.,-@()/#гдскр "]), max_size=200))
def test_no_mixture_is_an_error(pieces):
    read_line("".join(pieces), KNOWN)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "8 916 ",
        "@",
        "a@",
        "(",
        "г. ",
        "1.",
        "1-",
        "-",
        " - ",
        ",",
        "д 5 ",
        "ая ",
        "Ленинский ",
        "#а ",
        ".а",
    ],
)
def test_the_work_grows_with_the_length_and_no_faster(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        read_line(text, KNOWN)
        return time.process_time() - began

    seconds(100)
    assert seconds(1_000_000) < 0.5  # what stands behind the first thousand letters is kept as it is
    assert min(seconds(LONGEST) for _n in range(3)) < 0.25


def test_what_is_too_long_stands_in_the_note():
    text = "Иванов Иван, " + "очень " * LONGEST
    assert read_line(text).note.count("очень") == LONGEST


def test_a_list_is_read_line_by_line_and_empty_lines_are_none():
    lines = read_lines("1. Иванов Иван\n\n - \n2) Органа Лея\r\n", KNOWN)
    assert [line.name for line in lines] == ["Иванов Иван", "Органа Лея"]
    assert len(read_lines("Иванов Иван\n" * 30, most=20)) == 20
