"""The queue: who is asked about whom, what a decision does, and how it is taken back."""

import pytest

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import change_fields, remove_contact, restore_contact
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.models import Contact, ContactPoint
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import published
from veche.dedupe.actions.deciding import decide, undo_decision
from veche.dedupe.actions.storing import told_apart
from veche.dedupe.actions.taking import take_next, take_up_skipped
from veche.dedupe.models import Group, Verdict
from veche.dedupe.queries.queue import get_asked, progress
from veche.dedupe.testing import make_group

pytestmark = pytest.mark.django_db


def reviewer(name):
    """Somebody who looks through the base, all of it."""
    known = User.objects.filter(name=name).first()
    return actor_of(known or make_user(name, "coordinator", reach=User.Reach.EVERYTHING))


def two(surname="Скайуокер", **known):
    return make_person(f"{surname} Лука", phone="8 904 000-27-40", **known), make_person(
        f"{surname}ов Лука", **known
    )


def test_the_likeliest_group_comes_first_and_stays_with_its_reader():
    han = reviewer("Хан Соло")
    less, more = make_group(*two("Соло"), probability=0.4), make_group(*two(), probability=0.8)
    assert take_next(by=han) == more.pk
    assert take_next(by=han) == more.pk
    assert take_next(by=actor_of("coordinator")) == less.pk
    assert take_next(by=actor_of("administrator")) is None
    assert progress(han).left == 2


def test_merging_leaves_one_who_has_it_all_and_undo_makes_two_again():
    han, (one, other) = reviewer("Хан Соло"), two()
    group = make_group(one, other)
    done = decide(
        by=han, group_id=group.pk, verdict="merged", kept_id=other.pk, choices={"surname": one.pk},
        seen={one.pk: one.revision, other.pk: other.revision},
    )  # fmt: skip
    kept = Contact.objects.get()
    assert (kept.pk, kept.surname) == (other.pk, "Скайуокер")
    assert ContactPoint.objects.get().contact_id == other.pk
    assert take_next(by=han) is None
    assert (progress(han).merged, progress(han).decided) == (1, 1)

    undo_decision(by=han, decision_id=done.pk)
    assert set(Contact.objects.values_list("pk", flat=True)) == {one.pk, other.pk}
    assert take_next(by=han) == group.pk
    assert get_asked(han, group.pk).ids == [one.pk, other.pk]
    assert progress(han).decided == 0
    with pytest.raises(Stale):
        undo_decision(by=han, decision_id=done.pk)


@pytest.mark.parametrize("verdict", ["apart", "family"])
def test_different_people_are_never_asked_about_again(verdict):
    han, (one, other) = reviewer("Хан Соло"), two()
    done = decide(by=han, group_id=make_group(one, other).pk, verdict=verdict)
    assert told_apart() == {(one.pk, other.pk)}
    make_group(one, other)  # a later search finds them once more
    assert take_next(by=han) is None
    assert {entry.contact_id for entry in published("dedupe.told_apart")} == {one.pk, other.pk}
    undo_decision(by=han, decision_id=done.pk)
    assert told_apart() == set()
    assert take_next(by=han) is not None


def test_no_is_said_for_the_whole_cluster_and_outlives_its_merge():
    han, (one, other) = reviewer("Хан Соло"), two()
    alike = make_person("Скайуокер Л.")
    make_group(one, alike, certain=True)
    decide(by=han, group_id=make_group(one, other).pk, verdict="apart")
    make_group(alike, other)
    assert take_next(by=han) is None
    merge = merge_contacts(by=Actor.system(), kept_id=alike.pk, gone_ids=[one.pk])
    assert told_apart() == {(other.pk, alike.pk)}
    unmerge(by=Actor.system(), merge_id=merge.pk)
    assert (one.pk, other.pk) in told_apart()


def test_what_is_left_for_later_comes_back_when_asked_for_and_to_others_at_once():
    han, group = reviewer("Хан Соло"), make_group(*two())
    decide(by=han, group_id=group.pk, verdict="skipped")
    assert take_next(by=han) is None
    assert (progress(han).left, progress(han).skipped) == (0, 1)
    assert take_next(by=actor_of("coordinator")) == group.pk
    Group.objects.update(held_by=None)
    assert take_up_skipped(by=han) == 1
    assert take_next(by=han) == group.pk


