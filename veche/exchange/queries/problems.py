"""What can be corrected before a load, as pages show it: problems, by the value that has them. Reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from veche.core.actor import Actor
from veche.exchange.mapping import KINDS
from veche.exchange.models import Correction, Import, ImportRow
from veche.exchange.queries import identity, kind_of, sentence_of
from veche.exchange.queries.plans import caption_of
from veche.exchange.queries.sentences import ALIKE
from veche.exchange.reading import stored_text

SHOWN, PAGE = 4, 50  # values of a problem on the page of the check, and on its own page
WHOLE_ROW = Correction.WHOLE_ROW
TOTALS = ("total_row", "repeated_header")
_KEPT = ("code", "severity", "column", "rows", "first", "at", "values", "all_rows")

# Doubts about a row stand alone; cells of a column are told by their value.
_GROUPS = """
WITH grouped AS (
    SELECT code, severity, "column" AS place, value, count(*) AS rows, min(number) AS first
    FROM exchange_issue WHERE batch_id = %(batch)s AND (%(code)s = '' OR code = %(code)s)
    GROUP BY 1, 2, 3, 4, CASE WHEN "column" < 0 THEN number END
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY code ORDER BY rows DESC, first, place) AS at,
           count(*) OVER (PARTITION BY code) AS groups, (sum(rows) OVER (PARTITION BY code))::bigint AS all_rows
    FROM grouped
)
SELECT code, severity, place, value, rows, first, at, groups, all_rows FROM placed
WHERE at > %(after)s AND at <= %(after)s + %(most)s ORDER BY all_rows DESC, code, at
"""
_VALUES = """
SELECT code, "column", number, severity, value FROM exchange_issue
WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)
"""


@dataclass(frozen=True)
class Group:
    """Rows with one problem because of one value; `number` and `name` are of the first. `said`: a correction made."""

    code: str
    severity: str
    column: int
    key: str
    text: str
    caption: str
    rows: int
    number: int
    name: str
    sentence: str
    suggestion: str
    candidates: tuple[int, ...] = ()
    alone: bool = False  # a row of several with this value, to be corrected by itself
    said: Correction | None = None
    people: tuple[identity.Known, ...] = ()  # whom the row may be about
    alike: int = 1  # rows in doubt between the same people
    became: str = ""  # what was said, in words
    why: Mapping[int, str] = field(default_factory=dict)  # by what the row is like each of the candidates

    @property
    def may_replace(self) -> bool:
        return self.column != WHOLE_ROW

    @property
    def may_accept(self) -> bool:
        """A remark may be taken as it is; of rows that stay out, only those that look like no person. Who is like
        somebody is said to be new instead."""
        return self.code in TOTALS if self.severity == "reject" else self.code != identity.LOOKS_LIKE

    @property
    def may_reject(self) -> bool:
        return self.severity != "reject"

    @property
    def is_correctable(self) -> bool:
        return bool(self.may_replace or self.may_accept or self.may_reject or self.people)


@dataclass(frozen=True)
class Problem:
    """A problem with the commonest values that have it: `groups` of `values` in all."""

    code: str
    kind: str
    severity: str
    rows: int
    values: int
    groups: list[Group]

    @property
    def more(self) -> int:
        return self.values - len(self.groups)


def summed_up(imported: Import) -> list[dict[str, Any]]:
    """What `problems_of` asks of hundreds of thousands of issues, for the check to keep: nothing that cells say."""
    lines = _counted(imported, code="", after=0, most=SHOWN)
    return [dict(zip(_KEPT, (*line[:3], *line[4:]), strict=True)) for line in lines]


def problems_of(imported: Import, *, code: str = "", after: int = 0, most: int = SHOWN) -> list[Problem]:
    """The problems of an import, the commonest first, each with `most` of its values after the first `after`."""
    lines = _kept(imported) if (code, after, most) == ("", 0, SHOWN) else None
    if lines is None:
        lines = _counted(imported, code=code, after=after, most=most)
    firsts = _rows(imported, {line[5] for line in lines})
    found: dict[str, Problem] = {}
    for line_code, severity, place, value, rows, first, _at, values, all_rows in lines:
        if first not in firsts:
            continue
        problem = found.setdefault(
            line_code, Problem(line_code, kind_of({"code": line_code}), severity, int(all_rows), values, [])
        )
        problem.groups.append(_group(imported, firsts[first], line_code, severity, place, value, rows))
    return list(found.values())


def _counted(imported: Import, *, code: str, after: int, most: int) -> list[Any]:
    with connection.cursor() as sql:
        sql.execute(_GROUPS, {"batch": imported.pk, "code": code, "after": after, "most": most})
        return sql.fetchall()


def _kept(imported: Import) -> list[Any] | None:
    """The lines of `_counted` as the check left them; None when a row of theirs has been emptied since."""
    kept = imported.totals.get("check", {}).get("problems")
    if kept is None:
        return None
    with connection.cursor() as sql:
        sql.execute(_VALUES, {"batch": imported.pk, "numbers": [line["first"] for line in kept]})
        values = {row[:4]: row[4] for row in sql.fetchall()}
    lines = []
    for line in kept:
        key = (line["code"], line["column"], line["first"], line["severity"])
        if key not in values:
            return None
        lines.append((*(line[name] for name in _KEPT[:3]), values[key], *(line[name] for name in _KEPT[3:])))
    return lines


def rows_with(imported: Import, *, code: str, column: int, value: str, after: int = 0) -> Problem | None:
    """The rows with one problem because of one value, each to be corrected by itself."""
    same = imported.issues.filter(code=code, column=column, value=value)
    issues = list(same.filter(number__gt=after).order_by("number")[:PAGE])
    if not issues:
        return None
    firsts, count = _rows(imported, {each.number for each in issues}), same.count()
    groups = [
        replace(_group(imported, firsts[each.number], code, each.severity, column, value, 1), alone=True)
        for each in issues
    ]
    return Problem(code, kind_of({"code": code}), issues[0].severity, count, count, groups)


def asked_problem(
    imported: Import, actor: Actor, *, code: str, column: int | None, value: str, after: int
) -> dict[str, Any]:
    """Context of the page of one problem: its values by their place, or the rows of one value by their number."""
    if not code:
        return {"problem": None}
    if column is not None and value:
        shown = rows_with(imported, code=code, column=column, value=value, after=after)
        more = bool(shown) and len(shown.groups) == PAGE
        return {"problem": shown, "next_after": shown.groups[-1].number if shown and more else None}
    found = with_people(imported, problems_of(imported, code=code, after=after, most=PAGE), actor)
    end = after + len(found[0].groups) if found else 0
    return {
        "problem": found[0] if found else None,
        "next_after": end if found and end < found[0].values else None,
    }


def headings(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems under their headings: {kind, title, rows, problems}, the commonest first."""
    found: dict[str, dict[str, Any]] = {}
    for problem in problems:
        title = KINDS.get(problem.kind) or ALIKE[problem.kind]
        heading = found.setdefault(
            problem.kind, {"kind": problem.kind, "title": title, "rows": 0, "problems": []}
        )
        heading["rows"] += problem.rows
        heading["problems"].append(problem)
    return sorted(found.values(), key=lambda heading: -heading["rows"])


