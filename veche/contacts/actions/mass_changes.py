"""Changes of many people at once: start, the work portion by portion, stop, undo. In sets, never rows.

The people are frozen at the start, in portions. Each portion is one transaction: its people are looked up through the
viewer once more and locked in the order of their ids (so that two changes never wait for each other in a circle), its
rows, history, ledger entries and what was before are written, and the portion goes. A worker that is killed has
therefore either done a portion or not begun it. A small change is done at once; a large one is a job (`jobs`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions import mass_fields, mass_links, mass_paste, mass_points, mass_removal
from veche.contacts.actions.bulk import settle_indexes
from veche.contacts.actions.mass_people import checked_value, checked_values, freeze
from veche.contacts.events import MassChangeEnded, MassChangeStarted, MassUndoEnded, MassUndoStarted
from veche.contacts.models import MassChange, MassChunk, MassOutcome
from veche.contacts.queries.mass_changes import (
    UNDO_DAYS,
    get_mass_change,
    insist_undoable,
    subject_of,
    within_reach,
)
from veche.contacts.queries.scope import visible_sql
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import cancel_job, start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Stale

RUN, UNDO = "contacts.mass_change", "contacts.mass_undo"
CHUNK = 5_000  # people of one transaction
AT_ONCE = 1_000  # so few are changed while their reader waits
PASTED_AT_ONCE = 300  # of them a phone, an address and a tag are each set by itself

Kind, State, What = MassChange.Kind, MassChange.State, MassOutcome.What
_WORKERS = {
    Kind.TAG_PUT: mass_links, Kind.TAG_TAKE: mass_links, Kind.CAMPAIGN_PUT: mass_links,
    Kind.CAMPAIGN_TAKE: mass_links, Kind.REMOVE: mass_removal, Kind.POINTS: mass_points,
    Kind.PASTE: mass_paste,
}  # fmt: skip


@action("contacts.edit")
def start_mass_change(
    *,
    by: Actor,
    kind: str,
    value: Any = None,
    what: str = "",
    ids: Collection[int] | None = None,
    asked: str | None = None,
    values: Mapping[int, Mapping[str, Any]] | None = None,
    words: str = "",
) -> MassChange:
    """Change many people: those of `ids`, or all whom the list with the address `asked` shows. At once or by a job.

    `value` is the id of a tag, a campaign, a status, a colleague or a territory; with the kind `own` the value of the
    own field `what` (None clears). With the kind `values` each person gets their own: `values` by id and field code
    (as in `change_fields`; birthdays by their parts), `what` is a code of the correction and `words` what to call it;
    with `points` their phones and e-mails, as `mass_points` takes them; with `paste` their cells, as `mass_paste` does.
    Whom `by` may not see is left out. Raises `Refusal` for what cannot be, with everything as it was.
    """
    kind = Kind(kind)
    if kind == Kind.REMOVE:
        by.require("contacts.delete")
    mass = MassChange(made_by_id=by.user_id, kind=kind, what=what[:60], words=words, asked=asked or "")
    mass.value = checked_value(by, kind, what, value)
    if kind in (Kind.VALUES, Kind.POINTS, Kind.PASTE):
        values = checked_values(values or {}) if kind == Kind.VALUES else dict(values or {})
        ids = list(values)
    mass.save()
    size, at_once = (PASTED_AT_ONCE,) * 2 if kind == Kind.PASTE else (CHUNK, AT_ONCE)
    freeze(by, mass, ids=ids, asked=asked, values=values, size=size)
    publish(MassChangeStarted(object_id=mass.pk, change=kind, people=mass.people), by=by)
    if mass.people <= at_once:
        _all_at_once(by, mass)
        return mass
    job = start_job(
        RUN, by=replace(by, request_id=mass.request_id), subject=subject_of(by, mass), object_id=mass.pk,
        total=mass.people,
    )  # fmt: skip
    MassChange.objects.filter(pk=mass.pk).update(job_id=job.pk)
    mass.job_id = job.pk
    return mass


@action("contacts.edit")
def change_portion(*, by: Actor, mass: MassChange) -> int:
    """Change the next people of `mass`; returns how many they were, 0 when none are left. May run twice."""
    unchanged()
    if mass.kind == Kind.REMOVE:
        by.require("contacts.delete")
    chunk = MassChunk.objects.filter(mass_change=mass).order_by("number").first()
    if chunk is None:
        return 0
    doer = replace(by, request_id=mass.request_id)
    with connection.cursor() as sql:
        visible, given = visible_sql(by)
        sql.execute(
            f"SELECT contact.id FROM contacts_contact AS contact WHERE contact.id = ANY(%s) AND {visible}"
            " ORDER BY contact.id FOR NO KEY UPDATE",
            [chunk.ids, *given],
        )
        seen = [row[0] for row in sql.fetchall()]
        params = _params(mass, doer, seen) | {"values": json.dumps(chunk.values)}
        outcomes = Counter(_worker(mass).change(sql, mass, doer, params))
    outcomes[What.OUT] += len(chunk.ids) - sum(outcomes.values())
    chunk.delete()
    _add_up(mass, outcomes)
    return len(chunk.ids)


@action("contacts.edit")
def finish_mass_change(
    *, by: Actor, mass: MassChange, state: str = State.DONE, error: str = ""
) -> MassChange:
    """All are done, or it stops here: what is left of its people is forgotten. Does nothing to one that has ended."""
    ended = MassChange.objects.filter(pk=mass.pk, state=State.RUNNING).update(
        state=state, error=error[:4000], finished_at=timezone.now()
    )
    if not ended:
        unchanged()
        return mass
    MassChunk.objects.filter(mass_change=mass).delete()
    mass.refresh_from_db()
    publish(
        MassChangeEnded(object_id=mass.pk, change=mass.kind, state=mass.state, people=mass.changed),
        by=replace(by, request_id=mass.request_id),
    )
    return mass


@action("contacts.edit")
def cancel_mass_change(*, by: Actor, mass_id: int) -> MassChange:
    """Stop it, or its undo, after the portion in work; what was done stays, and may be undone."""
    mass = _taken(by, mass_id, State.RUNNING, State.UNDOING)
    job = Job.objects.select_for_update().filter(pk=mass.job_id).first()
    if job is not None:
        cancel_job(job)
        job.refresh_from_db()
    if job is None or not job.is_open:  # it had not begun, or it ended without telling us
        end = finish_mass_change if mass.state == State.RUNNING else finish_mass_undo
        end(by=by, mass=mass, state=State.CANCELLED)
    else:
        unchanged()
    return mass


@action("contacts.edit")
def start_mass_undo(*, by: Actor, mass_id: int) -> MassChange:
    """Put back all that this change did and nobody has touched since; what somebody has is kept and listed."""
    mass = _taken(by, mass_id, State.DONE, State.CANCELLED, State.FAILED)
    if mass.kind == Kind.REMOVE:
        by.require("contacts.delete")
    insist_undoable(mass)
    mass.state, mass.error = State.UNDOING, ""
    mass.save(update_fields=["state", "error"])
    publish(MassUndoStarted(object_id=mass.pk, change=mass.kind), by=by)
    left = mass.changed - mass.undone - mass.kept
    if left <= AT_ONCE:
        undo_portion(by=by, mass=mass, after=0)
        return finish_mass_undo(by=by, mass=mass)
    with connection.cursor() as sql:
        sql.execute("ANALYZE contacts_massoutcome")  # else the server plans for the empty table that it knew
    job = start_job(
        UNDO, by=replace(by, request_id=mass.undo_request_id), subject=subject_of(by, mass), object_id=mass.pk,
        total=left,
    )  # fmt: skip
    MassChange.objects.filter(pk=mass.pk).update(job_id=job.pk)
    mass.job_id = job.pk
    return mass


@action("contacts.edit")
def undo_portion(*, by: Actor, mass: MassChange, after: int) -> tuple[int, int]:
    """Put back the next changed people after the id `after`; returns (the last id, how many). May run twice."""
    unchanged()
    if mass.kind == Kind.REMOVE:
        by.require("contacts.delete")
    changed = MassOutcome.objects.filter(mass_change=mass, what=What.CHANGED, contact__gt=after)
    ids = list(changed.order_by("contact").values_list("contact", flat=True)[:CHUNK])
    if not ids:
        return after, 0
    doer = replace(by, request_id=mass.undo_request_id)
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(within_reach(by, mass, ids))],
        )
        seen = [row[0] for row in sql.fetchall()]
        outcomes = _worker(mass).undo(sql, mass, doer, _params(mass, doer, seen))
        back = [key for key, what in outcomes.items() if what == What.UNDONE]
        sql.execute(
            "UPDATE contacts_massoutcome SET what = CASE WHEN contact_id = ANY(%s) THEN 'undone' ELSE 'kept' END"
            " WHERE mass_change_id = %s AND contact_id = ANY(%s)",
            [back, mass.pk, ids],
        )
    MassChange.objects.filter(pk=mass.pk).update(
        undone=F("undone") + len(back), kept=F("kept") + len(ids) - len(back)
    )
    return ids[-1], len(ids)


@action("contacts.edit")
def finish_mass_undo(
    *, by: Actor, mass: MassChange, state: str = State.UNDONE, error: str = ""
) -> MassChange:
    """The undo is done, or stops here: then it may be started again and goes on. Nothing for one that has ended."""
    ended = MassChange.objects.filter(pk=mass.pk, state=State.UNDOING).update(state=state, error=error[:4000])
    if not ended:
        unchanged()
        return mass
    mass.refresh_from_db()
    publish(
        MassUndoEnded(
            object_id=mass.pk, change=mass.kind, state=mass.state, people=mass.undone, kept=mass.kept
        ),
        by=replace(by, request_id=mass.undo_request_id),
    )
    return mass


@action("contacts.edit")
def forget_portion(*, by: Actor, portion: int = 20_000) -> int:
    """Delete what was before of changes that can no longer be undone, and who they were; returns how many rows went.

    What is left is the line of the journal. May run twice.
    """
    unchanged()
    over = timezone.now() - dt.timedelta(days=UNDO_DAYS)
    mass = MassChange.objects.filter(made_at__lt=over, forgotten_at=None).order_by("pk").first()
    if mass is None:
        return 0
    rows = list(MassOutcome.objects.filter(mass_change=mass).values_list("pk", flat=True)[:portion])
    MassOutcome.objects.filter(pk__in=rows).delete()
    if len(rows) < portion:
        MassChunk.objects.filter(mass_change=mass).delete()
        shown = {} if mass.kind != Kind.OWN else {"value": None}  # a text that may be about somebody
        MassChange.objects.filter(pk=mass.pk).update(
            forgotten_at=timezone.now(),
            asked="",
            words=mass.words if mass.kind in (Kind.VALUES, Kind.PASTE) else "",
            **shown,
        )
    return max(1, len(rows))


def settle(mass: MassChange) -> None:
    """After the last portion: sort in what the indexes of names have waiting."""
    if _worker(mass) in (mass_fields, mass_paste):
        settle_indexes()


def _all_at_once(by: Actor, mass: MassChange) -> None:
    while change_portion(by=by, mass=mass):
        pass
    finish_mass_change(by=by, mass=mass)


def _worker(mass: MassChange) -> Any:
    return _WORKERS.get(mass.kind, mass_fields)


def _params(mass: MassChange, doer: Actor, seen: list[int]) -> dict[str, Any]:
    undone = MassChange.objects.filter(made_at__gte=mass.made_at, undone__gt=0).exclude(pk=mass.pk)
    pairs = undone.values_list("request_id", "undo_request_id")
    return {
        "mass": mass.pk, "seen": seen, "now": timezone.now(), "since": mass.made_at, "author": doer.user_id,
        "thing": mass.value, "request": doer.request_id, "change_request": mass.request_id,
        "undone": [mass.request_id, mass.undo_request_id, *(each for pair in pairs for each in pair)],
    }  # fmt: skip


def _add_up(mass: MassChange, outcomes: Counter[str]) -> None:
    """Add the counts of a portion to the row, which nobody else writes while it runs."""
    held = MassChange.objects.select_for_update().get(pk=mass.pk)
    held.changed += outcomes.pop(What.CHANGED, 0)
    for what, count in outcomes.items():
        if count:
            held.skipped[what] = held.skipped.get(what, 0) + count
    held.save(update_fields=["changed", "skipped"])
    mass.changed, mass.skipped = held.changed, held.skipped


def _taken(by: Actor, mass_id: int, *states: str) -> MassChange:
    get_mass_change(by, mass_id)
    mass = MassChange.objects.select_for_update().get(pk=mass_id)
    if mass.state not in states:
        raise Stale(_("This change has gone on meanwhile: look at where it is now."))
    return mass
