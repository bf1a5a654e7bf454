"""What somebody says of those who may be one, and taking it back.

Contacts are always locked before groups, in the order of their numbers, as merging and erasing lock them: so those who
decide about the same person wait for each other, and never in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.queries.scope import contacts_for
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale
from veche.dedupe.actions.gathering import gather_if_possible, relate_all, take_apart
from veche.dedupe.events import DecisionUndone, GroupDecided, RelationsSaid, ToldApart
from veche.dedupe.models import Decision, Group, Side, Verdict
from veche.dedupe.queries.households import key_of, kinships_of
from veche.dedupe.queries.queue import (
    REVIEW,
    Asked,
    certainly_one_with,
    get_asked,
    get_decision,
    people_of,
)

NOT_ONE = (Verdict.APART, Verdict.FAMILY)


@action(REVIEW)
def decide(
    *,
    by: Actor,
    group_id: int,
    verdict: str,
    kept_id: int | None = None,
    choices: Mapping[str, int] | None = None,
    contact_ids: Collection[int] | None = None,
    seen: Mapping[int, int] | None = None,
) -> Decision:
    """Say what the people of a group are. To merge them, `kept_id` is who stays, `choices` whose value of what, and
    `contact_ids` those meant, if not all: the others stay a question.

    A family becomes a household, if `by` may change people and they are not of different households already.

    `seen` are the revisions that the reader had before their eyes. `Stale` when somebody has decided, holds the group
    now, or one of the people is another by now; `NotFound` when one of them may not be seen.
    """
    asked = _locked(by, group_id, seen)
    decision = Decision(group=asked.group, verdict=Verdict(verdict), by_id=by.user_id)
    people = asked.ids
    if decision.verdict == Verdict.MERGED:
        people = _meant(asked, contact_ids)
        _merge(by, decision, people, kept_id, choices or {})
    if decision.verdict == Verdict.FAMILY:
        decision.household = gather_if_possible(by, people)
    decision.save()
    if decision.verdict in NOT_ONE:
        _tell_apart(by, decision, people)
    done = decision.verdict != Verdict.SKIPPED and len(people) == len(asked.ids)
    Group.objects.filter(pk=asked.group.pk).update(
        state=Group.State.DECIDED if done else Group.State.OPEN,
        held_by=None if done or decision.verdict == Verdict.SKIPPED else by.user_id,
    )
    publish(GroupDecided(object_id=decision.pk, verdict=decision.verdict, people=len(people)), by=by)
    return decision


@action(REVIEW)
def undo_decision(*, by: Actor, decision_id: int) -> Decision:
    """Take back one of `by`'s own decisions: the group is asked again, and first of all of them."""
    decision = get_decision(by, decision_id)
    if decision.merge:
        unmerge(by=by, merge_id=decision.merge)
    take_apart(by, decision.household, decision.relations)
    Group.objects.select_for_update().get(pk=decision.group_id)
    if not Decision.objects.filter(pk=decision.pk, undone_at=None).update(undone_at=timezone.now()):
        raise Stale(_("This was taken back already."))
    again = Group.objects.filter(mark=decision.group.mark, state=Group.State.OPEN).first() or decision.group
    Group.objects.filter(pk=again.pk).update(
        state=Group.State.OPEN, held_by=by.user_id, held_until=timezone.now()
    )
    publish(DecisionUndone(object_id=decision.pk, verdict=decision.verdict), by=by)
    return decision


@action(REVIEW)
def say_relations(*, by: Actor, decision_id: int, relations: Collection[str]) -> int:
    """Note who is what to whom among those of whom `by` has said that they are a family: those of the ties offered
    whose keys are `relations`. Returns how many were made; they go with the decision when it is taken back."""
    decision = get_decision(by, decision_id)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at or decision.verdict != Verdict.FAMILY:
        raise Stale(_("This was taken back already."))
    offered = kinships_of(by, people_of(decision))
    made = relate_all(by, [kin for kin in offered if key_of(kin) in relations])
    if not made:
        unchanged()
        return 0
    decision.relations = [*decision.relations, *made]
    decision.save(update_fields=["relations"])
    publish(RelationsSaid(object_id=decision.pk, relations=len(made)), by=by)
    return len(made)


def _locked(by: Actor, group_id: int, seen: Mapping[int, int] | None) -> Asked:
    """The group as it is once nobody else can change it or its people."""
    before = get_asked(by, group_id)
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [before.ids])
    group = Group.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound
    if group.state != Group.State.OPEN:
        raise Stale(_("Somebody has decided on these meanwhile. Here are the next ones."))
    if group.held_by_id not in (None, by.user_id) and group.held_until > timezone.now():
        raise Stale(_("A colleague is looking at these now. Here are the next ones."))
    asked = get_asked(by, group_id)
    if asked.ids != before.ids or (seen is not None and seen != asked.revisions):
        raise Stale(
            _("One of these cards was changed meanwhile. Here they are as they are now: decide once more.")
        )
    if len(asked.ids) < 2:
        raise Stale(_("These are one person by now. Here are the next ones."))
    return asked


def _meant(asked: Asked, contact_ids: Collection[int] | None) -> list[int]:
    people = sorted(set(asked.ids if contact_ids is None else contact_ids))
    if not set(people) <= set(asked.ids):
        raise NotFound
    if len(people) < 2:
        raise Refusal("dedupe.too_few", _("Choose at least two cards to make one of them."))
    return people


def _merge(
    by: Actor, decision: Decision, people: Collection[int], kept_id: int | None, choices: Mapping[str, int]
) -> None:
    if kept_id not in people:
        raise Refusal("dedupe.who_stays", _("Choose which of the cards stays."))
    gone = [each for each in people if each != kept_id]
    merge = merge_contacts(by=by, kept_id=kept_id, gone_ids=gone, choices=choices, reason="review")
    decision.merge = merge.pk


def _tell_apart(by: Actor, decision: Decision, people: Collection[int]) -> None:
    """Each of `people` on a side of its own, with those who are certainly one with it."""
    alike = certainly_one_with(people)
    visible = set(contacts_for(by).filter(pk__in=set().union(*alike.values())).values_list("pk", flat=True))
    rows = []
    for number, contact_id in enumerate(people):
        rows.append(Side(decision=decision, contact_id=contact_id, number=number))
        rows += [
            Side(decision=decision, contact_id=other, number=number)
            for other in alike[contact_id] & visible - set(people)
        ]
    Side.objects.bulk_create(rows)
    told = [ToldApart(contact_id=each, object_id=decision.pk, verdict=decision.verdict) for each in people]
    publish(*told, by=by)
