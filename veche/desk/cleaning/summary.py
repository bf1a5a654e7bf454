"""The sheet of figures: what was found, what each column was taken for, what was changed and what not understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from veche.desk.cleaning.doubles import Doubles
from veche.desk.cleaning.reading import Tally
from veche.desk.cleaning.row import ORGANISATION, PERSON
from veche.desk.cleaning.sheets import outcome_counts
from veche.exchange.mapping import KINDS, TARGETS, ColumnPlan, problem_sentence
from veche.exchange.reading import Source, cell_text
from veche.exchange.writing import NUMBER, Column, Sheet

Line = tuple[str, str, Any]


def summary_sheet(source: Source, plans: Sequence[ColumnPlan], tally: Tally, doubles: Doubles) -> Sheet:
    columns = [Column(_("What about"), width=30), Column(_("What"), width=70), Column(_("How many"), NUMBER)]
    lines = [
        *_figures(tally, doubles),
        *_not_understood(tally),
        *_changed(source, tally),
        *_taken_for(plans),
        *_left_out(source),
    ]
    return Sheet(_("Summary"), columns, lines)


def _figures(tally: Tally, doubles: Doubles) -> Iterator[Line]:
    about = _("Rows and people")
    people, organisations, nobody = outcome_counts(tally)
    yield about, _("rows of the table"), tally.rows
    yield about, _("rows about people"), people
    yield about, _("rows about organisations"), organisations
    yield about, _("rows about nobody, kept as they are and marked"), nobody
    yield about, _("different people"), doubles.people
    yield about, _("rows that repeat a person of another row"), doubles.spare
    yield about, _("pairs of rows that are perhaps one person: please look"), doubles.doubtful
    yield about, _("households of two people and more"), doubles.households
    yield about, _("columns that begin with ✓ were added, all others are as they were"), None


def _not_understood(tally: Tally) -> Iterator[Line]:
    for code, count in tally.outcomes.most_common():
        if code not in (PERSON, ORGANISATION):
            yield _("Rows about nobody"), problem_sentence(code, {}), count
    for kind, count in tally.remarks.most_common():
        if kind != "row":
            label = KINDS[kind] if kind in KINDS else _("Addresses")
            yield _("Rows with remarks, to be looked at"), str(label), count


def _changed(source: Source, tally: Tally) -> Iterator[Line]:
    titles = {column.index: column.title for column in source.columns}
    counts: dict[str, int] = {}
    for (column, _kind), count in tally.changes.items():
        title = titles.get(column, "—") if column is not None else "—"
        counts[title] = counts.get(title, 0) + count
    for title, count in sorted(counts.items(), key=lambda each: -each[1]):
        yield _("Values written otherwise, by column"), title, count


def _taken_for(plans: Sequence[ColumnPlan]) -> Iterator[Line]:
    for plan in plans:
        target = TARGETS.get(plan.target)
        label = target.label if target and target.key not in ("skip", "field:new") else _("kept as it is")
        yield _("What the columns were taken for"), f"{plan.title} → {label}", None


def _left_out(source: Source) -> Iterator[Line]:
    for row in source.banner:
        told = " ".join(cell_text(cell) for cell in row.cells if cell is not None)
        yield _("Lines above the table"), told, row.number
    for sheet in source.sheets:
        if sheet.name != source.sheet.name and sheet.rows:
            yield _("Sheets that were not cleaned, see --sheet"), sheet.name, sheet.rows
