"""Made-up addresses in the ways people write them, with what each says; how to score real ones: the room's README."""

import json
from collections import Counter
from pathlib import Path

import pytest

from veche.addresses import parse, parse_all
from veche.addresses.parsing import layout

TESTS = Path(__file__).parent
GOLD, HELD_OUT = (
    [json.loads(line) for line in (TESTS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    for name in ("gold", "held_out")  # the second was written down before the parser had seen a line of it
)
KEYS = (
    "postcode", "region", "district", "city", "settlement_type", "settlement", "area_type", "area", "street_type",
    "street", "house", "block", "building", "letter", "flat", "entrance", "floor",
)  # fmt: skip

NOT_ADDRESSES = [
    *(TESTS / "not_addresses.txt").read_text("utf-8").splitlines(),
    "", " ", "-", "нет", "не указан", "нет данных", "позвонить позже", "перезвонить после 18:00", "не берёт трубку",
    "+7 (912) 000-00-00", "8 800 000-00-00", "89120000000", "someone@example.org", "https://example.org/id12", "@nick",
    "Сидоров Пётр Ильич", "сидорова анна петровна", "паспорт 0000 000000", "ИНН 0000000000", "01.02.1990", "1500 руб.",
    "тест", "qwerty", "0", "12", "000000", "дом", "улица", "квартира", "не хочу указывать", "см. выше", "тот же",
    "по запросу", "уточню позже", "п. 7 договора", "с мужем", "у соседей", "волонтёр", "подпись", "да", "???", "…",
]  # fmt: skip


def parts(parsed):
    """The fields that the gold has a word on."""
    return {key: getattr(parsed, key) for key in KEYS if getattr(parsed, key)}


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["text"][:60])
def test_reads_every_way_of_writing(gold):
    parsed = parse(gold["text"])
    assert parsed.is_address
    assert parts(parsed) == {key: value for key, value in gold.items() if key != "text"}


@pytest.mark.parametrize("gold_lines", [GOLD, HELD_OUT], ids=["gold", "held out"])
@pytest.mark.parametrize(
    "spell", [str, str.upper, str.lower], ids=["as written", "capitals", "small letters"]
)
def test_scores_of_all_fields(gold_lines, spell):
    found, wanted, right, exact = Counter(), Counter(), Counter(), 0
    keys = set().union(*gold_lines)
    for gold in gold_lines:
        said = {key: value for key, value in parts(parse(spell(gold["text"]))).items() if key in keys}
        said = {key: value.upper().replace("Ё", "Е") for key, value in said.items()}
        true = {key: value.upper().replace("Ё", "Е") for key, value in gold.items() if key != "text"}
        exact += said == true
        found.update(said.keys())
        wanted.update(true.keys())
        right.update(key for key in true if said.get(key) == true[key])
    assert exact / len(gold_lines) >= 0.97  # capitals tell nothing that the words do not
    for key in wanted:
        assert 2 * right[key] / (found[key] + wanted[key]) >= 0.98, key


@pytest.mark.parametrize("text", NOT_ADDRESSES)
def test_says_what_is_no_address(text):
    parsed = parse(text)
    assert not parsed.is_address
    assert parsed.confidence == 0
    assert parsed.assumed("not_an_address")
    assert all(assumption.sentence for assumption in parsed.assumptions)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("г. Тверь, пр. Победы, 5", "street_type_guessed"),
        ("Тверь, Победы, 5", "street_without_type"),
        ("Тверская обл., Иванково, ул. Новая, 5", "settlement_without_type"),
        ("г. Тверь, ул. Садовый переулок, 5", "special_type"),
        ("Россия, Тверская, Тверь, ул. Новая, 5", "region_without_type"),
        ("г. Тверь, ул. Новая, 5, 12", "flat_by_place"),
        ("г. Тверь, ул. Новая, 5, 2, 12", "block_by_place"),
        ("г. Тверь, ул. Новая, 5-12", "flat_after_dash"),
        ("г. Зеленоград, корп. 999", "block_is_house"),
        ("г. Тверь, ул. Hовaя, д. 5", "look_alikes"),
        ("г. Тверь, ул. Новая, 5; ул. Старая, 7", "several"),
        ("г. Тверь, ул. Новая, 5 / ул. Старая, 7", "corner"),
        ("г. Тверь, ул. Новая, 5, спросить Машу", "left_over"),
        ("г. Тверь, ул. Новая, 5" + ", кв. 1" * 200, "too_long"),
    ],
)
def test_says_what_was_assumed(text, code):
    parsed = parse(text)
    assert parsed.assumed(code)
    assert all(assumption.sentence.strip() for assumption in parsed.assumptions)


def test_every_part_has_its_place():
    text = "Адрес: 170000, г.Тверь,  ул. НОВАЯ, д. 5-а, корп. 2, кв. 12"
    parsed = parse(text)
    written = {part.field: text[part.start : part.end] for part in parsed.parts}
    assert written == {
        "postcode": "170000", "city": "Тверь", "street": "НОВАЯ", "street_type": "ул.", "house": "5-а", "block": "2",
        "flat": "12", "flat_type": "кв.",
    }  # fmt: skip
    assert all(0 < part.confidence <= 1 for part in parsed.parts)
    assert (parsed.street, parsed.house) == ("Новая", "5А")


def test_a_guess_is_less_sure_than_a_mark():
    marked, guessed = parse("г. Тверь, ул. Новая, д. 5, кв. 12"), parse("Тверь Новая 5 12")
    assert marked.part("flat").confidence > guessed.part("flat").confidence
    assert marked.confidence > guessed.confidence > 0.3


def test_several_addresses_of_one_cell():
    first, second, third = parse_all("г. Тверь, ул. Новая, 5; ул. Старая, 7, кв. 1\nг. Клин, ул. Мира, 9")
    assert (first.city, first.street, first.house) == ("Тверь", "Новая", "5")
    assert (second.city, second.street, second.flat) == ("Тверь", "Старая", "1")
    assert second.assumed("inherited")
    assert (third.city, third.street) == ("Клин", "Мира")
    assert not third.assumed("inherited")


def test_words_beside_are_kept_aside():
    parsed = parse("Тверь, Новая ул., 5, кв. 12, 2 подъезд, 3 эт., домофон 45, собака во дворе")
    assert (parsed.entrance, parsed.floor, parsed.flat) == ("2", "3", "12")
    assert "домофон 45" in parsed.rest
    assert "собака" in parsed.rest
    assert parse("Сидоров Пётр Ильич, г. Тверь, ул. Новая, 5").rest == "Сидоров Пётр Ильич"


def test_json_says_what_the_specification_asks():
    told = parse("г. Тверь, ул. Новая, 5-12; ул. Старая, 7").as_dict()
    assert told["is_address"] is True
    assert (told["city"], told["house"], told["flat"]) == ("Тверь", "5", "12")
    assert told["spans"]["city"][:2] == [3, 8]
    assert told["further"][0]["street"] == "Старая"
    json.dumps(told)


def test_made_up_shapes_ask_for_no_more_work_than_some(monkeypatch):
    """Words that may each be a town, a street, a type and a name: thousands of readings were they all looked at."""
    steps = []
    step = layout._step
    monkeypatch.setattr(layout, "_step", lambda *given: (steps.append(1), step(*given)))
    words = "гагарина камышлов д михайлов сквер олег солигалич р-н сельсовет заринск офисы сураж пермский ; "
    for start in range(0, 60, 7):
        layout.lay_out.cache_clear()
        steps.clear()
        parse((words * 9)[start:])
        assert 0 < len(steps) < 2 * (2 + 4) * layout.EFFORT