def test_two_of_three_are_merged_and_the_third_is_asked_about_next():
    han, (one, other) = reviewer("Хан Соло"), two()
    third = make_person("Скайуокер Лея")
    group = make_group(one, other, third)
    done = decide(by=han, group_id=group.pk, verdict="merged", kept_id=one.pk, contact_ids=[one.pk, other.pk])
    assert take_next(by=han) == group.pk
    assert get_asked(han, group.pk).ids == [one.pk, third.pk]
    undo_decision(by=han, decision_id=done.pk)
    assert get_asked(han, group.pk).ids == [one.pk, other.pk, third.pk]


def test_only_who_sees_all_of_them_is_asked():
    ours, alien = make_campaign("Округ"), make_campaign("Парк")
    one, _other = two(campaign=ours)
    hidden = make_person("Скайуокер Лея", campaign=alien)
    part, whole = make_group(one, hidden), make_group(*two(campaign=ours))
    rey = make_user("Рей", "operator", reach=User.Reach.OWN)
    Contact.objects.filter(pk=one.pk).update(responsible=rey)
    mine = actor_of(rey)
    assert take_next(by=mine) is None
    assert progress(mine).left == 0
    for group in (part, whole):
        with pytest.raises(NotFound):
            decide(by=mine, group_id=group.pk, verdict="apart")
    Contact.objects.filter(pk=hidden.pk).update(responsible=rey)
    assert take_next(by=mine) == part.pk


def test_who_was_changed_meanwhile_is_shown_again():
    han, (one, other) = reviewer("Хан Соло"), two()
    group, seen = make_group(one, other), {one.pk: one.revision, other.pk: other.revision}
    change_fields(by=Actor.system(), contact_id=other.pk, fields={"given_name": "Люк"})
    with pytest.raises(Stale):
        decide(by=han, group_id=group.pk, verdict="merged", kept_id=one.pk, seen=seen)
    assert Contact.objects.count() == 2


def test_who_was_removed_merged_or_erased_meanwhile_is_no_question():
    system, han, (one, other) = Actor.system(), reviewer("Хан Соло"), two()
    group = make_group(one, other)
    remove_contact(by=system, contact_id=other.pk)
    assert take_next(by=han) is None
    restore_contact(by=system, contact_id=other.pk)
    assert take_next(by=han) == group.pk
    merge = merge_contacts(by=system, kept_id=one.pk, gone_ids=[other.pk])
    assert take_next(by=han) is None
    with pytest.raises(Stale):
        decide(by=han, group_id=group.pk, verdict="apart")
    unmerge(by=system, merge_id=merge.pk)
    assert take_next(by=han) == group.pk
    erase_contact(by=system, contact_id=other.pk)
    assert take_next(by=han) is None


def test_a_question_follows_a_merge_made_elsewhere():
    system, han, (one, other) = Actor.system(), reviewer("Хан Соло"), two()
    elsewhere = make_person("Скайуокер Л.")
    group = make_group(one, other)
    merge_contacts(by=system, kept_id=elsewhere.pk, gone_ids=[other.pk])
    assert take_next(by=han) == group.pk
    assert get_asked(han, group.pk).ids == [one.pk, elsewhere.pk]


def test_what_makes_no_sense_is_refused_and_nothing_happens():
    han, (one, other) = reviewer("Хан Соло"), two()
    group, stranger = make_group(one, other), make_person("Посторонний")
    for wrong in (
        {"kept_id": None},
        {"kept_id": stranger.pk},
        {"kept_id": one.pk, "contact_ids": [one.pk]},
        {"kept_id": one.pk, "contact_ids": [one.pk, stranger.pk]},
        {"kept_id": one.pk, "choices": {"surname": stranger.pk}},
    ):
        with pytest.raises(Refusal):
            decide(by=han, group_id=group.pk, verdict=Verdict.MERGED, **wrong)
    with pytest.raises(Refusal) as refused:
        decide(by=actor_of("volunteer"), group_id=group.pk, verdict="apart")
    assert refused.value.status == 403
    assert Contact.objects.count() == 3
    assert not published("dedupe.group_decided")


def test_a_decision_is_taken_back_by_who_made_it():
    group = make_group(*two())
    done = decide(by=reviewer("Хан Соло"), group_id=group.pk, verdict="apart")
    with pytest.raises(NotFound):
        undo_decision(by=actor_of("coordinator"), decision_id=done.pk)
