"""The list and the search box in a presentation: what is invented is looked for near at hand, all else as always."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging
from veche.contacts.models import Contact
from veche.contacts.queries import people_orders, people_presented
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_filters import LABELS
from veche.contacts.queries.people_presented import OPEN_FILTERS, OPEN_ORDERS
from veche.contacts.queries.people_readers import FILLED, READERS
from veche.contacts.queries.search import search_contacts
from veche.contacts.queries.steps import stretch_around
from veche.contacts.testing import make_person, make_tag
from veche.core import presenting

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def five():
    """In the order of their real names they stand the other way round than by number."""
    return [make_person(name) for name in ("Яшин Глеб", "Юдин Олег", "Чехов Иван", "Титов Петр", "Белов Лев")]


def shown(by, asked: str) -> list[int]:
    return [contact.pk for contact in people_of(by, QueryDict(asked)).contacts]


def pages(by, asked: str) -> list[int]:
    page, found = people_of(by, QueryDict(asked)), []
    while True:
        found += [contact.pk for contact in page.contacts]
        if page.after is None:
            return found
        page = people_of(by, QueryDict(f"{asked}&after={page.after}"))


@pytest.fixture
def near(monkeypatch):
    """How many people are looked through."""

    def set_to(people: int) -> None:
        monkeypatch.setattr(people_presented, "LOOKED_THROUGH", people)
        monkeypatch.setattr(people_orders, "LOOKED_THROUGH", people)

    return set_to


@pytest.mark.parametrize(
    "sort", ["", "sort=name", "sort=-surname", "sort=birthday", "sort=phone", "sort=address"]
)
def test_more_than_can_be_invented_stand_by_number_not_by_their_real_names(by, five, near, monkeypatch, sort):
    monkeypatch.setattr("veche.contacts.queries.people_walks.PAGE", 2)
    near(4)
    with presenting.presenting():
        assert people_of(by, QueryDict(sort)).unsorted == "newest"
        assert pages(by, sort) == [each.pk for each in reversed(five)]
        assert stretch_around(by, five[2], sort).ids == [five[n].pk for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("sort", ["", "sort=name", "sort=-name", "sort=surname"])
def test_few_stand_by_their_invented_names(by, five, monkeypatch, sort):
    monkeypatch.setattr("veche.contacts.queries.people_walks.PAGE", 2)
    with presenting.presenting():
        assert not people_of(by, QueryDict(sort)).unsorted
        names = dict(Contact.objects.values_list("pk", "surname" if "surname" in sort else "name_key"))
        invented = [names[pk].lower() for pk in pages(by, sort)]
    assert len(invented) == 5 and invented == sorted(invented, reverse="-" in sort)


def test_an_invented_name_is_found_among_the_newest_and_a_real_one_nowhere(by, five, near):
    near(3)
    with presenting.presenting():
        names = [Contact.objects.get(pk=each.pk).name for each in five]
        assert shown(by, f"q={names[4]}") == [five[4].pk]
        assert [hit.id for hit in search_contacts(by, names[4]).hits] == [five[4].pk]
        assert shown(by, f"q={names[0]}") == [] == search_contacts(by, names[0]).hits
        assert shown(by, "q=Белов") == [] == search_contacts(by, "Белов").hits


def test_other_filters_come_first_so_that_few_are_all_looked_through(by, five, near):
    near(2)
    tag = make_tag("Кантина")
    belonging.put_tag(by=by, contact_id=five[0].pk, tag_id=tag.pk)
    with presenting.presenting():
        name = Contact.objects.get(pk=five[0].pk).name
        assert shown(by, f"q={name}") == []
        assert shown(by, f"q={name}&tag={tag.pk}") == [five[0].pk]
        assert shown(by, f"q={name}&tag={tag.pk}&match=any") == [], "then nothing cuts the people down"


def test_what_is_open_finds_the_same_people_as_ever(by, five):
    """A filter or an order that asks of an invention must not be called open."""
    tag, campaign = make_tag("Кантина"), make_campaign("Совет")
    belonging.put_tag(by=by, contact_id=five[0].pk, tag_id=tag.pk)
    belonging.join_campaign(by=by, contact_id=five[1].pk, campaign_id=campaign.pk)
    asked = [
        f"tag={tag.pk}", f"campaign={campaign.pk}", "campaign=none", "gender=m", "gender.not=m", "phone=yes",
        "phone=no", "email.not=yes", "phone.is=filled", "reach=yes", "kind=person", "created=7d", "changed=7d",
        "responsible=none", "responsible.is=empty", f"ids={five[2].pk}", *(f"sort={key}" for key in OPEN_ORDERS),
    ]  # fmt: skip
    ever = {each: shown(by, each if "sort" in each else f"{each}&sort=newest") for each in asked}
    with presenting.presenting():
        assert {each: shown(by, each if "sort" in each else f"{each}&sort=newest") for each in asked} == ever
    assert {*LABELS, *READERS, *FILLED} >= OPEN_FILTERS


def test_a_page_says_in_which_order_it_is_and_why(five, near, by):
    near(4)
    client = signed_in_client("administrator")
    client.post(reverse("accounts:presentation"))
    assert (
        "In a presentation so many people cannot be put in the order of “Name”"
        in client.get("/people/?sort=name").text
    )
    usual = client.get("/people/").text
    assert 'aria-current="true">newest first' in usual and "cannot be put in the order" not in usual
