"""What filters and orders of the list tell somebody with a narrow reach: nothing of people, tags or files out of it."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from veche.accounts.testing import actor_of, make_user, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.actions.giving import give_list
from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.models import Contact, MassChange, Membership, Origin, TagAssignment
from veche.contacts.queries import people_walks as walks
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.testing import make_person, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def han():
    """An operator who sees whom he is responsible for."""
    return actor_of(make_user("Хан Соло", "operator", reach="own"))


def of(actor, name):
    person = make_person(name)
    Contact.objects.filter(pk=person.pk).update(responsible=actor.user_id)
    return person


def shown(actor, query):
    return [contact.pk for contact in people_of(actor, QueryDict(query)).contacts]


def is_known(actor, query):
    (asked,) = read_filters(actor, QueryDict(query))
    return not asked.unknown


def test_a_file_of_which_nobody_is_in_reach_has_no_name(han):
    own, hidden = of(han, "Чубакка"), make_person("Фетт Боба")
    Origin.objects.filter(contact=hidden).update(batch=7, batch_name="охотники.xlsx")
    assert not is_known(han, "batch=7") and is_known(actor_of("coordinator"), "batch=7")
    Origin.objects.filter(contact=own).update(batch=7, batch_name="охотники.xlsx")
    assert is_known(han, "batch=7") and shown(han, "batch=7") == [own.pk]


def test_another_teams_tag_is_neither_a_filter_nor_an_order(han):
    campaign = make_campaign("Охота")
    tag, ours = make_tag("аааа", campaign=campaign), make_tag("яяяя")
    tagged, other = of(han, "Чубакка"), of(han, "Калриссиан Ландо")
    TagAssignment.objects.create(contact=tagged, tag=tag)
    TagAssignment.objects.create(contact=other, tag=ours)
    assert not is_known(han, f"tag={tag.pk}") and shown(han, f"tag={tag.pk}") == []
    assert is_known(actor_of("coordinator"), f"tag={tag.pk}")
    assert shown(han, "sort=tags") == [other.pk, tagged.pk]
    assert shown(actor_of("coordinator"), "sort=tags") == [tagged.pk, other.pk]


def test_another_teams_campaign_is_no_order(han):
    nameless, other = of(han, "Чубакка"), of(han, "Калриссиан Ландо")
    Membership.objects.create(contact=other, campaign=make_campaign("Охота"))
    assert shown(han, "sort=campaigns") == [nameless.pk, other.pk]
    assert shown(actor_of("coordinator"), "sort=campaigns") == [other.pk, nameless.pk]


def test_whom_another_has_changed_is_no_filter(han):
    person = of(han, "Чубакка")
    coordinator = actor_of("coordinator")
    kind = MassChange.Kind.TAG_PUT
    mass = start_mass_change(by=coordinator, kind=kind, ids=[person.pk], value=make_tag().pk)
    assert not is_known(han, f"change={mass.pk}") and shown(han, f"change={mass.pk}") == []
    assert shown(coordinator, f"change={mass.pk}") == [person.pk]


def test_somebody_removed_is_on_no_list_that_was_given():
    people = [make_person("Чубакка"), make_person("Калриссиан Ландо")]
    ids = [person.pk for person in people]
    today = timezone.localdate()
    coordinator = actor_of("coordinator")
    held = give_list(by=coordinator, name="Обход", to=member("volunteer"), until=today, ids=ids)
    remove_contact(by=coordinator, contact_id=ids[0])
    assert shown(actor_of("volunteer"), f"list={held.pk}") == shown(actor_of("volunteer"), "") == ids[1:]


@pytest.mark.parametrize("sort", ["newest", "name", "-name", "changed"])
def test_however_many_are_found_and_by_whatever_way_the_hidden_stay_hidden(han, monkeypatch, sort):
    monkeypatch.setattr(walks, "MANY", 0)  # as of so many that the order is walked
    tag = make_tag()
    own, hidden = of(han, "Чубакка"), make_person("Фетт Боба")
    for person in (own, hidden):
        TagAssignment.objects.create(contact=person, tag=tag)
    query = f"tag={tag.pk}&sort={sort}"
    assert shown(han, query) == [own.pk], "near the beginning of the order"
    monkeypatch.setattr(walks, "WALK", 0)
    assert shown(han, query) == [own.pk], "gathered"
    monkeypatch.setattr(walks, "GATHER", -1)
    assert shown(han, query) == [own.pk], "by a hash"
    assert set(shown(actor_of("coordinator"), query)) == {own.pk, hidden.pk}
