"""What a comparison of a returned spreadsheet finds, row by row and cell by cell; stored in portions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from veche.core.actor import Actor
from veche.core.sets import add_rows
from veche.exchange.bridge import problems
from veche.exchange.bridge.columns import BridgeColumn
from veche.exchange.bridge.heading import Heading
from veche.exchange.bridge.judging import CHANGE, CONFLICT, judge
from veche.exchange.bridge.resolving import BLANK_NAME, Resolver
from veche.exchange.bridge.texts import Said
from veche.exchange.bridge.values import MASK, Shown, read
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.reading import Cell

Kind, Decision = BridgeCell.Kind, BridgeCell.Decision


@dataclass
class Comparison:
    """One comparison on its way: what is the same for all of its rows, and what it has found."""

    by: Actor
    returned: BridgeReturn
    columns: list[BridgeColumn]
    heading: Heading
    resolver: Resolver
    years: tuple[int, int]
    sheets: dict[int, BridgeSheet]
    counts: Counter[str] = field(default_factory=Counter)
    by_code: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    cells: list[BridgeCell] = field(default_factory=list)
    rows: list[BridgeRow] = field(default_factory=list)

    def said_in_file(self, cells: list[Cell]) -> dict[str, Shown]:
        return {
            column.code: read(column, cells[place])
            for column in self.columns
            if (place := self.heading.place.get(column.code)) is not None
        }

    def refuse(self, number: int, problem: str) -> None:
        self.counts["refused_rows"] += 1
        self.rows.append(
            BridgeRow(
                batch=self.returned,
                row=number,
                kind=BridgeRow.Kind.REFUSED,
                problem=problem,
            )
        )

    def add(self, number: int, said: dict[str, Shown], kind: str, decision: str, problem: str = "") -> None:
        self.counts[kind] += 1
        self.rows.append(
            BridgeRow(
                batch=self.returned,
                row=number,
                kind=kind,
                cells=[[code, shown] for code, shown in said.items() if shown],
                decision=decision,
                problem=problem,
            )
        )

    def store(self) -> None:
        add_rows(BridgeCell, self.cells)
        BridgeRow.objects.bulk_create(self.rows)
        self.cells, self.rows = [], []


def compare_row(
    work: Comparison, number: int, said: Said, was: dict[str, Shown] | None, yours: dict[str, Shown]
) -> None:
    """Enter every cell of this row that differs; `was` is what it said when it went down, None when nobody knows."""
    found = []
    for column in work.columns:
        if column.code not in yours or MASK in str(yours[column.code]):
            continue
        cell = _compare_cell(work, column, said, was, yours[column.code])
        if cell is not None:
            cell.batch, cell.row, cell.contact_id = work.returned, number, said.id
            found.append(cell)
    _keep_a_name(said, found)
    if found:
        work.counts["people"] += 1
    for cell in found:
        work.counts[cell.kind] += 1
        work.by_code[cell.code][cell.kind] += 1
        if cell.kind == Kind.CHANGE:
            cell.decision = Decision.ACCEPT
    work.cells += found


def _compare_cell(
    work: Comparison, column: BridgeColumn, said: Said, was: dict[str, Shown] | None, yours: Shown
) -> BridgeCell | None:
    now = said.cells[column.code]
    before = work.resolver.in_this_language(column, was.get(column.code, now) if was is not None else None)
    yours = work.resolver.in_this_language(column, yours)
    verdict = judge(column, before, yours, now, years=work.years)
    if verdict is None:
        return None
    kind, problem = {CHANGE: Kind.CHANGE, CONFLICT: Kind.CONFLICT}[verdict], ""
    if refusal := problems.refusal_of(work.resolver, column, before, yours, said):
        kind, problem = Kind.REFUSED, problems.words_of(refusal)
    return BridgeCell(code=column.code, kind=kind, was=before, yours=yours, now=now, problem=problem)


def _keep_a_name(said: Said, found: list[BridgeCell]) -> None:
    """Nobody loses all parts of the name by a cleared column."""
    parts = {code: said.cells.get(code, "?") for code in BLANK_NAME}
    mine = [cell for cell in found if cell.code in BLANK_NAME]
    if mine and not any({**parts, **{cell.code: cell.yours for cell in mine}}.values()):
        for cell in mine:
            cell.kind, cell.problem = Kind.REFUSED, problems.NAMELESS


def totals_of(work: Comparison, rows: int) -> dict[str, Any]:
    """The numbers of a comparison to its end, as the page and the events tell them."""
    return {
        "compared": True,
        "rows": rows,
        **{
            name: work.counts[name] for name in ("people", "change", "conflict", "refused", "added", "copied")
        },
        **{name: work.counts[name] for name in ("gone", "refused_rows", "same_copies")},
        "columns": [
            {"code": column.code, **work.by_code[column.code]}
            for column in work.columns
            if column.code in work.by_code
        ],
    }
