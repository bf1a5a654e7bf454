"""Who of the base is each row about? Candidates come in sets by SQL, `sameness` decides.

It is asked by the check, and again by the load if somebody has written contacts meanwhile. Only contacts that the
importing actor may see are candidates, and never those that this import created: rows about one new person are told
by `leader`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from veche.contacts.actions.bulk_plan import squeezed
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor
from veche.exchange.actions import identity
from veche.exchange.actions.resembling import with_likely
from veche.exchange.actions.rows import asked_rows, some_sql
from veche.exchange.mapping import REJECT
from veche.exchange.models import Import
from veche.exchange.queries.identity import is_looked_over
from veche.exchange.sameness import MOST_HOLDERS, Candidate, Decision, Person, Repeats, decide, plain

POINT_KINDS = {
    "phone": ("phone", "whatsapp"),
    "email": ("email", "telegram", "vk", "ok", "max"),
}

# Nearly no key is shared: all are counted by a hash of theirs, and only rows with a counted one are looked at.
_KEYS = """
FROM exchange_importrow AS r, unnest(
    reach
    || CASE WHEN external_id <> '' THEN ARRAY['external_id:' || external_id] END
    || CASE WHEN name_key <> '' AND num_nulls(birth_year, birth_month, birth_day) = 0
        THEN ARRAY[concat('name_birthday:', name_key, ':', birth_year, '-', birth_month, '-', birth_day)] END
) AS key
WHERE batch_id = %(batch)s AND verdict <> 'reject' AND split_part(key, ':', 1) = ANY(%(kinds)s)
"""
# Whatever the base says of them: only what the file says keeps a row out.
_ANY_KEYS = _KEYS.replace(
    "verdict <> 'reject'", """NOT problems @> '[{"severity": "reject"}]'"""
)  # whatever the base says
_GROUPS = f"""
SELECT hashtextextended(key, 0) AS mark, number {_ANY_KEYS} AND hashtextextended(key, 0) = ANY(%(marks)s) ORDER BY mark
"""
_COUNTED = f"SELECT hashtextextended(key, 0) AS mark {_KEYS} GROUP BY mark HAVING count(*) > 1"
_SHARED = f"""
SELECT key, number, COALESCE(draft ->> 'kind', 'person'), surname_key, given_keys, patronymic_key,
       birth_year, birth_month, birth_day
{_KEYS} AND hashtextextended(key, 0) = ANY(%(marks)s) ORDER BY key, number
"""

_CANDIDATES = """
WITH row AS MATERIALIZED (
    SELECT number, reach, external_id, name_key, birth_year, birth_month, birth_day FROM exchange_importrow
    WHERE batch_id = %(batch)s AND number BETWEEN %(first)s AND %(last)s AND number %% %(lanes)s = %(lane)s
      {some} AND leader IS NULL AND verdict <> 'reject'
), wanted AS (
    SELECT number, split_part(key, ':', 1) AS kind, substr(key, strpos(key, ':') + 1) AS value
    FROM row, unnest(reach) AS key WHERE split_part(key, ':', 1) = ANY(%(kinds)s)
), held AS (
    SELECT v.number, v.kind, p.contact_id, count(*) OVER (PARTITION BY v.number, v.kind, v.value) AS holders
    FROM wanted AS v
    CROSS JOIN LATERAL (
        SELECT contact_id FROM contacts_contactpoint AS p
        WHERE p.value = v.value AND p.kind = v.kind AND p.validity <> 'invalid' LIMIT %(most)s + 1
    ) AS p
), found AS (
    SELECT h.number, h.contact_id, CASE WHEN h.kind IN ('phone', 'whatsapp') THEN 'phone' ELSE 'email' END AS key
    FROM held AS h WHERE h.holders <= %(most)s
    UNION ALL
    SELECT r.number, e.contact_id, 'external_id' FROM row AS r
    JOIN contacts_externalid AS e ON e.value = r.external_id AND e.system = %(system)s
    WHERE r.external_id <> '' AND 'external_id' = ANY(%(match_by)s)
    UNION ALL
    SELECT r.number, n.id, 'name_birthday' FROM row AS r
    JOIN contacts_contact AS n ON n.birth_day = r.birth_day AND n.birth_month = r.birth_month
        AND n.birth_year = r.birth_year AND n.name_key >= r.name_key AND n.name_key < r.name_key || '}'
    WHERE r.name_key <> '' AND 'name_birthday' = ANY(%(match_by)s)
    {weaker}
)
SELECT f.number, f.key, contact.id, contact.kind, contact.surname, contact.given_name, contact.patronymic, contact.name,
       contact.birth_year, contact.birth_month, contact.birth_day
