"""The load: checked rows become people, chunk by chunk, each chunk with its cursor in one transaction."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.bulk import settle_indexes, write_contacts
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.actions.matching import match_rows
from veche.exchange.actions.rows import drafts, mark_rows, note_decisions, reject_followers
from veche.exchange.actions.words import Words, make_missing
from veche.exchange.events import ImportLoaded
from veche.exchange.models import Import
from veche.exchange.queries import count_rows

LOADS_LOCK = 0x4C4F4144  # only one chunk of any import is written at a time


@action("exchange.import")
def begin_load(*, by: Actor, imported: Import) -> Words:
    """Make the tags, roles, statuses and own fields that the file needs. A second run finds them there."""
    words = make_missing(imported, by=by)
    imported.totals = {**imported.totals, "load": {"begun": True}}
    imported.save(update_fields=["totals"])
    unchanged()
    return words


@action("exchange.import")
def load_chunk(*, by: Actor, imported: Import, words: Words, first: int, last: int) -> dict[str, int]:
    """Write rows `first` to `last` into the base; returns how many had which outcome.

    Rows are matched anew under a lock that all loads share, so that two imports at once do not make the same person
    twice. Rows that have an outcome already are passed over.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOADS_LOCK])
    note_decisions(imported, match_rows(imported, by=by, first=first, last=last))
    reject_followers(imported, first, last)
    written = write_contacts(by=by, **drafts(imported, words, first, last, by=by))
    return mark_rows(imported, written, first, last, done=True)


@action("exchange.import")
def finish_load(*, by: Actor, imported: Import) -> Import:
    """Count the outcomes and say that the import is done."""
    settle_indexes()
    numbers = count_rows(imported, "outcome")
    imported.totals = {**imported.totals, "load": {"begun": True, "numbers": numbers.__dict__}}
    imported.state, imported.loaded_at = Import.State.LOADED, timezone.now()
    imported.save(update_fields=["totals", "state", "loaded_at"])
    publish(ImportLoaded(object_id=imported.pk, **numbers.__dict__), by=by)
    return imported
