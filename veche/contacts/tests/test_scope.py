"""The scope is written twice, for the ORM and for SQL: whoever asks, both must see the same people."""

import random

import pytest

from veche.accounts.models import Territory
from veche.accounts.testing import member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.models import Contact
from veche.contacts.queries.scope import contacts_for, removed_contacts_for, visible_sql
from veche.contacts.testing import make_person
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db
VIEW = frozenset({"contacts.view"})


def by_both(actor):
    """Whom the two ways see, without and with those who were removed."""
    where, params = visible_sql(actor)
    rows = Contact.objects.raw(f"SELECT * FROM contacts_contact AS contact WHERE {where}", params)
    return set(contacts_for(actor).values_list("pk", flat=True)), {row.pk for row in rows}


def test_an_actor_without_a_number_is_not_the_colleague_of_those_who_have_none():
    make_person("Фетт Боба")
    assert by_both(Actor(permissions=VIEW)) == (set(), set())
    assert not removed_contacts_for(Actor(permissions=VIEW)).exists()


def test_both_ways_see_the_same_people_whoever_asks():
    chance = random.Random(20261122)
    campaigns = [make_campaign() for _ in range(3)]
    territories = [Territory.objects.create(name=f"Участок {n}") for n in range(3)]
    users = [member("volunteer"), member("operator")]
    for n in range(30):
        person = make_person(f"Соло Хан{n}", campaign=chance.choice([None, *campaigns]))
        Contact.objects.filter(pk=person.pk).update(
            responsible=chance.choice([None, *users]), territory=chance.choice([None, *territories])
        )
        if n % 7 == 0:
            remove_contact(by=Actor.system(), contact_id=person.pk)
    seen_by_somebody = set()
    for _try in range(80):
        actor = Actor(
            user_id=chance.choice([None, 0, users[0].pk, users[1].pk]),
            permissions=chance.choice([VIEW, VIEW, VIEW, frozenset()]),
            sees_all=chance.random() < 0.1,
            scopes={
                "campaign": frozenset(each.pk for each in campaigns if chance.random() < 0.3),
                "territory": frozenset(each.pk for each in territories if chance.random() < 0.3),
            },
        )
        by_orm, by_sql = by_both(actor)
        assert by_orm == by_sql, actor
        assert not by_orm & set(removed_contacts_for(actor).values_list("pk", flat=True))
        seen_by_somebody |= by_orm
    assert len(seen_by_somebody) == 25
