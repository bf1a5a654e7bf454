"""Relations: said once, read from both ends, taken back and put back."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.relations import put_relation_back, relate, unrelate
from veche.contacts.models import Contact, Relation, RelationKind
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    return actor_of("administrator")


def test_a_relation_is_told_at_both_ends(by):
    mother, son = make_person("Амидала Падме"), make_person("Скайуокер Лука")
    relation = relate(by=by, one_id=son.pk, other_id=mother.pk, kind_code="child", note="с 1977")
    assert (relation.one_id, relation.other_id, relation.kind.code) == (mother.pk, son.pk, "parent")
    told = {
        each.contact_id: (each.data["other"], each.data["code"])
        for each in published("contacts.relation_made")
    }
    assert told == {mother.pk: (son.pk, "child"), son.pk: (mother.pk, "parent")}


@pytest.mark.parametrize("again", [("spouse", 0, 1), ("spouse", 1, 0)])
def test_the_same_is_not_said_twice(by, again):
    ids = [make_person().pk, make_person().pk]
    relate(by=by, one_id=ids[0], other_id=ids[1], kind_code="spouse")
    code, one, other = again
    with pytest.raises(Refusal) as refused:
        relate(by=by, one_id=ids[one], other_id=ids[other], kind_code=code)
    assert refused.value.code == "contacts.relation_twice"
    relate(by=by, one_id=ids[0], other_id=ids[1], kind_code="colleague")
    assert Relation.objects.count() == 2


def test_a_child_is_nobodys_parent_as_well(by):
    one, two = make_person().pk, make_person().pk
    relate(by=by, one_id=one, other_id=two, kind_code="parent")
    with pytest.raises(Refusal):
        relate(by=by, one_id=one, other_id=two, kind_code="child")


def test_kinds_link_only_whom_they_are_for(by):
    person, firm = make_person().pk, make_organisation().pk
    for one, other, code in (
        (person, firm, "spouse"),
        (person, firm, "employer"),
        (person, person, "friend"),
        (person, firm, "no-such"),
    ):
        with pytest.raises(Refusal):
            relate(by=by, one_id=one, other_id=other, kind_code=code)
    relation = relate(by=by, one_id=person, other_id=firm, kind_code="employee", note="директор")
    assert (relation.one_id, relation.other_id) == (firm, person)
    RelationKind.objects.filter(code="friend").update(archived_at=relation.made_at)
    with pytest.raises(Refusal):
        relate(by=by, one_id=person, other_id=make_person().pk, kind_code="friend")


def test_a_removal_is_undone(by):
    one, two = make_person().pk, make_person().pk
    relation = relate(by=by, one_id=one, other_id=two, kind_code="neighbour", note="кв. 5")
    change = unrelate(by=by, relation_id=relation.pk, contact_id=two)
    assert not Relation.objects.exists() and len(published("contacts.relation_ended")) == 2
    with pytest.raises(NotFound):
        put_relation_back(by=by, contact_id=one, change_id=change.pk)
    put_relation_back(by=by, contact_id=two, change_id=change.pk)
    assert Relation.objects.values().get() == {
        "id": relation.pk, "kind_id": relation.kind_id, "one_id": one, "other_id": two, "note": "кв. 5",
        "made_at": relation.made_at,
    }  # fmt: skip


def test_who_sees_only_one_of_the_two_neither_relates_nor_parts_them(by):
    operator = actor_of("operator")
    one, two = make_person().pk, make_person().pk
    Contact.objects.filter(pk=one).update(responsible=operator.user_id)
    with pytest.raises(NotFound):
        relate(by=operator, one_id=one, other_id=two, kind_code="spouse")
    relation = relate(by=by, one_id=one, other_id=two, kind_code="spouse")
    with pytest.raises(NotFound):
        unrelate(by=operator, relation_id=relation.pk)
    with pytest.raises(Refusal) as refused:
        relate(by=actor_of("auditor"), one_id=one, other_id=two, kind_code="friend")
    assert refused.value.status == 403
