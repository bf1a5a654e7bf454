"""A person beside the list: what the fragment says, to whom, and what it costs."""

import pytest
from django.urls import reverse

from veche.accounts.showing import PRESENTS
from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.contacts import change_fields
from veche.contacts.testing import make_person, make_tag
from veche.core.ledger import history
from veche.ui.testing import queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def quick(contact, query=""):
    return reverse("contacts:quick_view", args=[contact.pk]) + query


def fill(contact, count):
    by = actor_of("coordinator")
    for n in range(count):
        notes.add_note(by=by, contact_id=contact.pk, text=f"Разговор {n}")
        change_fields(by=by, contact_id=contact.pk, fields={"caution": f"Злая собака {n}"})
        belonging.put_tag(by=by, contact_id=contact.pk, tag_id=make_tag().pk)
        belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=make_campaign().pk)


def test_it_says_who_it_is_the_caution_first_and_what_happened_lately():
    contact = make_person(
        "Скайуокер Лука", phone="8 904 000-27-40", email="luke@example.ru", addresses=["Мос-Эйсли, ул. Татуинская, 1"]
    )  # fmt: skip
    fill(contact, 6)
    page = signed_in_client("coordinator").get(quick(contact), headers=HTMX).content.decode()
    for expected in (
        "Скайуокер Лука",
        "tel:+79040002740",
        "mailto:luke@example.ru",
        "Татуинская",
        "card-tags",
    ):
        assert expected in page
    assert 0 < page.index("Злая собака 5") < page.index('id="card-points"')
    assert "Разговор 5" in page and "Разговор 0" not in page  # older lines are on the card
    assert "<html" not in page


def test_its_link_leads_to_the_card_with_the_list_but_not_with_the_screen_of_it():
    contact = make_person()
    asked = "?list=tag%3D7%26after%3Dx%26columns%3Dname%26sort%3Dnewest"
    page = signed_in_client("coordinator").get(quick(contact, asked)).content.decode()
    card = reverse("contacts:card", args=[contact.pk])
    assert f'href="{card}?list=tag%3D7%26sort%3Dnewest" data-card' in page
    assert (
        f'href="{card}?list=" data-card'
        in signed_in_client("coordinator").get(quick(contact)).content.decode()
    )


def test_it_costs_the_same_for_a_little_and_for_much():
    client, contact = signed_in_client("coordinator"), make_person(phone="8 904 000-27-40")
    fill(contact, 1)
    client.get(quick(contact))
    few = len(queries_of(client, quick(contact)))
    fill(contact, 12)
    many = queries_of(client, quick(contact))
    assert len(many) == few <= 20, many


def test_a_volunteer_sees_the_phone_masked_and_opening_it_is_written_down():
    contact = make_person(phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk})
    client, point = signed_in_client("volunteer"), contact.points.get()
    reveal = reverse("contacts:point_reveal", args=[contact.pk, point.pk])
    masked = client.get(quick(contact)).content.decode()
    assert "•••-27-40" in masked and "9040002740" not in masked and f'hx-post="{reveal}"' in masked
    assert client.post(reveal, headers=HTMX).status_code == 200
    assert "tel:+79040002740" in client.get(quick(contact)).content.decode()
    assert "contacts.phone_revealed" in {entry.kind for entry in history(contact_id=contact.pk)}


def test_whoever_may_not_see_somebody_finds_nobody():
    contact = make_person(campaign=make_campaign())
    assert signed_in_client("operator").get(quick(contact), headers=HTMX).status_code == 404


def test_it_shows_inventions_in_a_presentation():
    contact = make_person(
        "Преображенская Аглая", phone="8 904 000-27-40", addresses=["Кострома, ул. Сенная, 7"]
    )
    notes.add_note(by=actor_of("coordinator"), contact_id=contact.pk, text="Тайная беседа")
    client = signed_in_client("administrator")
    session = client.session
    session[PRESENTS] = True
    session.save()
    page = client.get(quick(contact), headers=HTMX)
    assert page.status_code == 200
    for secret in ("Преображенск", "Аглая", "000-27-40", "9040002740", "Сенная", "Тайная"):
        assert secret not in page.content.decode()
