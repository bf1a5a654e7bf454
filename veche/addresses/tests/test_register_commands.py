"""`veche address load-gar` and `veche address lookup`, and reading ahead."""

from __future__ import annotations

import json
import random
import threading

import pytest
from click.testing import CliRunner

from veche.addresses.commands import address
from veche.addresses.models import House, Region
from veche.addresses.register.ahead import ahead
from veche.addresses.register.ids import Ids
from veche.addresses.testing import load_small_register, small_archive
from veche.core.refusal import Refusal


def run(*words: str, given: str = ""):
    return CliRunner().invoke(address, words, input=given, catch_exceptions=True)


@pytest.mark.django_db(transaction=True)
def test_an_archive_is_loaded_and_asked(tmp_path):
    path = small_archive().write(tmp_path / "gar_xml.zip")
    done = run("load-gar", str(path), "--region", "66", "--no-flats", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["regions"] == [
        {"region": 66, "name": "Свердловская", "version": "2026-09-08", "objects": 9, "houses": 6, "flats": 0}
    ]
    assert Region.objects.get().with_flats is False and House.objects.get(pk=100).flats is None
    assert isinstance(run("load-gar", str(path), "--region", "1").exception, Refusal)
    said = run("load-gar", str(path))
    assert "9 streets and places, 6 houses, 42 flats" in said.output or "квартир — 42" in said.output


@pytest.mark.django_db
def test_an_address_is_looked_up_by_text_by_parts_and_in_lines(tmp_path):
    load_small_register(tmp_path)
    by_text = run("lookup", "Екатеринбург, пр-кт Ленина, д. 12, кв. 7", "--json")
    assert json.loads(by_text.stdout)["candidates"][0]["object_id"] == 100
    by_parts = run("lookup", "--city", "Екатеринбург", "--street", "Ленина", "--house", "12")
    assert "пр-кт Ленина, д. 12" in by_parts.stdout and "620015" in by_parts.stdout
    lines = [
        {"city": "Екатеринбург", "street": "Карла Маркса", "house": "5", "spans": {}},
        {"street": "Ленина"},
    ]
    found = run("lookup", given="\n".join(json.dumps(line) for line in lines) + "\n\n")
    assert found.exception is None, found.exception
    answers = [json.loads(line) for line in found.stdout.splitlines()]
    assert [answer["status"] for answer in answers] == ["found", "ambiguous"]
    assert isinstance(run("lookup", given="[1]\n").exception, Refusal)


def test_reading_ahead_gives_the_same_and_raises_the_same():
    assert list(ahead(iter(range(1000)))) == list(range(1000))

    def broken():
        yield 1
        raise ValueError("no more")

    seen = []
    with pytest.raises(ValueError, match="no more"):
        for item in ahead(broken()):
            seen.append(item)
    assert seen == [1]


def test_reading_ahead_ends_with_its_reader():
    def endless():
        while True:
            yield bytes(10)

    items = ahead(endless())
    next(items)
    items.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_ids_are_a_set_of_numbers():
    dice = random.Random(1)
    numbers = {dice.randrange(200_000_000) for _n in range(2000)} | {0, 1, 65535, 65536, 2**40}
    ids = Ids()
    for number in numbers:
        ids.add(number)
    asked = numbers | {number + 1 for number in numbers} | {dice.randrange(200_000_000) for _n in range(2000)}
    assert {number for number in asked if number in ids} == numbers
