"""Two reviewers at once."""

import pytest

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal, Stale
from veche.core.testing import at_once, in_the_same_instant
from veche.dedupe.actions.deciding import decide
from veche.dedupe.actions.taking import take_next
from veche.dedupe.models import Decision
from veche.dedupe.testing import make_group

pytestmark = pytest.mark.django_db(transaction=True)


def three_groups():
    people = [
        make_person(f"Скайуокер {name}") for name in ("Лука", "Люк", "Лукас", "Анакин", "Энакин", "Лея")
    ]
    return people, [make_group(*people[place : place + 2]) for place in (0, 2, 4)]


def test_reviewers_at_once_never_get_the_same_group():
    _people, groups = three_groups()
    waiting = [actor_of(role) for role in ("administrator", "coordinator")] + [
        actor_of(make_user("Хан Соло", "operator", reach=User.Reach.EVERYTHING))
    ]
    got = at_once(3, lambda: take_next(by=waiting.pop()))
    assert sorted(got) == sorted(group.pk for group in groups)


def test_of_two_decisions_about_one_group_one_holds():
    (one, other, *_rest), (group, *_others) = three_groups()
    outcome = in_the_same_instant(
        lambda: decide(by=actor_of("administrator"), group_id=group.pk, verdict="merged", kept_id=one.pk),
        lambda: decide(by=actor_of("coordinator"), group_id=group.pk, verdict="apart"),
    )
    assert isinstance(outcome, Stale)
    assert Decision.objects.get().verdict == "merged"
    assert not Contact.objects.filter(pk=other.pk).exists()


def test_who_is_in_two_groups_is_merged_by_one_of_two_and_the_other_sees_it():
    one, other, third = (make_person(f"Скайуокер {name}") for name in ("Лука", "Люк", "Лукас"))
    first, second = make_group(one, other), make_group(other, third)
    outcome = in_the_same_instant(
        lambda: decide(by=actor_of("administrator"), group_id=first.pk, verdict="merged", kept_id=one.pk),
        lambda: decide(by=actor_of("coordinator"), group_id=second.pk, verdict="merged", kept_id=third.pk),
    )
    assert isinstance(outcome, Refusal)
    assert set(Contact.objects.values_list("pk", flat=True)) == {one.pk, third.pk}
