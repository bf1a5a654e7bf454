"""Gathering all plain suggestions at once, with who is surely what to whom, and taking that back: portion by portion,
each a transaction of its own.

A sweep takes those that were there when it began. What cannot be gathered (somebody made a household of one of them
meanwhile) stays a question.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from veche.contacts.actions.households import gather_many, ungather_many
from veche.contacts.actions.relating_many import link_many, unrelate_many
from veche.contacts.models import Relation
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal, Stale
from veche.core.uniqueness import unless_taken
from veche.dedupe.actions.gathering import EDIT
from veche.dedupe.events import (
    HouseholdSweepEnded,
    HouseholdSweepStarted,
    HouseholdSweepUndone,
    HouseholdSweepUndoStarted,
)
from veche.dedupe.models import HouseholdSweep, SuggestedHousehold, SuggestedMember
from veche.dedupe.queries.households import next_plain, plain_figures, plain_kinships
from veche.dedupe.queries.rules import FIND, insist_whole_base

GATHER_ALL, UNDO = "dedupe.gather_households", "dedupe.undo_households"
PORTION = 1_000  # suggestions of one transaction
State = HouseholdSweep.State

# all people of the suggestion are of one household
_GATHERED = """
UPDATE dedupe_suggestedhousehold AS asked SET state = 'gathered', sweep_id = %s, held_by_id = NULL
WHERE id = ANY(%s) AND (
    SELECT count(DISTINCT home.household_id) = 1 AND count(home.id) = count(*)
    FROM dedupe_suggestedmember AS member
    LEFT JOIN contacts_householdmember AS home ON home.contact_id = member.contact_id
    WHERE member.household_id = asked.id) RETURNING id
"""


@action(FIND)
def start_household_sweep(*, by: Actor, expected: int | None = None) -> HouseholdSweep:
    """Gather all plain ones in the background. `expected` is the number that the reader saw: more are refused."""
    insist_whole_base(by)
    by.require(EDIT)
    figures = plain_figures(by)
    if not figures.households:
        raise Refusal("dedupe.nothing_plain", _("There are no families to gather by this rule."))
    if expected is not None and figures.households > expected:
        raise Stale(_("More families were found meanwhile. Look at them first."))
    last = SuggestedHousehold.objects.order_by("-pk").values_list("pk", flat=True).first()
    sweep = HouseholdSweep(found=figures.households, upto=last or 0, together=uuid.uuid4(), by_id=by.user_id)
    with unless_taken({"dedupe_gathering_one_at_a_time": _sweeping}):
        sweep.save()
    job = start_job(GATHER_ALL, by=by, object_id=sweep.pk, total=figures.households)
    HouseholdSweep.objects.filter(pk=sweep.pk).update(job_id=job.pk)
    publish(HouseholdSweepStarted(object_id=sweep.pk, households=figures.households), by=by)
    return sweep


def _sweeping() -> Refusal:
    return Refusal("dedupe.gathering", _("Families are being gathered already."), status=409)


@action(FIND)
def gather_portion(*, by: Actor, sweep: HouseholdSweep, after: int) -> tuple[int, int]:
    """Gather the next plain ones after the number `after`: (the last number, how many were looked at)."""
    unchanged()
    portion = next_plain(by, after=after, upto=sweep.upto, portion=PORTION)
    if not portion:
        return after, 0
    gather_many(by=by, groups=[ids for _key, ids in portion], together=sweep.together)
    with connection.cursor() as sql:
        sql.execute(_GATHERED, [sweep.pk, [key for key, _ids in portion]])
        gathered = {row[0] for row in sql.fetchall()}
    _relate(by, sweep, [ids for key, ids in portion if key in gathered])
    done = len(gathered)
    HouseholdSweep.objects.filter(pk=sweep.pk).update(
        gathered=F("gathered") + done, left=F("left") + len(portion) - done
    )
    return portion[-1][0], len(portion)


def _relate(by: Actor, sweep: HouseholdSweep, families: Sequence[Collection[int]]) -> None:
    """Say of these families what one press says of one, but of nobody who is something to the other already. The ledger
    has it under the sweep's mark, by which the undo finds it."""
    people = [each for family in families for each in family]
    said = Relation.objects.filter(one__in=people, other__in=people).values_list("one_id", "other_id")
    known = {frozenset(pair) for pair in said}
    ties = [
        (int(kin.other), int(kin.one), kin.kind)
        for kin in plain_kinships(by, families)
        if frozenset((int(kin.one), int(kin.other))) not in known
    ]
    link_many(by=replace(by, request_id=sweep.together), ties=ties)


@action(FIND)
def end_household_sweep(*, by: Actor, sweep: HouseholdSweep, state: str = State.DONE) -> HouseholdSweep:
    """It is over, or stopped: what was gathered stays so, and can be undone."""
    ended = HouseholdSweep.objects.filter(pk=sweep.pk, state=State.RUNNING).update(state=state)
    sweep.refresh_from_db()
    if not ended:
        unchanged()
        return sweep
    publish(HouseholdSweepEnded(object_id=sweep.pk, gathered=sweep.gathered, left=sweep.left), by=by)
    return sweep


@action(FIND)
def start_household_sweep_undo(*, by: Actor, sweep: HouseholdSweep) -> HouseholdSweep:
    """Take back all that a sweep has gathered, in the background."""
    insist_whole_base(by)
    by.require(EDIT)
    begun = HouseholdSweep.objects.filter(pk=sweep.pk, state__in=[State.DONE, State.STOPPED])
    if not begun.update(state=State.UNDOING):
        raise Stale(_("These families are being worked on, or were taken back already."))
    job = start_job(UNDO, by=by, object_id=sweep.pk, total=sweep.gathered)
    HouseholdSweep.objects.filter(pk=sweep.pk).update(job_id=job.pk)
    publish(HouseholdSweepUndoStarted(object_id=sweep.pk), by=by)
    sweep.refresh_from_db()
    return sweep


@action(FIND)
def undo_household_sweep(*, by: Actor, sweep: HouseholdSweep) -> HouseholdSweep:
    """All households of a sweep that nobody has touched since are no more, and are asked about again."""
    if not HouseholdSweep.objects.select_for_update().filter(pk=sweep.pk, state=State.UNDOING).exists():
        unchanged()
        return sweep
    undone = ungather_many(by=by, together=sweep.together)
    gone = SuggestedMember.objects.filter(household__sweep=sweep, contact__in_households=None)
    people = gone.values_list("contact_id", flat=True)
    unrelate_many(by=by, contact_ids=set(people), request_id=sweep.together, since=sweep.at)
    with connection.cursor() as sql:  # what somebody has touched since stays gathered
        sql.execute(
            "UPDATE dedupe_suggestedhousehold AS asked SET state = 'open', sweep_id = NULL WHERE sweep_id = %s"
            " AND EXISTS (SELECT FROM dedupe_suggestedmember AS member WHERE member.household_id = asked.id"
            " AND NOT EXISTS (SELECT FROM contacts_householdmember AS home"
            " WHERE home.contact_id = member.contact_id))",
            [sweep.pk],
        )
    HouseholdSweep.objects.filter(pk=sweep.pk).update(state=State.UNDONE, undone=undone)
    publish(HouseholdSweepUndone(object_id=sweep.pk, undone=undone), by=by)
    sweep.refresh_from_db()
    return sweep


@action(FIND)
def stop_household_sweep_undo(*, by: Actor, sweep: HouseholdSweep) -> None:
    """The undo did not come through; it may be begun anew."""
    unchanged()
    HouseholdSweep.objects.filter(pk=sweep.pk, state=State.UNDOING).update(state=State.STOPPED)
