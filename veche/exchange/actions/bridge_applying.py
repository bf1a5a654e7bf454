"""Writing what was accepted of a returned spreadsheet, and putting it back.

Every cell is judged anew against what the base says at that moment, under the lock of its contact: what somebody has
changed after the comparison becomes a conflict and is shown again, never overwritten.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.bulk_edit import (
    LINKS,
    Edit,
    edit_contacts,
    lock_contacts,
    remove_contacts,
    restore_contacts,
)
from veche.contacts.actions.bulk_words import add_words
from veche.contacts.queries.own import own_fields
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.sets import update_rows
from veche.exchange.actions.receiving import upload_file
from veche.exchange.actions.running import start_check
from veche.exchange.actions.setup import map_columns
from veche.exchange.bridge import CHUNK, problems
from veche.exchange.bridge.columns import BridgeColumn, offered
from veche.exchange.bridge.judging import CONFLICT, Patch, judge, patch
from veche.exchange.bridge.resolving import Resolver, ids_to_take
from veche.exchange.bridge.texts import Said, texts
from veche.exchange.bridge.values import Shown, key, same, written_cell
from veche.exchange.events import ReturnApplied, ReturnUndone
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeRow, Import
from veche.exchange.writing import Column, Sheet, write_workbook

GONE = -1  # in place of a row: the people whose row was missing
Decision, Kind, Outcome = BridgeCell.Decision, BridgeCell.Kind, BridgeCell.Outcome
_LINK_OF = {"tags": "tag", "campaigns": "campaign"}
_TARGETS = {
    "surname": "name.surname", "given_name": "name.given", "patronymic": "name.patronymic",
    "name": "organisation.name", "campaigns": "campaign",
}  # fmt: skip


def next_rows(returned: BridgeReturn, after: int, size: int) -> list[int]:
    """The next rows of the file with something accepted and not yet written."""
    cells = BridgeCell.objects.filter(batch=returned, decision=Decision.ACCEPT, outcome="", row__gt=after)
    return list(cells.order_by("row").values_list("row", flat=True).distinct()[:size])


def applied_rows(returned: BridgeReturn, after: int, size: int) -> list[int]:
    """The next rows with something to put back, and [GONE] while people whose row was missing wait for it."""
    cells = BridgeCell.objects.filter(batch=returned, outcome=Outcome.APPLIED, row__gt=after)
    rows = list(cells.order_by("row").values_list("row", flat=True).distinct()[:size])
    gone = BridgeRow.objects.filter(batch=returned, kind=BridgeRow.Kind.GONE, outcome=Outcome.APPLIED)
    return rows or ([GONE] if gone.exists() else [])


@action("exchange.import")
def apply_rows(*, by: Actor, returned: BridgeReturn, rows: Sequence[int]) -> tuple[int, int]:
    """Write the accepted cells of `rows`; returns (cells written, cells that were changed meanwhile)."""
    unchanged()  # each change of a person leaves its own entry
    cells = list(
        BridgeCell.objects.filter(batch=returned, row__in=rows, decision=Decision.ACCEPT, outcome="")
    )
    columns, said, resolver = _now(by, cells)
    years = (returned.made_at.year - 1, timezone.now().year)
    edits: dict[int, Edit] = {}
    written, late = [], []
    for cell in cells:
        column, one = columns.get(cell.code), said.get(cell.contact_id)
        if column is None or one is None:
            cell.kind, cell.decision = Kind.REFUSED, Decision.NONE
            cell.problem = problems.UNSEEN
            late.append(cell)
            continue
        now = one.cells[cell.code]
        verdict = judge(column, cell.was, cell.yours, now, years=years)
        if verdict == CONFLICT and not same(column, now, cell.now):
            cell.kind, cell.decision, cell.now = Kind.CONFLICT, Decision.NONE, now
            late.append(cell)
            continue
        try:
            edit = edits.setdefault(cell.contact_id, Edit(cell.contact_id))
            due = patch(column, cell.was, cell.yours, now) if column.is_many else None
            _enter(edit, column, one, resolver, due=due, shown=cell.yours, by=by)
        except Refusal as refusal:
            cell.kind, cell.decision, cell.problem = Kind.REFUSED, Decision.NONE, str(refusal.message)[:500]
            late.append(cell)
            continue
        cell.now = now
        written.append(cell)
    taken = edit_contacts(by=by, edits=list(edits.values()))
    _note_after(by, written, taken, columns)
    update_rows(BridgeCell, late, ["kind", "decision", "now", "problem"])
    return len(written), len(late)


def _now(by: Actor, cells: Sequence[BridgeCell]) -> tuple[dict[str, BridgeColumn], dict[int, Said], Resolver]:
    """Columns by code, what their contacts say now, locked, and who knows the words."""
    columns = {column.code: column for column in offered(own_fields())}
    used = [columns[code] for code in {cell.code for cell in cells} if code in columns]
    locked = lock_contacts(by, {cell.contact_id for cell in cells})
    return columns, texts(by, locked, used), Resolver(by)


def _enter(
    edit: Edit,
    column: BridgeColumn,
    said: Said,
    resolver: Resolver,
    *,
    due: Patch | None,
    shown: Shown,
    by: Actor,
) -> None:
    """Enter one cell into its contact's edit."""
    if due is None:
        edit.columns |= resolver.columns(column, str(shown), said)
        return
    resolver.check_set(column, due)
    if column.code == "tags" and (unknown := resolver.unknown_tags(due.add)):
        resolver.learn_tags(add_words(by=by, words={"tags": unknown})["tags"])
    code = _LINK_OF.get(column.code, column.code)
    edit.add[code] += resolver.things(column, due.add)
    ids = ids_to_take(column, said, due.take)
    edit.take[code] += ids if code in LINKS else [{"id": each} for each in ids]


