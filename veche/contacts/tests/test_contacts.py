"""Adding, changing, removing and restoring one contact."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.testing import actor_of, make_user, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import add_contact, change_fields, remove_contact, restore_contact
from veche.contacts.actions.points import add_points
from veche.contacts.actions.reverting import revert_change
from veche.contacts.models import Contact, Origin, OwnField
from veche.contacts.queries.scope import contacts_for, get_contact, visible_sql
from veche.contacts.testing import make_organisation, make_own_field, make_person
from veche.core.actor import Actor
from veche.core.ledger import history
from veche.core.refusal import NotFound, Refusal, Stale

pytestmark = pytest.mark.django_db


def kinds(contact_id):
    return [entry.kind for entry in history(contact_id=contact_id)]


def kept(contact):
    return list(contact.changes.order_by("id").values_list("field", "before", "after"))


@pytest.mark.parametrize(
    "known",
    [
        {"name": "Соло"},
        {"points": {"phone": ["8 904 000-27-40"]}},
        {"points": {"email": ["han@example.ru"]}},
        {"points": {"telegram": ["@han"]}},
        {"addresses": ["Ленина, 5"]},
    ],
)
def test_any_one_thing_is_enough(known):
    operator = actor_of("coordinator")
    contact = add_contact(by=operator, **known)
    assert kinds(contact.pk) == ["contacts.contact_added"]
    origin = Origin.objects.get(contact=contact)
    assert (origin.channel, origin.collector_user_id) == ("by_hand", operator.user_id)


def test_nothing_is_not_enough():
    with pytest.raises(Refusal) as refused:
        add_contact(by=actor_of("coordinator"), name="  ", points={"phone": [""]}, addresses=[" "])
    assert "name" in refused.value.fields
    assert not Contact.objects.exists()


def test_a_name_is_taken_apart_and_kept_as_given():
    contact = make_person("иванова-петрова анна петровна", fields={"birthday": "11.1980"})
    assert (contact.surname, contact.given_name) == ("Иванова-Петрова", "Анна")
    assert contact.name == "Иванова-Петрова Анна Петровна"
    assert contact.name_as_given == "иванова-петрова анна петровна"
    assert (contact.birth_year, contact.birth_month, contact.birth_day) == (1980, 11, None)


def test_an_organisation_keeps_its_name_whole():
    contact = make_organisation("ТСЖ «Иванов Иван»", email="tszh@example.ru")
    assert (contact.name, contact.surname) == ("ТСЖ «Иванов Иван»", "")


def test_whoever_sees_only_their_own_answers_for_what_they_add():
    operator = actor_of("operator")
    contact = add_contact(by=operator, name="Иванов Пётр")
    assert get_contact(operator, contact.pk).responsible_id == operator.user_id


def test_a_change_keeps_what_was_before_and_the_ledger_no_name():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    change_fields(
        by=by, contact_id=contact.pk, fields={"surname": "Соколов", "given_name": "Пётр"}, revision=1
    )
    contact.refresh_from_db()
    assert (contact.name, contact.revision) == ("Соколов Пётр", 2)
    assert kept(contact) == [("surname", "Иванов", "Соколов")]
    entry = history(contact_id=contact.pk)[0]
    assert (entry.kind, entry.data) == ("contacts.contact_changed", {"fields": ["surname"], "revision": 2})


def test_what_is_the_same_changes_nothing():
    contact = make_person("Иванов Пётр")
    change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={"surname": " Иванов "})
    assert kinds(contact.pk) == ["contacts.contact_added"]
    assert Contact.objects.get().revision == 1


def test_two_editors_of_one_field_the_second_is_told():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    change_fields(by=by, contact_id=contact.pk, fields={"surname": "Соколов"}, revision=1)
    with pytest.raises(Stale):
        change_fields(by=by, contact_id=contact.pk, fields={"surname": "Воробьёв"}, revision=1)
    assert Contact.objects.get().surname == "Соколов"


def test_two_editors_of_two_fields_do_no_harm():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    add_points(by=by, contact_id=contact.pk, kind="phone", text="8 904 000-27-40")
    change_fields(by=by, contact_id=contact.pk, fields={"surname": "Соколов"}, revision=1)
    change_fields(by=by, contact_id=contact.pk, fields={"caution": "Злая собака"}, revision=1)
    assert Contact.objects.get().revision == 4


def test_a_change_that_the_ledger_knows_nothing_of_stops_every_older_editor():
    contact = make_person("Иванов Пётр")
    Contact.objects.update(revision=2)  # in bulk
    with pytest.raises(Stale):
        change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={"caution": "!"}, revision=1)


def test_the_last_thing_known_cannot_be_wiped():
    contact = make_person("Соло")
    with pytest.raises(Refusal) as refused:
        change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={"surname": ""})
    assert "surname" in refused.value.fields


@pytest.mark.parametrize("typed", ["31.02.1980", "45.45.1980", "1800", "13.2001", "вчера", "01.01.2999"])
def test_no_such_birthday(typed):
    contact = make_person()
    with pytest.raises(Refusal) as refused:
        change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={"birthday": typed})
    assert "birthday" in refused.value.fields


CHOICES = [{"id": "a", "label": "Да, очень"}, {"id": "b", "label": "Нет"}]


@pytest.mark.parametrize(
    ("type", "typed", "stored"),
    [
        ("text", " M ", "M"),
        ("number", "1 234,5", 1234.5),
        ("number", "12", 12),
        ("money", "1 500,50 ₽", {"minor": 150050, "currency": "RUB"}),
        ("date", "03.11.2026", "2026-11-03"),
        ("yes_no", "да", True),
        ("yes_no", "no", False),
        ("choice", "да, очень", "a"),
        ("many_choices", ["b", "a", "b"], ["b", "a"]),
        ("link", "vk.com/club1", "https://vk.com/club1"),
    ],
)
def test_own_values_are_stored_by_their_type(type, typed, stored):
    field, contact = make_own_field(type=type, choices=CHOICES), make_person()
    code = f"own.{field.key}"
    change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={code: typed})
    contact.refresh_from_db()
    assert contact.own == {field.key: stored}
    assert kept(contact) == [(code, None, stored)]
    change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={code: ""})
    assert Contact.objects.get().own == {}


@pytest.mark.parametrize(
    ("type", "typed"),
    [("number", "много"), ("money", "сто"), ("date", "31.02.2026"), ("yes_no", "кто знает"), ("choice", "c"),
     ("many_choices", ["a", "c"]), ("link", "не ссылка"), ("user", "999999"), ("number", "1e999")],
)  # fmt: skip
def test_own_values_of_another_type_are_refused_with_a_sentence(type, typed):
    field, contact = make_own_field(type=type, choices=CHOICES), make_person()
    with pytest.raises(Refusal) as refused:
        change_fields(by=actor_of("coordinator"), contact_id=contact.pk, fields={f"own.{field.key}": typed})
    assert str(refused.value.fields[f"own.{field.key}"]).endswith(".")


def test_a_colleague_who_left_is_no_value_for_a_field():
    field, contact = make_own_field(type=OwnField.Type.USER), make_person()
    colleague = make_user("Чубакка")
    change_fields(
        by=actor_of("coordinator"), contact_id=contact.pk, fields={f"own.{field.key}": colleague.pk}
    )
    assert Contact.objects.get().own == {field.key: colleague.pk}


def test_a_removed_contact_is_seen_by_nobody_and_comes_back_whole():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр", phone="8 904 000-27-40")
    remove_contact(by=by, contact_id=contact.pk)
    assert not contacts_for(Actor.system()).exists()
    with pytest.raises(NotFound):
        change_fields(by=by, contact_id=contact.pk, fields={"surname": "Икс"})
    with pytest.raises(NotFound):
        remove_contact(by=by, contact_id=contact.pk)
    restore_contact(by=by, contact_id=contact.pk)
    assert get_contact(by, contact.pk).points.count() == 1
    assert kinds(contact.pk)[:2] == ["contacts.contact_restored", "contacts.contact_removed"]


def test_undo_puts_back_all_fields_of_one_go():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр", fields={"birthday": "03.11"})
    made = change_fields(
        by=by, contact_id=contact.pk, fields={"surname": "Икс", "birthday": "1980", "given_name": "Игрек"}
    ).changes_made
    revert_change(by=by, contact_id=contact.pk, change_id=made[0].pk)
    contact.refresh_from_db()
    assert (contact.name, contact.birth_year, contact.birth_month, contact.birth_day) == (
        "Иванов Пётр",
        None,
        11,
        3,
    )


def test_undo_does_not_trample_on_a_later_change():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    made = change_fields(by=by, contact_id=contact.pk, fields={"surname": "Икс"}).changes_made
    change_fields(by=by, contact_id=contact.pk, fields={"surname": "Зет"})
    with pytest.raises(Stale):
        revert_change(by=by, contact_id=contact.pk, change_id=made[0].pk)


@pytest.mark.parametrize(("first", "later"), [("birthday", "birth_year"), ("birth_year", "birthday")])
def test_a_birthday_and_its_parts_are_one_thing_to_an_undo(first, later):
    """A change of many writes the parts of a birthday, a card the whole of it."""
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр", fields={"birthday": "03.11.1970"})
    texts = {"birthday": "04.12.1980", "birth_year": "1990"}
    made = change_fields(by=by, contact_id=contact.pk, fields={first: texts[first]}).changes_made
    change_fields(by=by, contact_id=contact.pk, fields={later: texts[later]})
    with pytest.raises(Stale):
        revert_change(by=by, contact_id=contact.pk, change_id=made[0].pk)


def test_who_sees_whom():
    mine, theirs = make_campaign(), make_campaign()
    in_campaign, outside = (
        make_person("Иванов Пётр", campaign=mine),
        make_person("Фетт Боба", campaign=theirs),
    )
    given = make_person("Органа Лея", fields={"responsible": member("volunteer").pk})
    someone = {"user_id": 77, "permissions": frozenset({"contacts.view"})}
    reach = {
        "all": Actor(**someone, sees_all=True),
        "campaign": Actor(**someone, scopes={"campaign": frozenset({mine.pk})}),
        "own": actor_of("volunteer"),
        "stranger": Actor.anonymous(),
    }
    expected = {
        "all": {in_campaign.pk, outside.pk, given.pk},
        "campaign": {in_campaign.pk},
        "own": {given.pk},
    }
    for name, actor in reach.items():
        seen = set(contacts_for(actor).values_list("pk", flat=True))
        where, params = visible_sql(actor)
        by_sql = Contact.objects.raw(f"SELECT * FROM contacts_contact AS contact WHERE {where}", params)
        assert seen == {row.pk for row in by_sql} == expected.get(name, set()), name


def test_a_caution_that_has_run_out_is_no_caution():
    from veche.contacts.queries.card import card

    by, contact = actor_of("coordinator"), make_person()
    today = timezone.localdate()
    change_fields(by=by, contact_id=contact.pk, fields={"caution": "Собака", "caution_until": today})
    assert card(by, contact.pk).caution == "Собака"
    yesterday = today - dt.timedelta(days=1)
    change_fields(by=by, contact_id=contact.pk, fields={"caution_until": yesterday})
    assert card(by, contact.pk).caution == ""
