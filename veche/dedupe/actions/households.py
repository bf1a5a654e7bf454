"""What somebody says of a suggested household: gathered, no family, later; and taking it back.

Contacts are locked before suggestions, in the order of their numbers, as merging and erasing lock them.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale
from veche.dedupe.actions.gathering import EDIT, gather, relate_all, take_apart
from veche.dedupe.actions.taking import HELD
from veche.dedupe.events import HouseholdDecided, HouseholdDecisionUndone
from veche.dedupe.models import HouseholdDecision, SuggestedHousehold
from veche.dedupe.queries.households import (
    SKIPPED,
    Suggestion,
    get_decision,
    get_suggestion,
    key_of,
    kinships_of,
    who_sql,
)
from veche.dedupe.queries.queue import REVIEW

Verdict = HouseholdDecision.Verdict
State = SuggestedHousehold.State

_NEXT = """
SELECT asked.id FROM dedupe_suggestedhousehold AS asked {who}
WHERE asked.state = 'open' AND {whose} AND NOT {skipped}
ORDER BY asked.sureness DESC, asked.id LIMIT 1 FOR UPDATE OF asked SKIP LOCKED
"""
_MINE = "asked.held_by_id = %s"
_FREE = "(asked.held_by_id IS NULL OR asked.held_by_id = %s OR asked.held_until < now())"


@action(REVIEW)
def take_next_household(*, by: Actor) -> int | None:
    """Hold the surest suggestion for `by`, or the one held already, for some minutes; None when none is left.

    One that somebody else is just taking is passed over, not waited for.
    """
    unchanged()
    who = who_sql(by)
    with connection.cursor() as sql:
        mine, free = (_NEXT.format(who=who.text, whose=whose, skipped=SKIPPED) for whose in (_MINE, _FREE))
        given = [*who.params, by.user_id, by.user_id]
        sql.execute(
            "UPDATE dedupe_suggestedhousehold SET held_by_id = %s, held_until = %s"
            f" WHERE id = COALESCE(({mine}), ({free})) RETURNING id",
            [by.user_id, timezone.now() + HELD, *given, *given],
        )
        found = sql.fetchone()
        return found[0] if found else None


@action(REVIEW)
def take_up_skipped_households(*, by: Actor) -> int:
    """Ask again about everything that `by` has left for later; returns how many."""
    unchanged()
    later = HouseholdDecision.objects.filter(by=by.user_id, verdict=Verdict.SKIPPED, undone_at=None)
    return later.filter(suggestion__state=State.OPEN).update(undone_at=timezone.now())


@action(REVIEW)
def decide_household(
    *,
    by: Actor,
    suggestion_id: int,
    verdict: str,
    contact_ids: Collection[int] | None = None,
    relations: Collection[str] = (),
) -> HouseholdDecision:
    """Say that these people are a household, are none, or leave it for later.

    To gather only some of them, `contact_ids` are those; `relations` are the keys of the ties offered that are said,
    too. `Stale` when somebody has decided or holds it now; `NotFound` when one of them may not be seen.
    """
    asked = _locked(by, suggestion_id)
    decision = HouseholdDecision(suggestion=asked.found, verdict=Verdict(verdict), by_id=by.user_id)
    people = asked.ids
    if decision.verdict == Verdict.GATHERED:
        by.require(EDIT)
        people = _meant(asked, contact_ids)
        decision.change = gather(by, people)
        decision.relations = relate_all(
            by, [kin for kin in kinships_of(by, people) if key_of(kin) in relations]
        )
    decision.save()
    done = decision.verdict != Verdict.SKIPPED
    SuggestedHousehold.objects.filter(pk=asked.found.pk).update(
        state=decision.verdict if done else State.OPEN, held_by=None
    )
    publish(HouseholdDecided(object_id=decision.pk, verdict=decision.verdict, people=len(people)), by=by)
    return decision


@action(REVIEW)
def undo_household_decision(*, by: Actor, decision_id: int) -> HouseholdDecision:
    """Take back one of `by`'s own decisions: household and relations go, and it is asked again, first of all."""
    decision = get_decision(by, decision_id)
    take_apart(by, decision.change, decision.relations)
    SuggestedHousehold.objects.select_for_update().get(pk=decision.suggestion_id)
    rows = HouseholdDecision.objects.filter(pk=decision.pk, undone_at=None)
    if not rows.update(undone_at=timezone.now()):
        raise Stale(_("This was taken back already."))
    SuggestedHousehold.objects.filter(pk=decision.suggestion_id).update(
        state=State.OPEN, held_by=by.user_id, held_until=timezone.now()
    )
    publish(HouseholdDecisionUndone(object_id=decision.pk, verdict=decision.verdict), by=by)
    return decision


def _locked(by: Actor, suggestion_id: int) -> Suggestion:
    """The suggestion as it is once nobody else can change it or its people."""
    before = get_suggestion(by, suggestion_id)
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [before.ids])
    found = SuggestedHousehold.objects.select_for_update().filter(pk=suggestion_id).first()
    if found is None:
        raise NotFound
    if found.state != State.OPEN:
        raise Stale(_("Somebody has decided on these meanwhile. Here are the next ones."))
    if found.held_by_id not in (None, by.user_id) and found.held_until > timezone.now():
        raise Stale(_("A colleague is looking at these now. Here are the next ones."))
    asked = get_suggestion(by, suggestion_id)
    if asked.ids != before.ids or len(asked.ids) < 2:
        raise Stale(
            _("One of these cards was changed meanwhile. Here they are as they are now: decide once more.")
        )
    return asked


def _meant(asked: Suggestion, contact_ids: Collection[int] | None) -> list[int]:
    wanted = set(asked.ids if contact_ids is None else contact_ids)
    if not wanted <= set(asked.ids):
        raise NotFound
    if len(wanted) < 2:
        raise Refusal("dedupe.household_alone", _("Leave at least two people: nobody is a household alone."))
    return [each for each in asked.ids if each in wanted]
