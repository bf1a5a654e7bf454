"""The load: checked rows become people, chunk by chunk, each chunk with its cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.bulk import LOADS_LOCK, settle_indexes, write_contacts
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.actions import facts
from veche.exchange.actions.import_participant import hold_people, hold_people_of_rows
from veche.exchange.actions.lanes import commit_without_waiting
from veche.exchange.actions.matching import is_current, mark_of, match_rows
from veche.exchange.actions.rows import drafts, mark_planned, mark_rest, note_decisions, reject_followers
from veche.exchange.actions.words import Words, make_missing
from veche.exchange.events import ImportLoaded
from veche.exchange.models import Import
from veche.exchange.queries import count_facts, count_rows

CHUNK = 10_000  # rows that are written at a time


@action("exchange.import")
def begin_load(*, by: Actor, imported: Import) -> Words:
    """Make the tags, roles, statuses and own fields that the file needs. A second run finds them there."""
    words = make_missing(imported, by=by)
    imported.totals = {**imported.totals, "load": {"begun": True}}
    imported.save(update_fields=["totals"])
    unchanged()
    return words


@contextmanager
def alone() -> Iterator[None]:
    """Only one chunk of any import is matched and written at a time, so that two imports make nobody twice. Nobody
    is merged meanwhile either, so that what was matched is still there when it is written.

    The lock is the session's, because the lanes of a chunk are transactions of their own; it goes with its process.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_lock(%s)", [LOADS_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as sql:
            sql.execute("SELECT pg_advisory_unlock(%s)", [LOADS_LOCK])


@action("exchange.import")
def match_anew(
    *, by: Actor, imported: Import, first: int, last: int, mark: dict[str, str] | None
) -> dict[str, str] | None:
    """Match rows `first` to `last` again, unless what was matched after `mark` still holds.

    Returns the mark for the next chunk: none once it no longer holds, for that concerns all rows to come.
    """
    unchanged()
    newer = mark_of(by)
    if is_current(imported, mark, by=by):
        return newer
    decisions = match_rows(imported, by=by, first=first, last=last, likely=False)
    hold_people({each.contact_id for each in decisions.values() if each.contact_id})
    note_decisions(imported, decisions, first, last)
    reject_followers(imported, first, last)
    return None


@action("exchange.import")
def load_lane(
    *, by: Actor, imported: Import, words: Words, first: int, last: int, lane: int, lanes: int
) -> None:
    """Write those of the rows `first` to `last` that are in this lane, with their outcome, in one transaction.

    Rows about the same person are in the same lane. Rows that have an outcome already are passed over.
    """
    unchanged()
    here = {"batch": imported.pk, "first": first, "last": last, "lane": lane, "lanes": lanes}
    hold_people_of_rows(by, here)
    commit_without_waiting()
    given = drafts(imported, words, first, last, by=by, lane=lane, lanes=lanes)
    written = write_contacts(by=by, **given)
    mark_planned(imported, written, first, last, done=True)
    facts.write_planned(imported, written, by=by)


@action("exchange.import")
def finish_chunk(*, by: Actor, imported: Import, first: int, last: int) -> dict[str, int]:
    """Give an outcome to what was not to be written; returns how many of these rows have which outcome."""
    unchanged()
    facts.write_rest(imported, first, last, by=by)
    return mark_rest(imported, first, last, done=True)


@action("exchange.import")
def settle_lane(*, by: Actor, lane: int = 0, lanes: int = 1) -> None:
    """After the last chunk: make searches quick again. A lane takes some of the indexes."""
    unchanged()
    settle_indexes(lane=lane, lanes=lanes)


@action("exchange.import")
def finish_load(*, by: Actor, imported: Import, relatives: dict[str, Any] | None = None) -> Import:
    """Count the outcomes and say that the import is done; `relatives` says how many were named and found."""
    numbers = count_rows(imported, "outcome")
    imported.totals = {**imported.totals, "load": {"begun": True, "numbers": numbers.__dict__}}
    if relatives:
        imported.totals["load"]["relatives"] = relatives
    if facts.has_facts(imported):
        imported.totals["load"]["facts"] = count_facts(imported)
    imported.state, imported.loaded_at = Import.State.LOADED, timezone.now()
    imported.save(update_fields=["totals", "state", "loaded_at"])
    publish(ImportLoaded(object_id=imported.pk, **numbers.__dict__), by=by)
    return imported