def _note_after(
    by: Actor,
    cells: list[BridgeCell],
    taken: dict[int, list[dict[str, Any]]],
    columns: dict[str, BridgeColumn],
) -> None:
    used = [columns[code] for code in {cell.code for cell in cells}]
    said = texts(by, {cell.contact_id for cell in cells}, used)
    for cell in cells:
        cell.outcome = Outcome.APPLIED
        cell.after = said[cell.contact_id].cells[cell.code] if cell.contact_id in said else cell.yours
        cell.taken = [each for each in taken.get(cell.contact_id, []) if each["code"] == cell.code]
    update_rows(BridgeCell, cells, ["outcome", "after", "taken", "now"])


def next_gone(returned: BridgeReturn, size: int) -> list[int]:
    """The next missing rows whose people something is to be done with."""
    if returned.gone == BridgeReturn.Gone.NOTHING:
        return []
    gone = BridgeRow.objects.filter(batch=returned, kind=BridgeRow.Kind.GONE, outcome="")
    return list(gone.order_by("pk").values_list("pk", flat=True)[:size])


@action("exchange.import")
def apply_gone(*, by: Actor, returned: BridgeReturn, line_ids: Sequence[int]) -> int:
    """Do what was chosen with people whose row was deleted; returns with how many."""
    unchanged()
    lines = {line.contact_id: line for line in BridgeRow.objects.filter(pk__in=line_ids)}
    if returned.gone == BridgeReturn.Gone.REMOVE:
        done = set(remove_contacts(by=by, contact_ids=list(lines)))
    else:
        code = "campaign" if returned.gone == BridgeReturn.Gone.LEAVE else "tag"
        model, column, _put, _took = LINKS[code]
        held = model.objects.filter(
            contact__in=lock_contacts(by, list(lines)), **{column: returned.gone_target}
        )
        done = set(held.values_list("contact_id", flat=True))
        edits = [Edit(each, take=defaultdict(list, {code: [returned.gone_target]})) for each in sorted(done)]
        edit_contacts(by=by, edits=edits)
    for contact_id, line in lines.items():
        line.outcome = Outcome.APPLIED if contact_id in done else Outcome.KEPT
    update_rows(BridgeRow, lines.values(), ["outcome"])
    return len(done)


@action("exchange.import")
def finish(*, by: Actor, returned: BridgeReturn, written: int, late: int) -> BridgeReturn:
    """Hand the new rows to an import, and say what was done."""
    returned = BridgeReturn.objects.select_for_update().get(pk=returned.pk)
    imported = _import_new(by, returned)
    cells = BridgeCell.objects.filter(batch=returned)
    returned.import_id = imported.pk if imported else returned.import_id
    returned.totals = {
        **returned.totals,
        "written": cells.filter(outcome=Outcome.APPLIED).count(),
        "late": late,
        "conflict": cells.filter(kind=Kind.CONFLICT, outcome="").count(),
    }
    returned.applied_at = timezone.now()
    returned.state = BridgeReturn.State.APPLIED
    returned.save(update_fields=["state", "applied_at", "totals", "import_id"])
    publish(ReturnApplied(object_id=returned.pk, written=written, late=late), by=by)
    return returned


