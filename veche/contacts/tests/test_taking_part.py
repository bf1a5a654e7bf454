"""Nobody's table is forgotten when contacts are merged or erased."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, erasing, notes
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.models import Contact, ContactPoint, FieldChange, Membership, Note, TagAssignment
from veche.contacts.registry import erasure_participants, merge_participants
from veche.contacts.testing import make_person, make_tag
from veche.core.actor import Actor
from veche.core.ledger import history
from veche.core.refusal import Refusal
from veche.core.testing import published

pytestmark = pytest.mark.django_db


def tables_that_know_contacts() -> set[str]:
    """By a foreign key of whatever name, or by a column called contact_id without one."""
    keyed = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if getattr(field, "many_to_one", False) and field.remote_field and field.remote_field.model is Contact
    }
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT class.relname FROM pg_attribute AS attribute JOIN pg_class AS class ON class.oid = attribute.attrelid
            WHERE attribute.attname = 'contact_id' AND class.relkind IN ('r', 'p') AND NOT class.relispartition
              AND class.relnamespace = 'public'::regnamespace
            """
        )
        return keyed | {row[0] for row in sql.fetchall()}


@pytest.mark.parametrize("participants", [merge_participants, erasure_participants], ids=["merge", "erasure"])
def test_every_table_that_knows_contacts_takes_part(participants):
    known = tables_that_know_contacts()
    assert {"contacts_note", "core_ledger"} <= known
    assert known - participants.tables == set(), "tables whose room says nothing of merging or erasing"
    assert all(participant.plan for participant in participants)


def test_erasing_leaves_nothing_of_the_person():
    admin = actor_of("administrator")
    person = make_person("Скайуокер Лука", by=admin, phone="8 904 000-27-40", campaign=make_campaign())
    other = make_person("Органа Лея", by=admin, phone="8 904 000-27-41")
    change_fields(by=admin, contact_id=person.pk, fields={"surname": "Скайуокеров"})
    notes.add_note(by=admin, contact_id=person.pk, text="Живёт на Татуине")
    belonging.put_tag(by=admin, contact_id=person.pk, tag_id=make_tag().pk)
    remove_contact(by=admin, contact_id=person.pk)

    assert erasing.erase_contact(by=admin, contact_id=person.pk) == 1

    for participant in merge_participants:
        for column in participant.columns:
            with connection.cursor() as sql:
                sql.execute(f"SELECT count(*) FROM {participant.table} WHERE {column} = %s", [person.pk])
                assert sql.fetchone()[0] == 0, participant.table
    assert list(Contact.objects.values_list("pk", flat=True)) == [other.pk]
    assert ContactPoint.objects.get().contact_id == other.pk
    assert erasing.erase_contact(by=admin, contact_id=person.pk) == 0


def test_what_was_removed_a_month_ago_is_erased_and_nothing_else():
    system = Actor.system()
    old, fresh, kept = make_person("Иванов Пётр", phone="8 904 000-27-40"), make_person(), make_person()
    for contact in (old, fresh):
        remove_contact(by=system, contact_id=contact.pk)
    now = timezone.now()
    Contact.objects.filter(pk=old.pk).update(removed_at=now - dt.timedelta(days=31))
    Contact.objects.filter(pk=fresh.pk).update(removed_at=now - dt.timedelta(days=29))
    assert erasing.erase_long_removed(by=system) == 1
    assert set(Contact.objects.values_list("pk", flat=True)) == {fresh.pk, kept.pk}
    assert not ContactPoint.objects.exists()
    assert erasing.erase_long_removed(by=system) == 0


def test_only_who_may_delete_erases():
    person = make_person()
    with pytest.raises(Refusal) as refused:
        erasing.erase_contact(by=actor_of("operator"), contact_id=person.pk)
    assert refused.value.status == 403


def test_a_merge_hands_every_row_over_once():
    admin = actor_of("administrator")
    campaign, tag = make_campaign(), make_tag()
    kept = make_person("Скайуокер Лука", by=admin, phone="8 904 000-27-40", campaign=campaign)
    gone = make_person("Скайуокер Люк", by=admin, phone="8 904 000-27-40, 8 904 000-27-41", campaign=campaign)
    third = make_person("Лука", by=admin, phone="8 904 000-27-41")
    for contact in (gone, third):
        belonging.put_tag(by=admin, contact_id=contact.pk, tag_id=tag.pk)
        notes.add_note(by=admin, contact_id=contact.pk, text="Одно и то же")
    change_fields(by=admin, contact_id=gone.pk, fields={"surname": "Скайуокеров"})

    for _twice in range(2):
        for participant in merge_participants:
            participant.merge(admin, {gone.pk: kept.pk, third.pk: kept.pk})

    values = ContactPoint.objects.filter(contact=kept).order_by("value").values_list("value", flat=True)
    assert list(values) == ["+79040002740", "+79040002741"]
    assert Membership.objects.get().contact_id == kept.pk
    assert TagAssignment.objects.get().contact_id == kept.pk
    assert Note.objects.filter(contact=kept).count() == 2
    assert FieldChange.objects.get().contact_id == kept.pk
    assert history(contact_id=gone.pk) == []
    assert {entry.object_id for entry in history(contact_id=kept.pk)} >= {kept.pk, gone.pk, third.pk}


def test_erasing_many_leaves_as_little_as_erasing_one():
    admin = actor_of("administrator")
    ids = [make_person(name, by=admin).pk for name in ("Соло Хан", "Калриссиан Ландо")]
    assert erasing.erase_contacts(by=admin, contact_ids=ids) == 2
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM core_ledger WHERE contact_id = ANY(%s)", [ids])
        assert sql.fetchone() == (0,)
    assert {entry.object_id for entry in published("contacts.contact_erased")} == set(ids)
    assert erasing.erase_contacts(by=admin, contact_ids=ids) == 0
