"""One history of a contact: notes, changes of fields and what the ledger knows, the newest first, read by key.

Three sources are read each by its own index, at most one page of each, and merged here; so a page costs the same
whether the contact has five entries or five thousand. The key is (moment, source, id of the last line shown).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from veche.contacts.events import TOLD_BY_ROWS
from veche.contacts.models import Contact, FieldChange, Note
from veche.contacts.registry import HistoryKind, history_kinds
from veche.core.actor import Actor
from veche.core.ledger import EVENTS, Entry, history

PAGE = 30
LEDGER, NOTES, CHANGES = 0, 1, 2  # the order of lines of one moment
ONLY = {
    "all": (LEDGER, NOTES, CHANGES),
    "notes": (NOTES,),
    "changes": (CHANGES,),
}  # all else: some of the ledger
REST = "events"  # ledger entries that no kind of a room above has taken
LAST_ID = 2**62
# an undo keeps them; the ledger tells them
UNTOLD = "field NOT IN ('tag', 'campaign', 'origin', 'household', 'relation')"

Key = tuple[dt.datetime, int, int]


@dataclass
class Line:
    """One line of the history before it has words: its key and its rows."""

    key: Key
    entry: Entry | None = None
    note: Note | None = None
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def at(self) -> dt.datetime:
        return self.key[0]

    @property
    def actor_id(self) -> int | None:
        if self.entry:
            return self.entry.actor_id
        return self.note.author_id if self.note else self.changes[0].by_id

    @property
    def batch(self) -> int | None:
        return self.note.batch if self.note else self.changes[0].batch if self.changes else None


@dataclass(frozen=True)
class Timeline:
    """A page of the history. `after` is the key of the next page, empty at the end."""

    lines: list[Line]
    after: str


def timeline(
    actor: Actor, contact: Contact, *, only: str = "all", after: str = "", limit: int = PAGE
) -> Timeline:
    """The newest lines of a contact that `actor` has looked up, older than key `after`."""
    key = read_key(after)
    sources = ONLY.get(only, (LEDGER,))
    kinds = told_kinds(only)
    readers = {LEDGER: partial(_entries, kinds), NOTES: _notes, CHANGES: _changes}
    found = [line for source in sources for line in readers[source](contact.pk, key, limit + 1)]
    found.sort(key=lambda line: line.key, reverse=True)
    more = len(found) > limit
    return Timeline(found[:limit], written_key(found[limit - 1].key) if more else "")


def counts(contact: Contact) -> dict[str, int]:
    """How many lines each switch of the history has, in one query; none for a switch without lines, but for all."""
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT kind, count(*) FROM core_ledger
            WHERE contact_id = %(contact)s AND kind = ANY(%(kinds)s) GROUP BY kind
            UNION ALL SELECT 'notes', count(*) FROM contacts_note WHERE contact_id = %(contact)s
            UNION ALL SELECT 'changes', count(*) FROM (
                SELECT DISTINCT at, request_id FROM contacts_fieldchange
                WHERE contact_id = %(contact)s AND {UNTOLD}) AS moment
            """,
            {"contact": contact.pk, "kinds": told_kinds()},
        )
        found = dict(sql.fetchall())
    numbers = {"notes": found["notes"], "changes": found["changes"]}
    for key in (*(kind.key for kind in _kinds()), REST):
        numbers[key] = sum(found.get(event, 0) for event in told_kinds(key))
    return {"all": sum(numbers.values()), **{key: number for key, number in numbers.items() if number}}


def switches(numbers: dict[str, int]) -> list[tuple[str, Any, int]]:
    """Key, label and number of lines of each switch, in their order."""
    labels = {"all": _("All"), "notes": _("Notes")}
    labels |= {kind.key: kind.label for kind in _kinds()} | {"changes": _("Edits"), REST: _("Events")}
    return [(key, label, numbers[key]) for key, label in labels.items() if key in numbers]


def is_switch(key: str) -> bool:
    return key in (*ONLY, REST) or any(kind.key == key for kind in history_kinds)


def _kinds() -> list[HistoryKind]:
    return sorted(history_kinds, key=lambda kind: (kind.order, kind.key))


