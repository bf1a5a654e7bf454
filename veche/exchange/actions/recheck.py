"""Corrections come into force: the rows they concern are converted, compared and counted anew, and no others.

Whom a row repeats depends on rows with the same phone, address, number or birthday, so those are looked at too, and
those that share something with them. Where that would be a large part of the file, the whole file is checked instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.db import connection

from veche.core.action import ANYONE, action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange import staging
from veche.exchange.actions import checking, facts
from veche.exchange.actions.matching import POINT_KINDS
from veche.exchange.actions.running import start_check
from veche.exchange.actions.words import look_up
from veche.exchange.events import ImportStopped
from veche.exchange.mapping import Options
from veche.exchange.mapping.correcting import KEY_SQL, key_of
from veche.exchange.models import Correction, Import
from veche.exchange.queries.plans import plans_of
from veche.exchange.reading import revive_cell
from veche.exchange.sameness import Person, Repeats

MOST_ROWS = 20_000  # converted or compared anew; with more the whole file is checked
GAP = 400  # rows between two that are compared in one go: so many cost as much as another statement
State = Correction.State

# Cells of one column, words of one column, single rows. A cell that was replaced may hold any word.
_CONCERNED = f"""
SELECT r.number FROM exchange_importrow AS r WHERE r.batch_id = %(batch)s AND (
    r.number = ANY(%(rows)s)
    OR EXISTS (
        SELECT 1 FROM unnest(%(columns)s::int[], %(values)s::text[]) AS said(place, value)
        WHERE {KEY_SQL.format("(r.cells ->> said.place)")} = said.value)
    OR EXISTS (
        SELECT 1 FROM unnest(%(word_columns)s::int[], %(words)s::text[]) AS said(place, word)
        WHERE strpos(lower(regexp_replace(r.cells ->> said.place, '\\s+', ' ', 'g')), said.word) > 0)
    OR EXISTS (
        SELECT 1 FROM exchange_correction AS c
        WHERE c.batch_id = r.batch_id AND c."column" = ANY(%(word_columns)s) AND c.kind = 'replace'
          AND (c.row = r.number OR c.row IS NULL AND {KEY_SQL.format('(r.cells ->> c."column")')} = c.value))
) ORDER BY r.number LIMIT %(most)s + 1
"""
_KEYS = """
SELECT unnest(reach) AS key, number FROM exchange_importrow WHERE batch_id = %(batch)s {some}
UNION ALL
SELECT 'external_id:' || external_id, number FROM exchange_importrow
WHERE batch_id = %(batch)s AND external_id <> '' {some}
UNION ALL
SELECT concat('name_birthday:', name_key, ':', birth_year, '-', birth_month, '-', birth_day), number
FROM exchange_importrow
WHERE batch_id = %(batch)s AND name_key <> '' AND num_nulls(birth_year, birth_month, birth_day) = 0 {some}
"""
_SHARING = """
SELECT number FROM exchange_importrow WHERE batch_id = %(batch)s AND (
    reach && %(keys)s OR (external_id <> '' AND 'external_id:' || external_id = ANY(%(keys)s))
    OR (name_key <> '' AND num_nulls(birth_year, birth_month, birth_day) = 0
        AND concat('name_birthday:', name_key, ':', birth_year, '-', birth_month, '-', birth_day) = ANY(%(keys)s))
    OR number = ANY(%(numbers)s) OR leader = ANY(%(numbers)s)
) LIMIT %(most)s + 1
"""
_TAKEN = """NOT problems @> '[{"severity": "reject"}]'"""
_CONVERTED = (
    "draft", "problems", "reach", "external_id", "surname_key", "given_keys", "patronymic_key", "name_key",
    "birth_year", "birth_month", "birth_day", "verdict",
)  # fmt: skip


_AS_STAGED = """
UPDATE exchange_importrow AS r SET contact_id = NULL, matched_by = '', changes = '{}', overwritten = '{}',
    doubts = kept.doubts,
    verdict = CASE WHEN (r.problems || kept.doubts) @> '[{"severity": "reject"}]' THEN 'reject'
        WHEN r.leader IS NOT NULL THEN 'repeat' ELSE 'create' END
FROM exchange_importrow AS same CROSS JOIN LATERAL (
    SELECT jsonb_path_query_array(same.doubts, '$[*] ? (@.params.row > 0 || @.params.rows[0] > 0)')) AS kept(doubts)
