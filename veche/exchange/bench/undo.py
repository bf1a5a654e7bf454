"""`veche bench undo`: 100 000 known people changed by an import, undone and done again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.contacts.actions.bulk import write_contacts
from veche.contacts.actions.bulk_plan import Batch
from veche.contacts.actions.shape import add_tag
from veche.contacts.queries.batches import touched_by, undone_of
from veche.core.actor import SHELL, Actor
from veche.core.measuring import Figure, bench_group
from veche.exchange.actions import undoing
from veche.exchange.models import Import

ROWS = 100_000
# Each gets another patronymic and birthday, an e-mail, a note and a tag.
_SOURCE = """
SELECT row_number() OVER (ORDER BY id)::int, row_number() OVER (ORDER BY id)::int, id, 'update', jsonb_build_object(
    'patronymic', 'Замеровна', 'birth_year', 1900 + id %% 100, 'birth_day', 1 + id %% 28,
    'notes', jsonb_build_array('замер ' || id),
    'points', jsonb_build_array(jsonb_build_object('kind', 'email', 'value', 'undo' || id || '@example.org')))
FROM contacts_contact WHERE id = ANY(%(ids)s)
"""


@bench_group("undo")
def measure(contacts: int) -> Iterator[Figure]:
    """What the jobs do, chunk by chunk with a commit after each; the base is as before at the end."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    rows = min(ROWS, contacts)
    imported = Import.objects.create(name="bench.csv", file="", size=0, sha256="")
    by = replace(by, request_id=imported.request_id)
    _change(by, imported, rows)
    bar = 120 if contacts >= 10 * ROWS else None
    yield Figure(name=f"undo of {rows} updates", value=_timed(_undo, by, imported), unit="s", bar=bar)
    yield Figure(name=f"redo of {rows} updates", value=_timed(_redo, by, imported), unit="s", bar=bar)
    _undo(by, imported)
    imported.delete()


def _change(by: Actor, imported: Import, rows: int) -> None:
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM contacts_contact WHERE kind = 'person' ORDER BY id LIMIT %s", [rows])
        ids = [row[0] for row in sql.fetchall()]
    tag = add_tag(by=by, name=f"замер {imported.pk}")
    batch = Batch(id=imported.pk, name=imported.name, tag_ids=[tag.pk])
    for start in range(0, len(ids), undoing.CHUNK):
        params = {"ids": ids[start : start + undoing.CHUNK]}
        write_contacts(by=by, batch=batch, source=_SOURCE, params=params)


def _timed(work: Callable[[Actor, Import], None], by: Actor, imported: Import) -> float:
    began = time.monotonic()
    work(by, imported)
    return time.monotonic() - began


def _undo(by: Actor, imported: Import) -> None:
    by, after = replace(by, request_id=Actor.system().request_id), 0
    while ids := touched_by(imported.pk, after=after, size=undoing.CHUNK):
        with transaction.atomic():
            undoing.undo_chunk(by=by, imported=imported, contact_ids=ids)
        after = ids[-1]


def _redo(by: Actor, imported: Import) -> None:
    after = 0
    while ids := undone_of(imported.pk, after=after, size=undoing.CHUNK):
        with transaction.atomic():
            undoing.redo_chunk(by=by, imported=imported, contact_ids=ids)
        after = ids[-1]
