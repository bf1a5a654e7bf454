"""Findings made anew: of some contacts, of the numbers that they share, of the whole base; and how many there are.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it replaces, it does not add.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from veche.contacts.inspecting import FINDINGS, inspect
from veche.contacts.inspecting.facts import MARK_SQL
from veche.contacts.inspecting.kinds import MANY
from veche.contacts.models import Contact, Figure
from veche.contacts.queries.facts import read_facts
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.models import Job

TALLY = "contacts.findings"
JOB = "contacts.inspect_base"
AT_ONCE = 500  # contacts that a subscriber looks at itself; more wait for the job
CHUNK = 5_000
SHARED = "phone_shared"
REST = dt.timedelta(seconds=5)  # between two counts of a large base
SMALL = 20_000  # findings; so few are counted at once

_REPLACE = """
WITH found AS (
    SELECT * FROM unnest(%(contacts)s::bigint[], %(keys)s::text[], %(marks)s::bigint[], %(points)s::bigint[],
                         %(fixables)s::boolean[]) AS f(contact_id, key, mark, point, fixable)
), gone AS (
    DELETE FROM contacts_finding AS old WHERE old.contact_id = ANY(%(ids)s) AND old.key <> 'phone_shared'
    AND NOT EXISTS (SELECT 1 FROM found WHERE found.contact_id = old.contact_id AND found.key = old.key
                    AND found.mark = old.mark AND found.point IS NOT DISTINCT FROM old.point)
)
INSERT INTO contacts_finding (contact_id, key, mark, point, fixable, dismissed)
SELECT contact_id, key, mark, point, fixable, EXISTS (
    SELECT 1 FROM contacts_findingdismissal AS said WHERE said.key = found.key AND said.mark = found.mark
    AND (said.contact_id = found.contact_id OR said.contact_id IS NULL))
FROM found
ON CONFLICT (contact_id, key, point, mark) DO UPDATE SET fixable = EXCLUDED.fixable
WHERE contacts_finding.fixable <> EXCLUDED.fixable
"""
_MARK = MARK_SQL.format(value="held.value")
# Everybody alive with a usable number that three or more have; `{which}` narrows it to some numbers.
_HOLDERS = f"""
SELECT held.contact_id, held.id AS point, {_MARK} AS mark
FROM contacts_contactpoint AS held
JOIN contacts_contact AS contact ON contact.id = held.contact_id AND contact.removed_at IS NULL
JOIN (
    SELECT held.value FROM contacts_contactpoint AS held
    JOIN contacts_contact AS contact ON contact.id = held.contact_id AND contact.removed_at IS NULL
    WHERE held.kind = 'phone' AND held.validity <> 'invalid' AND held.value LIKE '+%%' AND {{which}}
    GROUP BY held.value HAVING count(DISTINCT held.contact_id) >= {MANY}
) AS many ON many.value = held.value
WHERE held.kind = 'phone' AND held.validity <> 'invalid'
"""
_SHARE = """
INSERT INTO contacts_finding (contact_id, key, mark, point, fixable, dismissed)
SELECT contact_id, 'phone_shared', mark, point, false, EXISTS (
    SELECT 1 FROM contacts_findingdismissal AS said WHERE said.key = 'phone_shared' AND said.mark = holder.mark
    AND (said.contact_id = holder.contact_id OR said.contact_id IS NULL))
FROM holder ON CONFLICT DO NOTHING
"""


@transaction.atomic
def inspect_contacts(contact_ids: Collection[int], *, shared: bool = True) -> int:
    """Replace the findings of these contacts by what is found now; returns how many.

    `shared` looks at their phones too, and then at all who have or had these in common with them. A contact that
    changes meanwhile keeps the findings it has: that change has an event of its own, and by it is looked at once more.
    """
    ids = sorted(set(contact_ids))
    before = _standing(ids)
    rows = [
        (person.id, found.key, found.mark, found.point, found.fix is not None)
        for person in read_facts(ids)
        for found in inspect(person)
    ]
    _replace(before, ids, rows)
    if shared and ids:
        share_phones(ids)
    return len(rows)


def _standing(ids: list[int]) -> set[tuple[int, int, bool]]:
    """(number, revision, whether removed) of each: another one after it was changed, removed or brought back."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id, revision, removed_at IS NOT NULL FROM contacts_contact WHERE id = ANY(%s)", [ids]
        )
        return set(sql.fetchall())


