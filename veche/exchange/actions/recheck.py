"""Corrections come into force: the rows they concern are converted, compared and counted anew, and no others.

Whom a row repeats depends on rows with the same phone, address, number or birthday, so those are looked at too, and
those that share something with them. What a row changes depends on rows about the same person (`recomparing`). Where
that would be a large part of the file, the whole file is checked instead.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from veche.core.action import ANYONE, action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange import staging
from veche.exchange.actions import identity
from veche.exchange.actions.matching import POINT_KINDS, shared_rows
from veche.exchange.actions.recomparing import Recomparison, rows_about_the_same
from veche.exchange.actions.running import start_check
from veche.exchange.events import ImportStopped
from veche.exchange.mapping import Options
from veche.exchange.mapping.correcting import KEY_SQL, key_of, words_in
from veche.exchange.models import Correction, Import
from veche.exchange.queries.plans import plans_of
from veche.exchange.reading import revive_cell
from veche.exchange.sameness import Person, Repeats

MOST_ROWS = 20_000  # converted or compared anew; with more the whole file is checked
State = Correction.State

_BY_VALUE = f"{KEY_SQL.format('(r.cells ->> %(column)s::int)')} = ANY(%(values)s)"
_BY_WORD = """EXISTS (
    SELECT 1 FROM unnest(%(words)s::text[]) AS said(word)
    WHERE strpos(lower(regexp_replace(r.cells ->> %(column)s::int, '\\s+', ' ', 'g')), said.word) > 0)"""
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
# Each key of a row is looked for in a hash of those asked for; an overlap of arrays would compare each with each.
_SHARING = """
SELECT number FROM exchange_importrow WHERE batch_id = %(batch)s AND (
    EXISTS (SELECT 1 FROM unnest(reach) AS one WHERE one = ANY(%(keys)s))
    OR (external_id <> '' AND 'external_id:' || external_id = ANY(%(keys)s))
    OR (name_key <> '' AND num_nulls(birth_year, birth_month, birth_day) = 0
        AND concat('name_birthday:', name_key, ':', birth_year, '-', birth_month, '-', birth_day) = ANY(%(keys)s))
) LIMIT %(most)s + 1
"""
_TAKEN = """NOT problems @> '[{"severity": "reject"}]'"""
_CONVERTED = (
    "draft", "problems", "reach", "external_id", "surname_key", "given_keys", "patronymic_key", "name_key",
    "birth_year", "birth_month", "birth_day",
)  # fmt: skip


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
    leaving = [each.pk for each in waiting if each.state == State.LEAVING]
    imported.corrections.filter(pk__in=leaving, state=State.LEAVING).delete()
    if len(numbers) > MOST_ROWS or not _come_into_force(imported, numbers, waiting, by):
        start_check(by=by, imported=imported)
        return None
    _note_applied(waiting)
    return len(waiting)


def _come_into_force(
    imported: Import, numbers: Sequence[int], waiting: Sequence[Correction], by: Actor
) -> bool:
    """Convert these rows anew, and compare them and all that depends on them; False when that is too much."""
    anew = Recomparison(imported, by)
    anew.leave_facts(numbers)
    before = _told_by(imported, numbers)
    _convert(imported, numbers, waiting)
    after = _told_by(imported, numbers)
    told_otherwise = [number for number in numbers if before[number] != after[number]]
    alike = _cluster(imported, told_otherwise, before, after)
    if alike is None:
        return False
    among = rows_about_the_same(imported, alike.union(numbers))
    if len(among) > 2 * MOST_ROWS:
        return False
    anew.leave(among)
    _find_repeats(imported, sorted(alike))
    anew.compare(same_words=not _touch_words(imported, waiting))
    return True


def _note_applied(waiting: Iterable[Correction]) -> None:
    """What somebody has said otherwise meanwhile goes on waiting: the job looks again. Last, for it locks them."""
    done = [each for each in waiting if each.state == State.WAITING]
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE exchange_correction AS c SET state = 'applied', rows = said.rows"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[]) AS said(id, made_at, rows)"
            " WHERE c.id = said.id AND c.made_at = said.made_at AND c.state = 'waiting'",
            [[each.pk for each in done], [each.made_at for each in done], [each.rows for each in done]],
        )


def _concerned(imported: Import, corrections: Iterable[Correction]) -> list[int]:
    """The rows whose cells are meant. Only a value or a word must be looked for in the whole file."""
    people = [each for each in corrections if each.kind == Correction.Kind.PERSON]
    found = {each.row for each in corrections if each.row is not None} | identity.rows_about(imported, people)
    columns = {each.column for each in corrections if each.row is None and each not in people}
    with connection.cursor() as sql:
        for column in columns:
            meant = [each for each in corrections if each.row is None and each.column == column]
            words = [each.value for each in meant if each.kind == Correction.Kind.WORD]
            values = [each.value for each in meant if each.kind != Correction.Kind.WORD]
            if words:  # a cell that was replaced may hold any word
                found.update(_replaced_rows(imported, column))
                others = imported.corrections.filter(column=column, row=None, kind=Correction.Kind.REPLACE)
                values += others.values_list("value", flat=True)
            ways = [way for way, given in ((_BY_VALUE, values), (_BY_WORD, words)) if given]
            sql.execute(
                "SELECT r.number FROM exchange_importrow AS r WHERE r.batch_id = %(batch)s"
                f" AND ({' OR '.join(ways)}) LIMIT %(most)s + 1",
                {"batch": imported.pk, "column": column, "values": values, "words": words, "most": MOST_ROWS},
            )
            found.update(row[0] for row in sql.fetchall())
    return sorted(found)


def _replaced_rows(imported: Import, column: int) -> Iterable[int]:
    replaced = imported.corrections.filter(column=column, row__isnull=False, kind=Correction.Kind.REPLACE)
    return replaced.values_list("row", flat=True)


def _touch_words(imported: Import, corrections: Iterable[Correction]) -> bool:
    """Whether the entries of lists that the file needs may be others now."""
    listed = {plan.index for plan in plans_of(imported) if words_in(plan)} | {Correction.WHOLE_ROW}
    return any(each.kind == Correction.Kind.REJECT or each.column in listed for each in corrections) or any(
        each.state == State.LEAVING for each in corrections
    )


def _told_by(imported: Import, numbers: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """By what each of these rows is told from others: its keys, name, birthday, and whether it is taken at all."""
    keys: dict[int, set[str]] = {number: set() for number in numbers}
    with connection.cursor() as sql:
        given = {"batch": imported.pk, "numbers": numbers}
        sql.execute(_KEYS.replace("{some}", "AND number = ANY(%(numbers)s)"), given)
        for key, number in sql.fetchall():
            keys[number].add(key)
        sql.execute(
            f"SELECT number, {_TAKEN} FROM exchange_importrow WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)",
            given,
        )
        taken = dict(sql.fetchall())
    people = _people(imported, numbers)
    return {number: (keys[number], people.get(number), taken.get(number)) for number in numbers}


def _cluster(
    imported: Import, changed: Sequence[int], before: Mapping[int, Any], after: Mapping[int, Any]
) -> set[int] | None:
    """The rows that are told otherwise now, and all that share a key with them, before or after, on and on.

    None when they are too many.
    """
    told = _kinds(imported)
    keys = {key for number in changed for key in before[number][0] | after[number][0]}
    keys = [key for key in keys if key.partition(":")[0] in told]
    with connection.cursor() as sql:
        sql.execute(_SHARING, {"batch": imported.pk, "keys": keys, "most": MOST_ROWS})
        found = {row[0] for row in sql.fetchall()}.union(changed)
    if len(found) > MOST_ROWS or found == set(changed):
        return found if len(found) <= MOST_ROWS else None
    return _spread(found, shared_rows(imported, sorted(told)))


def _spread(found: set[int], shared: Iterable[Sequence[int]]) -> set[int] | None:
    """`found` and whatever hangs together with it by `shared`, groups of rows with a key in common."""
    groups: dict[int, list[Sequence[int]]] = {}
    for group in shared:
        for number in group:
            groups.setdefault(number, []).append(group)
    edge = list(found)
    while edge:
        for group in groups.pop(edge.pop(), ()):
            fresh = set(group) - found
            found |= fresh
            edge += fresh
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
    _count_rows(waiting, revived)


def _count_rows(waiting: Iterable[Correction], rows: Sequence[tuple[int, Sequence[Any]]]) -> None:
    """Note at each correction how many of these rows it changes."""
    numbers = {number for number, _cells in rows}
    values: dict[int, Counter[str]] = {}  # of a column, counted when it is first asked for
    for each in waiting:
        if each.state != State.WAITING or each.kind == Correction.Kind.PERSON:
            continue
        if each.row is not None:
            each.rows = int(each.row in numbers)
            continue
        if each.column not in values:
            values[each.column] = Counter(key_of(cells[each.column]) for _number, cells in rows)
        held = values[each.column]
        if each.kind == Correction.Kind.WORD:
            each.rows = sum(count for value, count in held.items() if each.value in value.lower())
        else:
            each.rows = held[each.value]


def _kinds(imported: Import) -> set[str]:
    """The kinds of keys by which rows of this file are told."""
    return {kind for key in imported.match_by for kind in POINT_KINDS.get(key, (key,))}


def _find_repeats(imported: Import, numbers: list[int]) -> None:
    """Who of these rows repeats whom; they share nothing with any other row."""
    repeats = Repeats()
    kinds = _kinds(imported)
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
