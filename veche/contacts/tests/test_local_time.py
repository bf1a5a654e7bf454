"""The time where somebody lives: by the address or a town's phone; a column, and a filter of who may be called."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.addresses import region_of_postcode, region_zone, regions_where
from veche.addresses.parsing import lexicon
from veche.addresses.zones import regions
from veche.contacts.address_texts import read_address
from veche.contacts.queries.card import card
from veche.contacts.queries.people import found
from veche.contacts.testing import make_person

NOON = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)  # in Moscow
db = pytest.mark.django_db


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_every_region_that_the_parser_knows_has_its_zone_and_its_postcodes():
    named = {line.split(" | ")[0] for line in lexicon.lines("regions.txt")}
    assert set(regions()) == named
    codes = [code for facts in regions().values() for code in facts.postcodes]
    assert len(codes) == len(set(codes)) > 280


@pytest.mark.parametrize(
    ("region", "hours"),
    [
        ("Калининградская область", -1), ("Москва", 0), ("Самарская область", 1), ("Саратовская область", 1),
        ("Свердловская область", 2), ("Омская область", 3), ("Новосибирская область", 4), ("Томская область", 4),
        ("Иркутская область", 5), ("Забайкальский край", 6), ("Приморский край", 7), ("Магаданская область", 8),
        ("Камчатский край", 9),
    ],
)  # fmt: skip
def test_hours_from_moscow(region, hours):
    there = NOON.astimezone(ZoneInfo(region_zone(region).zone))
    assert (there.hour - 12) % 24 == hours % 24


def test_regions_by_the_hour_and_by_the_postcode():
    assert "Свердловская область" in regions_where(14, 15, NOON)
    assert "Москва" not in regions_where(14, 15, NOON)
    assert region_of_postcode("620014") == "Свердловская область"
    assert region_of_postcode("62001") == region_of_postcode("000000") == ""


def test_a_postcode_says_the_region_of_a_town_that_several_have():
    assert read_address("644007, г. Советск, ул. Мира, 1").region == "Омская область"
    assert (
        read_address("620014, г. Тверь, ул. Мира, 1").region == "Тверская область"
    )  # what is named goes first


@db
@pytest.mark.parametrize(
    ("known", "clock", "late"),
    [
        ({"addresses": ["Екатеринбург, ул. Мира, 5"], "phone": "+7 495 123-45-67"}, "14:00", False),
        ({"addresses": ["Петропавловск-Камчатский, ул. Мира, 5"]}, "21:00", True),
        ({"phone": "+7 383 222-11-33"}, "16:00", False),
    ],
)
def test_the_card_says_the_time_there(noon, known, clock, late):
    person = make_person(**known)
    there = card(actor_of("administrator"), person.pk).local_time
    assert (there.clock, there.is_late) == (clock, late)
    assert (
        clock
        in signed_in_client("administrator").get(reverse("contacts:card", args=[person.pk])).content.decode()
    )


@db
@pytest.mark.parametrize("known", [{"phone": "+7 904 000-27-40"}, {"addresses": ["позвонить позже"]}])
def test_nothing_is_guessed(known):
    assert card(actor_of("administrator"), make_person(**known).pk).local_time is None


@db
def test_who_may_be_called_now_is_found(noon):
    people = {
        city: make_person(addresses=[f"г. {city}, ул. Мира, 5"]).pk
        for city in ("Москва", "Екатеринбург", "Петропавловск-Камчатский")
    }
    make_person("Без адреса")

    def who(hours):
        asked = found(actor_of("administrator"), {"local_time": hours}).ids
        with connection.cursor() as sql:
            sql.execute(asked.text, asked.params)
            ids = {row[0] for row in sql.fetchall()}
        return {city for city, pk in people.items() if pk in ids}

    assert who("9-21") == {"Москва", "Екатеринбург"}
    assert who("14-15") == {"Екатеринбург"}
    assert who("0-24") == set(people)
    assert not who("21-9") and not who("nonsense")


@db
def test_a_column_of_the_list_says_the_time(noon):
    make_person(addresses=["г. Екатеринбург, ул. Мира, 5"])
    page = signed_in_client("administrator").get(
        reverse("contacts:people"), {"columns": "name,local_time,region"}
    )
    assert "14:00" in page.content.decode()