WHERE same.id = r.id AND r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s AND r.outcome = ''
"""


@action(ANYONE)
def note_fix_stopped(*, by: Actor, imported: Import, state: str, error: str = "") -> Import:
    """The corrections are not in force: the file must be checked again before it may be loaded."""
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != Import.State.CHECKED:
        unchanged()
        return imported
    imported.state, imported.error, imported.totals = state, error[:4000], {}
    imported.save(update_fields=["state", "error", "totals"])
    publish(ImportStopped(object_id=imported.pk, reason=str(state)), by=by)
    return imported


@action("exchange.import")
def apply_corrections(*, by: Actor, imported: Import) -> int | None:
    """Bring all waiting corrections into force; returns how many, None when the whole file is checked instead."""
    unchanged()
    imported = Import.objects.select_for_update(no_key=True).get(pk=imported.pk)
    waiting = list(imported.corrections.exclude(state=State.APPLIED))
    if imported.state != Import.State.CHECKED or not waiting:
        return 0
    numbers = _concerned(imported, waiting)
    imported.corrections.filter(state=State.LEAVING).delete()
    among = _cluster(imported, numbers) if len(numbers) <= MOST_ROWS else None
    if among is None:
        start_check(by=by, imported=imported)
        return None
    _convert(imported, numbers, waiting)
    among = _cluster(imported, sorted(among))
    if among is None:
        start_check(by=by, imported=imported)
        return None
    _find_repeats(imported, sorted(among))
    _compare(imported, sorted(among), by)
    imported.corrections.filter(pk__in=[each.pk for each in waiting]).update(state=State.APPLIED)
    return len(waiting)


def _concerned(imported: Import, corrections: Iterable[Correction]) -> list[int]:
    cells = [each for each in corrections if each.kind != Correction.Kind.WORD]
    words = [each for each in corrections if each.kind == Correction.Kind.WORD]
    by_value = [each for each in cells if each.row is None]
    known = {
        "batch": imported.pk, "most": MOST_ROWS, "rows": [each.row for each in cells if each.row is not None],
        "columns": [each.column for each in by_value], "values": [each.value for each in by_value],
        "word_columns": [each.column for each in words], "words": [each.value for each in words],
    }  # fmt: skip
    with connection.cursor() as sql:
        sql.execute(_CONCERNED, known)
        return [row[0] for row in sql.fetchall()]


def _cluster(imported: Import, numbers: Sequence[int]) -> set[int] | None:
    """The rows and all that share a key with them, on and on; None when they are too many."""
    found, edge, known = set(numbers), list(numbers), set()
    with connection.cursor() as sql:
        while edge:
            given: dict[str, Any] = {"batch": imported.pk, "numbers": edge, "most": MOST_ROWS}
            sql.execute(_KEYS.replace("{some}", "AND number = ANY(%(numbers)s)"), given)
            keys = {row[0] for row in sql.fetchall()} - known
            sql.execute(
                "SELECT leader FROM exchange_importrow WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)"
                " AND leader IS NOT NULL", given,
            )  # fmt: skip
            leaders = {row[0] for row in sql.fetchall()}
            sql.execute(_SHARING, {**given, "keys": list(keys), "numbers": [*edge, *leaders]})
            edge = list({row[0] for row in sql.fetchall()} - found)
            known |= keys
            found.update(edge)
            if len(found) > MOST_ROWS:
                return None
    return found


def _convert(imported: Import, numbers: Sequence[int], waiting: Iterable[Correction]) -> None:
    """Make the drafts of these rows anew, and count for each correction the rows that it changes."""
    rows = imported.rows.filter(number__in=numbers).order_by("number").values_list("number", "cells")
    revived = [(number, [revive_cell(cell) for cell in cells]) for number, cells in rows]
    given = {
        name: imported.options[name] for name in Options.__dataclass_fields__ if name in imported.options
    }
    staging.prepare(imported.pk, plans_of(imported), Options(**given))
    lines = staging.stage_rows(revived)
    listed = ", ".join(staging.COLUMNS)
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS fixed_row")
        sql.execute(
            f"CREATE TEMP TABLE fixed_row ON COMMIT DROP AS SELECT {listed} FROM exchange_importrow WITH NO DATA"
        )
        with sql.copy(f"COPY fixed_row ({listed}) FROM STDIN") as copy:
            copy.write(lines)
        changed = ", ".join(f"{name} = f.{name}" for name in _CONVERTED)
        sql.execute(
            f"UPDATE exchange_importrow AS r SET {changed} FROM fixed_row AS f"
            " WHERE r.batch_id = %s AND r.number = f.number", [imported.pk],
        )  # fmt: skip
    for each in waiting:
        if each.state == State.WAITING:
            each.rows = sum(_is_meant(each, number, cells) for number, cells in revived)
    Correction.objects.bulk_update([each for each in waiting if each.state == State.WAITING], ["rows"])


def _is_meant(correction: Correction, number: int, cells: Sequence[Any]) -> bool:
    if correction.row is not None:
        return correction.row == number
    if correction.kind == Correction.Kind.WORD:
        return correction.value in key_of(cells[correction.column]).lower()
    return key_of(cells[correction.column]) == correction.value


def _find_repeats(imported: Import, numbers: list[int]) -> None:
    """Who of these rows repeats whom; they share nothing with any other row."""
    repeats = Repeats()
    kinds = {kind for key in imported.match_by for kind in POINT_KINDS.get(key, (key,))}
    with connection.cursor() as sql:
        given = {"batch": imported.pk, "numbers": numbers}
        sql.execute(_KEYS.replace("{some}", f"AND number = ANY(%(numbers)s) AND {_TAKEN}"), given)
        shared = sorted(row for row in sql.fetchall() if row[0].partition(":")[0] in kinds)
        people = _people(imported, numbers)
        for key, rows in groupby(shared, key=itemgetter(0)):
            alike = [(number, people[number]) for _key, number in rows]
            if len(alike) > 1:
                repeats.add(key, alike)
        leaders = repeats.leaders()
        sql.execute(
            """
            UPDATE exchange_importrow AS r SET leader = l.leader, doubts = l.doubts::jsonb
            FROM unnest(%s::int[], %s::int[], %s::text[]) AS l(number, leader, doubts)
            WHERE r.batch_id = %s AND r.number = l.number
            """,
            [
                numbers, [leaders.get(each) for each in numbers],
                [json.dumps(repeats.doubts.get(each, [])) for each in numbers], imported.pk,
            ],
        )  # fmt: skip


def _people(imported: Import, numbers: Sequence[int]) -> dict[int, Person]:
    found = imported.rows.filter(number__in=numbers).values_list(
        "number",
        "draft__kind",
        "surname_key",
        "given_keys",
        "patronymic_key",
        "birth_year",
        "birth_month",
        "birth_day",
    )
    return {
        number: Person(kind or "person", surname, tuple(given), patronymic, tuple(birthday))
        for number, kind, surname, given, patronymic, *birthday in found
    }


def _compare(imported: Import, numbers: list[int], by: Actor) -> None:
    """Match and compare these rows and those between them, as the check does with rows that were just staged."""
    words = look_up(imported, by=by)
    for first, last in _stretches(numbers):
        with connection.cursor() as sql:
            sql.execute(_AS_STAGED, {"batch": imported.pk, "first": first, "last": last})
        checking.check_chunk(by=by, imported=imported, words=words, first=first, last=last, sums={})
    checking.finish_check(
        by=by,
        imported=imported,
        words=words,
        sums=_sums(imported, by),
        mark=imported.totals["check"].get("mark"),
    )


def _sums(imported: Import, by: Actor) -> dict[str, Any]:
    """What the check has counted, counted from the rows: those of known people, once for each."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT verdict, count(*) FROM exchange_importrow WHERE batch_id = %s GROUP BY 1", [imported.pk]
        )
        numbers = dict(sql.fetchall())
        fields = {}
        for name in ("changes", "overwritten"):
            sql.execute(
                f"SELECT field, count(*) FROM exchange_importrow, unnest({name}) AS field"
                " WHERE batch_id = %s AND verdict = 'update' GROUP BY 1", [imported.pk],
            )  # fmt: skip
            fields[name] = dict(sql.fetchall())
    matched = numbers.get("update", 0) + numbers.get("unchanged", 0)
    return {
        "numbers": numbers, "changed": fields["changes"], "overwritten": fields["overwritten"], "matched": matched,
        "facts": facts.expected(imported, by=by),
    }  # fmt: skip


def _stretches(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """(first, last) that together hold all `numbers`, none longer than a chunk, with no wide gap inside."""
    if not numbers:
        return
    first = last = numbers[0]
    for one, other in pairwise(numbers):
        if other - one > GAP or other - first >= checking.CHUNK:
            yield first, last
            first = other
        last = other
    yield first, last
