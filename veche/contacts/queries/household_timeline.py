"""One history of a household: what each of its people's own history tells, merged by key, the newest first.

The server reads at most a page of each person by that person's index, so it costs the same however long a history is.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import connection

from veche.contacts.models import FieldChange, Note
from veche.contacts.queries import timeline as of_one
from veche.contacts.queries.timeline import CHANGES, LEDGER, NOTES, PAGE, UNTOLD, Key, Line, Timeline
from veche.core.ledger import COLUMNS, entries

_EACH = "FROM unnest(%s::bigint[]) AS who(id) CROSS JOIN LATERAL"


def household_timeline(contact_ids: Iterable[int], *, after: str = "", limit: int = PAGE) -> Timeline:
    """The newest lines of people whom the viewer sees, older than key `after`."""
    ids, key = sorted(contact_ids), of_one.read_key(after)
    found = [line for read in (_entries, _notes, _changes) for line in read(ids, key, limit + 1)]
    found.sort(key=lambda line: line.key, reverse=True)
    more = len(found) > limit
    return Timeline(found[:limit], of_one.written_key(found[limit - 1].key) if more else "")


def whose(line: Line) -> int | None:
    """Of whom a line tells."""
    return (line.entry or line.note or line.changes[0]).contact_id


def _entries(ids: list[int], key: Key | None, limit: int) -> list[Line]:
    where, params = of_one.older("at", "id", key, LEDGER)
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT {', '.join(f'told.{name}' for name in COLUMNS.split(', '))} {_EACH} ("
            f" SELECT * FROM core_ledger WHERE contact_id = who.id AND kind = ANY(%s) AND {where}"
            " ORDER BY at DESC, id DESC LIMIT %s) AS told ORDER BY told.at DESC, told.id DESC LIMIT %s",
            [ids, of_one.told_kinds(), *params, limit, limit],
        )
        found = entries(sql.fetchall())
    return [Line((entry.at, LEDGER, entry.id), entry=entry) for entry in found]


def _notes(ids: list[int], key: Key | None, limit: int) -> list[Line]:
    where, params = of_one.older("made_at", "id", key, NOTES)
    rows = Note.objects.raw(
        f"SELECT told.* {_EACH} (SELECT * FROM contacts_note WHERE contact_id = who.id AND {where}"
        " ORDER BY made_at DESC, id DESC LIMIT %s) AS told ORDER BY told.made_at DESC, told.id DESC LIMIT %s",
        [ids, *params, limit, limit],
    )
    return [Line((note.made_at, NOTES, note.pk), note=note) for note in rows]


def _changes(ids: list[int], key: Key | None, limit: int) -> list[Line]:
    """Changes made to one person in one go are one line, keyed by the newest of them."""
    where, params = of_one.older("at", "max(id)", key, CHANGES)
    coarse: tuple[str, list[Any]] = ("at <= %s", [key[0]]) if key else ("true", [])
    rows = FieldChange.objects.raw(
        f"""
        WITH moment AS (
            SELECT told.* {_EACH} (
                SELECT at, max(id) AS last, array_agg(id) AS ids FROM contacts_fieldchange
                WHERE contact_id = who.id AND {UNTOLD} AND {coarse[0]}
                GROUP BY at, request_id HAVING {where} ORDER BY at DESC, max(id) DESC LIMIT %s) AS told
            ORDER BY told.at DESC, told.last DESC LIMIT %s)
        SELECT change.*, moment.last FROM moment JOIN contacts_fieldchange AS change ON change.id = ANY(moment.ids)
        ORDER BY moment.at DESC, moment.last DESC, change.id
        """,
        [ids, *coarse[1], *params, limit, limit],
    )
    return [
        Line((at, CHANGES, last), changes=list(changes))
        for (at, last), changes in groupby(rows, key=lambda change: (change.at, change.last))
    ]
