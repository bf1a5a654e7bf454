"""The team's own kinds of relations: made, renamed, put away; said on a card and told in a history."""

import pytest
from django.utils import translation

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions import shape
from veche.contacts.actions.relations import relate
from veche.contacts.models import RelationKind
from veche.contacts.queries.relations import kind_of, kinds_for, ties_of
from veche.contacts.testing import make_organisation, make_person
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db
URL = "/people/shape/relations/"


@pytest.fixture
def by():
    return actor_of("coordinator")


def godfather(by, **given):
    said = {"name": "Крёстный", "reverse_name": "Крестник", "one_is": "person", "other_is": "person"} | given
    return shape.add_relation_kind(by=by, **said)


def test_one_of_two_ends_is_offered_said_and_read_from_both(by):
    kind = godfather(by)
    assert not kind.is_symmetric and kind_of(kind.code) == kind_of(kind.reverse_code) == kind
    offered = dict(kinds_for("person"))
    assert (offered[kind.code], offered[kind.reverse_code]) == ("Крёстный", "Крестник")
    assert kind.code not in dict(kinds_for("organisation"))
    luke, ben = make_person("Скайуокер Лука"), make_person("Кеноби Бен")
    relation = relate(by=by, one_id=luke.pk, other_id=ben.pk, kind_code=kind.reverse_code)
    assert (relation.one_id, relation.other_id) == (ben.pk, luke.pk)
    admin = actor_of("administrator")
    assert [tie.word for tie in ties_of(admin, luke.pk).shown] == ["Крёстный"]
    assert [tie.word for tie in ties_of(admin, ben.pk).shown] == ["Крестник"]
    shape.change_relation_kind(
        by=by, kind=kind, name="Наставник", reverse_name="Падаван", one_is="person", other_is="person"
    )
    client = signed_in_client("administrator")
    assert "Падаван" in client.get(f"/people/{ben.pk}/").content.decode()


def test_without_another_name_it_reads_alike_both_ways(by):
    kind = godfather(by, name="Соратник", reverse_name=" соратник ", one_is="", other_is="")
    assert kind.is_symmetric and str(kind) == "Соратник"
    tszh, luke = make_organisation("ТСЖ «Тантив»"), make_person("Скайуокер Лука")
    relate(by=by, one_id=tszh.pk, other_id=luke.pk, kind_code=kind.code)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"), ({"name": "х" * 101}, "name"), ({"reverse_name": "х" * 101}, "reverse_name"),
        ({"name": "neighbour"}, "name"), ({"reverse_name": "Son or daughter"}, "reverse_name"),
        ({"one_is": "droid"}, "one_is"), ({"reverse_name": "", "one_is": ""}, "reverse_name"),
    ],
)  # fmt: skip
def test_what_is_refused(by, given, field):
    with translation.override("en"), pytest.raises(Refusal) as refusal:
        godfather(by, **given)
    assert list(refusal.value.fields) == [field]


def test_a_name_is_not_taken_twice_and_an_archived_one_comes_back_once(by):
    kind = godfather(by)
    shape.archive_entry(by=by, entry=kind)
    assert kind_of(kind.code) is None and kind.code not in dict(kinds_for("person"))
    with pytest.raises(Refusal, match="archive"), translation.override("en"):
        godfather(by, name="Тесть", reverse_name="крёстный")
    shape.restore_entry(by=by, entry=kind)
    assert kind_of(kind.reverse_code) == kind


def test_whom_it_links_stays_once_it_is_used(by):
    kind = godfather(by)
    said = {"name": "Крёстный", "reverse_name": "", "one_is": "", "other_is": ""}
    assert shape.change_relation_kind(by=by, kind=kind, **said).is_symmetric
    relate(by=by, one_id=make_person("А Б").pk, other_id=make_person("В Г").pk, kind_code=kind.code)
    with pytest.raises(Refusal):
        shape.change_relation_kind(by=by, kind=kind, **said | {"reverse_name": "Крестник"})
    kind.refresh_from_db()
    assert kind.is_symmetric
    shape.change_relation_kind(by=by, kind=kind, **said | {"name": "Восприемник"})
    assert str(RelationKind.objects.get(pk=kind.pk)) == "Восприемник"


def test_a_shipped_kind_is_renamed_and_called_as_it_came_again(by):
    parent = RelationKind.objects.get(code="parent")
    said = {"name": "Родитель", "reverse_name": "", "one_is": "", "other_is": ""}
    shape.change_relation_kind(by=by, kind=parent, **said)
    parent.refresh_from_db()
    with translation.override("en"):
        assert str(parent) == "Родитель – Son or daughter"
        assert (parent.one_is, parent.other_is) == ("person", "person")
        shape.change_relation_kind(by=by, kind=parent, **said | {"name": " "})
        assert str(RelationKind.objects.get(pk=parent.pk)) == "Mother or father – Son or daughter"


def test_the_page_makes_changes_and_puts_away():
    client = signed_in_client("coordinator")
    assert client.post(URL, {"name": "Кум", "reverse_name": "Кума", "one_is": "person"}).status_code == 302
    kind = RelationKind.objects.get(name="Кум")
    page = client.get(URL).content.decode()
    assert "Кум – Кума" in page and "Mother or father – Son or daughter" in page
    refused = client.post(URL, {"name": "Кум", "reverse_name": "Кто-то"})
    assert refused.status_code == 422 and 'value="Кто-то"' in refused.content.decode()
    form = client.get(f"{URL}{kind.pk}/").content.decode()
    assert 'value="Кума"' in form and '<option value="person" selected>' in form
    client.post(f"{URL}{kind.pk}/", {"name": "Кум", "reverse_name": "Кумовья"})
    assert RelationKind.objects.get(pk=kind.pk).reverse_name == "Кумовья"
    client.post(f"{URL}{kind.pk}/move/", {"direction": "up"})
    assert list(RelationKind.objects.all())[-1].pk != kind.pk
    client.post(f"{URL}{kind.pk}/archival/")
    assert "Archive" in client.get(URL).content.decode() and kind_of(kind.code) is None
    spouse = RelationKind.objects.get(code="spouse")
    assert 'id="shape-reverse"' not in client.get(f"{URL}{spouse.pk}/").content.decode()
