"""Rows of an import: page by page, those with problems, those that were rejected. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from veche.exchange.models import Import, ImportRow
from veche.exchange.queries.sentences import kind_of, sentence_of


@dataclass(frozen=True)
class Row:
    """A row as the pages show it; `contact_id` is None for somebody not yet created, or whom the viewer may not see."""

    number: int
    cells: list[Any]
    draft: dict[str, Any]
    verdict: str
    outcome: str
    contact_id: int | None
    leader: int | None
    matched_by: str
    changes: list[str]
    problems: list[dict[str, Any]]

    @property
    def name(self) -> str:
        return self.draft.get("name", "")

    @property
    def reasons(self) -> list[str]:
        """Whole sentences in the language active now."""
        return [sentence_of(problem) for problem in self.problems]


def rows_of(
    imported: Import,
    *,
    verdict: str = "",
    outcome: str = "",
    with_problems: bool = False,
    problem: str = "",
    after: int = 0,
    limit: int = 50,
) -> list[Row]:
    """Rows in their order, after row `after`: by verdict, by outcome, or with problems (`problem`: this one)."""
    rows = imported.rows.filter(number__gt=after).order_by("number")
    if verdict:
        rows = rows.filter(verdict=verdict)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if with_problems:
        rows = rows.exclude(problems=[], doubts=[])
    if problem:
        named = [{"code": problem}]
        rows = rows.filter(Q(problems__contains=named) | Q(doubts__contains=named))
    return [_row(each) for each in rows[:limit]]


def _row(each: ImportRow) -> Row:
    return Row(
        each.number, each.cells, each.draft, each.verdict, each.outcome, each.contact_id, each.leader, each.matched_by,
        each.changes, [*each.problems, *each.doubts],
    )  # fmt: skip


def problem_counts(imported: Import, examples: int = 2) -> list[dict[str, Any]]:
    """How many rows have each problem, the commonest first.

    Each is {code, kind, severity, rows, first_row, sentence, examples}.
    `examples` are the first rows that have it: [{row, name, value, sentence}].
    """
    found: dict[str, dict[str, Any]] = {}
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT code, problem, rows, number, name
            FROM (
                SELECT number, problem, code, name, count(*) OVER (PARTITION BY code) AS rows,
                       row_number() OVER (PARTITION BY code ORDER BY number) AS place
                FROM (
                    SELECT DISTINCT ON (number, problem ->> 'code')
                           number, problem, problem ->> 'code' AS code, draft ->> 'name' AS name
                    FROM exchange_importrow, jsonb_array_elements(problems || doubts) AS problem WHERE batch_id = %s
                ) AS each
            ) AS counted WHERE place <= %s ORDER BY code, number
            """,
            [imported.pk, examples],
        )
        for code, stored, rows, number, name in sql.fetchall():
            problem = _loaded(stored)
            sentence = sentence_of(problem)
            each = found.setdefault(
                code,
                {"code": code, "kind": kind_of(problem), "severity": problem["severity"], "rows": rows,
                 "first_row": number, "sentence": sentence, "examples": []},
            )  # fmt: skip
            example = {"row": number, "name": name, "value": problem.get("value", ""), "sentence": sentence}
            each["examples"].append(example)
    return sorted(found.values(), key=lambda each: -each["rows"])


def _loaded(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


def rejected_rows(imported: Import, portion: int = 2000) -> Iterator[tuple[int, list[Any], str]]:
    """(number, cells, reason) of each row that was rejected, or will be; the reason in the language active now."""
    after = 0
    stay_out = Q(outcome="rejected") | Q(outcome="", verdict="reject")
    while rows := imported.rows.filter(stay_out, number__gt=after).order_by("number")[:portion]:
        for each in rows:
            problems = [
                problem for problem in [*each.problems, *each.doubts] if problem["severity"] == "reject"
            ]
            yield each.number, each.cells, " ".join(map(sentence_of, problems))
            after = each.number
