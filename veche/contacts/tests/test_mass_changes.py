"""Changes of many people at once: what each kind does, to whom, what it says, and its undo."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.testing import actor_of, make_user, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import mass_changes as actions
from veche.contacts.actions.belonging import put_tag, take_tag
from veche.contacts.actions.contacts import change_fields, remove_contact, restore_contact
from veche.contacts.models import (
    Contact,
    FieldChange,
    MassChange,
    MassChunk,
    MassOutcome,
    Membership,
    OwnField,
    Status,
    TagAssignment,
)
from veche.contacts.queries import mass_changes as queries
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.background import run_job
from veche.core.ledger import history
from veche.core.models import Job
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import kinds_published, published

pytestmark = pytest.mark.django_db
Kind, State = MassChange.Kind, MassChange.State


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def crew(by):
    return [
        make_person(name, by=by) for name in ("Соло Хан", "Органа Лея", "Скайуокер Лука", "Калриссиан Ландо")
    ]


def ids_of(people):
    return [person.pk for person in people]


def start(by, people, kind, **given):
    return actions.start_mass_change(by=by, kind=kind, ids=ids_of(people), **given)


def undone(by, mass):
    return actions.start_mass_undo(by=by, mass_id=mass.pk)


def test_a_tag_is_put_on_and_taken_back(by, crew):
    tag = make_tag("пилот")
    put_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    mass = start(by, crew, Kind.TAG_PUT, value=tag.pk)
    assert (mass.state, mass.people, mass.changed, mass.skipped) == (State.DONE, 4, 3, {"same": 1})
    assert TagAssignment.objects.filter(tag=tag).count() == 4
    assert not MassChunk.objects.exists()
    assert len(published("contacts.tag_put")) == 4
    assert next(entry.kind for entry in history(contact_id=crew[1].pk)) == "contacts.tag_put"
    mass = undone(by, mass)
    assert (mass.state, mass.undone, mass.kept) == (State.UNDONE, 3, 0)
    assert list(TagAssignment.objects.values_list("contact", flat=True)) == [crew[0].pk]
    assert len(published("contacts.tag_taken")) == 3


def test_a_tag_that_somebody_took_and_put_again_is_theirs(by, crew):
    tag = make_tag("пилот")
    mass = start(by, crew, Kind.TAG_PUT, value=tag.pk)
    take_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    put_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    take_tag(by=by, contact_id=crew[1].pk, tag_id=tag.pk)
    mass = undone(by, mass)
    assert (mass.undone, mass.kept) == (3, 1)
    assert list(TagAssignment.objects.values_list("contact", flat=True)) == [crew[0].pk]
    ((aside,), more) = queries.left_alone(by, mass, why="kept")
    assert (aside.contact, more) == (crew[0], None)


def test_a_taken_tag_comes_back_as_it_was(by, crew):
    tag = make_tag("пилот")
    for person in crew[:3]:
        put_tag(by=by, contact_id=person.pk, tag_id=tag.pk)
    rows = sorted(TagAssignment.objects.values_list("pk", "contact", "made_at"))
    mass = start(by, crew, Kind.TAG_TAKE, value=tag.pk)
    assert (mass.changed, mass.skipped) == (3, {"same": 1})
    assert not TagAssignment.objects.exists()
    put_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    take_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    mass = undone(by, mass)
    assert (mass.undone, mass.kept) == (2, 1), "what somebody took since stays taken"
    assert sorted(TagAssignment.objects.values_list("pk", "contact", "made_at")) == [
        row for row in rows if row[1] != crew[0].pk
    ]


def test_undone_in_the_order_of_a_stack(by, crew):
    tag = make_tag("пилот")
    first = start(by, crew, Kind.TAG_PUT, value=tag.pk)
    second = start(by, crew, Kind.TAG_TAKE, value=tag.pk)
    undone(by, second)
    assert TagAssignment.objects.count() == 4
    assert undone(by, first).kept == 0
    assert not TagAssignment.objects.exists()


def test_campaigns(by, crew):
    campaign = make_campaign("Парк")
    mass = start(by, crew, Kind.CAMPAIGN_PUT, value=campaign.pk)
    assert Membership.objects.filter(campaign=campaign).count() == mass.changed == 4
    taken = start(by, crew[:2], Kind.CAMPAIGN_TAKE, value=campaign.pk)
    assert Membership.objects.count() == 2
    assert undone(by, taken).undone == 2
    assert undone(by, mass).undone == 4
    assert not Membership.objects.exists()
    assert kinds_published().count("contacts.campaign_left") == 6


def test_a_status_keeps_its_history_and_goes_back(by, crew):
    active, moved = Status.objects.get(code="active"), Status.objects.get(code="moved")
    change_fields(by=by, contact_id=crew[0].pk, fields={"status": active.pk})
    revision = Contact.objects.get(pk=crew[0].pk).revision
    mass = start(by, crew, Kind.STATUS, value=moved.pk)
    assert set(Contact.objects.values_list("status", flat=True)) == {moved.pk}
    assert Contact.objects.get(pk=crew[0].pk).revision == revision + 1
    change = FieldChange.objects.get(contact=crew[0], request_id=mass.request_id)
    assert (change.field, change.before, change.after, change.by_id) == (
        "status", active.pk, moved.pk, by.user_id,
    )  # fmt: skip
    change_fields(by=by, contact_id=crew[1].pk, fields={"status": active.pk})
    change_fields(by=by, contact_id=crew[2].pk, fields={"surname": "Скайуокеров"})
    mass = undone(by, mass)
    assert (mass.undone, mass.kept) == (3, 1)
    assert list(Contact.objects.order_by("pk").values_list("status", flat=True)) == [
        active.pk,
        active.pk,
        None,
        None,
    ]
    ((aside,), _more) = queries.left_alone(by, mass)
    assert (aside.contact, aside.who) == (crew[1], by.name)


def test_set_back_by_hand_to_the_same_is_somebodys_word(by, crew):
    active, moved = Status.objects.get(code="active"), Status.objects.get(code="moved")
    mass = start(by, crew[:1], Kind.STATUS, value=moved.pk)
    for status in (active, moved):
        change_fields(by=by, contact_id=crew[0].pk, fields={"status": status.pk})
    assert undone(by, mass).kept == 1
    assert Contact.objects.get(pk=crew[0].pk).status == moved


def test_fields_undone_in_the_order_of_a_stack(by, crew):
    active, moved = Status.objects.get(code="active"), Status.objects.get(code="moved")
    first, second = (start(by, crew, Kind.STATUS, value=status.pk) for status in (active, moved))
    assert undone(by, second).kept == 0
    assert undone(by, first).kept == 0
    assert set(Contact.objects.values_list("status", flat=True)) == {None}


@pytest.mark.parametrize("text", ["XL", "  ", 'a "quoted" \\ { } % %s \u2028 value'])
def test_an_own_field_is_set_and_cleared(by, crew, text):
    field = make_own_field("Размер")
    change_fields(by=by, contact_id=crew[0].pk, fields={f"own.{field.key}": "M"})
    mass = start(by, crew, Kind.OWN, what=field.key, value=text)
    held = [person.own.get(field.key) for person in Contact.objects.order_by("pk")]
    assert held == [text.strip() or None] * 4
    undone(by, mass)
    assert [person.own for person in Contact.objects.order_by("pk")] == [{field.key: "M"}, {}, {}, {}]


def test_money_choices_and_colleagues_in_own_fields(by, crew):
    money = make_own_field("Сумма", OwnField.Type.MONEY)
    many = make_own_field(
        "Что", OwnField.Type.MANY_CHOICES, [{"id": 1, "label": "а"}, {"id": 2, "label": "б"}]
    )
    start(by, crew, Kind.OWN, what=money.key, value="1 500,50")
    start(by, crew, Kind.OWN, what=many.key, value=["1", "2"])
    assert Contact.objects.get(pk=crew[0].pk).own == {
        money.key: {"minor": 150050, "currency": "RUB"}, many.key: [1, 2],
    }  # fmt: skip


def test_each_gets_a_value_of_their_own(by):
    swapped = make_person("Хан Соло", by=by)
    Contact.objects.filter(pk=swapped.pk).update(surname="Хан", given_name="Соло", name="Хан Соло")
    wrong = make_person("Органа Лея", by=by)
    mass = actions.start_mass_change(
        by=by, kind=Kind.VALUES, what="swapped", words="Имена на местах",
        values={
            swapped.pk: {"surname": "Соло", "given_name": "Хан"}, wrong.pk: {"gender": "f", "birth_year": 1977},
        },
    )  # fmt: skip
    assert (mass.people, mass.changed, queries.title(mass)) == (2, 2, "Имена на местах")
    swapped.refresh_from_db()
    assert (swapped.name, swapped.name_key[:4]) == ("Соло Хан", "соло")
    undone(by, mass)
    swapped.refresh_from_db()
    wrong.refresh_from_db()
    assert (swapped.surname, swapped.given_name, swapped.name) == ("Хан", "Соло", "Хан Соло")
    assert (wrong.gender, wrong.birth_year) == ("f" if wrong.gender == "f" else "", None)


def test_nobody_is_left_without_anything_to_know_them_by(by):
    nameless, reachable = make_person("Тест", by=by), make_person("Тест", by=by, phone="8 904 000-27-40")
    mass = actions.start_mass_change(
        by=by,
        kind=Kind.VALUES,
        what="garbage",
        values={each.pk: {"surname": ""} for each in (nameless, reachable)},
    )
    assert (mass.changed, mass.skipped) == (1, {"bare": 1})
    assert Contact.objects.get(pk=nameless.pk).name == "Тест"


def test_a_name_without_parts_is_as_before_after_the_undo(by):
    person = make_person("Тест", by=by)
    Contact.objects.filter(pk=person.pk).update(
        surname="", given_name="", patronymic="", name="хан соло", name_key="хан соло"
    )
    mass = actions.start_mass_change(
        by=by, kind=Kind.VALUES, what="names", values={person.pk: {"surname": "Соло", "given_name": "Хан"}}
    )
    assert Contact.objects.get(pk=person.pk).name == "Соло Хан"
    undone(by, mass)
    person.refresh_from_db()
    assert (person.surname, person.given_name, person.name) == ("", "", "хан соло")


def test_removed_people_come_back_with_all_that_is_theirs(by, crew):
    tag = make_tag()
    put_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    mass = start(by, crew, Kind.REMOVE)
    assert not Contact.objects.filter(removed_at=None).exists()
    restore_contact(by=by, contact_id=crew[1].pk)
    restore_contact(by=by, contact_id=crew[2].pk)
    remove_contact(by=by, contact_id=crew[2].pk)
    mass = undone(by, mass)
    assert (mass.undone, mass.kept) == (3, 1), "who was removed again since stays removed"
    assert set(Contact.objects.filter(removed_at=None)) == {crew[0], crew[1], crew[3]}
    assert TagAssignment.objects.get().contact == crew[0]


def test_a_tag_of_somebody_removed_since_is_undone_too(by, crew):
    mass = start(by, crew, Kind.TAG_PUT, value=make_tag().pk)
    remove_contact(by=by, contact_id=crew[0].pk)
    assert undone(by, mass).undone == 4
    assert not TagAssignment.objects.exists()


def test_all_whom_a_list_shows_are_frozen_at_the_start(by, crew, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    monkeypatch.setattr(actions, "CHUNK", 2)
    tag = make_tag()
    for person in crew[:3]:
        put_tag(by=by, contact_id=person.pk, tag_id=tag.pk)
    other = make_tag()
    mass = actions.start_mass_change(by=by, kind=Kind.TAG_PUT, value=other.pk, asked=f"tag={tag.pk}")
    assert (mass.people, mass.state, mass.words) == (3, State.RUNNING, f"Tag: {tag}")
    put_tag(by=by, contact_id=crew[3].pk, tag_id=tag.pk)
    take_tag(by=by, contact_id=crew[0].pk, tag_id=tag.pk)
    run_job(job_id=mass.job_id)
    mass.refresh_from_db()
    assert (mass.state, mass.changed) == (State.DONE, 3)
    assert set(TagAssignment.objects.filter(tag=other).values_list("contact", flat=True)) == set(
        ids_of(crew[:3])
    )
    job = Job.objects.get(pk=mass.job_id)
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    assert job.result_url == f"/people/changes/{mass.pk}/"
    undone(by, mass)
    mass.refresh_from_db()
    assert mass.state == State.UNDOING
    run_job(job_id=mass.job_id)
    mass.refresh_from_db()
    assert (mass.state, mass.undone) == (State.UNDONE, 3)
    assert not TagAssignment.objects.filter(tag=other).exists()


def test_a_filter_that_means_nothing_changes_nobody(by, crew):
    with pytest.raises(Refusal):
        actions.start_mass_change(by=by, kind=Kind.TAG_PUT, value=make_tag().pk, asked="campaign=99999")
    assert not MassChange.objects.exists()


def test_removed_meanwhile_is_told_and_passed_over(by, crew, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    mass = start(by, crew, Kind.TAG_PUT, value=make_tag().pk)
    remove_contact(by=by, contact_id=crew[0].pk)
    run_job(job_id=mass.job_id)
    mass.refresh_from_db()
    assert (mass.changed, mass.skipped) == (3, {"out": 1})


def test_a_stopped_change_is_undone_as_far_as_it_came(by, crew, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    monkeypatch.setattr(actions, "CHUNK", 1)
    mass = start(by, crew, Kind.TAG_PUT, value=make_tag().pk)
    actions.change_portion(by=by, mass=mass)
    mass = actions.cancel_mass_change(by=by, mass_id=mass.pk)
    mass.refresh_from_db()
    assert (mass.state, mass.changed, Job.objects.get(pk=mass.job_id).state) == (
        State.CANCELLED,
        1,
        "cancelled",
    )
    assert [code for code, _why, _n in queries.reasons(mass)] == ["rest"]
    run_job(job_id=mass.job_id)
    assert TagAssignment.objects.count() == 1
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    assert undone(by, mass).undone == 1


def test_undo_for_thirty_days_and_then_all_of_it_is_forgotten(by, crew):
    field = make_own_field("Диагноз")
    mass = start(by, crew, Kind.OWN, what=field.key, value="ветрянка")
    MassChange.objects.update(made_at=timezone.now() - dt.timedelta(days=29, hours=23))
    assert queries.may_undo(by, MassChange.objects.get())
    MassChange.objects.update(made_at=timezone.now() - dt.timedelta(days=30, hours=1))
    with pytest.raises(Refusal):
        undone(by, mass)
    while actions.forget_portion(by=actor_of("administrator"), portion=3):
        pass
    assert not MassOutcome.objects.exists()
    assert "ветрянка" not in str(MassChange.objects.values())
    assert queries.title(MassChange.objects.get()) == "Диагноз: —"


def test_who_may(by, crew):
    tag = make_tag()
    for role in ("volunteer", "auditor"):
        with pytest.raises(Refusal) as refused:
            start(actor_of(role), crew, Kind.TAG_PUT, value=tag.pk)
        assert refused.value.status == 403
    operator = actor_of_user_now(make_user("Финн", "operator", reach="everything"))
    assert start(operator, crew, Kind.TAG_PUT, value=tag.pk).changed == 4
    with pytest.raises(Refusal) as refused:
        start(operator, crew, Kind.REMOVE)
    assert refused.value.status == 403


def test_only_ones_own_people_and_one_s_own_changes(crew):
    mine = make_user("Финн", "operator", reach="own")
    finn = actor_of_user_now(mine)
    change_fields(by=actor_of("coordinator"), contact_id=crew[0].pk, fields={"responsible": mine.pk})
    tag = make_tag()
    mass = start(finn, crew, Kind.TAG_PUT, value=tag.pk)
    assert (mass.changed, mass.people, mass.skipped) == (1, 4, {"out": 3})
    with pytest.raises(Refusal):
        start(finn, crew[1:], Kind.TAG_PUT, value=tag.pk)
    with pytest.raises(NotFound):
        actions.start_mass_undo(by=actor_of("operator"), mass_id=mass.pk)
    assert list(queries.mass_changes_for(actor_of("operator"))) == []
    assert list(queries.mass_changes_for(actor_of("administrator"))) == [mass]


def test_who_gave_people_away_may_take_it_back(crew):
    user = make_user("Финн", "operator", reach="own")
    finn, other = actor_of_user_now(user), member("operator")
    for person in crew:
        change_fields(by=actor_of("coordinator"), contact_id=person.pk, fields={"responsible": user.pk})
    mass = start(finn, crew, Kind.RESPONSIBLE, value=other.pk)
    assert mass.changed == 4
    assert undone(finn, mass).undone == 4
    assert set(Contact.objects.values_list("responsible", flat=True)) == {user.pk}


def test_rights_lost_on_the_way_end_the_job(by, crew, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    mass = start(by, crew, Kind.TAG_PUT, value=make_tag().pk)
    type(member("coordinator")).objects.filter(pk=by.user_id).update(is_active=False)
    run_job(job_id=mass.job_id)
    mass.refresh_from_db()
    assert (mass.state, mass.changed) == (State.FAILED, 0)
    assert mass.error and not MassChunk.objects.exists()


def test_twice_at_the_same_undo_is_stale(by, crew):
    mass = start(by, crew, Kind.TAG_PUT, value=make_tag().pk)
    undone(by, mass)
    with pytest.raises(Stale):
        undone(by, mass)


def actor_of_user_now(user):
    from veche.accounts.queries import actor_for

    return actor_for(user)