def _replace(before: set[tuple[int, int, bool]], ids: list[int], rows: Iterable[tuple[Any, ...]]) -> None:
    """The findings `rows` instead of those of `ids`, but for whoever is no longer as `before`."""
    names = ("contacts", "keys", "marks", "points", "fixables")
    with connection.cursor() as sql:
        # in a fixed order: two who look at the same contact wait for each other, and then replace
        sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TALLY])
        changed = {contact_id for contact_id, *_state in before ^ _standing(ids)}
        columns = list(zip(*(row for row in rows if row[0] not in changed), strict=True)) or [()] * 5
        given: dict[str, Any] = {name: list(each) for name, each in zip(names, columns, strict=True)}
        sql.execute(_REPLACE, given | {"ids": [each for each in ids if each not in changed]})


@transaction.atomic
def share_phones(contact_ids: Collection[int] | None = None) -> None:
    """Who shares a phone with two others or more: around these contacts, or (None) in the whole base."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TALLY])
        if contact_ids is None:
            holders = _HOLDERS.format(which="true")
            sql.execute(
                f"WITH holder AS MATERIALIZED ({holders}) DELETE FROM contacts_finding AS old"
                " WHERE old.key = 'phone_shared' AND NOT EXISTS (SELECT 1 FROM holder WHERE"
                " (holder.contact_id, holder.point, holder.mark) = (old.contact_id, old.point, old.mark))"
            )
            sql.execute(f"WITH holder AS ({holders}) {_SHARE}")
            return
        ids = list(contact_ids)
        sql.execute(
            "DELETE FROM contacts_finding WHERE key = 'phone_shared' AND contact_id = ANY(%s) RETURNING mark",
            [ids],
        )
        marks = sorted({row[0] for row in sql.fetchall()})
        sql.execute(
            "SELECT DISTINCT value FROM contacts_contactpoint WHERE contact_id = ANY(%s) AND kind = 'phone'",
            [ids],
        )
        if values := [row[0] for row in sql.fetchall()]:
            # the numbers themselves, so that the server looks them up and never gathers all there are
            holders = _HOLDERS.format(which="held.value = ANY(%(values)s)")
            sql.execute(f"WITH holder AS ({holders}) {_SHARE}", {"values": values})
        _dissolve(sql, marks)


def _dissolve(sql: Any, marks: list[int]) -> None:
    """A number that no three have any more is nobody's finding: the rows themselves say how many have it."""
    sql.execute(
        f"""
        DELETE FROM contacts_finding WHERE key = 'phone_shared' AND mark IN (
            SELECT mark FROM contacts_finding WHERE key = 'phone_shared' AND mark = ANY(%s)
            GROUP BY mark HAVING count(DISTINCT contact_id) < {MANY})
        """,
        [marks],
    )


def forget_findings(contact_ids: Collection[int]) -> None:
    """The findings of those who go; numbers that they shared are looked at again."""
    ids = list(contact_ids)
    with connection.cursor() as sql:
        sql.execute("DELETE FROM contacts_finding WHERE contact_id = ANY(%s) RETURNING key, mark", [ids])
        _dissolve(sql, sorted({mark for key, mark in sql.fetchall() if key == SHARED}))


def forget_nobodys() -> None:
    """Findings and words about people who are gone, and “this is right” of a value that nobody has any more."""
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM contacts_finding AS finding WHERE NOT EXISTS (SELECT 1 FROM contacts_contact AS contact"
            " WHERE contact.id = finding.contact_id AND contact.removed_at IS NULL)"
        )
        sql.execute(
            "DELETE FROM contacts_findingdismissal AS said WHERE NOT EXISTS (SELECT 1 FROM contacts_finding AS finding"
            " WHERE finding.key = said.key AND finding.mark = said.mark)"
        )


def _look_again(by: Actor, into: Mapping[int, int]) -> None:
    """A merge: the one that stays is looked at anew; what was found of the others was of the others.

    A number that fewer share now is left to that look: an undo brings back only what was of these people.
    """
    with connection.cursor() as sql:
        sql.execute("DELETE FROM contacts_finding WHERE contact_id = ANY(%s)", [list(into)])
    keep_for_later(into.values())


def _no_longer_wait(by: Actor, into: Mapping[int, int]) -> None:
    _forget_waiting(by, list(into))


def _forget(by: Actor, contact_ids: Collection[int]) -> None:
    forget_findings(contact_ids)


