"""Tags, statuses, roles and own fields made in the UI, and the index of an own field."""

import pytest
from django.db import connection
from django.utils import translation

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions import shape
from veche.contacts.actions.own_index import build_index
from veche.contacts.models import Contact, OwnField, RoleKind, Status, Tag
from veche.contacts.queries import own_index, people_filters
from veche.contacts.queries.people import people
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.core.testing import kinds_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("coordinator")


def test_each_list_gets_a_new_entry_at_its_end(by):
    assert shape.add_tag(by=by, name="  донор  крови ", colour=5).name == "донор крови"
    assert shape.add_status(by=by, name="На паузе") == list(Status.objects.all())[-1]
    assert shape.add_role_kind(by=by, name="Юрист", colour=2) == list(RoleKind.objects.all())[-1]
    field = shape.add_own_field(
        by=by, label="Размер футболки", type="choice", choices=["S", "M", "s", " ", "L"]
    )
    assert field.choices == [
        {"id": "c1", "label": "S"},
        {"id": "c2", "label": "M"},
        {"id": "c3", "label": "L"},
    ]
    assert kinds_published()[-4:] == ["contacts.shape_added"] * 4


@pytest.mark.parametrize("name", ["", "  ", "х" * 101, "ДОНОР"])
def test_a_name_must_be_there_short_and_new(by, name):
    make_tag("донор")
    with pytest.raises(Refusal) as refusal:
        shape.add_tag(by=by, name=name)
    assert list(refusal.value.fields) == ["name"]


def test_a_shipped_status_is_a_twin_by_its_translated_name(by):
    with translation.override("en"), pytest.raises(Refusal):
        shape.add_status(by=by, name="moved away")
    with translation.override("ru"), pytest.raises(Refusal):
        shape.add_status(by=by, name="Переехал")


def test_a_list_without_choices_is_refused(by):
    with pytest.raises(Refusal):
        shape.add_own_field(by=by, label="Размер", type="choice")


def test_choices_are_renamed_and_added_and_never_lost(by):
    field = shape.add_own_field(by=by, label="Размер", type="choice", choices=["S", "M"])
    shape.change_choices(by=by, field=field, labels={"c1": "Малый", "c2": " "}, added=["L", "малый"])
    field.refresh_from_db()
    assert [choice["label"] for choice in field.choices] == ["Малый", "M", "L"]
    assert [choice["id"] for choice in field.choices] == ["c1", "c2", "c3"]


def test_order_is_changed_by_one_place(by):
    second = list(RoleKind.objects.all())[1]
    shape.move_entry(by=by, entry=second, down=False)
    assert RoleKind.objects.first() == second
    before = kinds_published()
    shape.move_entry(by=by, entry=second, down=False)
    assert kinds_published() == before


def test_the_archive_gives_back_unless_the_name_is_taken(by):
    field = make_own_field("Размер")
    shape.archive_entry(by=by, entry=field)
    shape.archive_entry(by=by, entry=field)
    assert field.archived_at
    shape.add_own_field(by=by, label="Размер")
    with pytest.raises(Refusal):
        shape.restore_entry(by=by, entry=field)
    assert kinds_published().count("contacts.shape_archived") == 1


def test_a_tag_is_made_renamed_and_archived_on_its_page(by):
    client = signed_in_client("coordinator")
    assert client.post("/people/shape/tags/", {"name": "донор", "colour": "2"}).status_code == 302
    tag = Tag.objects.get()
    assert (tag.name, tag.colour) == ("донор", 2)
    again = client.post("/people/shape/tags/", {"name": "Донор"})
    assert again.status_code == 422
    assert "There is one of this name already." in again.content.decode()
    client.post(f"/people/shape/tags/{tag.pk}/", {"name": "жертвователь", "colour": "9"})
    tag.refresh_from_db()
    assert (tag.name, tag.colour) == ("жертвователь", 3)
    client.post(f"/people/shape/tags/{tag.pk}/archival/")
    assert "жертвователь" in client.get("/people/shape/tags/").content.decode().split("<details")[1]


def test_a_large_base_waits_for_the_index_and_then_filters(by, monkeypatch):
    monkeypatch.setattr(people_filters, "is_large_base", lambda: True)
    field = make_own_field()
    luke = make_person("Скайуокер Лука")
    Contact.objects.filter(pk=luke.pk).update(own={field.key: "XL"})
    asked = {f"own.{field.key}": "xl"}
    assert people(by, read_filters(by, asked)).contacts == []
    client = signed_in_client("operator")
    page = client.get("/people/", asked).content.decode()
    assert "Prepare the filter" in page
    assert (
        client.post(f"/people/shape/fields/{field.pk}/index/", {"back": "//evil.example"}).url
        == "/people/shape/fields/"
    )
    client.post(f"/people/shape/fields/{field.pk}/index/")
    assert Job.objects.filter(kind="contacts.own_index", object_id=field.pk).count() == 1
    assert "is being prepared" in client.get("/people/", asked).content.decode()
    OwnField.objects.filter(pk=field.pk).update(index_state="ready")
    assert people(by, read_filters(by, asked)).contacts == [luke]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("type", OwnField.Type.values)
def test_an_index_of_every_type_is_built_and_used(type):
    choices = [{"id": "c1", "label": "один"}] if "choice" in type else []
    field = make_own_field(type=type, choices=choices)
    values = {
        "text": ("я" * 3000, "я" * 3000), "number": (1.5, 1.5), "yes_no": (True, True), "user": (1, 1),
        "money": ({"minor": 100, "currency": "RUB"},) * 2, "date": ("2026-11-03",) * 2, "choice": ("c1", "c1"),
        "many_choices": (["c1"], "c1"), "link": ("https://example.org/",) * 2,
    }  # fmt: skip
    stored, asked = values[type]
    luke = make_person("Скайуокер Лука")
    Contact.objects.filter(pk=luke.pk).update(own={field.key: stored})
    build_index(field)
    build_index(field)
    field.refresh_from_db()
    assert field.index_state == "ready"
    where = own_index.own_where(field, asked)
    query = f"SELECT contact.id FROM contacts_contact AS contact WHERE {where.text}"
    with connection.cursor() as sql:
        sql.execute("SET enable_seqscan = off")
        try:
            sql.execute(f"EXPLAIN {query}", where.params)
            plan = "\n".join(row[0] for row in sql.fetchall())
            sql.execute(query, where.params)
            assert sql.fetchall() == [(luke.pk,)]
        finally:
            sql.execute("RESET enable_seqscan")
            sql.execute(f"DROP INDEX {own_index.index_name(field)}")
    assert own_index.index_name(field) in plan
