"""The undo of an import and its redo, chunk by chunk, each chunk with its cursor in one transaction.

Known people go back field by field (`contacts.actions.bulk_undo`). People whom the import created and nobody has worked
with since are erased; their rows of the file stay as `undone`, so that a redo can load them again. Known people come
again by the changes that the undo wrote down, by the same rule as they went.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.bulk import LOADS_LOCK, settle_indexes
from veche.contacts.actions.bulk_undo import Done, Swung, redo_people, undo_people
from veche.contacts.actions.erasing import erase_contacts
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.actions import facts
from veche.exchange.events import ImportRedone, ImportUndone
from veche.exchange.models import Import
from veche.exchange.queries import count_facts, count_rows
from veche.exchange.queries.undo_journal import undone_since

CHUNK = 2000  # people
PORTION = 20_000  # rows


def done_of(imported: Import) -> Done:
    """The import as the undo of the contacts room knows it."""
    system = imported.options.get("external_system", "")
    return Done(imported.pk, imported.request_id, imported.made_at, system, tuple(undone_since(imported)))


@action("exchange.import")
def undo_chunk(*, by: Actor, imported: Import, contact_ids: Collection[int]) -> Swung:
    """Put known people back, and erase those of the created whom nobody has touched since; may run twice."""
    _only_one()
    swung = undo_people(by=by, of=done_of(imported), contact_ids=contact_ids)
    gone = list(swung.untouched)
    facts.take_from(imported, gone, by=by)
    with connection.cursor() as sql:  # before the erasure, which would empty the rows: a redo needs them
        sql.execute(
            "UPDATE exchange_importrow SET contact_id = NULL, outcome = 'undone'"
            " WHERE contact_id = ANY(%s) AND batch_id = %s",
            [gone, imported.pk],
        )
        sql.execute(  # nobody asked to forget them: whoever waits for a load in another file comes as somebody new
            "UPDATE exchange_importrow SET contact_id = NULL, matched_by = ''"
            " WHERE contact_id = ANY(%s) AND outcome = ''",
            [gone],
        )
    erase_contacts(by=by, contact_ids=gone)
    return swung


@action("exchange.import")
def finish_undo(*, by: Actor, imported: Import, sums: dict[str, int]) -> Import:
    """Store how many people went, were put back, and stayed because somebody has worked with them."""
    settle_indexes()
    imported.totals = {**imported.totals, "undo": sums}
    _count_facts(imported)
    imported.totals.pop("redo", None)
    imported.state, imported.undone_at = Import.State.UNDONE, timezone.now()
    imported.save(update_fields=["totals", "state", "undone_at"])
    publish(ImportUndone(object_id=imported.pk, **sums), by=by)
    return imported


@action("exchange.import")
def free_rows(*, by: Actor, imported: Import) -> int:
    """Let the next rows whose people an undo has erased be loaded again; returns how many, 0 at the end."""
    unchanged()
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE exchange_importrow SET outcome = '' WHERE id IN ("
            "SELECT id FROM exchange_importrow WHERE batch_id = %s AND outcome = 'undone' ORDER BY number LIMIT %s)",
            [imported.pk, PORTION],
        )
        return sql.rowcount


@action("exchange.import")
def redo_chunk(*, by: Actor, imported: Import, contact_ids: Collection[int]) -> Swung:
    """Make of known people again what the import had made of them; may run twice."""
    _only_one()
    return redo_people(by=by, of=done_of(imported), contact_ids=contact_ids)


@action("exchange.import")
def finish_redo(
    *, by: Actor, imported: Import, sums: dict[str, int], relatives: dict[str, Any] | None = None
) -> Import:
    """The import counts as loaded again."""
    settle_indexes()
    totals = {name: value for name, value in imported.totals.items() if name not in ("undo", "undo_begun")}
    numbers = count_rows(imported, "outcome")
    load = {"begun": True, "numbers": asdict(numbers)} | ({"relatives": relatives} if relatives else {})
    imported.totals = {**totals, "load": load, "redo": sums}
    _count_facts(imported)
    imported.state, imported.undone_at = Import.State.LOADED, None
    imported.loaded_at = imported.loaded_at or timezone.now()
    imported.save(update_fields=["totals", "state", "undone_at", "loaded_at"])
    publish(ImportRedone(object_id=imported.pk, **sums), by=by)
    return imported


@action("exchange.import")
def take_facts(*, by: Actor, imported: Import, after: int) -> int | None:
    """Take back what the import added to people who stay, after row `after`; returns the last row, None at the end."""
    unchanged()
    return facts.take_next(imported, after=after, by=by)


@action("exchange.import")
def add_facts(*, by: Actor, imported: Import, after: int) -> int | None:
    """Add again what an undo took from people who stayed, after row `after`; returns the last row, None at the end."""
    unchanged()
    return facts.add_next(imported, after=after, by=by)


def _count_facts(imported: Import) -> None:
    if facts.has_facts(imported):
        load = {"begun": True, **imported.totals.get("load", {}), "facts": count_facts(imported)}
        imported.totals = {**imported.totals, "load": load}


def _only_one() -> None:
    """No chunk of a load may match the very people that go."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOADS_LOCK])
