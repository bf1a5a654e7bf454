"""Descriptions of precincts → rules: a corpus of our own, rules written down and read again, any text at all."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veche.addresses.coverage import words
from veche.addresses.coverage.naming import Town, street_named, town_named
from veche.addresses.coverage.preview import preview_of
from veche.addresses.coverage.reading import again, read, read_one
from veche.addresses.coverage.rules import Rule, described, houses_written, written
from veche.addresses.coverage.splitting import clean, pieces

HOME = Town("Свердловская область", "Екатеринбург", "екатеринбург")


def corpus():
    text, told = "", []
    for line in (Path(__file__).parent / "descriptions.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("  "):
            told.append(line[2:])
            continue
        if text:
            yield text, told
        text, told = line.replace(" ⏎ ", "\n"), []
    yield text, told


def told_of(text):
    lines = []
    for section in read(text, HOME):
        lines += [f"№ {section.number}"] if section.number else []
        for rule in section.rules:
            houses = ("кроме " if rule.excluded else "") + (houses_written(rule) or "*")
            lines.append(" | ".join([rule.town, rule.street or "—", houses]))
        lines += [f"{'(' if piece.remark else '?'} {piece.text}" for piece in section.unread]
    return lines


@pytest.mark.parametrize(
    ("text", "told"), list(corpus()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_description_is_read(text, told):
    assert told_of(text) == told


STREETS = [
    "ул. Ленина", "пр-кт Космонавтов", "ул. 8 Марта", "ул. Карла Маркса", "пер. Северный", "б-р Верх-Исетский",
    "ул. 1-я Парковая", "СНТ Ромашка", "мкр. Уралмаш", "ул. 40 лет Октября", "наб. Рабочей Молодёжи",
]  # fmt: skip
TOWNS = ["Екатеринбург", "с. Кашино", "дер. Мезенка", "п. Рудный"]


@st.composite
def rules(draw):
    made = []
    for town in draw(st.lists(st.sampled_from(TOWNS), min_size=1, max_size=3, unique=True)):
        there = town_named(town if "." in town else f"г. {town}")
        for street in draw(st.lists(st.sampled_from(STREETS), min_size=1, max_size=3, unique=True)):
            named = street_named(street)
            for houses in draw(st.lists(sets_of_houses(), max_size=4)):
                made.append(Rule(*there, *named[:3], **houses))
            if made[-1:] == [] or made[-1].place != (there.key, named.key, named.kind):
                made.append(Rule(*there, *named[:3]))
    return made


@st.composite
def sets_of_houses(draw):
    side = draw(st.sampled_from(["", "odd", "even"]))
    first, last = sorted(draw(st.lists(st.integers(1, 300), min_size=2, max_size=2, unique=True)))
    house = draw(st.sampled_from(["7", "12А", "32/1", "14 к2", "3 с1", "101"]))
    return draw(
        st.sampled_from(
            [{"house": house}, {"first": first, "last": last, "side": side}, {"first": first}, {"last": last},
             {"first": first, "last": last}]
        )
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(rules())
def test_rules_that_are_written_down_are_read_again(made):
    text = written(made)
    section = read_one(text)
    assert again(section.rules) == again(made) and not section.unread, text
    assert written(section.rules) == text


@settings(max_examples=300, deadline=None)
@given(rules(), st.sampled_from(["\n", " ", "  "]), st.sampled_from([";", ";\n", " ;"]), st.booleans())
def test_another_way_of_writing_means_the_same(made, space, end, upper):
    text = written(made).replace("–", " - ").replace(";", end).replace("полностью", "(полностью)")
    text = text.replace("ул. ", "улица ").replace(", ", f",{space}")
    assert again(read_one(text).rules) == again(made), text


PIECES = [
    "ул. Ленина", "улица", "дома", "1-25", "(", ")", ";", ",", ":", "\n", "нечётные", "чёт.", "кроме", "полностью",
    "12 корп. 2", "г. Екатеринбург", "с. Кашино", "№", "по", "с", "до", "32/1", "5а",
    "Избирательный участок № 12", "тел.",
    "в границах", "и", ".", "-", "корп. 1", "улицы", "Мира", "все дома", "\0", "ё", "🏠", "13", "\"",
]  # fmt: skip
ANY = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


@settings(max_examples=500, deadline=None)
@given(ANY)
def test_no_text_is_too_odd_and_nothing_is_dropped(text):
    """Every letter and number is in a piece; whatever names houses has come to a rule or to what was not read."""
    _flat, places = clean(text)
    told = list(pieces(text))
    inside = {n for piece in told for n in range(piece.start, piece.end)}
    assert all(n in inside for n in places if text[n].isalnum() and text[n].isascii())
    sections = read(text, HOME)
    ends = {each.end for section in sections for each in (*section.rules, *section.unread)}
    assert all(
        piece.end in ends for piece in told if words.house.match(piece.text) or words.span.match(piece.text)
    )
    for section in sections:
        for rule in section.rules:
            assert 0 <= rule.start <= rule.end <= len(text) and rule.town_key and described(rule) is not None
        for piece in section.unread:
            assert text[piece.start : piece.end].strip()


def test_a_long_text_takes_as_long_as_its_parts():
    """Ten times the text takes about ten times as long, whatever it is made of."""
    for part in ("ул. Ленина, 1-25 (нечётные), 30; ", "(", "слово ", "1-", "кроме ", "дома 1, 3 ", "5 и "):
        read(part * 50, HOME)
        spent = []
        for times in (300, 3000):
            began = time.process_time()
            read(part * times, HOME)
            spent.append(time.process_time() - began)
        assert spent[1] < 40 * max(spent[0], 0.005), part


def test_what_is_longer_than_is_read_is_told_of():
    text = "ул. Мира, 5; " * 20_000
    section = read_one(text, HOME)
    assert section.unread[-1].end == len(text)


def test_of_very_many_numbers_a_preview_shows_a_few_and_counts_the_others():
    numbers = ", ".join(map(str, range(1, 9_001)))
    text = f"г. Тверь, ул. Ленина, дома {numbers}; ул. Мира, дома {numbers}, ещё что-то"
    seen = preview_of(text, read_one(text))
    assert seen.rules >= 18_000 and sum(len(each.houses) + each.more for each in seen.streets) == seen.rules
    assert all(len(each.houses) < 20 for each in seen.streets) and len(seen.fragments) < 30
    assert "".join(each.text for each in seen.fragments) == text
    few = "г. Тверь, ул. Ленина, дома 1, 3, 5"
    assert [each[0] for each in preview_of(few, read_one(few)).streets[0].houses] == ["1", "3", "5"]
