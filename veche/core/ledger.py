"""The ledger: one append-only table of what happened. Timeline, audit, segments, automation and reports read it.

An event is a frozen dataclass in a room's ``events.py``, named in the past tense:

    @dataclass(frozen=True, kw_only=True)
    class NoteAdded(Event):
        kind: ClassVar[str] = "contacts.note_added"
        label = gettext_lazy("Note added")
        object_kind = "note"

`publish` inserts it in the action's own transaction, so nothing is lost between the commit and the queue. It holds
ids, amounts and codes, never personal data: a string that is not a plain code is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection

from veche.core import live
from veche.core.action import leave_trace
from veche.core.actor import Actor

CHANNEL = "veche_ledger"
MOST_ITEMS = 1_000  # of a list: a card has several hundred fields, and one change may touch them all
EVENTS: dict[str, type[Event]] = {}

_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
_ENVELOPE = ("contact_id", "object_id")


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened. Subclasses set `kind` (``room.past_tense``), `label`, and their own small fields."""

    kind: ClassVar[str] = ""
    label: ClassVar[Any] = ""  # lazily translated, for timeline and audit
    icon: ClassVar[str] = "pencil"  # a Tabler outline icon
    object_kind: ClassVar[str] = ""

    contact_id: int | None = None
    object_id: int | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.kind:
            return
        if cls.kind in EVENTS and EVENTS[cls.kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"Two events are called {cls.kind}.")
        EVENTS[cls.kind] = cls

    def data(self) -> dict[str, Any]:
        """The event's own fields as small JSON; raises ValueError for anything that could be personal data."""
        own = (field.name for field in dataclasses.fields(self) if field.name not in _ENVELOPE)
        return {name: _small(self.kind, name, getattr(self, name)) for name in own}


def _small(kind: str, name: str, value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case Decimal():
            return str(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case str() if _CODE.fullmatch(value):
            return value
        case list() | tuple() | set() | frozenset() if len(value) <= MOST_ITEMS:
            return [_small(kind, name, item) for item in value]
    raise ValueError(
        f"{kind}.{name}: only ids, amounts, dates and short codes go into the ledger, not {value!r}."
    )


_INSERT = """
INSERT INTO core_ledger (kind, actor_id, via, request_id, contact_id, object_kind, object_id, data)
SELECT kind, %s::bigint, %s, %s::uuid, contact_id, object_kind, object_id, data::jsonb
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::text[])
    WITH ORDINALITY AS happened(kind, contact_id, object_kind, object_id, data, place) ORDER BY place
"""


def publish(*events: Event, by: Actor) -> None:
    """Write `events` into the ledger inside the running transaction and wake the subscribers after its commit."""
    if not events:
        return
    columns = (
        [each.kind for each in events],
        [each.contact_id for each in events],
        [each.object_kind for each in events],
        [each.object_id for each in events],
        [json.dumps(each.data()) for each in events],
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [by.user_id, by.via, by.request_id, *columns])
    _announce(len(events), live.of_events(events, by))


def publish_set(event: Event, *, by: Actor, select: str, params: Sequence[Any] = ()) -> int:
    """Write one ledger row per row of `select`, all in one statement; the bulk form of `publish`.

    `select` is our own SQL giving ``(contact_id, object_id, data jsonb)``; its data is laid over the event's.
    Returns the number of rows written.
    """
    head = (event.kind, by.user_id, by.via, by.request_id, event.object_kind, json.dumps(event.data()))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH happened(contact_id, object_id, own) AS ({select})
            INSERT INTO core_ledger (kind, actor_id, via, request_id, contact_id, object_kind, object_id, data)
            SELECT %s, %s::bigint, %s, %s::uuid, contact_id, %s, object_id, %s::jsonb || COALESCE(own, '{{}}'::jsonb)
            FROM happened
            """,
            (*params, *head),
        )
        written = cursor.rowcount
    _announce(written, live.of_set(event, by))
    return written


def _announce(count: int, whisper: str) -> None:
    leave_trace(count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, ''), pg_notify(%s, %s)", [CHANNEL, live.CHANNEL, whisper])


@dataclass(frozen=True)
class Entry:
    """One ledger row as a reader sees it. `position` orders rows for subscribers."""

    id: int
    at: dt.datetime
    kind: str
    actor_id: int | None
    via: str
    contact_id: int | None
    object_kind: str
    object_id: int | None
    data: dict[str, Any]
    request_id: uuid.UUID | None = None  # the same for all that one click or one job did

    @property
    def event(self) -> type[Event] | None:
        """The event's class, for its label and icon; None for a kind of a newer or removed version."""
        return EVENTS.get(self.kind)


COLUMNS = "id, at, kind, actor_id, via, contact_id, object_kind, object_id, data, request_id"


def entries(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """`Entry` objects from rows selected as `COLUMNS`."""
    return [
        Entry(*row[:8], row[8] if isinstance(row[8], dict) else json.loads(row[8]), row[9]) for row in rows
    ]


def history(
    *,
    contact_id: int,
    before: tuple[dt.datetime, int] | None = None,
    limit: int = 50,
    kinds: Sequence[str] | None = None,
) -> list[Entry]:
    """The newest `limit` entries about a contact, older than the key `before` = (at, id). Keyset, never OFFSET."""
    where, params = ["contact_id = %s"], [contact_id]
    if before:
        where.append("(at, id) < (%s, %s)")
        params += before
    if kinds is not None:
        where.append("kind = ANY(%s)")
        params.append(list(kinds))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM core_ledger WHERE {' AND '.join(where)} ORDER BY at DESC, id DESC LIMIT %s",
            [*params, limit],
        )
        return entries(cursor.fetchall())
