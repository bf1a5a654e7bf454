"""One number at many people: what somebody says of it holds."""

import pytest

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user
from veche.contacts.actions.inspecting import inspect_contacts
from veche.contacts.models import ContactPoint, Finding, Household, HouseholdMember
from veche.contacts.testing import make_person
from veche.core.refusal import NotFound, Refusal, Stale
from veche.dedupe.actions.phones import judge_phone, take_back_phone
from veche.dedupe.models import PhoneVerdict
from veche.dedupe.queries.evidence import portion_after
from veche.dedupe.queries.phones import judged_phones, phone_lines

pytestmark = pytest.mark.django_db


def a_shared_phone() -> Finding:
    people = [make_person(name, phone="8 904 000-27-40") for name in ("Соло Хан", "Органа Лея", "Рен Бен")]
    inspect_contacts([person.pk for person in people])
    return Finding.objects.filter(key="phone_shared").first()


def phones_told():
    return [bool(row.phones) for row in portion_after(0)]


def test_an_office_is_right_as_it_is_and_makes_nobody_a_double():
    by, finding = actor_of("coordinator"), a_shared_phone()
    assert phones_told() == [True] * 3
    judge_phone(by=by, finding_id=finding.pk, what="office")
    assert phones_told() == [False] * 3
    assert phone_lines(by).rows == []
    [judged] = judged_phones(by)
    assert (judged.phone.replace("\xa0", " "), judged.verdict.people) == ("+7 904 000-27-40", 3)
    assert ContactPoint.objects.filter(validity="invalid").count() == 0
    take_back_phone(by=by, mark=finding.mark)
    assert phones_told() == [True] * 3
    assert len(phone_lines(by).rows) == 1


def test_a_family_still_shares_it():
    judge_phone(by=actor_of("coordinator"), finding_id=a_shared_phone().pk, what="family")
    assert phones_told() == [True] * 3


def test_a_familys_people_become_a_household_which_taking_it_back_ends():
    by, finding = actor_of("coordinator"), a_shared_phone()
    said = judge_phone(by=by, finding_id=finding.pk, what="family")
    assert HouseholdMember.objects.filter(household=Household.objects.get()).count() == 3
    assert said.household
    take_back_phone(by=by, mark=finding.mark)
    assert not Household.objects.exists()


def test_more_than_a_dozen_stay_as_they_are():
    many = [make_person(f"Соло {n}", phone="8 904 000-27-40") for n in range(13)]
    inspect_contacts([person.pk for person in many])
    finding = Finding.objects.filter(key="phone_shared").first()
    assert judge_phone(by=actor_of("coordinator"), finding_id=finding.pk, what="family").household is None
    assert not Household.objects.exists()


def test_an_invented_one_works_at_nobody_until_that_is_taken_back():
    by, finding = actor_of("coordinator"), a_shared_phone()
    judge_phone(by=by, finding_id=finding.pk, what="invented")
    assert set(ContactPoint.objects.values_list("validity", flat=True)) == {"invalid"}
    take_back_phone(by=by, mark=finding.mark)
    assert "invalid" not in set(ContactPoint.objects.values_list("validity", flat=True))
    assert not PhoneVerdict.objects.exists()


def test_it_is_said_once_by_who_sees_everybody():
    finding = a_shared_phone()
    part = actor_of(make_user("Рей", "coordinator", reach=User.Reach.OWN))
    with pytest.raises(Refusal) as refused:
        judge_phone(by=part, finding_id=finding.pk, what="family")
    assert refused.value.status == 403
    assert judged_phones(part) == []
    by = actor_of("administrator")
    judge_phone(by=by, finding_id=finding.pk, what="family")
    with pytest.raises(Stale):
        judge_phone(by=by, finding_id=finding.pk, what="office")
    with pytest.raises(NotFound):
        take_back_phone(by=by, mark=12)
