"""Comparing some rows of a checked file with the base once more, as a check of the whole file would.

What a row changes depends on the rows about the same person above it in its chunk, so those come too. The sums of the
check follow: what these rows added to them is taken out before, and what they add now is put in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from django.db import connection

from veche.contacts.actions.bulk import plan_contacts
from veche.core.actor import Actor
from veche.exchange.actions import checking, facts
from veche.exchange.actions.issues import note_issues
from veche.exchange.actions.matching import match_rows
from veche.exchange.actions.rows import (
    as_staged,
    chunk_size,
    drafts,
    mark_planned,
    mark_rest,
    next_chunk,
    note_decisions,
    reject_followers,
)
from veche.exchange.actions.words import look_up
from veche.exchange.models import Import, ImportRow

PORTION = 5000  # rows that are matched at a time
VERDICTS = {
    "create": "created",
    "update": "updated",
    "unchanged": "unchanged",
    "repeat": "repeated",
    "reject": "rejected",
}

_TOLD_BY = """
SELECT 'head', COALESCE(leader, number)::text FROM exchange_importrow
WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)
UNION
SELECT 'contact', contact_id::text FROM exchange_importrow
WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s) AND contact_id IS NOT NULL
UNION
SELECT 'external', external_id FROM exchange_importrow
WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s) AND external_id <> ''
"""
_ABOUT = """
SELECT number FROM exchange_importrow WHERE batch_id = %(batch)s AND (
    number = ANY(%(head)s::int[]) OR leader = ANY(%(head)s::int[])
    OR contact_id = ANY(%(contact)s::bigint[]) OR external_id <> '' AND external_id = ANY(%(external)s)
)
"""
# As `rows.drafts` and `rows.count_planned` have it: the row that stands for somebody of the base in its chunk.
_FIRSTS = """
SELECT DISTINCT ON (s.chunk, w.contact_id) r.changes, r.overwritten
FROM unnest(%(numbers)s::int[], %(chunks)s::int[]) AS s(number, chunk)
JOIN exchange_importrow AS r ON r.batch_id = %(batch)s AND r.number = s.number
LEFT JOIN exchange_importrow AS led ON led.batch_id = r.batch_id AND led.number = r.leader
CROSS JOIN LATERAL (SELECT CASE WHEN r.leader IS NULL THEN r.contact_id ELSE led.contact_id END) AS w(contact_id)
WHERE w.contact_id IS NOT NULL AND r.verdict <> 'reject' AND COALESCE(led.verdict, '') <> 'reject'
  AND %(policy)s <> 'skip'
