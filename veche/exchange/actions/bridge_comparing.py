"""Comparing a spreadsheet that came back with the base, cell by cell. Writes only what the preview shows."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.own import own_fields
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.actions.bridge_found import Comparison, compare_row, totals_of
from veche.exchange.bridge import CHUNK, KEPT_DAYS, problems
from veche.exchange.bridge.columns import stored
from veche.exchange.bridge.file import LOOK_AT, Returned, open_returned
from veche.exchange.bridge.heading import read_heading
from veche.exchange.bridge.ids import Forged, read_row_id
from veche.exchange.bridge.judging import judge
from veche.exchange.bridge.resolving import Resolver
from veche.exchange.bridge.texts import texts
from veche.exchange.bridge.values import Shown
from veche.exchange.events import ReturnCompared, ReturnFailed, SheetsPurged
from veche.exchange.models import BridgeCell, BridgeLine, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.reading import Cell

Decision = BridgeCell.Decision
Given = tuple[int, int]  # download, contact: what a row's number says


def compare(*, by: Actor, returned: BridgeReturn, progress: Callable[[int, int], None]) -> None:
    """Find all that differs. A second run begins anew and finds the same."""
    BridgeCell.objects.filter(batch=returned).delete()
    BridgeRow.objects.filter(batch=returned).delete()
    opened = open_returned(Path(default_storage.path(returned.file)))
    try:
        numbers, repeated, total = _numbers(opened)
        work = _begin(by, returned, opened, {sheet for sheet, _contact in numbers})
        held: dict[Given, list[tuple[int, list[Cell]]]] = defaultdict(list)
        done = 0
        for portion in _portions(opened):
            with transaction.atomic():
                _compare_portion(work, opened, portion, repeated, held)
                work.store()
                done += len(portion)
                progress(done, total)
        with transaction.atomic():
            _compare_repeated(work, held)
            _note_gone(work, numbers)
            work.store()
        finish_comparison(by=by, returned=returned, totals=totals_of(work, done))
    finally:
        opened.source.close()


def _numbers(opened: Returned) -> tuple[set[Given], set[Given], int]:
    """(all numbers of rows, those that stand in several rows, how many rows)."""
    counted: Counter[Given] = Counter()
    rows = 0
    for _number, cells in opened.source.rows():
        rows += 1
        try:
            if given := read_row_id(cells[opened.id_place]):
                counted[given] += 1
        except Forged:
            continue
    return set(counted), {given for given, times in counted.items() if times > 1}, rows


def _begin(by: Actor, returned: BridgeReturn, opened: Returned, sheet_ids: set[int]) -> Comparison:
    sheets = {sheet.pk: sheet for sheet in BridgeSheet.objects.filter(pk__in=sheet_ids)}
    main, own = sheets.get(opened.sheet_id), own_fields()
    if main is None:
        raise Refusal(
            "bridge.unknown",
            _(
                "This list was taken from another base, or its download is no longer known. Take the list again."
            ),
        )
    columns = [column for column in stored(own, main.columns) if column]
    hidden = any(sheet.masked for sheet in sheets.values()) or not sees_phones(by)
    masked = hidden and any(column.code == "phone" for column in columns)
    sample = _sample(opened, sheets)
    heading = read_heading(
        [column.title for column in opened.source.columns], columns, id_place=opened.id_place, sample=sample
    )
    captions = {column.code: column.caption for column in columns}
    now = timezone.now()
    returned.notes = {
        "renamed": [[captions[code], caption] for code, caption in heading.renamed.items()],
        "missing": [captions[code] for code in heading.missing],
        "unknown": heading.unknown,
        "masked": masked,
        "purged": main.purged_at is not None,
        "days": (now - main.made_at).days,
        "others": main.made_by_id != by.user_id,
        "captions": captions,
    }
    if masked:
        columns = [column for column in columns if column.code != "phone"]
    years = (main.made_at.year, now.year)
    return Comparison(by, returned, columns, heading, Resolver(by), years, sheets)


def _sample(opened: Returned, sheets: dict[int, BridgeSheet]) -> list[tuple[list[Cell], dict[str, Shown]]]:
    rows = []
    for _number, cells in islice(opened.source.rows(), LOOK_AT):
        try:
            given = read_row_id(cells[opened.id_place])
        except Forged:
            continue
        if given:
            rows.append((given, cells))
    lines = _lines({given for given, _cells in rows}, sheets)
    return [(cells, lines[given][1]) for given, cells in rows if given in lines]


def _lines(given: set[Given], sheets: dict[int, BridgeSheet]) -> dict[Given, tuple[int, dict[str, Shown]]]:
    """What the rows said when they went down: (the contact they stand for now, cells by code)."""
    found = {}
    for sheet_id in {sheet for sheet, _contact in given}:
        ids = [contact for sheet, contact in given if sheet == sheet_id]
        sheet = sheets.get(sheet_id)
        codes = [each["code"] for each in sheet.columns] if sheet else []
        lines = BridgeLine.objects.filter(sheet=sheet_id, given_id__in=ids)
        for given_id, contact_id, cells in lines.values_list("given_id", "contact_id", "cells"):
            found[sheet_id, given_id] = (contact_id, dict(zip(codes, cells, strict=False)))
    return found


def _portions(opened: Returned) -> Iterator[list[tuple[int, list[Cell]]]]:
    rows = opened.source.rows()
    while portion := list(islice(rows, CHUNK)):
        yield portion


def _compare_portion(
    work: Comparison,
    opened: Returned,
    portion: list[tuple[int, list[Cell]]],
    repeated: set[Given],
    held: dict[Given, list[tuple[int, list[Cell]]]],
) -> None:
    known: list[tuple[int, list[Cell], Given]] = []
    for number, cells in portion:
        work.counts["rows"] += 1
        try:
            given = read_row_id(cells[opened.id_place])
        except Forged:
            work.refuse(number, problems.FORGED)
            continue
        if given is None:
            said = work.said_in_file(cells)
            if any(said.values()):
                work.add(number, said, BridgeRow.Kind.ADDED, Decision.ACCEPT)
        elif given in repeated:
            held[given].append((number, cells))
        else:
            known.append((number, cells, given))
    _compare_known(work, known)


def _compare_known(work: Comparison, known: list[tuple[int, list[Cell], Given]]) -> None:
    lines = _lines({given for _number, _cells, given in known}, work.sheets)
    targets = {given: lines[given][0] if given in lines else given[1] for _number, _cells, given in known}
    now = texts(work.by, set(targets.values()), work.columns)
    for number, cells, given in known:
        said = now.get(targets[given])
        sheet = work.sheets.get(given[0])
        if said is None or sheet is None or (given not in lines and sheet.purged_at is None):
            work.refuse(number, problems.UNSEEN)
            continue
        was = lines[given][1] if given in lines else None
        compare_row(work, number, said, was, work.said_in_file(cells))


def _compare_repeated(work: Comparison, held: dict[Given, list[tuple[int, list[Cell]]]]) -> None:
    """Of rows with the same number the one most like the download is the person; the others are copies of it."""
    lines = _lines(set(held), work.sheets)
    for given, rows in held.items():
        was = lines[given][1] if given in lines else {}

        def unlike(row: tuple[int, list[Cell]], was: dict[str, Shown] = was) -> int:
            yours = work.said_in_file(row[1])
            return sum(
                judge(column, was[column.code], yours[column.code], was[column.code], years=work.years)
                is not None
                for column in work.columns
                if column.code in yours and column.code in was
            )

        ordered = sorted(rows, key=lambda row: (unlike(row), row[0]))
        (number, cells), *copies = ordered
        _compare_known(work, [(number, cells, given)])
        for other, its_cells in copies:
            said = work.said_in_file(its_cells)
            if said == work.said_in_file(cells):
                work.counts["same_copies"] += 1
                continue
            work.add(other, said, BridgeRow.Kind.COPIED, Decision.NONE, problems.copy_of(number))


def _note_gone(work: Comparison, numbers: set[Given]) -> None:
    """People of the download whose row is not in the file."""
    sheet = work.returned.sheet
    if sheet is None:
        return
    there = {contact for sheet_id, contact in numbers if sheet_id == sheet.pk}
    lines = BridgeLine.objects.filter(sheet=sheet).order_by("pk")
    missing = [
        (place, contact)
        for place, (given, contact) in enumerate(lines.values_list("given_id", "contact_id"), start=1)
        if given not in there
    ]
    for start in range(0, len(missing), CHUNK):
        portion = missing[start : start + CHUNK]
        seen = texts(work.by, [contact for _place, contact in portion], [])
        for place, contact in portion:
            if contact in seen:
                work.counts["gone"] += 1
                work.rows.append(
                    BridgeRow(batch=work.returned, row=place, kind=BridgeRow.Kind.GONE, contact_id=contact)
                )


@action("exchange.import")
def finish_comparison(*, by: Actor, returned: BridgeReturn, totals: dict[str, Any]) -> BridgeReturn:
    """Say what was found."""
    returned.totals, returned.state = totals, BridgeReturn.State.COMPARED
    if returned.file:  # its rows are kept now, and no erasure could reach into a spreadsheet
        transaction.on_commit(partial(default_storage.delete, returned.file))
        returned.file = ""
    returned.save(update_fields=["totals", "state", "notes", "file"])
    numbers = {"changes": totals["change"], "conflicts": totals["conflict"], "refused": totals["refused"]}
    publish(
        ReturnCompared(object_id=returned.pk, added=totals["added"], gone=totals["gone"], **numbers), by=by
    )
    return returned


@action("exchange.import")
def note_failure(*, by: Actor, returned: BridgeReturn, error: str) -> None:
    """Say on the return why the work on it ended."""
    BridgeReturn.objects.filter(pk=returned.pk).update(state=BridgeReturn.State.FAILED, error=error)
    publish(ReturnFailed(object_id=returned.pk), by=by)


@action("exchange.export")
def purge_sheets(*, by: Actor, before: dt.datetime | None = None) -> int:
    """Delete what old downloads said, their files, and all that came back of them; returns how many downloads."""
    before = before or timezone.now() - dt.timedelta(days=KEPT_DAYS)
    old = list(BridgeSheet.objects.filter(made_at__lt=before, purged_at__isnull=True))
    for sheet in old:
        BridgeLine.objects.filter(sheet=sheet)._raw_delete("default")
    BridgeSheet.objects.filter(pk__in=[sheet.pk for sheet in old]).update(purged_at=timezone.now(), file="")
    returns = list(BridgeReturn.objects.filter(made_at__lt=before))
    for returned in returns:
        returned.delete()
    for name in [each.file for each in (*old, *returns) if each.file]:
        transaction.on_commit(partial(default_storage.delete, name))  # a rollback must not lose the file
    if old:
        publish(SheetsPurged(sheets=len(old)), by=by)
    else:
        unchanged()
    return len(old)
