"""Misspelt streets: found by the streets around them, read as the team says, for all and for whoever comes later."""

import time

import pytest
from django.db import connection
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions import address_reading
from veche.contacts.actions.known_streets import count_streets
from veche.contacts.actions.learning_streets import (
    forget_street,
    forget_together,
    learn_offered,
    learn_street,
)
from veche.contacts.actions.street_slips import look_for_slips
from veche.contacts.address_slips import Street, find_slips
from veche.contacts.models import AddressReading, Figure, LearnedStreet, PostalAddress, StreetSlip
from veche.contacts.queries.address_parts import reading_of
from veche.contacts.queries.known_streets import offers
from veche.contacts.queries.learned_streets import learned_streets, streets_page
from veche.contacts.testing import make_person
from veche.core.refusal import NotFound, Refusal, Stale

ENDS = ("аб", "ов", "ин", "ер", "ус", "ол", "ыт", "эм", "юг", "як")


def a_street(key, people, town="тверь"):
    return Street(town, key, town.title(), f"ул. {key.title()}", people)


def slips(*streets):
    return [(slip.wrong.street_key, slip.right.street_key) for slip in find_slips(streets)]


# --- what looks like a slip


@pytest.mark.parametrize("wrong", ["лененина", "ленна", "ленинна", "лининаа", "ленена", "лениан"])
def test_a_street_a_slip_away_from_a_usual_one_is_found(wrong):
    if wrong == "лининаа":
        assert slips(a_street("ленина", 100), a_street(wrong, 2)) == []  # two letters in so short a name
    else:
        assert slips(a_street("ленина", 100), a_street(wrong, 2)) == [(wrong, "ленина")]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (a_street("3 парковая", 100), a_street("5 парковая", 2)),  # another number is another street
        (a_street("ленина", 100), a_street("ленна", 30)),  # too many people for a slip
        (a_street("ленина", 2), a_street("ленна", 1)),  # too few to say what is usual
        (a_street("мир", 100), a_street("мира", 2)),  # so short names differ by a letter
        (a_street("ленина", 100, "тула"), a_street("ленна", 2)),  # of another town
        (a_street("садовая", 100), a_street("лесная", 2)),
    ],
)
def test_another_street_is_no_slip(right, wrong):
    assert slips(right, wrong) == []


def test_what_one_fix_repairs_for_most_people_comes_first_and_the_likeliest_street_is_offered():
    found = slips(
        a_street("ленина", 100),
        a_street("лелина", 40),
        a_street("лемина", 3),
        a_street("лесная", 50),
        a_street("лесна", 7),
    )
    assert found == [("лесна", "лесная"), ("лемина", "ленина")]


def test_many_streets_of_one_town_are_soon_looked_through():
    """Never each with each: a town of 4,000 streets would take minutes."""
    begun = time.process_time()
    find_slips(
        a_street(f"{ENDS[n % 10]}{ENDS[n // 10 % 10]}н{n:04}ская", 1 + n % 2 * 99) for n in range(4000)
    )
    assert time.process_time() - begun < 20


# --- what is learned


pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Twenty people of Lenina, two of a misspelt one."""
    for house in range(1, 21):
        make_person(addresses=[f"г. Тверь, ул. Ленина, {house}"])
    people = [make_person("Ошибкин", addresses=[f"г. Тверь, ул. Лененина, {house}"]) for house in (3, 5)]
    look_for_slips()
    return people


def streets():
    found = AddressReading.objects.values_list("street", flat=True)
    return {street: list(found).count(street) for street in found}


def learn(right="ул. Ленина", **known):
    return learn_street(
        by=actor_of("coordinator"), town_key="тверь", street_key="лененина", right=right, **known
    )


def test_a_misspelt_street_waits_to_be_looked_at(town):
    (slip,) = streets_page(actor_of("coordinator")).slips
    assert (slip.wrong, slip.right, slip.people, slip.right_people) == ("ул. Лененина", "ул. Ленина", 2, 20)


def test_a_slip_is_seen_as_soon_as_it_is_typed_and_not_suggested():
    for house in range(1, 16):
        make_person(addresses=[f"г. Тверь, ул. Ленина, {house}"])
    count_streets()
    make_person(addresses=["г. Тверь, ул. Лененина, 5"])
    (slip,) = streets_page(actor_of("coordinator")).slips
    assert (slip.wrong, slip.right) == ("ул. Лененина", "ул. Ленина")
    assert [each.text for each in offers(actor_of("administrator"), "тверь лен")] == ["Тверь, ул. Ленина"]


def test_what_is_said_counts_for_all_and_for_whoever_comes_later(town):
    learn()
    assert streets() == {"ул. Ленина": 22}
    make_person(addresses=["Тверь, Лененина 7"])
    assert streets() == {"ул. Ленина": 23}
    assert not streets_page(actor_of("coordinator")).slips


def test_the_same_house_has_one_mark_then(town):
    learn()
    marks = AddressReading.objects.filter(house="3").values_list("house_mark", flat=True)
    assert len(marks) == 2 and len(set(marks)) == 1


def test_the_texts_stay_as_they_were_written(town):
    learn()
    assert PostalAddress.objects.filter(text__contains="Лененина").count() == 2


def test_a_street_typed_without_its_kind_keeps_the_kind_of_each_address(town):
    learn("Ленина")
    assert streets() == {"ул. Ленина": 22}


def test_it_is_taken_back_for_all(town):
    row = learn()
    forget_street(by=actor_of("coordinator"), learned_id=row.pk)
    assert streets() == {"ул. Ленина": 20, "ул. Лененина": 2}
    assert len(streets_page(actor_of("coordinator")).slips) == 1


def test_a_street_that_is_right_is_left_and_not_asked_of_again(town):
    learn(right="")
    assert streets()["ул. Лененина"] == 2
    look_for_slips()
    assert not streets_page(actor_of("coordinator")).slips


def test_another_town_is_left_alone(town):
    make_person(addresses=["г. Тула, ул. Лененина, 1"])
    learn()
    assert streets() == {"ул. Ленина": 22, "ул. Лененина": 1}


def test_many_people_wait_for_the_job(town, monkeypatch):
    monkeypatch.setattr("veche.contacts.actions.learning_streets.AT_ONCE", 1)
    learn()
    assert streets()["ул. Лененина"] == 2
    assert Figure.objects.get(name=address_reading.NEWS).stale_since is not None
    assert address_reading.read_addresses_after(0)[1] == 2
    assert streets() == {"ул. Ленина": 22}


@pytest.mark.parametrize("right", ["Лененина", "ул. Лененина", "12"])
def test_what_is_no_other_street_is_refused(town, right):
    with pytest.raises(Refusal):
        learn(right=right)
    assert not LearnedStreet.objects.exists()


def test_a_street_where_nobody_lives_cannot_be_learned():
    with pytest.raises(NotFound):
        learn()


def test_the_ledger_keeps_that_it_was_said_and_no_name_of_a_street(town):
    row = learn()
    with connection.cursor() as sql:
        sql.execute(
            "SELECT data::text FROM core_ledger WHERE kind = 'contacts.street_learned' AND object_id = %s",
            [row.pk],
        )
        ((told,),) = sql.fetchall()
    assert "енина" not in told


def test_the_card_says_who_reads_it_so(town):
    learn()
    read = reading_of("г. Тверь, ул. Лененина, 3", learned_streets())
    assert read.line == "г. Тверь, ул. Ленина, д. 3"
    assert any("ул. Ленина" in sentence for sentence in read.assumed)


def test_what_is_put_right_to_a_street_that_is_itself_put_right_is_read_as_the_last(town):
    learn("ул. Лемина")
    for house in range(21, 24):
        make_person(addresses=[f"г. Тверь, ул. Лемина, {house}"])
    learn_street(by=actor_of("coordinator"), town_key="тверь", street_key="лемина", right="ул. Ленина")
    assert streets() == {"ул. Ленина": 25}
    learn_street(by=actor_of("coordinator"), town_key="тверь", street_key="ленина", right="ул. Лененина")
    assert len(learned_streets()) == 3  # a ring ends


# --- all at once


@pytest.fixture
def towns(town):
    """Two streets to be put right."""
    for house in range(1, 21):
        make_person(addresses=[f"г. Тверь, ул. Садовая, {house}"])
    make_person(addresses=["г. Тверь, ул. Садовя, 5"])
    look_for_slips()


def test_one_press_puts_all_right_and_one_takes_it_back(towns):
    by = actor_of("coordinator")
    rows = learn_offered(by=by, seen=streets_page(by).state)
    assert [row.wrong for row in rows] == ["ул. Лененина", "ул. Садовя"]
    assert streets() == {"ул. Ленина": 22, "ул. Садовая": 21}
    assert [row.first_of for row in streets_page(actor_of("coordinator")).learned] == [2, 0]
    assert forget_together(by=actor_of("coordinator"), together=rows[0].pk) == 2
    assert streets() == {"ул. Ленина": 20, "ул. Лененина": 2, "ул. Садовая": 20, "ул. Садовя": 1}
    with pytest.raises(NotFound):
        forget_together(by=actor_of("coordinator"), together=rows[0].pk)


def test_a_queue_that_has_changed_is_not_put_right(towns):
    by = actor_of("coordinator")
    seen = streets_page(by).state
    slip = StreetSlip.objects.first()
    StreetSlip.objects.filter(pk=slip.pk).update(right="ул. Лесная")  # as many streets, another correction
    with pytest.raises(Stale):
        learn_offered(by=by, seen=seen)
    StreetSlip.objects.filter(pk=slip.pk).update(right=slip.right)
    learn()
    for told in (seen, ""):
        with pytest.raises(Stale):
            learn_offered(by=by, seen=told)


def test_how_many_people_one_fix_repairs_is_told(towns):
    page = streets_page(actor_of("coordinator"))
    assert (page.count, page.people, [slip.people for slip in page.slips]) == (2, 3, [2, 1])
    assert learn().people == 2


# --- the page


def test_the_page_puts_right_and_offers_to_undo(town):
    client, url = signed_in_client("coordinator"), reverse("contacts:streets")
    assert "ул. Лененина" in client.get(url).content.decode()
    slip = StreetSlip.objects.get()
    given = {"town_key": slip.town_key, "street_key": slip.street_key, "right": "Ленина"}
    answer = client.post(reverse("contacts:street_new"), given, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and "streets-changed" in answer.headers["HX-Trigger"]
    row = LearnedStreet.objects.get()
    assert str(row.made_by) in client.get(url).content.decode()
    removal = reverse("contacts:street_removal", args=[row.pk])
    assert client.post(removal, headers={"HX-Request": "true"}).status_code == 204
    assert not LearnedStreet.objects.exists()


def test_what_is_refused_is_told(town):
    given = {"town_key": "тверь", "street_key": "лененина", "right": "12"}
    answer = signed_in_client("coordinator").post(
        reverse("contacts:street_new"), given, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422


def test_the_page_puts_all_right(towns):
    client, url = signed_in_client("coordinator"), reverse("contacts:streets_all")
    assert client.post(url, {"seen": "7"}, headers={"HX-Request": "true"}).status_code == 409
    answer = client.post(
        url, {"seen": streets_page(actor_of("coordinator")).state}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204 and LearnedStreet.objects.count() == 2
    removal = reverse("contacts:streets_all_removal", args=[LearnedStreet.objects.first().together])
    assert client.post(removal).status_code == 302
    assert not LearnedStreet.objects.exists()


def test_a_part_of_a_chain_is_taken_back_from_where_it_has_led(town):
    boss = actor_of("coordinator")
    row = learn()
    learn_street(by=boss, town_key="тверь", street_key="ленина", right="ул. Садовая")
    assert streets() == {"ул. Садовая": 22}
    forget_street(by=boss, learned_id=row.pk)
    assert streets() == {"ул. Садовая": 20, "ул. Лененина": 2}
