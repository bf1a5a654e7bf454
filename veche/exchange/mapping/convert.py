"""A row of a file → a draft of a contact. Pure: no base, no network.

Nothing is lost: what does not fit its column goes to where it fits, else into a note that names the column.
"""

from collections.abc import Sequence
from dataclasses import replace

from veche.exchange.captions import plain_caption
from veche.exchange.reading import Cell, RowSorter, cell_text

from . import correcting
from .correcting import Corrector
from .draft import REJECT, RowDraft
from .facts import fact_target, importable, speak_with
from .guess import NAME_PARTS
from .naming import name_from_parts, organisation_alone
from .plans import ColumnPlan, Options, find_options, holds_reach, plan_columns
from .probes import is_empty_mark
from .steps import ADDRESS, Step, reach_in_name, step_for
from .targets import SKIP

__all__ = ["ColumnPlan", "Converter", "Options", "find_options", "plan_columns"]

_ORDER = {"name.full": 0, "organisation.name": 1}
_ADDRESS_WORDS = {
    "дом": "д. {}", "корпус": "к. {}", "строение": "стр. {}", "квартира": "кв. {}", "кв": "кв. {}",
    "house": "д. {}", "flat": "кв. {}", "apartment": "кв. {}",
}  # fmt: skip


class Converter:
    """Turns rows into drafts by a plan. Make one per file and process; it keeps no state between rows."""

    def __init__(
        self, plans: Sequence[ColumnPlan], options: Options | None = None, sorter: RowSorter | None = None
    ) -> None:
        self.options = options or Options()
        self.sorter = sorter or RowSorter([plan.caption for plan in plans])
        if self.options.day_first is not None:
            plans = [replace(plan, day_first=self.options.day_first) for plan in plans]
        self.corrector = Corrector(plans)
        self.parts = [plan for plan in plans if plan.target in NAME_PARTS]
        self.part_columns = {plan.target: plan.index for plan in self.parts}
        self.address_parts = [plan for plan in plans if plan.target == "address.part"]
        kind = importable(self.options.kind)
        self.organisations = kind.subject == "organisation"
        self.required = [
            (plan.index, target.key, plan.target)
            for plan in plans
            if (target := fact_target(plan.target)) and target.required
        ]
        handled = [
            plan for plan in plans if plan.target != SKIP and plan not in self.parts + self.address_parts
        ]
        handled.sort(key=lambda plan: _ORDER.get(plan.target, 5))
        self.steps: list[tuple[int, Step, bool]] = [
            (
                plan.index,
                step_for(plan, self.options),
                plan.field_type in ("yes_no", "choice", "number", "money"),
            )
            for plan in handled
        ]

    def convert(self, row: int, cells: Sequence[Cell]) -> RowDraft:
        """The draft of one row; a row that is no person carries a problem of severity `reject`."""
        draft = RowDraft(row)
        said, accepted = "", frozenset()
        if self.corrector:
            cells, said, accepted = self.corrector.corrected(row, cells)
        kind = "data" if said == correcting.ACCEPT else self.sorter.kind(cells)
        if said == correcting.REJECT:
            draft.problem("left_out", severity=REJECT)
        elif kind != "data":
            draft.problem("total_row" if kind == "total" else "repeated_header", severity=REJECT)
        else:
            self._fill(draft, cells)
        if accepted:
            draft.problems = [
                each
                for each in draft.problems
                if each["column"] not in accepted or each["severity"] == REJECT
            ]
        return draft

    def _fill(self, draft: RowDraft, cells: Sequence[Cell]) -> None:
        if self.parts:
            self._name_parts(draft, cells)
        for index, step, keeps_marks in self.steps:
            cell = cells[index]
            if cell is None or (not keeps_marks and type(cell) is str and is_empty_mark(cell)):
                continue
            step(draft, cell)
        if self.address_parts:
            self._address_parts(draft, cells)
        if draft.organisation and not draft.name:
            organisation_alone(draft)
        elif self.organisations:
            speak_with(draft)
        if not (draft.name or draft.points or draft.addresses):
            draft.problem("nothing_identifies", severity=REJECT)
        for index, key, target in self.required:
            if key not in draft.facts:
                draft.problem("fact_missing", index, severity=REJECT, target=target)

    def _name_parts(self, draft: RowDraft, cells: Sequence[Cell]) -> None:
        parts = {}
        for plan in self.parts:
            text = cell_text(cells[plan.index])
            if not text or is_empty_mark(text):
                continue
            if holds_reach(text):
                text = reach_in_name(draft, text, plan, self.options)
            parts[plan.target] = text
        if any(parts.values()):
            name_from_parts(draft, parts, self.part_columns)

    def _address_parts(self, draft: RowDraft, cells: Sequence[Cell]) -> None:
        texts = []
        for plan in self.address_parts:
            text = cell_text(cells[plan.index])
            if text and not is_empty_mark(text):
                texts.append(
                    _ADDRESS_WORDS.get(plain_caption(plan.caption), "{}").format(text)
                    if len(text) < 8
                    else text
                )
        if texts:
            draft.addresses.append({"text": ", ".join(texts)[:ADDRESS], "purpose": ""})