ORDER BY s.chunk, w.contact_id, r.number
"""
_SUMS = f"""
WITH firsts AS MATERIALIZED ({_FIRSTS})
SELECT 'matched', 'matched', count(*) FROM firsts
UNION ALL
SELECT 'changed', field, count(*) FROM firsts, unnest(changes) AS field GROUP BY field
UNION ALL
SELECT 'overwritten', field, count(*) FROM firsts, unnest(overwritten) AS field GROUP BY field
UNION ALL
SELECT 'numbers', verdict, count(*) FROM exchange_importrow WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)
GROUP BY verdict
"""


def rows_about_the_same(imported: Import, numbers: Collection[int]) -> set[int]:
    """These rows, and all that stand for the same people or bring the same number of a register."""
    found: set[int] = set()
    known: set[tuple[str, str]] = set()
    edge = set(numbers)
    with connection.cursor() as sql:
        while edge:
            found |= edge
            sql.execute(_TOLD_BY, {"batch": imported.pk, "numbers": list(edge)})
            fresh = set(sql.fetchall()) - known
            known |= fresh
            asked = {
                way: [value for kind, value in fresh if kind == way]
                for way in ("head", "contact", "external")
            }
            if not fresh:
                break
            sql.execute(_ABOUT, {"batch": imported.pk, **asked})
            edge = {row[0] for row in sql.fetchall()} - found
    return found


class Recomparison:
    """Call `leave_facts` before drafts become others, `leave` before leaders do, and then `compare`."""

    def __init__(self, imported: Import, by: Actor) -> None:
        self.imported, self.by = imported, by
        check = imported.totals["check"]
        self.sums: dict[str, Counter[str]] = {
            "numbers": Counter({verdict: check["numbers"][told] for verdict, told in VERDICTS.items()}),
            "changed": Counter({each["field"]: each["changed"] for each in check["changes"]}),
            "overwritten": Counter({each["field"]: each["overwritten"] for each in check["changes"]}),
            "matched": Counter(matched=check["matched"]),
            "facts": Counter(check["facts"] or {}),
        }
        self.rows: list[int] = []
        self.without_facts: set[int] = set()
        self.stayed_out: set[int] = set()

    def leave_facts(self, numbers: Sequence[int]) -> None:
        """Take out of the sums the facts of these rows, which are about to be read anew."""
        self.sums["facts"].subtract(facts.expected(self.imported, by=self.by, numbers=numbers))
        self.without_facts.update(numbers)

    def leave(self, numbers: Collection[int]) -> None:
        """Take these rows, which `compare` will take up, out of the sums."""
        fresh = sorted(set(numbers).difference(self.rows))
        self.leave_facts([number for number in fresh if number not in self.without_facts])
        for name, counted in self._sums_of(fresh).items():
            self.sums[name].subtract(counted)
        self.rows = sorted([*self.rows, *fresh])
        self.stayed_out |= self._rejected(fresh)

    def compare(self, *, same_words: bool) -> None:
        """Match and compare the rows, and store what the check says now.

        `same_words`: they need no other entries of lists than before, unless others of them are left out now.
        """
        self._match(self.rows)
        others = sorted(rows_about_the_same(self.imported, self.rows).difference(self.rows))
        if others:  # about people whom these rows were not about before
            self.leave(others)
            self._match(others)
        same_words = same_words and self.stayed_out == self._rejected(self.rows)
        words = look_up(self.imported, by=self.by, same=same_words)
        for chunk in self._chunks(self.rows):
            given = {"first": chunk[0], "last": chunk[-1], "numbers": chunk}
            plan = plan_contacts(**drafts(self.imported, words, by=self.by, **given))
            mark_planned(self.imported, plan, done=False, **given)
            mark_rest(self.imported, done=False, **given)
            note_issues(self.imported, **given)
        for name, counted in self._sums_of(self.rows).items():
            self.sums[name].update(counted)
        self.sums["facts"].update(facts.expected(self.imported, by=self.by, numbers=self.rows))
        sums = {name: dict(+counted) for name, counted in self.sums.items()}
        checking.finish_check(
            by=self.by, imported=self.imported, words=words,
            sums={**sums, "matched": sums["matched"].get("matched", 0)},
            mark=self.imported.totals["check"].get("mark"),
        )  # fmt: skip

    def _rejected(self, rows: Sequence[int]) -> set[int]:
        found = self.imported.rows.filter(number__in=rows, verdict=ImportRow.Verdict.REJECT)
        return set(found.values_list("number", flat=True))

    def _match(self, rows: Sequence[int]) -> None:
        for start in range(0, len(rows), PORTION):
            numbers = rows[start : start + PORTION]
            given = {"first": numbers[0], "last": numbers[-1], "numbers": numbers}
            as_staged(self.imported, **given)
            note_decisions(self.imported, match_rows(self.imported, by=self.by, **given), **given)
            reject_followers(self.imported, **given)

    def _chunks(self, rows: Sequence[int]) -> Iterator[list[int]]:
        """The rows by the chunks of a check of the whole file: repeats are told within them."""
        size = chunk_size(self.imported.totals["check"]["rows"], checking.CHUNK)
        after = 0
        while rows and after < rows[-1] and (chunk := next_chunk(self.imported, after, size)):
            after = chunk[1]
            if inside := list(rows[bisect_left(rows, chunk[0]) : bisect_right(rows, after)]):
                yield inside

    def _sums_of(self, rows: Sequence[int]) -> dict[str, Counter[str]]:
        chunks = {number: place for place, chunk in enumerate(self._chunks(rows)) for number in chunk}
        asked = {"numbers": list(chunks), "chunks": list(chunks.values()), "policy": self.imported.policy}
        counted: dict[str, Counter[str]] = {}
        with connection.cursor() as sql:
            sql.execute(_SUMS, {"batch": self.imported.pk, **asked})
            for name, what, count in sql.fetchall():
                counted.setdefault(name, Counter())[what] = count
        return counted