def grouped(lines: Iterable[Line], *, before: str = "") -> list[tuple[str, list[Line]]]:
    """Lines under captions of time; the first is empty when `before`, the last key shown, stands under it too."""
    key = read_key(before)
    shown = caption(key[0]) if key else ""
    groups = [(name, list(part)) for name, part in groupby(lines, key=lambda line: caption(line.at))]
    return [("" if name == shown else name, part) for name, part in groups]


def caption(at: dt.datetime) -> str:
    """Today, this week, the month, or the month and its year."""
    day, today = timezone.localtime(at).date(), timezone.localdate()
    if day >= today:
        return _("Today")
    if day > today - dt.timedelta(days=today.weekday() + 1):
        return _("This week")
    month = str(MONTHS[day.month])
    month = month[:1].upper() + month[1:]
    return month if day.year == today.year else _("%(month)s %(year)s") % {"month": month, "year": day.year}


def told_kinds(only: str = "all") -> list[str]:
    """Kinds of ledger entries that the history tells, under one switch; the rest is told by notes and changes."""
    told = set(EVENTS) - TOLD_BY_ROWS
    taken = {kind.key: kind.events for kind in history_kinds}
    if only in taken:
        told &= taken[only]
    elif only == REST:
        told -= frozenset().union(*taken.values())
    return sorted(told)


def _entries(kinds: list[str], contact_id: int, key: Key | None, limit: int) -> list[Line]:
    before = key and (key[0], _bound(key, LEDGER))
    found = history(contact_id=contact_id, before=before, limit=limit, kinds=kinds)
    return [Line((entry.at, LEDGER, entry.id), entry=entry) for entry in found]


def _notes(contact_id: int, key: Key | None, limit: int) -> list[Line]:
    where, params = older("made_at", "id", key, NOTES)
    rows = Note.objects.raw(
        f"SELECT * FROM contacts_note WHERE contact_id = %s AND {where} ORDER BY made_at DESC, id DESC LIMIT %s",
        [contact_id, *params, limit],
    )
    return [Line((note.made_at, NOTES, note.pk), note=note) for note in rows]


def _changes(contact_id: int, key: Key | None, limit: int) -> list[Line]:
    """Changes made in one go are one line, keyed by the newest of them."""
    where, params = older("at", "max(id)", key, CHANGES)
    coarse, coarse_params = ("at <= %s", [key[0]]) if key else ("true", [])
    rows = FieldChange.objects.raw(
        f"""
        WITH moment AS (
            SELECT at, max(id) AS last, array_agg(id) AS ids FROM contacts_fieldchange
            WHERE contact_id = %s AND {UNTOLD} AND {coarse}
            GROUP BY at, request_id HAVING {where} ORDER BY at DESC, max(id) DESC LIMIT %s
        )
        SELECT change.*, moment.last FROM moment JOIN contacts_fieldchange AS change ON change.id = ANY(moment.ids)
        ORDER BY moment.at DESC, moment.last DESC, change.id
        """,
        [contact_id, *coarse_params, *params, limit],
    )
    return [
        Line((at, CHANGES, last), changes=list(changes))
        for (at, last), changes in groupby(rows, key=lambda change: (change.at, change.last))
    ]


def older(at: str, key_column: str, key: Key | None, source: int) -> tuple[str, list[Any]]:
    if key is None:
        return "true", []
    return f"({at}, {key_column}) < (%s, %s)", [key[0], _bound(key, source)]


def _bound(key: Key, source: int) -> int:
    """The id that a line of `source` at the key's very moment must stay below to come after it."""
    if key[1] == source:
        return key[2]
    return LAST_ID if source < key[1] else 0


def written_key(key: Key) -> str:
    return f"{int(key[0].timestamp())}.{key[0].microsecond:06}.{key[1]}.{key[2]}"


def read_key(text: str) -> Key | None:
    """A key from a URL; what means nothing starts from the top."""
    try:
        seconds, micro, source, key = text.split(".")
        at = dt.datetime.fromtimestamp(int(seconds), dt.UTC) + dt.timedelta(microseconds=int(micro))
        timezone.localtime(at)  # the end of the calendar overflows here rather than in a caption
        return at, int(source), int(key)
    except (ValueError, OverflowError, OSError):
        return None
