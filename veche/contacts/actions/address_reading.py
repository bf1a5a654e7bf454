"""Reading of postal addresses: of some contacts in the action that writes them, of many in sets when there is time.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it replaces what was read.
An address that somebody else is just writing is passed over: that change brings it here again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from veche.addresses import VERSION
from veche.contacts.actions.houses import note_houses_at, note_houses_of
from veche.contacts.actions.inspecting import is_anything_running
from veche.contacts.actions.known_streets import add_streets
from veche.contacts.actions.street_slips import look_in_towns
from veche.contacts.address_texts import Kept, Learned, read_address
from veche.contacts.models import Figure
from veche.contacts.queries.learned_streets import learned_streets
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.models import Job

JOB = "contacts.read_addresses"
NEWS = "contacts.read_addresses"  # the figure that says which parser has read the base, and whether some wait
AT_ONCE = 500  # contacts whose addresses a subscriber reads itself; more wait for the job
CHUNK = 5_000

_COLUMNS = ", ".join(Kept._fields)
_NUMBERS = {"house_number": "int", "house_mark": "bigint", "flat_mark": "bigint"}
_TYPED = ", ".join(f"{name} {_NUMBERS.get(name, 'text')}" for name in Kept._fields)
_STALE = """
(reading.address_id IS NULL OR reading.version <> %(version)s
 OR reading.text_mark <> hashtextextended(address.text, 0))
"""
_OF_CONTACTS = f"""
SELECT address.id, address.contact_id, address.text FROM contacts_postaladdress AS address
LEFT JOIN contacts_addressreading AS reading ON reading.address_id = address.id
WHERE address.contact_id = ANY(%(contacts)s) AND {_STALE}
ORDER BY address.id FOR KEY SHARE OF address SKIP LOCKED
"""
_AFTER = f"""
SELECT address.id, address.contact_id, address.text FROM contacts_postaladdress AS address
LEFT JOIN contacts_addressreading AS reading ON reading.address_id = address.id
WHERE address.id > %(after)s AND {_STALE}
ORDER BY address.id LIMIT %(limit)s FOR KEY SHARE OF address SKIP LOCKED
"""
_REPLACE = f"""
INSERT INTO contacts_addressreading (address_id, contact_id, text_mark, version, {_COLUMNS})
SELECT address_id, contact_id, hashtextextended(text, 0), %s, {_COLUMNS}
FROM json_to_recordset(%s::json) AS read (address_id bigint, contact_id bigint, text text, {_TYPED})
ON CONFLICT (address_id) DO UPDATE SET contact_id = EXCLUDED.contact_id, text_mark = EXCLUDED.text_mark,
    version = EXCLUDED.version, {", ".join(f"{name} = EXCLUDED.{name}" for name in Kept._fields)}
"""


@transaction.atomic
def read_addresses_of(contact_ids: Collection[int]) -> int:
    """Read those addresses of these contacts that are new, were changed or were read by an older parser."""
    ids = sorted(set(contact_ids))
    note_houses_of(ids)
    read = _read(_OF_CONTACTS, contacts=ids) if ids else []
    if read:
        if towns := add_streets(read):
            look_in_towns(towns)
        note_houses_at(read)
    return len(read)


def read_addresses_after(address_id: int, *, portion: int = CHUNK) -> tuple[int, int] | None:
    """Read the next portion of the base: (last of them, how many); None where nothing is left to read."""
    read = _read(_AFTER, after=address_id, limit=portion)
    return (read[-1], len(read)) if read else None


def _read(select: str, **params: Any) -> list[int]:
    """Read the addresses that `select` finds; returns their ids."""
    with connection.cursor() as sql:
        sql.execute(select, params | {"version": VERSION})
        found = sql.fetchall()
        if found:
            sql.execute(_REPLACE, [VERSION, _rows(found, learned_streets())])
    return [row[0] for row in found]


def _rows(found: Iterable[tuple[int, int, str]], learned: Learned) -> str:
    return json.dumps(
        [
            {"address_id": key, "contact_id": contact, "text": text, **read_address(text, learned)._asdict()}
            for key, contact, text in found
        ],
        ensure_ascii=False,
    )


def keep_addresses_for_later() -> None:
    """Note that addresses wait to be read when nothing else is being done."""
    now = timezone.now()
    made = Figure.objects.get_or_create(name=NEWS, defaults={"stale_since": now})[1]
    if not made:
        Figure.objects.filter(name=NEWS).update(stale_since=now)


def start_reading_addresses(*, by: Actor) -> Job | None:
    """Begin the job if addresses wait or another parser has read the base, while no other job is at work."""
    kept = Figure.objects.filter(name=NEWS).first()
    if kept and kept.stale_since is None and kept.value.get("version") == VERSION:
        return None
    return None if is_anything_running() else start_job(JOB, by=by)


def are_addresses_read() -> bool:
    """Whether no addresses of an import wait to be read."""
    return not Figure.objects.filter(name=NEWS, stale_since__isnull=False).exists()


def note_addresses_read(begun_at: dt.datetime) -> None:
    """The whole base was read by this parser; what came after `begun_at` waits on."""
    Figure.objects.get_or_create(name=NEWS)
    Figure.objects.filter(name=NEWS).update(value={"version": VERSION}, counted_at=timezone.now())
    Figure.objects.filter(name=NEWS, stale_since__lte=begun_at).update(stale_since=None)


def count_unread_addresses() -> int:
    """How many addresses the job has before it."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM contacts_postaladdress AS address LEFT JOIN contacts_addressreading AS reading"
            f" ON reading.address_id = address.id WHERE {_STALE}",
            {"version": VERSION},
        )
        return sql.fetchone()[0]
