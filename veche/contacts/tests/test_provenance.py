"""The card says of each value where it is from and what it was before."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Origin
from veche.contacts.queries.provenance import provenance
from veche.contacts.testing import make_person
from veche.core.refusal import NotFound

pytestmark = pytest.mark.django_db


def test_a_typed_value_names_who_typed_it_and_who_changed_it():
    by = actor_of("coordinator")
    person = make_person("Иванова Анна Петровна", phone="8 904 000-27-40", by=by)
    change_fields(by=actor_of("administrator"), contact_id=person.pk, fields={"surname": "Соло"})
    told = provenance(by, person, "name")
    assert len(told) == 2
    assert "Иванова" in told[0]
    assert actor_of("administrator").name in told[0]
    assert by.name in told[1]
    [told] = provenance(by, person, f"point.{person.points.get().pk}")
    assert by.name in told


def test_a_loaded_value_names_the_file_and_the_row():
    by = actor_of("coordinator")
    person = make_person("Иванова Анна Петровна", phone="8 904 000-27-40", by=by)
    Origin.objects.filter(contact=person).update(
        channel="import", batch=7, batch_name="отряд.xlsx", batch_row=12
    )
    [told] = provenance(by, person, f"point.{person.points.get().pk}")
    assert "отряд.xlsx" in told
    assert "12" in told


def test_another_persons_phone_is_not_told_of():
    by = actor_of("coordinator")
    person, other = (
        make_person(phone="8 904 000-27-40", by=by),
        make_person("Соло", phone="8 904 000-27-41", by=by),
    )
    with pytest.raises(NotFound):
        provenance(by, person, f"point.{other.points.get().pk}")
    client = signed_in_client("coordinator")
    for code in ("name", "own.shoe", "birthday"):
        assert client.get(reverse("contacts:provenance", args=[person.pk, code])).status_code == 200


def test_birthday_gender_status_and_responsible_say_where_they_are_from():
    by, other = actor_of("coordinator"), actor_of("administrator")
    person = make_person("Иванова Анна Петровна", by=by)
    change_fields(
        by=other, contact_id=person.pk, fields={"birthday": "03.11.1980", "responsible": by.user_id}
    )
    change_fields(by=other, contact_id=person.pk, fields={"birthday": "04.11.1980"})
    person.refresh_from_db()
    who, standing = provenance(by, person, "who"), provenance(by, person, "standing")
    assert [line for line in who if line.startswith("Birthday: Changed by") and "03.11.1980" in line]
    assert [line for line in who if line.startswith("Gender: ")]
    assert (
        len(standing) == 1 and standing[0].startswith("Responsible: Added by") and other.name in standing[0]
    )
