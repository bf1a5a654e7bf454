"""What a street is read as decides who sees its people: who sees all says it, one at a time; territories follow."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from veche.accounts.actions import add_territory
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.addresses.actions import territories
from veche.contacts.actions.learning_streets import forget_street, learn_offered, learn_street
from veche.contacts.actions.street_slips import look_for_slips
from veche.contacts.actions.territory_following import follow_waiting
from veche.contacts.models import Contact, LearnedStreet
from veche.contacts.queries.learned_streets import streets_page
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.refusal import Refusal, Stale

pytestmark = pytest.mark.django_db
BY = Actor.system()
LENINA = {"town_key": "тверь", "street_key": "ленина", "right": "ул. Мира"}


@pytest.fixture
def mira():
    """A territory of one street, and somebody of another one."""
    made = add_territory(by=BY, name="Участок 12")
    territories.paste_houses(by=BY, territory_id=made.pk, text="г. Тверь, ул. Мира, 1-99")
    make_person(addresses=["г. Тверь, ул. Ленина, 5"])
    follow_waiting(by=BY)
    return made


def test_nobody_brings_a_street_within_reach_by_having_it_read_as_their_own(mira):
    scoped = make_user("Участковый", "coordinator", reach="teams", territories=[mira])
    actor = actor_of(scoped)
    assert actor.may("contacts.shape") and not actor.sees_all
    row = learn_street(by=BY, town_key="тверь", street_key="ленина")
    for do in (
        lambda: learn_street(by=actor, **LENINA),
        lambda: learn_offered(by=actor, seen=""),
        lambda: forget_street(by=actor, learned_id=row.pk),
    ):
        with pytest.raises(Refusal) as refusal:
            do()
        assert refusal.value.status == 403
    client = signed_in_client(scoped)
    assert client.get(reverse("contacts:streets")).status_code == 403
    assert reverse("contacts:streets") not in client.get(reverse("contacts:quality")).content.decode()


def test_the_territories_of_a_street_follow_what_it_is_read_as_and_what_it_was(mira):
    row = learn_street(by=BY, **LENINA)
    follow_waiting(by=BY)
    assert Contact.objects.get().territory == mira
    forget_street(by=BY, learned_id=row.pk)
    follow_waiting(by=BY)
    assert Contact.objects.get().territory is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_put_all_right_at_once_the_second_is_told(settings):
    for house in range(20):
        make_person(addresses=[f"г. Тверь, ул. Ленина, {house + 1}"])
    make_person(addresses=["г. Тверь, ул. Лененина, 3"])
    look_for_slips()
    seen = streets_page(BY).state
    ends: list[object] = []
    gate = threading.Barrier(2, timeout=30)

    def press() -> None:
        try:
            gate.wait()
            ends.append(len(learn_offered(by=BY, seen=seen)))
        except Exception as error:
            ends.append(type(error))
        finally:
            connection.close()

    for thread in (threads := [threading.Thread(target=press) for _ in range(2)]):
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ends, key=str) == [1, Stale]
    assert LearnedStreet.objects.count() == 1
