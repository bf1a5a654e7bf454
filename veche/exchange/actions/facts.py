"""What an importable kind adds to people: its facts are counted, written, taken back and written again, in sets.

A row that has brought its fact says so in `ImportRow.changes`: ADDED, and GONE once an undo took it back. So the
numbers of a result are counted from the rows, and outlive whatever stops a job. An import of people has none of this,
and pays for none of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.contacts.actions.bulk_plan import Plan
from veche.contacts.registry import ImportableKind, ImportedFact
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.exchange.actions.rows import some_sql
from veche.exchange.mapping import TARGETS, is_of_kind, target_key
from veche.exchange.models import Import
from veche.exchange.queries import FACT_ADDED as ADDED
from veche.exchange.queries import FACT_GONE as GONE
from veche.exchange.queries import importable_of

CHUNK = 5000  # rows of one call

_ROWS = """
SELECT r.number, COALESCE(r.contact_id, led.contact_id), r.draft -> 'facts' FROM exchange_importrow AS r
LEFT JOIN exchange_importrow AS led ON led.batch_id = r.batch_id AND led.number = r.leader
WHERE r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s AND r.draft ? 'facts'
  AND r.verdict <> 'reject' AND COALESCE(led.verdict, '') <> 'reject' {some}
ORDER BY r.number
"""
_NEXT = """
SELECT number, contact_id, draft -> 'facts' FROM exchange_importrow
WHERE batch_id = %(batch)s AND number > %(after)s AND {mark} = ANY(changes) AND contact_id IS NOT NULL
ORDER BY number LIMIT %(size)s
"""


def has_facts(imported: Import) -> bool:
    """Whether some column of this import becomes a value of its kind."""
    kind = importable_of(imported)
    return kind.has_facts and any(is_of_kind(plan["target"], kind) for plan in imported.mapping)


def insist_offered(imported: Import, by: Actor) -> ImportableKind:
    """The kind of an import, which its room must still offer, and to this actor."""
    kind = importable_of(imported)
    if kind.key != imported.options.get("kind", kind.key):
        raise Refusal(
            "import.kind", _("What this file holds can no longer be imported: choose something else.")
        )
    by.require(kind.permission)
    return kind


def insist_complete(kind: ImportableKind, targets: Collection[str]) -> None:
    """Refuse a mapping to `targets` that leaves out what the kind cannot do without."""
    missing = [each.label for each in kind.targets if each.required and target_key(kind, each) not in targets]
    if kind.subject == "organisation" and not {"organisation.name", "name.full"} & set(targets):
        missing = [TARGETS["organisation.name"].label]
    if missing:
        said = {"kind": kind.label, "fields": ", ".join(map(str, missing))}
        raise Refusal(
            "import.kind_incomplete", _("For “%(kind)s” say also which column is: %(fields)s.") % said
        )


def expected(
    imported: Import,
    *,
    by: Actor,
    first: int = 0,
    last: int = 2**31 - 1,
    numbers: Sequence[int] | None = None,
) -> dict[str, int]:
    """Of how many rows a load would add the fact, and of how many it is there already: {added, known}."""
    counted = {"added": 0, "known": 0}
    if not has_facts(imported):
        return counted
    known_of = insist_offered(imported, by).known
    asked = _ROWS.replace("{some}", some_sql(numbers)) + " LIMIT %(size)s"
    while facts := _read(asked, imported, first=first, last=last, size=CHUNK, numbers=numbers):
        known = len(set(known_of(by=by, import_id=imported.pk, facts=facts)))
        counted = {"added": counted["added"] + len(facts) - known, "known": counted["known"] + known}
        first = facts[-1].row + 1
    return counted


def write_planned(imported: Import, plan: Plan, *, by: Actor) -> None:
    """Add the facts of rows whose people were just written, in the same transaction."""
    if not has_facts(imported):
        return
    if people := plan.people():
        with connection.cursor() as sql:
            sql.execute(
                "SELECT number, draft -> 'facts' FROM exchange_importrow"
                " WHERE batch_id = %s AND number = ANY(%s) AND draft ? 'facts' ORDER BY number",
                [imported.pk, list(people)],
            )
            rows = [(number, people[number], values) for number, values in sql.fetchall()]
        _write(imported, list(map(_fact, rows)), by)


def write_rest(imported: Import, first: int, last: int, *, by: Actor) -> None:
    """Add the facts of rows whose people are in the base and stay as they are: a known donor's gift is new."""
    if has_facts(imported):
        rest = _ROWS.replace(
            "{some}", "AND r.outcome = '' AND COALESCE(r.contact_id, led.contact_id) IS NOT NULL"
        )
        _write(imported, _read(rest, imported, first=first, last=last), by)


def take_from(imported: Import, contact_ids: Collection[int], *, by: Actor) -> None:
    """Take back what the import added to these people, who are about to be erased."""
    if not has_facts(imported):
        return
    with connection.cursor() as sql:
        sql.execute(
            "SELECT number FROM exchange_importrow WHERE batch_id = %s AND contact_id = ANY(%s) AND %s = ANY(changes)",
            [imported.pk, list(contact_ids), ADDED],
        )
        _forget(imported, [row[0] for row in sql.fetchall()], by)


def take_next(imported: Import, *, after: int, by: Actor) -> int | None:
    """Take back the facts of the next rows after row `after`; returns the last of them, None at the end."""
    facts = _marked(imported, ADDED, after)
    _forget(imported, [fact.row for fact in facts], by)
    return facts[-1].row if facts else None


def add_next(imported: Import, *, after: int, by: Actor) -> int | None:
    """Add again what an undo took back of the next rows after row `after`; returns the last of them, or None."""
    facts = _marked(imported, GONE, after)
    _write(imported, facts, by)
    return facts[-1].row if facts else None


def _marked(imported: Import, mark: str, after: int) -> list[ImportedFact]:
    if not has_facts(imported):
        return []
    return _read(_NEXT.replace("{mark}", "%(mark)s"), imported, mark=mark, after=after, size=CHUNK)


def _read(query: str, imported: Import, **given: Any) -> list[ImportedFact]:
    with connection.cursor() as sql:
        sql.execute(query.replace("{some}", ""), {"batch": imported.pk, **given})
        return [_fact(row) for row in sql.fetchall()]


def _fact(row: tuple[int, int | None, Any]) -> ImportedFact:
    number, contact_id, values = row
    return ImportedFact(number, contact_id, json.loads(values) if isinstance(values, str) else values)


def _write(imported: Import, facts: Sequence[ImportedFact], by: Actor) -> None:
    if facts:
        kind = insist_offered(imported, by)
        _mark(imported, kind.write(by=by, import_id=imported.pk, facts=facts), ADDED)


def _forget(imported: Import, rows: Sequence[int], by: Actor) -> None:
    if rows:
        _mark(imported, importable_of(imported).forget(by=by, import_id=imported.pk, rows=rows), GONE)


def _mark(imported: Import, rows: Collection[int], mark: str) -> None:
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE exchange_importrow SET changes ="
            " array_append(array_remove(array_remove(changes, %s), %s), %s) WHERE batch_id = %s AND number = ANY(%s)",
            [ADDED, GONE, mark, imported.pk, list(rows)],
        )