def _import_new(by: Actor, returned: BridgeReturn) -> Import | None:
    """New people go the way of every import: matched with the base, looked at, and loaded by a second click."""
    lines = BridgeRow.objects.filter(
        Q(kind=BridgeRow.Kind.ADDED) | Q(kind=BridgeRow.Kind.COPIED),
        batch=returned, decision=Decision.ACCEPT, outcome="",
    ).order_by("row")  # fmt: skip
    rows = [dict(line.cells) for line in lines]
    codes = {code for row in rows for code in row}
    columns = [column for column in offered(own_fields()) if column.code in codes]
    if not rows or not by.may("contacts.add"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.xlsx"
        cells = ([written_cell(row.get(column.code, "")) for column in columns] for row in rows)
        write_workbook(path, [Sheet(_("New rows"), [Column(column.caption) for column in columns], cells)])
        with path.open("rb") as file:
            name = _("New rows of %(name)s") % {"name": Path(returned.name).stem[:200]}
            imported = upload_file(by=by, file=file, name=f"{name}.xlsx")
    plans = [{"index": place, "target": _target(column)} for place, column in enumerate(columns)]
    imported = map_columns(by=by, imported=imported, columns=plans)
    imported = start_check(by=by, imported=imported)
    lines.update(outcome=Outcome.APPLIED)
    return imported


def _target(column: BridgeColumn) -> str:
    if column.own:
        return "skip" if column.own.type == "user" else f"field:{column.own.key}"
    return _TARGETS.get(column.code, column.code)


@action("exchange.import")
def undo_rows(*, by: Actor, returned: BridgeReturn, rows: Sequence[int]) -> tuple[int, int]:
    """Put back the written cells of `rows`; returns (cells put back, cells kept because they were changed since)."""
    unchanged()
    if list(rows) == [GONE]:
        return _undo_gone(by, returned)
    cells = list(BridgeCell.objects.filter(batch=returned, row__in=rows, outcome=Outcome.APPLIED))
    columns, said, resolver = _now(by, cells)
    edits: dict[int, Edit] = {}
    done = 0
    for cell in cells:
        column, one = columns.get(cell.code), said.get(cell.contact_id)
        cell.outcome = Outcome.KEPT
        if column is None or one is None:
            continue
        now = one.cells[cell.code]
        if not column.is_many and key(column, now) != key(column, cell.after):
            continue
        edit = edits.setdefault(cell.contact_id, Edit(cell.contact_id))
        try:
            if column.is_many and cell.taken:
                _take_back(edit, column, cell, one)
            else:
                due = patch(column, cell.after, cell.now, now) if column.is_many else None
                _enter(edit, column, one, resolver, due=due, shown=cell.now, by=by)
        except Refusal:
            continue
        cell.outcome = Outcome.UNDONE
        done += 1
    edit_contacts(by=by, edits=list(edits.values()))
    update_rows(BridgeCell, cells, ["outcome"])
    return done, len(cells) - done


def _take_back(edit: Edit, column: BridgeColumn, cell: BridgeCell, said: Said) -> None:
    """Points and addresses come back as they were, with their purpose, note and place of origin."""
    due = patch(column, cell.after, cell.now, said.cells[cell.code])
    edit.take[column.code] += [{"id": each} for each in ids_to_take(column, said, due.take)]
    edit.add[column.code] += cell.taken


def _undo_gone(by: Actor, returned: BridgeReturn) -> tuple[int, int]:
    lines = list(
        BridgeRow.objects.filter(batch=returned, kind=BridgeRow.Kind.GONE, outcome=Outcome.APPLIED)[:CHUNK]
    )
    ids = [line.contact_id for line in lines]
    if returned.gone == BridgeReturn.Gone.REMOVE:
        back = set(restore_contacts(by=by, contact_ids=ids))
    else:
        code = "campaign" if returned.gone == BridgeReturn.Gone.LEAVE else "tag"
        back = set(lock_contacts(by, ids))
        edits = [Edit(each, add=defaultdict(list, {code: [returned.gone_target]})) for each in sorted(back)]
        edit_contacts(by=by, edits=edits)
    for line in lines:
        line.outcome = Outcome.UNDONE if line.contact_id in back else Outcome.KEPT
    update_rows(BridgeRow, lines, ["outcome"])
    return len(back), len(lines) - len(back)


@action("exchange.import")
def finish_undo(*, by: Actor, returned: BridgeReturn, put_back: int, kept: int) -> BridgeReturn:
    """Say how much was put back, and how much stayed because somebody changed it since."""
    returned.totals = {**returned.totals, "undo": {"put_back": put_back, "kept": kept}}
    returned.state, returned.undone_at = BridgeReturn.State.UNDONE, timezone.now()
    returned.save(update_fields=["totals", "state", "undone_at"])
    publish(ReturnUndone(object_id=returned.pk, put_back=put_back, kept=kept), by=by)
    return returned
