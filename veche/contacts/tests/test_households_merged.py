"""Households and relations of people who become one, who come apart again, and who are erased."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.actions.households import gather_household
from veche.contacts.actions.merging import MergeSet, merge_contacts, merge_many
from veche.contacts.actions.relations import relate
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.models import Household, HouseholdMember, Relation
from veche.contacts.testing import make_person
from veche.contacts.tests.everything import picture
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    return actor_of("administrator")


def people(number: int) -> list[int]:
    return [make_person("Скайуокер Лука").pk for _n in range(number)]


def places() -> set[tuple[int, int, bool]]:
    return set(HouseholdMember.objects.values_list("contact_id", "household_id", "is_head"))


def relations() -> set[tuple[int, str, int]]:
    return set(Relation.objects.values_list("one_id", "kind__code", "other_id"))


def test_two_of_one_household_are_one_of_it_and_the_head_stays_the_head(by):
    luke, head, wife = people(3)
    home = gather_household(by=by, contact_ids=[luke, head, wife], head=head).pk
    before = picture()
    merge = merge_contacts(by=by, kept_id=luke, gone_ids=[head])
    assert places() == {(luke, home, True), (wife, home, False)}
    unmerge(by=by, merge_id=merge.pk)
    assert picture() == before


def test_a_household_of_nobody_but_doubles_is_none_until_they_come_apart(by):
    one, other = people(2)
    gather_household(by=by, contact_ids=[one, other])
    before = picture()
    merge = merge_contacts(by=by, kept_id=one, gone_ids=[other])
    assert places() == set()
    unmerge(by=by, merge_id=merge.pk)
    assert picture() == before


def test_of_two_households_it_is_that_of_the_one_that_stays_or_else_theirs(by):
    a, b, c, d, e, f = people(6)
    first, second = (gather_household(by=by, contact_ids=each).pk for each in ([a, b], [c, d]))
    before = picture()
    merge = merge_contacts(by=by, kept_id=a, gone_ids=[c])
    assert places() == {(a, first, True), (b, first, False), (d, second, False)}
    unmerge(by=by, merge_id=merge.pk)
    assert picture() == before
    merge = merge_contacts(by=by, kept_id=e, gone_ids=[f, d])
    assert (e, second, False) in places()
    unmerge(by=by, merge_id=merge.pk)
    assert picture() == before


def test_relations_of_both_stay_once_and_none_is_to_oneself(by):
    one, other, wife, son = people(4)
    relate(by=by, one_id=one, other_id=other, kind_code="relative")
    relate(by=by, one_id=one, other_id=wife, kind_code="spouse", note="с 2020")
    relate(by=by, one_id=wife, other_id=other, kind_code="spouse", note="Тверь")
    relate(by=by, one_id=other, other_id=son, kind_code="parent")
    before = picture()
    merge = merge_contacts(by=by, kept_id=one, gone_ids=[other])
    assert relations() == {(one, "spouse", wife), (one, "parent", son)}
    assert set(Relation.objects.get(other=wife).note.split("; ")) == {"с 2020", "Тверь"}
    unmerge(by=by, merge_id=merge.pk)
    assert picture() == before


def test_either_of_two_merges_of_one_press_is_undone_by_itself(by):
    a, b, c, d = people(4)
    relate(by=by, one_id=a, other_id=c, kind_code="spouse")
    before = picture()
    first, second = merge_many(by=by, sets=[MergeSet(b, (a,)), MergeSet(d, (c,))]).merges
    assert relations() == {(b, "spouse", d)}
    unmerge(by=by, merge_id=first.pk)
    assert relations() == {(a, "spouse", d)}, "the other end is led on while it is merged"
    unmerge(by=by, merge_id=second.pk)
    assert picture() == before


def test_a_relation_that_a_merge_dropped_comes_back_to_who_is_there(by):
    a, b, c, d = people(4)
    relate(by=by, one_id=a, other_id=c, kind_code="spouse")
    relate(by=by, one_id=b, other_id=c, kind_code="spouse")
    first = merge_contacts(by=by, kept_id=b, gone_ids=[a])
    merge_contacts(by=by, kept_id=d, gone_ids=[c])
    unmerge(by=by, merge_id=first.pk)
    assert relations() == {(a, "spouse", d), (b, "spouse", d)}


def test_the_erased_leave_neither_household_nor_relation(by):
    one, two, three = people(3)
    home = gather_household(by=by, contact_ids=[one, two, three])
    relate(by=by, one_id=one, other_id=two, kind_code="spouse")
    erase_contact(by=by, contact_id=one)
    assert {each[0] for each in places()} == {two, three} and not relations()
    erase_contact(by=by, contact_id=two)
    assert not places() and not Household.objects.filter(pk=home.pk).exists()


def test_a_household_that_only_a_merge_knows_of_goes_with_the_erased(by):
    one, other = people(2)
    gather_household(by=by, contact_ids=[one, other], name="Скайуокеры")
    merge_contacts(by=by, kept_id=one, gone_ids=[other])
    erase_contact(by=by, contact_id=one)
    assert not Household.objects.exists()