def _forget_waiting(by: Actor, contact_ids: Collection[int]) -> None:
    with connection.cursor() as sql:
        sql.execute("DELETE FROM contacts_pendinginspection WHERE contact_id = ANY(%s)", [list(contact_ids)])


def take_part() -> None:
    """Enter the tables of the inspector into the registries of merging and erasing. Called once, in apps.py."""
    merge_participants.add(
        MergeParticipant("contacts_finding", "the one that stays is looked at anew", _look_again)
    )
    merge_participants.add(
        MergeParticipant("contacts_pendinginspection", "only the one that stays waits", _no_longer_wait)
    )
    erasure_participants.add(ErasureParticipant("contacts_finding", "rows are deleted", _forget))
    erasure_participants.add(
        ErasureParticipant("contacts_pendinginspection", "rows are deleted", _forget_waiting)
    )


# --- who waits


def keep_for_later(contact_ids: Collection[int]) -> None:
    """Note that these are to be looked at when there is time."""
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO contacts_pendinginspection (contact_id) SELECT DISTINCT unnest(%s::bigint[])"
            " ON CONFLICT DO NOTHING",
            [sorted(contact_ids)],
        )


@transaction.atomic
def inspect_pending(portion: int = CHUNK) -> int:
    """Look at a portion of those who wait; returns how many it was. They wait no longer when it commits."""
    with connection.cursor() as sql:
        sql.execute(
            """
            DELETE FROM contacts_pendinginspection WHERE contact_id IN (
                SELECT contact_id FROM contacts_pendinginspection ORDER BY contact_id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING contact_id
            """,
            [portion],
        )
        ids = [row[0] for row in sql.fetchall()]
    if ids:
        inspect_contacts(ids)
    return len(ids)


def inspect_after(contact_id: int, *, portion: int = CHUNK) -> tuple[int, int] | None:
    """Look at the next portion of the base, all but shared phones: (last of them, how many); None at its end."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id > %s ORDER BY id LIMIT %s", [contact_id, portion]
        )
        ids = [row[0] for row in sql.fetchall()]
    if not ids:
        return None
    inspect_contacts(ids, shared=False)
    return ids[-1], len(ids)


# --- how many


def recount(*, hurry: bool = False, whole: bool = False) -> bool:
    """Count people by finding anew; a large base is left at rest for some seconds between. Returns whether it counted.

    `hurry` counts in any case; `whole` says that all of the base has been looked at.
    """
    kept = Figure.objects.filter(name=TALLY).first()
    if kept and not hurry and _is_large(kept) and timezone.now() - kept.counted_at < REST:
        Figure.objects.filter(name=TALLY, stale_since=None).update(stale_since=timezone.now())
        return False
    now = timezone.now()
    full_at = now.isoformat() if whole else (kept.value.get("full_at") if kept else None)
    Figure.objects.update_or_create(
        name=TALLY,
        defaults={
            "value": {"counts": _counted(), "full_at": full_at},
            "counted_at": now,
            "stale_since": None,
        },
    )
    return True


def recount_if_stale() -> None:
    """What was left at rest is counted."""
    if Figure.objects.filter(name=TALLY, stale_since__isnull=False).exists():
        recount(hurry=True)


def _is_large(kept: Figure) -> bool:
    return sum(people for people, _fixable in kept.value.get("counts", {}).values()) > SMALL


def _counted() -> dict[str, list[int]]:
    """Key → [people, of them with a sure fix]."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT key, count(*), count(*) FILTER (WHERE fixable) FROM (
                SELECT finding.key, finding.contact_id, bool_or(finding.fixable) AS fixable
                FROM contacts_finding AS finding WHERE NOT finding.dismissed
                GROUP BY finding.key, finding.contact_id) AS each
            GROUP BY key
            """
        )
        return {key: [people, fixable] for key, people, fixable in sql.fetchall() if key in FINDINGS}


# --- the whole base


def start_whole_inspection(*, by: Actor) -> Job:
    """The job that looks through the whole base: a new one, or the one under way."""
    running = Job.objects.filter(kind=JOB, state__in=[Job.State.QUEUED, Job.State.RUNNING]).first()
    total = Contact.objects.count() if running is None else None
    return running or start_job(JOB, by=by, total=total)


def is_anything_running() -> bool:
    """Whether a job is at work: what can wait then leaves the cores to it."""
    return Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()
