"""What the journal of undo shows: imports of the last month, and what an undo or a redo kept, and why. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.models import UndoKept
from veche.contacts.queries.batches import Work, field_names, kept_by_field, kept_of, work_on
from veche.core.actor import Actor
from veche.core.ledger import EVENTS
from veche.exchange import queries
from veche.exchange.events import UndoStarted
from veche.exchange.models import Import
from veche.exchange.writing.columns import MOMENT, Column, Sheet
from veche.exchange.writing.workbook import write_workbook
from veche.ui.formats import count

PAGE = 50
SHOWN = 100  # imports of a journal
State = Import.State


def may_be_undone(imported: Import) -> bool:
    """Whether an undo may be started, or gone on with."""
    begun = "load" in imported.totals and queries.is_undoable(imported) and _has_written(imported)
    return begun and imported.state in (State.LOADED, State.CANCELLED, State.FAILED)


def _has_written(imported: Import) -> bool:
    """Whether there is anything to undo; of a load that was stopped nothing is counted yet."""
    load = imported.totals["load"]
    if (numbers := load.get("numbers")) is None or "undo_begun" in imported.totals:
        return True
    return bool(numbers["created"] or numbers["updated"] or (load.get("facts") or {}).get("added"))


def may_be_redone(imported: Import) -> bool:
    """Whether what an undo took may be loaded again."""
    begun = "undo_begun" in imported.totals and queries.is_undoable(imported)
    return begun and imported.state in (State.UNDONE, State.CANCELLED, State.FAILED)


def undone_since(imported: Import) -> list[tuple[int, UUID]]:
    """Batches and requests that came to nothing since this import was made: undone imports, and undos (its own too)."""
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH undone AS (
                SELECT id, request_id FROM exchange_import
                WHERE state = 'undone' AND undone_at >= %(since)s AND id <> %(own)s
            )
            SELECT id, request_id FROM undone UNION
            SELECT object_id, request_id FROM core_ledger
            WHERE kind = %(undo)s AND at >= %(since)s AND (object_id = %(own)s OR object_id IN (SELECT id FROM undone))
            """,
            {"since": imported.made_at, "own": imported.pk, "undo": UndoStarted.kind},
        )
        return sql.fetchall()


def journal(actor: Actor) -> list[dict[str, Any]]:
    """Imports of the last month that have written something, the newest first, with what may be done with each."""
    begun = Q(totals__has_key="load")
    found = list(queries.imports_for(actor).filter(begun, made_at__gte=queries.undo_limit())[:SHOWN])
    fields = kept_by_field(actor, [each.pk for each in found])
    return [
        {
            "imported": imported,
            "numbers": imported.totals["load"].get("numbers"),
            "said": said_of(imported),
            "kept": _fields_in_words(imported, fields.get(imported.pk, {})),
            "days_left": max(
                0, (imported.made_at + dt.timedelta(days=queries.UNDO_DAYS) - timezone.now()).days + 1
            ),
            "may_undo": may_be_undone(imported) and actor.may("contacts.delete"),
            "may_redo": may_be_redone(imported),
        }
        for imported in found
    ]


def kept_count(actor: Actor, imported: Import) -> int:
    """Of how many people something was kept."""
    if not imported.totals.keys() & {"undo", "redo", "undo_begun"}:
        return 0
    return kept_of(actor, imported.pk).values("contact_id").distinct().count()


def _fields_in_words(imported: Import, fields: dict[str, int]) -> str:
    """Which fields an undo has kept, of how many people each."""
    return ", ".join(f"{_what(field, imported)}: {count(people)}" for field, people in fields.items())


def said_of(imported: Import) -> str:
    """What the last undo or redo did, in words."""
    totals = imported.totals
    if "undo" in totals:
        return queries.undo_sentence(**totals["undo"])
    return queries.redo_sentence(**totals["redo"]) if "redo" in totals else ""


@dataclass(frozen=True)
class Touch:
    """One thing that somebody has done to a person since the import: a field, or what happened."""

    what: str
    who: str
    at: dt.datetime


@dataclass(frozen=True)
class KeptLine:
    """Something that was kept: of whom, what, why, by whom and when it was touched.

    Of a whole person `touches` say which fields were changed and what else was done, the latest first.
    """

    kept: UndoKept
    what: str
    why: str
    touches: list[Touch]

    @property
    def who(self) -> str:
        return self.kept.by.name if self.kept.by else ""


def kept_lines(actor: Actor, imported: Import, *, after: int = 0) -> tuple[list[KeptLine], int | None]:
    """A page of what was kept of people whom `actor` sees, after the line with id `after`; and the id to go on from."""
    rows = list(kept_of(actor, imported.pk).filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    whole = [row.contact_id for row in rows[:PAGE] if not row.field]
    done = work_on(imported.pk, request_id=imported.request_id, since=imported.made_at, contact_ids=whole)
    names = field_names() if done else {}
    lines = [
        _line(imported, row, [_touch(each, names) for each in done.get(row.contact_id, ())])
        for row in rows[:PAGE]
    ]
    return lines, rows[PAGE - 1].pk if len(rows) > PAGE else None


def _touch(work: Work, names: Mapping[str, Any]) -> Touch:
    event = EVENTS.get(work.event)
    what = names.get(work.field) or (event.label if event else work.event)
    return Touch(str(what), work.by, work.at)


def _line(imported: Import, kept: UndoKept, touches: list[Touch]) -> KeptLine:
    why = _("Changed by hand since")
    if not kept.field:
        why = _("Somebody has worked with them")
        if kept.batch_since and not kept.event:
            why = _("Another import has changed them too")
    elif kept.batch_since:
        why = _("Changed by import No. %(number)s since") % {"number": kept.batch_since}
    return KeptLine(kept, _what(kept.field, imported), why, [] if kept.field else touches)


def _what(field: str, imported: Import) -> str:
    return queries.field_label(field, imported) if field else _("The whole person")


def write_kept(actor: Actor, imported: Import, path: Path, *, absolute: Callable[[str], str]) -> int:
    """Write all that was kept to an .xlsx file, a line for each touch, with the card's address; returns how many."""
    columns = [
        Column(_("Number"), width=10), Column(_("Name"), width=36), Column(_("What was kept"), width=24),
        Column(_("What was touched"), width=36), Column(_("Why"), width=44), Column(_("Who"), width=24),
        Column(_("When"), type=MOMENT, width=18), Column(_("Card"), width=40),
    ]  # fmt: skip
    return write_workbook(path, [Sheet(_("Kept"), columns, _cells(actor, imported, absolute))])


def _cells(actor: Actor, imported: Import, absolute: Callable[[str], str]) -> Iterator[list[Any]]:
    after: int | None = 0
    while after is not None:
        lines, after = kept_lines(actor, imported, after=after)
        for line in lines:
            contact = line.kept.contact
            card = absolute(reverse("contacts:card", args=[contact.pk]))
            for touch in line.touches or [
                Touch(line.what if line.kept.field else "", line.who, line.kept.at)
            ]:
                told = [line.what, touch.what, line.why, touch.who, touch.at]
                yield [str(contact.pk), contact.name, *told, card]
