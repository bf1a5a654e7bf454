"""Merges that race with each other, with an editor, with an import: one of the two is told, nothing is done by half."""

import pytest
from django.db import connection

from veche.accounts.testing import actor_of
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.bulk import LOADS_LOCK
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.models import Contact, Merge, Note
from veche.contacts.queries.merged_away import MergedAway, merged_into
from veche.contacts.testing import make_person, make_tag
from veche.core.refusal import Stale
from veche.core.testing import at_once, in_the_same_instant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by():
    return actor_of("administrator")


def test_one_into_the_other_and_the_other_into_the_one(by):
    one, other = make_person("Органа Лея"), make_person("Органа Лея")
    outcome = in_the_same_instant(
        lambda: merge_contacts(by=by, kept_id=one.pk, gone_ids=[other.pk]),
        lambda: merge_contacts(by=by, kept_id=other.pk, gone_ids=[one.pk]),
    )
    assert isinstance(outcome, Stale), outcome
    assert list(Contact.objects.values_list("pk", flat=True)) == [one.pk]
    assert merged_into(other.pk) == one.pk and Merge.objects.count() == 1


def test_a_burst_of_clicks_merges_once_and_undoes_once(by):
    kept, gone = make_person(), make_person()
    outcomes = at_once(4, lambda: merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk]))
    assert sorted(type(each).__name__ for each in outcomes) == ["Merge", "Stale", "Stale", "Stale"], outcomes
    merge = Merge.objects.get()
    outcomes = at_once(4, lambda: unmerge(by=by, merge_id=merge.pk))
    assert sorted(type(each).__name__ for each in outcomes) == ["Stale", "Stale", "Stale", "Unmerged"], (
        outcomes
    )
    assert Contact.objects.count() == 2


def test_a_chain_that_is_merged_at_once_ends_in_one(by):
    a, b, c = make_person(), make_person(), make_person()
    outcome = in_the_same_instant(
        lambda: merge_contacts(by=by, kept_id=b.pk, gone_ids=[a.pk]),
        lambda: merge_contacts(by=by, kept_id=c.pk, gone_ids=[b.pk]),
    )
    assert isinstance(outcome, Merge), outcome
    assert merged_into(a.pk) == merged_into(b.pk) == c.pk


@pytest.mark.parametrize(
    "deed",
    [
        lambda by, key, _tag: change_fields(by=by, contact_id=key, fields={"surname": "Соло"}),
        lambda by, key, _tag: notes.add_note(by=by, contact_id=key, text="Перезвонить"),
        lambda by, key, tag: belonging.put_tag(by=by, contact_id=key, tag_id=tag),
    ],
    ids=["field", "note", "tag"],
)
def test_who_works_on_the_card_that_goes_is_told_where_it_went(by, deed):
    kept, gone, tag = make_person("Органа Лея"), make_person("Органа Л."), make_tag().pk
    outcome = in_the_same_instant(
        lambda: merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk]), lambda: deed(by, gone.pk, tag)
    )
    assert isinstance(outcome, MergedAway), outcome
    assert outcome.contact_id == kept.pk and "Органа Лея" in str(outcome)


def test_what_was_written_a_moment_before_goes_over(by):
    kept, gone = make_person(), make_person()
    outcome = in_the_same_instant(
        lambda: notes.add_note(by=by, contact_id=gone.pk, text="Перезвонить"),
        lambda: merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk]),
    )
    assert isinstance(outcome, Merge), outcome
    assert Note.objects.get().contact_id == kept.pk
    unmerge(by=by, merge_id=outcome.pk)
    assert Note.objects.get().contact_id == gone.pk


def test_an_old_page_does_not_write_over_what_the_merge_and_its_undo_made(by):
    kept, gone = make_person("Органа Лея"), make_person("Соло Лея")
    seen = kept.revision
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk], choices={"surname": gone.pk})
    with pytest.raises(Stale):
        change_fields(by=by, contact_id=kept.pk, fields={"surname": "Амидала"}, revision=seen)
    merged = Contact.objects.get(pk=kept.pk).revision
    unmerge(by=by, merge_id=merge.pk)
    with pytest.raises(Stale):
        change_fields(by=by, contact_id=kept.pk, fields={"surname": "Амидала"}, revision=merged)
    assert Contact.objects.get(pk=kept.pk).surname == "Органа"


def test_a_merge_stands_between_two_portions_of_a_load(by):
    kept, gone = make_person(), make_person()
    seen = []

    def load_a_portion():
        with connection.cursor() as sql:
            sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOADS_LOCK])

    def merge():
        made = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
        seen.append(Note.objects.filter(contact=kept).count())
        return made

    def portion():
        load_a_portion()
        Note.objects.create(contact=gone, text="Из списка")

    assert isinstance(in_the_same_instant(portion, merge), Merge)
    assert seen == [1], "what the portion wrote went over"
