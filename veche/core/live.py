"""News for open pages: what has just been committed, whispered over NOTIFY to whoever keeps browsers in touch.

A whisper is no event of the ledger: it is heard now or never, holds ids and codes only, and nobody's work hangs on it.
Pages that missed one ask anew, and without anybody listening everything works as before, only later. It is sent in the
running transaction, so it is heard after the commit and never for what was rolled back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from veche.core.actor import Actor
    from veche.core.ledger import Event

CHANNEL = "veche_live"
LEDGER, JOB, NOTICE = "ledger", "job", "notice"  # what a whisper is about
MOST_CONTACTS = 300  # of one whisper: NOTIFY takes less than 8 000 bytes
MOST_USERS = 500


def of_events(events: Sequence[Event], by: Actor) -> str:
    """The whisper of `events`: their kinds, contacts and users. `many` stands for contacts too numerous to name."""
    contacts = {event.contact_id for event in events if event.contact_id is not None}
    users = {event.object_id for event in events if event.object_kind == "user" and event.object_id}
    return _written(
        about=LEDGER,
        kinds=sorted({event.kind for event in events}),
        contacts=sorted(contacts) if len(contacts) <= MOST_CONTACTS else [],
        many=len(contacts) > MOST_CONTACTS,
        users=sorted(users)[:MOST_USERS],
        by=by.user_id,
        request=str(by.request_id),
    )


def of_set(event: Event, by: Actor) -> str:
    """The whisper of the same event about a set of contacts; whoever wants them finds them in the ledger."""
    return _written(
        about=LEDGER,
        kinds=[event.kind],
        contacts=[],
        many=True,
        users=[],
        by=by.user_id,
        request=str(by.request_id),
    )


def tell_of_job(job_id: int, user_id: int | None) -> None:
    """Somebody's job was queued, got further or ended."""
    _send(_written(about=JOB, job=job_id, users=[] if user_id is None else [user_id]))


def tell_of_notices(user_ids: Collection[int]) -> None:
    """These users' notices are others than before."""
    known = sorted(user_ids)
    for start in range(0, len(known), MOST_USERS):
        _send(_written(about=NOTICE, users=known[start : start + MOST_USERS]))


def _written(**whisper: Any) -> str:
    return json.dumps(whisper, separators=(",", ":"))


def _send(whisper: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, whisper])
