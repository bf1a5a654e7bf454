"""Households: who is of one, who leaves it, and that every change can be undone."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veche.accounts.testing import actor_of
from veche.contacts.actions.household_undo import put_household_back
from veche.contacts.actions.households import (
    choose_letter,
    end_household,
    gather_household,
    gather_many,
    leave_household,
    rename_household,
    set_head,
    ungather_many,
)
from veche.contacts.models import FieldChange, Household, HouseholdMember
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    return actor_of("administrator")


def people(number: int) -> list[int]:
    return [make_person(f"Скайуокер Лука {n}").pk for n in range(number)]


def members(household: Household) -> list[int]:
    return list(household.members.order_by("pk").values_list("contact_id", flat=True))


def head_of(household: Household) -> int:
    return household.members.first().contact_id


def state() -> list:
    return [
        list(Household.objects.order_by("pk").values()),
        list(HouseholdMember.objects.order_by("pk").values()),
    ]


def undo(by: Actor) -> None:
    change = FieldChange.objects.filter(field="household").latest("pk")
    put_household_back(by=by, contact_id=change.contact_id, change_id=change.pk)


def test_two_become_a_household_and_a_third_joins_it(by):
    one, two, three = people(3)
    household = gather_household(by=by, contact_ids=[two, one], name=" Скайуокеры ")
    assert members(household) == [two, one] and head_of(household) == two
    assert household.name == "Скайуокеры"
    same = gather_household(by=by, contact_ids=[three, one], head=three)
    assert same.pk == household.pk
    assert members(household) == [two, one, three] and head_of(household) == three
    told = published("contacts.household_joined")
    assert [(each.contact_id, each.object_id) for each in told] == [
        (each, household.pk) for each in (two, one, three)
    ]


def test_two_households_become_one_only_when_that_is_said(by):
    one, two, three, four = people(4)
    first, second = (gather_household(by=by, contact_ids=each) for each in ((one, two), (three, four)))
    before = state()
    with pytest.raises(Refusal) as refused:
        gather_household(by=by, contact_ids=[one, three])
    assert refused.value.code == "contacts.two_households" and state() == before
    united = gather_household(by=by, contact_ids=[three, one], join=True)
    assert united.pk == second.pk and members(united) == [one, two, three, four] and head_of(united) == three
    assert not Household.objects.filter(pk=first.pk).exists()
    undo(by)
    assert state() == before
    undone = FieldChange.objects.filter(field="household").latest("pk")
    put_household_back(by=by, contact_id=undone.contact_id, change_id=undone.pk)
    assert set(members(second)) == {one, two, three, four}, "and the undo of the undo"


def test_the_last_but_one_ends_it_and_an_undo_brings_it_back(by):
    one, two, three = people(3)
    household = gather_household(by=by, contact_ids=[one, two, three], name="Дом")
    whole = state()
    change = leave_household(by=by, contact_id=one)
    assert members(household) == [two, three] and head_of(household) == two
    leave_household(by=by, contact_id=two)
    assert not Household.objects.exists() and not HouseholdMember.objects.exists()
    with pytest.raises(Stale):
        put_household_back(by=by, contact_id=one, change_id=change.pk)
    undo(by)
    put_household_back(by=by, contact_id=one, change_id=change.pk)
    assert state() == whole
    assert leave_household(by=by, contact_id=make_person().pk) is None


def test_an_undo_never_takes_somebody_out_of_another_household(by):
    one, two, three, four = people(4)
    household = gather_household(by=by, contact_ids=[one, two, three])
    change = leave_household(by=by, contact_id=one)
    gather_household(by=by, contact_ids=[one, four])
    with pytest.raises(Stale):
        put_household_back(by=by, contact_id=one, change_id=change.pk)
    assert members(household) == [two, three]


def test_head_name_and_letter_change_and_go_back(by):
    one, two = people(2)
    household = gather_household(by=by, contact_ids=[one, two])
    before = state()
    for change in (
        lambda: set_head(by=by, household_id=household.pk, contact_id=two),
        lambda: rename_household(by=by, household_id=household.pk, name="Альдераан"),
        lambda: choose_letter(by=by, household_id=household.pk, letter="each"),
        lambda: end_household(by=by, household_id=household.pk),
    ):
        change()
        assert state() != before
        undo(by)
        assert state() == before
    assert [each.data["change"] for each in published("contacts.household_changed")][::2] == [
        "head",
        "name",
        "letter",
    ]
    with pytest.raises(Refusal):
        set_head(by=by, household_id=household.pk, contact_id=make_person().pk)
    with pytest.raises(Refusal):
        choose_letter(by=by, household_id=household.pk, letter="none")


def test_no_sense_is_refused(by):
    one, firm = make_person().pk, make_organisation().pk
    for ids, code in (
        ([one], "contacts.household_alone"), ([one, one], "contacts.household_alone"),
        ([one, firm], "contacts.household_people"), (range(1, 60), "contacts.household_full"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            gather_household(by=by, contact_ids=ids)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        gather_household(by=by, contact_ids=[one, 10**9])
    assert not Household.objects.exists()


def test_only_who_may_edit_gathers_and_only_whom_they_see(by):
    one, two = people(2)
    with pytest.raises(Refusal) as refused:
        gather_household(by=actor_of("auditor"), contact_ids=[one, two])
    assert refused.value.status == 403
    with pytest.raises(NotFound):
        gather_household(by=actor_of("operator"), contact_ids=[one, two])
    household = gather_household(by=by, contact_ids=[one, two])
    with pytest.raises(NotFound):
        rename_household(by=actor_of("operator"), household_id=household.pk, name="Чужой")
    assert gather_many(by=actor_of("operator"), groups=[people(2)]) == 0


# --- by a rule


def test_many_are_gathered_in_sets_and_let_go_again(by):
    ids, mark = people(9), uuid.uuid4()
    there = gather_household(by=by, contact_ids=ids[4:6])
    other = gather_household(by=by, contact_ids=ids[7:9])
    before = state()
    groups = [
        ids[:2],
        [ids[3], ids[5]],
        [ids[1], ids[2]],
        [ids[4], ids[7]],
        [ids[6]],
        [make_organisation().pk, ids[6]],
    ]
    assert gather_many(by=by, groups=groups, together=mark) == 2
    assert members(there) == [ids[4], ids[5], ids[3]]
    assert (
        members(Household.objects.latest("pk")) == ids[:2]
        and head_of(Household.objects.latest("pk")) == ids[0]
    )
    assert members(other) == ids[7:9]
    assert gather_many(by=by, groups=groups) == 0, "a second run finds nothing to do"
    assert ungather_many(by=by, together=mark) == 2
    assert state() == before
    assert ungather_many(by=by, together=mark) == 0


def test_what_somebody_has_touched_since_no_undo_of_a_rule_takes(by):
    ids, mark = people(4), uuid.uuid4()
    gather_many(by=by, groups=[ids[:2], ids[2:]], together=mark)
    touched = HouseholdMember.objects.get(contact=ids[0]).household
    rename_household(by=by, household_id=touched.pk, name="Свои")
    assert ungather_many(by=by, together=mark) == 1
    assert Household.objects.get() == touched and members(touched) == ids[:2]


def test_thirty_groups_cost_as_many_questions_as_two(by):
    def cost(number):
        groups = [people(2) for _n in range(number)]
        with CaptureQueriesContext(connection) as asked:
            assert gather_many(by=by, groups=groups) == number
        return len(asked)

    assert cost(30) == cost(2)
