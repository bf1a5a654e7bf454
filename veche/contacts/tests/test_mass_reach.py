"""Changes of many people: whom they and their undo leave alone, for want of a right, of reach, or of what was there."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user, member
from veche.contacts.actions import mass_changes as actions
from veche.contacts.models import Contact, FieldChange, MassChange, Status, TagAssignment
from veche.contacts.queries.mass_changes import within_reach
from veche.contacts.testing import make_person, make_tag
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db
Kind, State = MassChange.Kind, MassChange.State


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def crew(by):
    return [make_person(name, by=by) for name in ("Соло Хан", "Органа Лея")]


@pytest.fixture
def finn(crew):
    """An operator who sees the crew because he is responsible for them, and nobody else."""
    user = make_user("Финн", "operator", reach="own")
    Contact.objects.filter(pk__in=ids_of(crew)).update(responsible=user)
    return actor_of(user)


def ids_of(people):
    return [person.pk for person in people]


def start(by, people, kind, **given):
    return actions.start_mass_change(by=by, kind=kind, ids=ids_of(people), **given)


def undone(by, mass):
    """(how many are as before, how many were left as they are)"""
    mass = actions.start_mass_undo(by=by, mass_id=mass.pk)
    return mass.undone, mass.kept


def test_each_portion_of_a_removal_asks_for_the_right_anew(by, crew, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    mass = start(by, crew, Kind.REMOVE)
    with pytest.raises(Refusal) as refused:
        actions.change_portion(by=actor_of("operator"), mass=mass)
    assert refused.value.status == 403
    assert not Contact.objects.filter(removed_at__isnull=False).exists()
    assert actions.change_portion(by=by, mass=mass) == 2


def test_whoever_may_remove_no_longer_brings_nobody_back(crew):
    user = make_user("Финн", "coordinator")
    mass = start(actor_of(user), crew, Kind.REMOVE)
    User.objects.filter(pk=user.pk).update(role="operator")
    demoted = actor_of(User.objects.get(pk=user.pk))
    for deed in (
        lambda: actions.start_mass_undo(by=demoted, mass_id=mass.pk),
        lambda: actions.undo_portion(by=demoted, mass=mass, after=0),
    ):
        with pytest.raises(Refusal) as refused:
            deed()
        assert refused.value.status == 403
    assert Contact.objects.filter(removed_at__isnull=False).count() == 2


def test_an_undo_leaves_alone_whoever_is_out_of_reach_by_now(crew, finn):
    mass = start(finn, crew, Kind.TAG_PUT, value=make_tag("пилот").pk)
    Contact.objects.filter(pk=crew[0].pk).update(responsible=None)
    assert undone(finn, mass) == (1, 1)
    assert list(TagAssignment.objects.values_list("contact", flat=True)) == [crew[0].pk]


def test_an_undo_reaches_those_of_ones_people_who_were_removed_since(by, crew, finn):
    mass = start(finn, crew, Kind.TAG_PUT, value=make_tag("пилот").pk)
    start(by, crew[:1], Kind.REMOVE)
    assert undone(finn, mass) == (2, 0)


def test_only_who_gave_people_away_himself_reaches_them_to_take_them_back(by, crew):
    yoda = make_user("Йода", "administrator", reach="own")
    Contact.objects.filter(pk=crew[0].pk).update(responsible=yoda)
    others = start(by, crew[:1], Kind.RESPONSIBLE, value=member("operator").pk)
    assert within_reach(actor_of(yoda), others, ids_of(crew)) == set()
    Contact.objects.filter(pk=crew[0].pk).update(responsible=yoda)
    own = start(actor_of(yoda), crew[:1], Kind.RESPONSIBLE, value=member("operator").pk)
    assert within_reach(actor_of(yoda), own, ids_of(crew)) == {crew[0].pk}


def test_a_load_that_was_itself_undone_keeps_nobody_from_the_undo(by, crew):
    old, new = Status.objects.all()[:2]
    mass = start(by, crew, Kind.STATUS, value=old.pk)
    loaded = {"contact": crew[0], "field": "status", "batch": 5}
    FieldChange.objects.create(**loaded, before=old.pk, after=new.pk)
    FieldChange.objects.create(**loaded, before=new.pk, after=old.pk, is_undo=True)
    FieldChange.objects.create(contact=crew[1], field="status", batch=6, before=old.pk, after=new.pk)
    assert undone(by, mass) == (1, 1)
    assert Contact.objects.get(pk=crew[0].pk).status is None


def put_right(by, point, value, *, was=None):
    new = {
        "was": was or point.value,
        "value": value,
        "as_given": value,
        "extension": "",
        "validity": "unchecked",
    }
    values = {point.contact_id: {str(point.pk): new}}
    return actions.start_mass_change(
        by=by, kind=Kind.POINTS, what="fix.phone", values=values, words="Телефоны"
    )


def test_a_phone_that_is_another_by_now_is_not_put_right(by):
    phone = make_person(phone="+7 904 000-27-40").points.get()
    mass = put_right(by, phone, "+79040002742", was="+79040002741")
    phone.refresh_from_db()
    assert (mass.changed, mass.skipped, phone.value) == (0, {"since": 1}, "+79040002740")


def test_nobody_gets_the_same_phone_twice_by_a_correction_or_its_undo(by):
    person = make_person(phone="+7 904 000-27-40, +7 904 000-27-41")
    first, second = person.points.order_by("position")
    mass = put_right(by, first, second.value)
    assert (mass.changed, mass.skipped) == (0, {"since": 1})
    mass = put_right(by, first, "+79040002742")
    second.value = "+79040002740"
    second.save()
    assert undone(by, mass) == (0, 1)
    assert set(person.points.values_list("value", flat=True)) == {"+79040002742", "+79040002740"}


def test_what_somebody_typed_into_a_filter_is_forgotten_with_the_undo(by, crew):
    tag = make_tag()
    mass = actions.start_mass_change(by=by, kind=Kind.TAG_PUT, value=tag.pk, asked="q=Органа")
    assert "Органа" in mass.words and mass.asked
    MassChange.objects.update(made_at=timezone.now() - dt.timedelta(days=31))
    while actions.forget_portion(by=by):
        pass
    mass.refresh_from_db()
    assert (mass.words, mass.asked, mass.changed) == ("", "", 1)
