"""Switches above the history: only those with lines, and those that rooms above bring."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts import registry
from veche.contacts.actions import belonging
from veche.contacts.actions.notes import add_note
from veche.contacts.events import TagPut
from veche.contacts.queries.timeline import counts, timeline
from veche.contacts.testing import make_person, make_tag

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tagging():
    kind = registry.HistoryKind(key="tagging", label="Метки", order=10, events=frozenset({TagPut.kind}))
    registry.history_kinds.append(kind)
    yield kind
    registry.history_kinds.remove(kind)


def test_a_switch_without_lines_is_not_there():
    contact = make_person()
    client = signed_in_client("coordinator")
    page = client.get(reverse("contacts:card", args=[contact.pk])).content.decode()
    assert "?only=events" in page and "?only=notes" not in page
    add_note(by=actor_of("coordinator"), contact_id=contact.pk, text="Сосед")
    page = client.get(reverse("contacts:history", args=[contact.pk]), headers=HTMX).content.decode()
    assert "?only=notes" in page


def test_a_room_above_brings_its_own_switch_and_its_lines_leave_the_rest(tagging):
    contact, by = make_person(), actor_of("coordinator")
    for _n in range(3):
        belonging.put_tag(by=by, contact_id=contact.pk, tag_id=make_tag().pk)
    numbers = counts(contact)
    assert (numbers["tagging"], numbers["events"], numbers["all"]) == (3, 1, 4)
    lines = timeline(by, contact, only="tagging").lines
    assert [line.entry.kind for line in lines] == [TagPut.kind] * 3
    assert len(timeline(by, contact, only="events").lines) == 1
    page = signed_in_client("coordinator").get(reverse("contacts:card", args=[contact.pk])).content.decode()
    assert "Метки" in page


def test_a_room_above_puts_a_button_with_a_key_into_the_head():
    door = registry.CardDoor(
        key="task", label="Задача", icon="checkbox", url_name="contacts:card", permission="contacts.delete",
        shortcut="KeyT",
    )  # fmt: skip
    registry.card_doors.append(door)
    try:
        contact = make_person()
        url = reverse("contacts:card", args=[contact.pk])
        assert 'data-key="KeyT"' in signed_in_client("coordinator").get(url).content.decode()
        assert 'data-key="KeyT"' not in signed_in_client("auditor").get(url).content.decode()
    finally:
        registry.card_doors.remove(door)
