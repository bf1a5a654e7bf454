"""Fixes and “this is right” where something else was said or done meanwhile."""

import pytest

from veche.accounts.testing import actor_of, make_user
from veche.contacts.actions import findings, inspecting
from veche.contacts.actions.contacts import change_fields
from veche.contacts.inspecting import FINDINGS
from veche.contacts.models import Contact, ContactPoint, Finding
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.refusal import Refusal, Stale

pytestmark = pytest.mark.django_db
MADE_UP = ("+79999999999", "+70000000000")


@pytest.fixture
def by():
    return actor_of("administrator")


def named(surname, given_name="Анна", **known):
    """Somebody with exactly this name, looked at by the inspector."""
    person = make_person("Иванова Анна", **known)
    change_fields(
        by=Actor.system(), contact_id=person.pk, fields={"surname": surname, "given_name": given_name}
    )
    inspecting.inspect_contacts([person.pk])
    return person


def finding_of(person, key):
    return Finding.objects.get(contact=person, key=key)


def is_remarked(*people):
    found = Finding.objects.filter(key="surname_gender", dismissed=False)
    return [found.filter(contact=person).exists() for person in people]


def test_a_value_that_changes_in_the_same_instant_is_not_written_over(by, monkeypatch):
    person = named("ИВАНОВА")
    current_fix = findings.current_fix

    def then_somebody_is_faster(finding):
        found = current_fix(finding)
        monkeypatch.setattr(findings, "current_fix", current_fix)
        change_fields(by=Actor.system(), contact_id=person.pk, fields={"surname": "Органа"})
        return found

    monkeypatch.setattr(findings, "current_fix", then_somebody_is_faster)
    with pytest.raises(Stale):
        findings.fix_finding(by=by, finding_id=finding_of(person, "name_case").pk)
    assert Contact.objects.get(pk=person.pk).surname == "Органа"


def test_all_are_put_right_but_what_was_said_to_be_right(by):
    person = named("Иванова", phone="+7 904 000-27-40, +7 904 000-27-41")
    for point, value in zip(person.points.order_by("pk"), MADE_UP, strict=True):
        ContactPoint.objects.filter(pk=point.pk).update(
            value=value
        )  # as from before such numbers were refused
    inspecting.inspect_contacts([person.pk])
    first, second = Finding.objects.filter(contact=person, key="phone_impossible").order_by("point")
    findings.dismiss_finding(by=by, finding_id=first.pk)
    findings.fix_findings(by=by, kind=FINDINGS["phone_impossible"])
    validities = dict(person.points.values_list("pk", "validity"))
    assert (validities[first.point], validities[second.point]) == ("unchecked", "invalid")


def test_what_was_said_of_all_only_who_sees_all_takes_back(by):
    user = make_user("Падме", "coordinator", reach="own")
    own, other = named("Мусатов"), named("Мусатов")
    Contact.objects.filter(pk=own.pk).update(responsible=user)
    findings.dismiss_finding(by=by, finding_id=finding_of(other, "surname_gender").pk, for_all=True)
    with pytest.raises(Refusal) as refused:
        findings.take_up_finding(by=actor_of(user), finding_id=finding_of(own, "surname_gender").pk)
    assert refused.value.status == 403 and is_remarked(own, other) == [False, False]


def test_what_was_said_of_one_stays_when_what_was_said_of_all_is_taken_back(by):
    one, first, second = named("Мусатов"), named("Мусатов"), named("Мусатов")
    findings.dismiss_finding(by=by, finding_id=finding_of(one, "surname_gender").pk)
    findings.dismiss_finding(by=by, finding_id=finding_of(first, "surname_gender").pk, for_all=True)
    assert is_remarked(one, first, second) == [False, False, False]
    findings.take_up_finding(by=by, finding_id=finding_of(second, "surname_gender").pk)
    assert is_remarked(one, first, second) == [False, True, True]
