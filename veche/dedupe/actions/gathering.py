"""Making a household of people, with who is what to whom, so that it can be taken back with what was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from django.db import transaction

from veche.contacts.actions.household_undo import put_household_back
from veche.contacts.actions.households import gather_household
from veche.contacts.actions.relations import relate, unrelate
from veche.contacts.models import FieldChange, HouseholdMember
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.dedupe.kinship import Kinship

EDIT = "contacts.edit"  # the permission
_SAID_ALREADY = "contacts.relation_twice"


def gather(by: Actor, contact_ids: Sequence[int]) -> int | None:
    """Make one household of these people; returns contacts' change, by which it is taken back. None when they are of
    one household already. The first is the head of a new one."""
    changes = FieldChange.objects.filter(contact__in=contact_ids, field="household").order_by("-pk")
    before = changes.values_list("pk", flat=True).first()
    gather_household(by=by, contact_ids=contact_ids)
    made = changes.values_list("pk", flat=True).first()
    return made if made != before else None


def gather_if_possible(by: Actor, contact_ids: Sequence[int]) -> int | None:
    """The same, but what stands in the way only leaves it undone: `by` may not edit, they are of different households
    already, or too many."""
    if not by.may(EDIT) or are_of_two_households(contact_ids):
        return None
    with suppress(Refusal), transaction.atomic():
        return gather(by, contact_ids)
    return None


def are_of_two_households(contact_ids: Collection[int]) -> bool:
    homes = HouseholdMember.objects.filter(contact__in=contact_ids).values("household").distinct()
    return homes.count() > 1


def relate_all(by: Actor, kinships: Collection[Kinship]) -> list[int]:
    """Say who is what to whom; returns the relations that were made. What was said already stays as it is."""
    made = []
    for kin in kinships:
        try:
            with transaction.atomic():
                relation = relate(by=by, one_id=int(kin.one), other_id=int(kin.other), kind_code=kin.kind)
                made.append(relation.pk)
        except Refusal as refusal:
            if refusal.code != _SAID_ALREADY:
                raise
    return made


def take_apart(by: Actor, change_id: int | None, relations: Collection[int]) -> None:
    """Take back what `gather` and `relate_all` did. `Stale` when the household was changed since."""
    for each in relations:
        with suppress(NotFound), transaction.atomic():  # somebody has taken it away meanwhile
            unrelate(by=by, relation_id=each)
    change = FieldChange.objects.filter(pk=change_id).first() if change_id else None
    if change is not None:
        put_household_back(by=by, contact_id=change.contact_id, change_id=change.pk)