def group_of(imported: Import, code: str, number: int, column: int) -> Group | None:
    """The line of one row, to be shown again after it was corrected."""
    row = _rows(imported, {number}).get(number)
    if row is None:
        return None
    issue = imported.issues.filter(number=number, code=code, column=column).first()
    if issue is None:
        return None
    same = imported.issues.filter(code=code, column=column, value=issue.value)
    rows = 1 if column == WHOLE_ROW else same.count()
    return _group(imported, row, code, issue.severity, column, issue.value, rows)


def with_people(imported: Import, found: Iterable[Problem], actor: Actor) -> list[Problem]:
    """The problems with the people whom rows may be about, where somebody can say which."""
    listed = list(found)
    groups = [group for problem in listed for group in problem.groups if group.candidates]
    if not groups:
        return listed
    known = identity.known_people(actor, {one for group in groups for one in group.candidates})
    counted: dict[tuple[int, ...], int] = {}
    for problem in listed:
        for place, group in enumerate(problem.groups):
            if not group.candidates:
                continue
            if group.code == "fits_several" and group.candidates not in counted:
                counting = problem.rows <= identity.MOST_COUNTED
                rows = len(identity.rows_that_fit(imported, group.candidates)) if counting else 1
                counted[group.candidates] = rows
            people = tuple(
                replace(known[one], why=group.why.get(one, "")) for one in group.candidates if one in known
            )
            alike = counted.get(group.candidates, 1)
            problem.groups[place] = replace(group, people=people, alike=alike)
    return listed


def _rows(imported: Import, numbers: Collection[int]) -> dict[int, ImportRow]:
    found = imported.rows.filter(number__in=list(numbers)).only(
        "batch_id", "number", "cells", "draft", "problems", "doubts"
    )
    return {row.number: row for row in found}


def _group(
    imported: Import, row: ImportRow, code: str, severity: str, place: int, value: str, rows: int
) -> Group:
    problem = _problem_in(row, code, place)
    params = problem.get("params", {})
    cell = row.cells[place] if 0 <= place < len(row.cells) else None
    if place == WHOLE_ROW:
        text = ", ".join(text for text in map(stored_text, row.cells) if text)[:300]
    else:
        text = stored_text(cell)
    return Group(
        code, severity, place, value, text, caption_of(imported, place), rows, row.number,
        row.draft.get("name", ""), sentence_of(problem), str(params.get("suggestion", "")),
        identity.candidates_in(row.doubts) if code in identity.OPEN_TO_CHOICE else (),
        why=identity.reasons_of(row.doubts),
    )  # fmt: skip


def _problem_in(row: ImportRow, code: str, place: int) -> Mapping[str, Any]:
    for problem in [*row.problems, *row.doubts]:
        column = problem.get("column")
        if problem["code"] == code and (place == WHOLE_ROW or column == place):
            return problem
    return {"code": code, "params": {}, "value": ""}