FROM found AS f JOIN contacts_contact AS contact ON contact.id = f.contact_id
WHERE {visible} AND NOT EXISTS (
    SELECT 1 FROM exchange_importrow AS mine
    WHERE mine.batch_id = %(batch)s AND mine.contact_id = contact.id AND mine.outcome = 'created'
)
ORDER BY f.number, CASE f.key WHEN 'external_id' THEN 0 WHEN 'phone' THEN 1 WHEN 'email' THEN 2 ELSE 3 END
"""

# Rows with nothing else to go by: the whole name with the very address, or this row of this file, loaded before.
_NAME_ADDRESS = """
    UNION ALL
    SELECT DISTINCT r.number, n.id, 'name_address' FROM row AS r
    JOIN exchange_importrow AS own ON own.batch_id = %(batch)s AND own.number = r.number
    JOIN contacts_contact AS n ON n.name_key = own.draft ->> 'name_key'
    CROSS JOIN LATERAL jsonb_array_elements(own.draft -> 'addresses') AS said
    JOIN contacts_postaladdress AS a ON a.contact_id = n.id AND {fold_a} = {fold_said}
    WHERE r.name_key <> '' AND r.reach = '{}' AND r.external_id = '' AND own.draft ? 'addresses'
""".replace("{fold_a}", squeezed("a.text")).replace("{fold_said}", squeezed("said ->> 'text'"))
_SAME_FILE = """
    UNION ALL
    (SELECT DISTINCT ON (r.number) r.number, same.contact_id, 'file' FROM row AS r
    JOIN exchange_importrow AS own ON own.batch_id = %(batch)s AND own.number = r.number
    CROSS JOIN LATERAL (
        SELECT s.contact_id, s.batch_id FROM unnest(%(twins)s::bigint[]) AS twin(id)
        JOIN exchange_importrow AS s ON s.batch_id = twin.id AND s.number = r.number
        WHERE s.cells = own.cells AND s.contact_id IS NOT NULL AND s.outcome NOT IN ('', 'rejected')
    ) AS same ORDER BY r.number, same.batch_id DESC)
"""

_ROWS = """
SELECT number, COALESCE(draft ->> 'kind', 'person'), surname_key, given_keys, patronymic_key,
    birth_year, birth_month, birth_day
FROM exchange_importrow WHERE batch_id = %s AND number = ANY(%s)
"""


def find_repeats(imported: Import) -> int:
    """Say of each row which earlier row of the file is about the same person; returns how many are such repeats."""
    repeats = Repeats()
    kinds = [kind for key in imported.match_by for kind in POINT_KINDS.get(key, (key,))]
    with connection.cursor() as sql:
        # All rows came in one go, and the planner knows nothing of them yet. A small sample tells it enough.
        sql.execute("SET LOCAL default_statistics_target = 10")
        sql.execute("ANALYZE exchange_importrow (batch_id, number, leader, verdict, contact_id)")
        sql.execute("RESET default_statistics_target")
        asked = {"batch": imported.pk, "kinds": kinds}
        sql.execute(_COUNTED, asked)
        if not (marks := [mark for (mark,) in sql.fetchall()]):
            return 0
        sql.execute(_SHARED, {**asked, "marks": marks})
        for key, rows in groupby(_in_portions(sql), key=itemgetter(0)):
            repeats.add(key, [(row[1], _person(row[2:])) for row in rows])  # of one, if two keys share a hash
        leaders = repeats.leaders()
        doubts = repeats.doubts
        told = {number for number, each in doubts.items() if any(one["severity"] == REJECT for one in each)}
        numbers = sorted(leaders.keys() | doubts.keys())
        sql.execute(
            """
            UPDATE exchange_importrow AS r SET leader = f.leader, doubts = f.doubts::jsonb,
                verdict = CASE WHEN f.rejected THEN 'reject' WHEN f.leader IS NULL THEN r.verdict ELSE 'repeat' END
            FROM unnest(%s::int[], %s::int[], %s::text[], %s::bool[]) AS f(number, leader, doubts, rejected)
            WHERE r.batch_id = %s AND r.number = f.number
            """,
            [
                numbers, [leaders.get(each) for each in numbers],
                [json.dumps(doubts.get(each, [])) for each in numbers], [each in told for each in numbers],
                imported.pk,
            ],
        )  # fmt: skip
    return len(leaders)


def shared_rows(imported: Import, kinds: Sequence[str]) -> Iterator[list[int]]:
    """Groups of rows of the file that have one of these keys in common."""
    asked = {"batch": imported.pk, "kinds": list(kinds)}
    with connection.cursor() as sql:
        sql.execute(_COUNTED.replace(_KEYS, _ANY_KEYS), asked)
        if marks := [mark for (mark,) in sql.fetchall()]:
            sql.execute(_GROUPS, {**asked, "marks": marks})
            for _mark, rows in groupby(_in_portions(sql), key=itemgetter(0)):
                yield [number for _same, number in rows]


def mark_of(by: Actor) -> dict[str, str]:
    """A moment of the base as `by` sees it, for `is_current`: take it before matching."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text, clock_timestamp()::text")
        xid, at = sql.fetchone()
    return {"xid": xid, "at": at, "scope": repr(visible_sql(by))}


