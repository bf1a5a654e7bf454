"""Two people, or one person's burst of clicks, in the same instant."""

import pytest

from veche.accounts.testing import actor_of, member
from veche.contacts.actions import points, shape
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.contacts.testing import make_own_field, make_person
from veche.core.refusal import Refusal
from veche.core.testing import at_once, in_the_same_instant, published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.mark.parametrize(
    ("add", "model", "field"),
    [
        (lambda by, name: shape.add_tag(by=by, name=name), Tag, "name"),
        (lambda by, name: shape.add_status(by=by, name=name), Status, "name"),
        (lambda by, name: shape.add_role_kind(by=by, name=name), RoleKind, "name"),
        (lambda by, name: shape.add_own_field(by=by, label=name), OwnField, "label"),
    ],
    ids=["tag", "status", "role", "own field"],
)
def test_the_slower_of_two_who_give_one_name_is_told_so(by, add, model, field):
    before = model.objects.count()
    outcome = in_the_same_instant(lambda: add(by, "Донор крови"), lambda: add(by, "ДОНОР КРОВИ"))
    assert isinstance(outcome, Refusal), outcome
    assert list(outcome.fields) == [field]
    assert model.objects.count() == before + 1


def test_two_cannot_rename_to_one_name_in_the_same_instant(by):
    one, other = shape.add_tag(by=by, name="Один"), shape.add_tag(by=by, name="Другой")
    outcome = in_the_same_instant(
        lambda: shape.rename_entry(by=by, entry=one, name="Донор"),
        lambda: shape.rename_entry(by=by, entry=other, name="донор"),
    )
    assert isinstance(outcome, Refusal), outcome
    assert set(Tag.objects.values_list("name", flat=True)) == {"Донор", "Другой"}


def test_a_field_does_not_leave_the_archive_while_another_takes_its_name(by):
    old = make_own_field("Размер")
    shape.archive_entry(by=by, entry=old)
    outcome = in_the_same_instant(
        lambda: shape.add_own_field(by=by, label="размер"), lambda: shape.restore_entry(by=by, entry=old)
    )
    assert isinstance(outcome, Refusal), outcome


def test_a_burst_opens_no_more_phones_than_one_by_one(monkeypatch):
    monkeypatch.setattr(points, "REVEALS_PER_HOUR", 3)
    volunteer = actor_of("volunteer")
    contact = make_person(phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk})
    point = contact.points.get()
    outcomes = at_once(8, lambda: points.reveal_phone(by=volunteer, contact_id=contact.pk, point_id=point.pk))
    refused = [each for each in outcomes if isinstance(each, Refusal)]
    assert [each.status for each in refused] == [429] * 5
    assert len(published("contacts.phone_revealed")) == 3
