"""Taking a view home as a spreadsheet, bringing it back, deciding, and starting the work on it."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _

from veche.campaigns.queries import running_for
from veche.contacts.queries.choices import tags_for
from veche.contacts.queries.own import own_fields
from veche.contacts.queries.people_filters import query_of
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal, Stale
from veche.exchange.bridge import MOST_ROWS
from veche.exchange.bridge.columns import chosen
from veche.exchange.bridge.file import open_returned
from veche.exchange.bridge.view import count_of, people_of
from veche.exchange.events import (
    ApplicationStarted,
    ReturnDecided,
    ReturnUndoStarted,
    SheetReturned,
    SheetTaken,
)
from veche.exchange.models import BridgeCell, BridgeLine, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.queries.orders import titles

MAKE, COMPARE, APPLY, UNDO = (
    "exchange.bridge_make", "exchange.bridge_compare", "exchange.bridge_apply", "exchange.bridge_undo",
)  # fmt: skip
MOST_BYTES = 100 * 2**20
State, Decision, Outcome = BridgeReturn.State, BridgeCell.Decision, BridgeCell.Outcome


@action("exchange.export")
def take_view(*, by: Actor, query: Mapping[str, Any], codes: Sequence[str] = ()) -> BridgeSheet:
    """Begin to write the people of a view (`query` as in the list's address) into a spreadsheet to be edited."""
    asked = people_of(by, query)
    filters = asked.filters
    if waits := next((each.waits_for for each in filters if each.waits_for), None):
        raise Refusal(
            "bridge.waits",
            _("The list by the field “%(field)s” is not ready yet. Open it once, then take it.")
            % {"field": waits.label},
        )
    count = count_of(asked, MOST_ROWS + 1)
    if not count:
        raise Refusal("bridge.nobody", _("There is nobody in this list, so there is nothing to take."))
    if count > MOST_ROWS:
        raise Refusal(
            "bridge.too_many",
            _("More than %(most)s people are in this list. Narrow it by a filter and take it in parts.")
            % {"most": f"{MOST_ROWS:_}".replace("_", " ")},
        )
    columns = chosen(own_fields(), codes)
    sheet = BridgeSheet.objects.create(
        view=query_of(query),
        words=asked.words[:500],
        titles=titles(lambda: people_of(by, query).words, 500),
        columns=[{"code": column.code, "caption": column.caption} for column in columns],
        masked=not by.may("contacts.see_phones"),
        rows=count,
        made_by_id=by.user_id,
    )
    job = start_job(MAKE, by=by, subject=sheet.words, object_id=sheet.pk, total=count)
    sheet.job_id = job.pk
    sheet.save(update_fields=["job_id"])
    codes = tuple(column.code for column in columns)[:100]
    publish(SheetTaken(object_id=sheet.pk, people=count, columns=codes), by=by)
    return sheet


def store_lines(sheet: BridgeSheet, lines: Iterable[tuple[int, list[Any]]]) -> None:
    """Keep what rows said, (contact, cells) each; a row written again by a second run replaces the first."""
    BridgeLine.objects.bulk_create(
        [BridgeLine(sheet=sheet, given_id=each, contact_id=each, cells=cells) for each, cells in lines],
        update_conflicts=True,
        unique_fields=["sheet", "given_id"],
        update_fields=["cells", "contact_id"],
    )


@action("exchange.export")
def finish_sheet(*, by: Actor, sheet: BridgeSheet, path: Path, rows: int) -> BridgeSheet:
    """Put the written file where it is downloaded from."""
    with path.open("rb") as file:
        sheet.file = default_storage.save(f"bridge/{secrets.token_hex(8)}.xlsx", File(file))
    sheet.rows, sheet.state = rows, BridgeSheet.State.READY
    sheet.save(update_fields=["file", "rows", "state"])
    unchanged()  # that people left the base was said when it began
    return sheet


def note_failure(sheet: BridgeSheet, error: str) -> None:
    """Say on the download why there will be no file."""
    BridgeSheet.objects.filter(pk=sheet.pk).update(state=BridgeSheet.State.FAILED, error=error)


@action("exchange.import")
def bring_back(*, by: Actor, file: BinaryIO, name: str) -> BridgeReturn:
    """Take an edited spreadsheet in and begin to compare it with the base; nothing changes there.

    Whoever brings it back, it is their rights that count. `Refusal` when it is no download of ours.
    """
    name = Path(name).name[:300]
    if getattr(file, "size", 0) > MOST_BYTES:
        raise Refusal(
            "bridge.too_big",
            _("The file is over %(most)d MB: it is no list taken from here.") % {"most": MOST_BYTES // 2**20},
        )
    stored = default_storage.save(
        f"bridge/{secrets.token_hex(8)}{Path(name).suffix.lower()[:10]}", File(file)
    )
    try:
        opened = open_returned(Path(default_storage.path(stored)))
        sheet = BridgeSheet.objects.filter(pk=opened.sheet_id).first()
        rows = opened.source.row_count
        opened.source.close()
    except BaseException:
        default_storage.delete(stored)
        raise
    returned = BridgeReturn.objects.create(sheet=sheet, name=name, file=stored, made_by_id=by.user_id)
    job = start_job(COMPARE, by=by, subject=name, object_id=returned.pk, total=rows)
    returned.job_id = job.pk
    returned.save(update_fields=["job_id"])
    publish(SheetReturned(object_id=returned.pk), by=by)
    return returned


@action("exchange.import")
def decide(
    *,
    by: Actor,
    returned: BridgeReturn,
    decision: str,
    where: Mapping[str, Any] | None = None,
    rows: bool = False,
) -> int:
    """Accept, reject or leave open (`decision` of `BridgeCell.Decision`) the cells of `where`; returns how many.

    `where` may name ``id``, ``row``, ``code`` or ``kind``; nothing means all. With `rows` it speaks of new rows. What
    others changed meanwhile is accepted only by naming the cell, or all conflicts: never along with the rest.
    """
    taken(returned, State.COMPARED, State.APPLIED)
    numbers = [str(where[name]) for name in ("id", "row") if where and where.get(name)]
    if decision not in Decision.values or not all(each.isdecimal() and len(each) < 19 for each in numbers):
        raise Refusal("bridge.decision", _("Choose one of the list."))
    chosen_rows = Q(batch=returned, outcome="") & ~Q(kind=BridgeCell.Kind.REFUSED)
    if rows:
        chosen_rows &= ~Q(kind=BridgeRow.Kind.GONE)
    named = {name: where[name] for name in ("id", "row", "code", "kind") if where and where.get(name)}
    chosen_rows &= Q(**named)
    if decision == Decision.ACCEPT and not named.keys() & {"id", "kind"}:
        chosen_rows &= ~Q(kind__in=[BridgeCell.Kind.CONFLICT, BridgeRow.Kind.COPIED])
    model = BridgeRow if rows else BridgeCell
    done = model.objects.filter(chosen_rows).exclude(decision=decision).update(decision=decision)
    if done:
        publish(ReturnDecided(object_id=returned.pk, decision=decision, cells=done), by=by)
    else:
        unchanged()
    return done


@action("exchange.import")
def choose_gone(*, by: Actor, returned: BridgeReturn, gone: str, target: int | None = None) -> BridgeReturn:
    """Say what becomes of the people whose row was deleted; nothing by default, and never an erasure."""
    returned = taken(returned, State.COMPARED, State.APPLIED)
    if gone not in BridgeReturn.Gone.values:
        raise Refusal("bridge.gone", _("Choose one of the list."))
    if gone == BridgeReturn.Gone.REMOVE:
        by.require("contacts.delete")
    if gone in (BridgeReturn.Gone.LEAVE, BridgeReturn.Gone.UNTAG):
        by.require("contacts.edit")
        offered = running_for(by) if gone == BridgeReturn.Gone.LEAVE else tags_for(by)
        if not target or not offered.filter(pk=target).exists():
            raise Refusal("bridge.gone", _("Choose which one."), fields={"target": _("Choose which one.")})
    if BridgeRow.objects.filter(batch=returned, kind=BridgeRow.Kind.GONE, outcome=Outcome.APPLIED).exists():
        raise Stale(
            _("This has been done with the missing people already: undo it first.")
        )  # as it was chosen then
    returned.gone, returned.gone_target = gone, target
    returned.save(update_fields=["gone", "gone_target"])
    publish(ReturnDecided(object_id=returned.pk, decision=gone, cells=0), by=by)
    return returned


@action("exchange.import")
def start_application(*, by: Actor, returned: BridgeReturn) -> BridgeReturn:
    """Write what was accepted into the base, in the background, each cell only if it is still as it was shown."""
    by.require("contacts.edit")
    returned = taken(returned, State.COMPARED, State.APPLIED, State.FAILED)
    if not returned.totals.get("compared"):
        raise Stale(_("The file was not compared to the end: bring it back again."))
    waiting = BridgeCell.objects.filter(batch=returned, decision=Decision.ACCEPT, outcome="").count()
    rows = BridgeRow.objects.filter(batch=returned, outcome="")
    added = rows.filter(decision=Decision.ACCEPT).exists()
    gone = returned.gone != BridgeReturn.Gone.NOTHING and rows.filter(kind=BridgeRow.Kind.GONE).exists()
    if not (waiting or added or gone):
        raise Refusal("bridge.nothing", _("Nothing is accepted: accept a change first."))
    if gone and returned.gone == BridgeReturn.Gone.REMOVE:
        by.require("contacts.delete")
    doer = dataclasses.replace(by, request_id=returned.request_id)
    job = start_job(APPLY, by=doer, subject=returned.name, object_id=returned.pk, total=waiting)
    go(returned, State.APPLYING, job.pk)
    publish(ApplicationStarted(object_id=returned.pk), by=by)
    return returned


@action("exchange.import")
def start_return_undo(*, by: Actor, returned: BridgeReturn) -> BridgeReturn:
    """Put back, in the background, what was written, where nobody has changed it since."""
    by.require("contacts.edit")
    returned = taken(returned, State.APPLIED, State.FAILED, State.UNDONE)
    total = BridgeCell.objects.filter(batch=returned, outcome=BridgeCell.Outcome.APPLIED).count()
    job = start_job(UNDO, by=by, subject=returned.name, object_id=returned.pk, total=total)
    go(returned, State.UNDOING, job.pk)
    publish(ReturnUndoStarted(object_id=returned.pk), by=by)
    return returned


def taken(returned: BridgeReturn, *states: str) -> BridgeReturn:
    """The return, locked; `Stale` unless it stands in one of `states`."""
    locked = BridgeReturn.objects.select_for_update().get(pk=returned.pk)
    if locked.state not in states:
        raise Stale(_("This file has gone on meanwhile: look at where it is now."))
    return locked


def go(returned: BridgeReturn, state: str, job_id: int) -> None:
    returned.state, returned.job_id, returned.error = state, job_id, ""
    returned.save(update_fields=["state", "job_id", "error"])