def is_current(imported: Import, mark: Mapping[str, str] | None, *, by: Actor) -> bool:
    """Whether what was matched after `mark` still holds: nobody but this import has written contacts since.

    Transactions are compared as the ledger's readers do it; times only matter in a base restored from a copy, where
    transactions are counted anew.
    """
    if not mark or mark["scope"] != repr(visible_sql(by)):
        return False
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT NOT EXISTS (SELECT 1 FROM core_ledger WHERE xid >= %(xid)s::xid8 AND {others})
               AND NOT EXISTS (SELECT 1 FROM core_ledger WHERE at >= %(at)s::timestamptz AND {others})
            """.replace("{others}", "kind LIKE 'contacts.%%' AND request_id <> %(request)s"),
            {"xid": mark["xid"], "at": mark["at"], "request": imported.request_id},
        )
        return sql.fetchone()[0]


def match_rows(
    imported: Import, *, by: Actor, first: int, last: int, lane: int = 0, lanes: int = 1,
    numbers: Sequence[int] | None = None, likely: bool = True,
) -> dict[int, Decision]:  # fmt: skip
    """What is decided about rows `first` to `last` (of `lanes`, those in `lane`) with a candidate in the base.

    All others are about somebody new, or about the same as their leader. `likely`: of them those who are very like
    somebody are told too, in a file that is not too long; a load asks only where somebody has said something of all.
    """
    visible, scope = visible_sql(by)
    for place in range(len(scope)):
        visible = visible.replace("%s", f"%(scope{place})s", 1)
    kinds = [kind for key in imported.match_by for kind in POINT_KINDS.get(key, ())]
    params = {f"scope{place}": value for place, value in enumerate(scope)} | {
        "batch": imported.pk, "first": first, "last": last, "kinds": kinds, "match_by": imported.match_by,
        "lane": lane, "lanes": lanes, "most": MOST_HOLDERS, "system": imported.options.get("external_system", ""),
    }  # fmt: skip
    twins = twins_of(imported) if imported.match_by else []
    weaker = (_NAME_ADDRESS if imported.match_by else "") + (_SAME_FILE if twins else "")
    params |= {"twins": twins, "numbers": numbers}
    candidates_sql = _CANDIDATES.replace("{weaker}", weaker).replace("{visible}", visible)
    with transaction.atomic(), connection.cursor() as sql:
        # A chunk is small and the base is large: only paths by index, whatever the statistics say.
        sql.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
            " SET LOCAL enable_memoize = off"  # hardly two rows ask for the same
        )
        sql.execute(candidates_sql.replace("{some}", some_sql(numbers, "number")), params)
        found: dict[int, list[Candidate]] = {}
        for number, key, contact_id, kind, surname, given, patronymic, name, *birthday in sql.fetchall():
            person = contact_person(kind, surname, given, patronymic, name, birthday)
            found.setdefault(number, []).append(Candidate(contact_id, key, person))
        sql.execute(
            "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on;"
            " SET LOCAL enable_memoize = on"
        )
        sql.execute(_ROWS, [imported.pk, list(found)])
        people = {row[0]: _person(row[1:]) for row in sql.fetchall()}
    decisions = {number: decide(people[number], candidates) for number, candidates in found.items()}
    if imported.match_by and (likely or identity.speaks_of_all(imported)) and is_looked_over(imported):
        rows = asked_rows(imported, first, last, lane=lane, lanes=lanes, numbers=numbers)
        decisions = with_likely(decisions, found, rows, by=by)
    asked = set(numbers) if numbers is not None else range(first, last + 1)
    return identity.as_said(imported, decisions, by=by, asked=asked, lane=lane, lanes=lanes)


def twins_of(imported: Import) -> list[int]:
    """Loads of the very same file whose rows are still kept."""
    same = Import.objects.filter(sha256=imported.sha256, rows_purged_at__isnull=True, totals__has_key="load")
    return list(same.exclude(pk=imported.pk).order_by("-pk").values_list("pk", flat=True)[:10])


def contact_person(kind: str, surname: str, given: str, patronymic: str, name: str, birthday: Any) -> Person:
    """A contact as it is compared; one whose name was never taken apart is compared by the whole name."""
    if kind == "organisation" or not (surname or given or patronymic):
        surname, given, patronymic = name, "", ""
    return Person(kind, plain(surname), (plain(given),) if given else (), plain(patronymic), tuple(birthday))


def _person(row: Any) -> Person:
    kind, surname, given, patronymic, *birthday = row
    return Person(kind, surname, tuple(given), patronymic, tuple(birthday))


def _in_portions(sql: Any, size: int = 5000) -> Iterator[tuple[Any, ...]]:
    while rows := sql.fetchmany(size):
        yield from rows
