"""Previous and next along the list that a card was opened from: its filters, its order, its place in words."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.models import Contact
from veche.contacts.queries import people_walks
from veche.contacts.queries.steps import steps, stretch_around
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.ui.testing import queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SYSTEM = Actor.system()


@pytest.fixture
def crew():
    return [make_person(f"Скайуокер {name}") for name in ("Анна", "Борис", "Вера", "Глеб", "Дина")]


def at(contact, query="", actor=None):
    actor = actor or actor_of("coordinator")
    found = steps(actor, contact.pk, stretch_around(actor, contact, query))
    return found.before, found.place, found.count, found.after


def card(contact, **query):
    return reverse("contacts:card", args=[contact.pk], query=query)


def fragment(client, contact, query="sort=name"):
    url = reverse("contacts:card_steps", args=[contact.pk], query={"list": query})
    return client.get(url, headers=HTMX).content.decode()


@pytest.mark.parametrize("sort", ["name", "-name", "newest", "oldest", "changed", "given_name", "-surname"])
def test_the_steps_are_the_lists_own_order(crew, sort):
    from veche.contacts.queries.people import people_of

    actor = actor_of("coordinator")
    order = [contact.pk for contact in people_of(actor, {"sort": sort}).contacts]
    assert len(order) == 5
    for place, pk in enumerate(order):
        found = at(Contact.objects.get(pk=pk), f"sort={sort}")
        before = order[place - 1] if place else None
        after = order[place + 1] if place < 4 else None
        assert found == (before, place + 1, 5, after)


def test_only_those_under_the_filter_are_walked(crew):
    for contact in crew[1:4:2]:
        change_fields(by=SYSTEM, contact_id=contact.pk, fields={"gender": "m", "caution": "Собака"})
    asked = "q=глеб&sort=name"
    assert at(crew[3], asked) == (None, 1, 1, None)
    assert at(crew[0], asked)[1] is None  # not on that list: no place is made up


def test_a_stranger_to_the_others_steps_only_to_his_own(crew):
    volunteer = member("volunteer")
    for contact in (crew[0], crew[4]):
        change_fields(by=SYSTEM, contact_id=contact.pk, fields={"responsible": volunteer.pk})
    assert at(crew[0], "", actor_of("volunteer")) == (None, 1, 2, crew[4].pk)


def test_a_place_far_in_a_long_list_is_counted_or_left_out(crew, monkeypatch):
    monkeypatch.setattr("veche.contacts.queries.steps.PAGE", 1)
    assert at(crew[3], "sort=name") == (crew[2].pk, 4, 5, crew[4].pk)
    monkeypatch.setattr("veche.contacts.queries.steps.EXACT", 4)
    assert at(crew[3], "sort=name") == (crew[2].pk, None, 5, crew[4].pk)
    assert at(crew[1], "sort=name")[1] == 2  # the list's beginning is in sight
    assert people_walks.PAGE == 50


def test_an_edit_moves_nobody_under_the_readers_hands(crew):
    client = signed_in_client("coordinator")
    fragment(client, crew[1])
    change_fields(by=SYSTEM, contact_id=crew[1].pk, fields={"surname": "Ящеров"})
    page = client.get(card(crew[1], list="sort=name")).content.decode()
    assert f"/people/{crew[0].pk}/?list=" in page and f"/people/{crew[2].pk}/?list=" in page
    assert "2 of 5" in page


def test_somebody_removed_meanwhile_is_passed_over(crew):
    client = signed_in_client("coordinator")
    fragment(client, crew[0])
    remove_contact(by=SYSTEM, contact_id=crew[1].pk)
    page = client.get(card(crew[0], list="sort=name")).content.decode()
    assert f"/people/{crew[2].pk}/?list=" in page and f"/people/{crew[1].pk}/" not in page
    stretch = stretch_around(actor_of("coordinator"), Contact.objects.get(pk=crew[2].pk), "sort=name")
    remove_contact(by=SYSTEM, contact_id=crew[3].pk)
    remove_contact(by=SYSTEM, contact_id=crew[0].pk)
    found = steps(actor_of("coordinator"), crew[2].pk, stretch)
    assert (found.before, found.after) == (None, crew[4].pk)


def test_a_card_opened_by_itself_has_no_steps_and_a_list_costs_it_one_query(crew):
    client = signed_in_client("coordinator")
    alone = client.get(card(crew[1]))
    assert 'rel="next"' not in alone.content.decode()
    fragment(client, crew[1])
    without = queries_of(client, card(crew[1]))
    walking = queries_of(client, card(crew[1], list="sort=name"))
    assert len(walking) <= len(without) + 1


def test_removing_goes_back_to_the_list(crew):
    client = signed_in_client("coordinator")
    url = reverse("contacts:removal", args=[crew[1].pk], query={"list": "sort=newest"})
    assert client.post(url, headers=HTMX).headers["HX-Redirect"] == "/people/?sort=newest"
