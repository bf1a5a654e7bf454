"""`veche bench bulk`: many people at once, as its job does it, and its undo; beside it one action a person.

The base is as before at the end, but for its history.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.db import connection

from veche.accounts.queries import every_permission
from veche.contacts.actions.belonging import put_tag
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.actions.shape import add_tag
from veche.contacts.models import MassChange, Status, TagAssignment
from veche.core.actor import Actor
from veche.core.background import see_through
from veche.core.measuring import Figure, bench_group

PEOPLE = 100_000
LOOP = 400  # people of the loop beside it
BAR = 20  # seconds for a bulk tag of 100 000 in a base of a million, and as many for its undo
BY = Actor.system("bench")  # whose job is done with all rights, whoever sits at the machine

Kind = MassChange.Kind


@bench_group("bulk")
def measure(contacts: int) -> Iterator[Figure]:
    """A tag and a status, forth and back; the ratio is to the same by one action a person."""
    people, bar = min(PEOPLE, contacts // 2), BAR if contacts >= 10 * PEOPLE else None
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM contacts_contact WHERE removed_at IS NULL ORDER BY id LIMIT %s", [people])
        ids = [row[0] for row in sql.fetchall()]
    tag, status = add_tag(by=BY, name=f"замер {time.time_ns()}"), Status.objects.get(code="refused")
    by = Actor(name="bench", permissions=every_permission(), sees_all=True)
    loop = (
        _timed(lambda: [put_tag(by=by, contact_id=each, tag_id=tag.pk) for each in ids[-LOOP:]])
        / LOOP
        * people
    )
    TagAssignment.objects.filter(tag=tag).delete()
    yield from _both(f"bulk tag of {people}", Kind.TAG_PUT, tag.pk, ids, bar, loop)
    loop = _timed(
        lambda: [change_fields(by=by, contact_id=each, fields={"status": status.pk}) for each in ids[-LOOP:]]
    )
    yield from _both(
        f"bulk status of {people}", Kind.STATUS, status.pk, ids[:-LOOP], None, loop / LOOP * people
    )


def _both(
    name: str, kind: str, value: int, ids: list[int], bar: float | None, loop: float
) -> Iterator[Figure]:
    done: list[MassChange] = []
    forth = _timed(
        lambda: done.append(start_mass_change(by=BY, kind=kind, value=value, ids=ids)) or _through(done[0])
    )
    yield Figure(
        name=name, value=forth, unit="s", bar=bar, ratio_to="one action a person", ratio=forth / loop
    )
    back = _timed(lambda: _through(start_mass_undo(by=BY, mass_id=done[0].pk)))
    yield Figure(
        name=f"undo of a {name}",
        value=back,
        unit="s",
        bar=bar,
        ratio_to="one action a person",
        ratio=back / loop,
    )
    done[0].refresh_from_db()
    assert (done[0].changed, done[0].undone) == (len(ids), len(ids)), "it must have been done"


def _through(mass: MassChange) -> None:
    if mass.job_id is not None:
        see_through(mass.job_id)


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
