"""Words and own fields that a set of contacts needs: what is there is taken, from the archive and from others too."""

from __future__ import annotations

import pytest
from django.utils import timezone

from veche.accounts.testing import actor_of
from veche.contacts.actions.bulk_words import add_own_fields, add_words, known_words
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.core.testing import in_the_same_instant, published


@pytest.fixture
def by(db):
    return actor_of("administrator")


def test_what_is_missing_is_made_once_and_stands_last(by):
    last = RoleKind.objects.order_by("position").last().position
    made = add_words(by=by, words={"roles": [" Сборщик ", "сборщик", "Юрист", ""], "tags": ["двор"]})
    roles = list(RoleKind.objects.filter(position__gt=last).values_list("name", flat=True))
    assert roles == ["Сборщик", "Юрист"]
    assert made["roles"]["юрист"] == RoleKind.objects.get(name="Юрист").pk
    assert [entry.data["list"] for entry in published("contacts.words_added")] == ["roles", "tags"]
    assert add_words(by=by, words={"tags": ["ДВОР"]})["tags"] == known_words("tags")
    assert len(published("contacts.words_added")) == 2


def test_what_lies_in_the_archive_comes_out_of_it(by):
    tag = Tag.objects.create(name="Двор", archived_at=timezone.now())
    shipped = Status.objects.get(code="moved")
    Status.objects.filter(pk=shipped.pk).update(archived_at=timezone.now())
    found = add_words(by=by, words={"tags": ["двор"], "statuses": [str(shipped)]})
    assert found["tags"]["двор"] == tag.pk and found["statuses"][str(shipped).lower()] == shipped.pk
    assert not Tag.objects.exclude(archived_at=None).exists()
    assert not Status.objects.exclude(archived_at=None).exists()


def test_an_own_field_of_another_type_gets_a_name_of_its_own(by):
    wanted = [{"label": "Район", "type": "text"}, {"label": "район", "type": "number"}]
    first = add_own_fields(by=by, fields=wanted)
    assert [field.label for field in first] == ["Район", "район (2)"]
    assert add_own_fields(by=by, fields=wanted) == first


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_in_the_same_instant_get_the_same():
    by = actor_of("administrator")
    theirs: list[int] = []
    found = in_the_same_instant(
        lambda: theirs.append(Tag.objects.create(name="Двор").pk),
        lambda: add_words(by=by, words={"tags": ["двор"]}),
    )
    assert found["tags"] == {"двор": theirs[0]}
    fields = in_the_same_instant(
        lambda: theirs.append(OwnField.objects.create(key="rayon", label="Район", type="text").pk),
        lambda: add_own_fields(by=by, fields=[{"label": "район", "type": "text"}]),
    )
    assert [field.pk for field in fields] == theirs[1:]
