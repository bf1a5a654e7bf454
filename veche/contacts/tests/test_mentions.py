"""A colleague mentioned in a note: kept by number, told of in the ledger; who may not see the person is named."""

import pytest
from django.urls import reverse

from veche.accounts.models import User
from veche.accounts.testing import actor_of, member, signed_in_client
from veche.contacts.actions.notes import add_note, edit_note
from veche.contacts.events import ColleagueMentioned
from veche.contacts.models import Note
from veche.contacts.testing import make_person
from veche.core.ledger import history

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def named(role, name):
    user = member(role)
    User.objects.filter(pk=user.pk).update(name=name)
    user.refresh_from_db()
    return user


def told(contact):
    entries = history(contact_id=contact.pk, kinds=[ColleagueMentioned.kind])
    return [(entry.data["colleague"], entry.object_id) for entry in entries]


def test_a_mention_is_a_reference_and_follows_a_new_name():
    organova = named("administrator", "Органова Лея")
    contact = make_person()
    note = add_note(by=actor_of("coordinator"), contact_id=contact.pk, text="Спроси @Органова Лея, знает.")
    assert Note.objects.get().text == f"Спроси @{{{organova.pk}}}, знает."
    assert told(contact) == [(organova.pk, note.pk)]
    User.objects.filter(pk=organova.pk).update(name="Органова-Соло Лея")
    page = signed_in_client("coordinator").get(reverse("contacts:card", args=[contact.pk])).content.decode()
    assert "@Органова-Соло Лея, знает." in page and "@{" not in page


def test_an_address_of_mail_and_an_unknown_name_stay_as_typed():
    named("administrator", "example")
    contact = make_person()
    add_note(by=actor_of("coordinator"), contact_id=contact.pk, text="a@example.ru или @Никто")
    assert Note.objects.get().text == "a@example.ru или @Никто"
    assert told(contact) == []


def test_of_namesakes_the_picked_one_is_meant_and_none_by_himself():
    one, two = named("administrator", "Соло Бен"), named("auditor", "Соло Бен")
    contact = make_person()
    by = actor_of("coordinator")
    add_note(by=by, contact_id=contact.pk, text="@Соло Бен")
    assert told(contact) == []
    add_note(by=by, contact_id=contact.pk, text="@Соло Бен", mentions=[two.pk])
    assert [user for user, _note in told(contact)] == [two.pk] != [one.pk]


def test_an_edit_tells_only_whom_it_adds():
    first, second = named("administrator", "Органова Лея"), named("auditor", "Калриссиан Ландо")
    contact, by = make_person(), actor_of("coordinator")
    note = add_note(by=by, contact_id=contact.pk, text="@Органова Лея")
    edit_note(by=by, contact_id=contact.pk, note_id=note.pk, text="@Органова Лея и @Калриссиан Ландо")
    assert sorted(user for user, _note in told(contact)) == sorted([first.pk, second.pk])
    client = signed_in_client("coordinator")
    form = client.get(reverse("contacts:note", args=[contact.pk, note.pk]), headers=HTMX).content.decode()
    assert "@Органова Лея и @Калриссиан Ландо" in form


def test_whoever_may_not_see_the_person_is_not_told_and_the_writer_reads_so_at_once():
    named("volunteer", "Эрсо Джин")
    contact = make_person()
    client = signed_in_client("coordinator")
    offered = client.get(reverse("contacts:note_colleagues", args=[contact.pk]), {"q": "эрсо"}, headers=HTMX)
    assert "does not see this person" in offered.content.decode()
    answer = client.post(
        reverse("contacts:note_new", args=[contact.pk]), {"text": "@Эрсо Джин"}, headers=HTMX
    )
    assert "Эрсо Джин may not see this person" in answer.content.decode()
    assert told(contact) == []
