"""Merging all certain ones at once, and taking that back: portion by portion, each a transaction of its own.

A sweep takes the certain groups that were there when it began. One that cannot be merged (somebody changed it, or it
has become a question) is asked about instead.
"""

from __future__ import annotations

from contextlib import suppress

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.merging import MergeSet, merge_many
from veche.contacts.actions.unmerging import unmerge, unmerge_many
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal, Stale
from veche.core.uniqueness import unless_taken
from veche.dedupe.events import SweepEnded, SweepStarted, SweepUndone, SweepUndoStarted
from veche.dedupe.models import Decision, Group, Sweep, Verdict
from veche.dedupe.queries.certain import certain_figures, next_certain
from veche.dedupe.queries.rules import FIND, insist_whole_base

MERGE_ALL, UNDO = "dedupe.merge_certain", "dedupe.undo_certain"
PORTION = 200  # groups of one transaction
State = Sweep.State


@action(FIND)
def start_sweep(*, by: Actor, expected: int | None = None) -> Sweep:
    """Merge all certain groups in the background. `expected` is the number that the reader saw: more are refused."""
    insist_whole_base(by)
    by.require("contacts.merge")
    figures = certain_figures(by)
    if not figures.groups:
        raise Refusal("dedupe.nothing_certain", _("There are no certain doubles to merge."))
    if expected is not None and figures.groups > expected:
        raise Stale(_("More certain doubles were found meanwhile. Look at them first."))
    last = Group.objects.order_by("-pk").values_list("pk", flat=True).first()
    sweep = Sweep(groups=figures.groups, upto=last or 0, by_id=by.user_id)
    with unless_taken({"dedupe_sweep_one_at_a_time": _sweeping}):
        sweep.save()
    job = start_job(MERGE_ALL, by=by, object_id=sweep.pk, total=figures.groups)
    Sweep.objects.filter(pk=sweep.pk).update(job_id=job.pk)
    publish(SweepStarted(object_id=sweep.pk, groups=figures.groups), by=by)
    return sweep


def _sweeping() -> Refusal:
    return Refusal("dedupe.sweeping", _("The certain doubles are being merged already."), status=409)


@action(FIND)
def sweep_portion(*, by: Actor, sweep: Sweep, after: int) -> tuple[int, int]:
    """Merge the next certain groups after the number `after`: (the last number, how many were looked at)."""
    unchanged()
    groups = next_certain(by, after=after, upto=sweep.upto, portion=PORTION)
    if not groups:
        return after, 0
    sets = [
        MergeSet(kept_id=min(ids), gone_ids=tuple(sorted(ids)[1:]), reason="certain") for _g, ids in groups
    ]
    merged = merge_many(by=by, sets=sets)
    by_kept = {merge.contact_id: merge.pk for merge in merged.merges}
    done = [(group, by_kept[wanted.kept_id]) for (group, _ids), wanted in zip(groups, sets, strict=True)
            if wanted.kept_id in by_kept]  # fmt: skip
    Decision.objects.bulk_create(
        Decision(group_id=group, verdict=Verdict.MERGED, merge=merge, sweep=sweep, by_id=by.user_id)
        for group, merge in done
    )
    Group.objects.filter(pk__in=[group for group, _merge in done]).update(state=Group.State.DECIDED)
    left = [groups[place][0] for place in merged.refused]
    Group.objects.filter(pk__in=left).update(certain=False)
    Sweep.objects.filter(pk=sweep.pk).update(merged=F("merged") + len(done), left=F("left") + len(left))
    return groups[-1][0], len(groups)


@action(FIND)
def end_sweep(*, by: Actor, sweep: Sweep, state: str = State.DONE) -> Sweep:
    """It is over, or stopped: what was merged stays merged, and can be undone."""
    ended = Sweep.objects.filter(pk=sweep.pk, state=State.RUNNING).update(state=state)
    sweep.refresh_from_db()
    if not ended:
        unchanged()
        return sweep
    publish(SweepEnded(object_id=sweep.pk, merged=sweep.merged, left=sweep.left), by=by)
    return sweep


@action(FIND)
def start_sweep_undo(*, by: Actor, sweep: Sweep) -> Sweep:
    """Take back all merges of a sweep in the background."""
    insist_whole_base(by)
    begun = Sweep.objects.filter(pk=sweep.pk, state__in=[State.DONE, State.STOPPED]).update(
        state=State.UNDOING
    )
    if not begun:
        raise Stale(_("These merges are being worked on, or were taken back already."))
    job = start_job(UNDO, by=by, object_id=sweep.pk, total=_to_undo(sweep).count())
    Sweep.objects.filter(pk=sweep.pk).update(job_id=job.pk)
    publish(SweepUndoStarted(object_id=sweep.pk), by=by)
    sweep.refresh_from_db()
    return sweep


def _to_undo(sweep: Sweep) -> QuerySet[Decision]:
    return Decision.objects.filter(sweep=sweep, undone_at=None).order_by("-pk")


@action(FIND)
def undo_portion(*, by: Actor, sweep: Sweep, before: int | None = None) -> tuple[int | None, int]:
    """Take back the next merges, the newest first: (the last decision's number, how many were looked at).

    One that was undone or merged further meanwhile is left as it is.
    """
    unchanged()
    decisions = _to_undo(sweep) if before is None else _to_undo(sweep).filter(pk__lt=before)
    portion = list(decisions[:PORTION])
    if not portion:
        return before, 0
    back = _taken_back(by, portion)
    Decision.objects.filter(pk__in=[each.pk for each in back]).update(undone_at=timezone.now())
    with connection.cursor() as sql:  # asked again, unless a later search asks about the same people
        sql.execute(
            "UPDATE dedupe_group AS asked SET state = 'open', held_by_id = NULL WHERE id = ANY(%s) AND NOT EXISTS ("
            "SELECT FROM dedupe_group AS other WHERE other.mark = asked.mark AND other.state = 'open')",
            [[each.group_id for each in back]],
        )
    Sweep.objects.filter(pk=sweep.pk).update(undone=F("undone") + len(back))
    return portion[-1].pk, len(portion)


def _taken_back(by: Actor, portion: list[Decision]) -> list[Decision]:
    """All at once; if one of them cannot be undone, one by one."""
    try:
        with transaction.atomic():
            unmerge_many(by=by, merge_ids=[each.merge for each in portion])
        return portion
    except Refusal:
        back = []
        for each in portion:
            with suppress(Refusal), transaction.atomic():
                unmerge(by=by, merge_id=each.merge)
                back.append(each)
        return back


@action(FIND)
def end_sweep_undo(*, by: Actor, sweep: Sweep, state: str = State.UNDONE) -> Sweep:
    """All are apart again, but for those that could not be; or it was stopped, and may go on."""
    ended = Sweep.objects.filter(pk=sweep.pk, state=State.UNDOING).update(state=state)
    sweep.refresh_from_db()
    if not ended:
        unchanged()
        return sweep
    publish(SweepUndone(object_id=sweep.pk, undone=sweep.undone, left=sweep.merged - sweep.undone), by=by)
    return sweep
