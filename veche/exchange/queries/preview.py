"""A look at a file before anything is decided: its first rows as they stand, and the steps of the wizard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.contacts.models import OwnField
from veche.contacts.queries.address_parts import ShownReading, reading_of
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.relations import own_kinds_of_people
from veche.contacts.registry import ImportableKind
from veche.exchange.mapping import (
    FIELD_TYPES,
    GROUPS,
    TARGETS,
    WHY,
    Target,
    fact_target,
    names_somebody,
    target_key,
)
from veche.exchange.mapping.relative_kinds import ORGANISATION_PREFIX, RELATIVE_PREFIX
from veche.exchange.models import Import
from veche.exchange.queries import file_path
from veche.exchange.reading import cell_text, open_source

ROWS_SHOWN = 12
CELL_SHOWN = 60  # characters
READ_SHOWN = 3  # addresses of a column, read into their parts
DATES_FROM = 0.3  # share of dates from which a column is asked for the order of day and month

STEPS = (
    ("exchange:import_new", _("File")),
    ("exchange:table", _("Sheet")),
    ("exchange:columns", _("Columns")),
    ("exchange:check", _("Check")),
    ("exchange:load", _("Load")),
)
State = Import.State


def first_rows(imported: Import, count: int = ROWS_SHOWN) -> list[tuple[int, list[str]]]:
    """(number in the file, cells as text) of the first `count` rows, from the very top of the chosen sheet."""
    read_as = imported.source
    if "top" in read_as:
        return [(number, cells) for number, cells in read_as["top"]]
    source = open_source(
        file_path(imported),
        sheet=read_as.get("sheet"),
        encoding=read_as.get("encoding") or None,
        delimiter=read_as.get("delimiter") or None,
        header_row=0,
        repair=read_as.get("repair") or "",
        known=read_as.get("sheets"),
    )
    try:
        return [(number, [_short(cell) for cell in cells]) for number, cells in islice(source.rows(), count)]
    finally:
        source.close()


def _short(cell: Any) -> str:
    text = "" if cell is None else cell_text(cell)
    return text if len(text) <= CELL_SHOWN else text[: CELL_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Step:
    number: int
    title: Any
    state: str  # "done", "on" or ""
    url: str  # where a step already done may be looked at again, or ""


def steps(imported: Import | None, current: str) -> list[Step]:
    """The five steps with the one called `current` on; those before it are done, and can be gone back to."""
    place = [name for name, _title in STEPS].index(current)
    begun = imported is not None and is_begun(imported)
    shown = []
    for number, (name, title) in enumerate(STEPS):
        back = number < place and number > 0 and imported is not None and not begun
        state = "on" if number == place else "done" if number < place else ""
        shown.append(
            Step(number + 1, title, state, reverse(name, args=[imported.pk]) if back and imported else "")
        )
    return shown


def is_begun(imported: Import) -> bool:
    """True when what was chosen on the second and third page can be changed no more, or not now."""
    busy = imported.is_busy and imported.state != State.LOOKING
    return busy or imported.loaded_at is not None or "load" in imported.totals


def is_unknown(imported: Import) -> bool:
    """True while no look at the file has found its table."""
    return not imported.columns


def step_of(imported: Import) -> str:
    """The step at which an import stands: the URL name of its page."""
    if imported.loaded_at or "load" in imported.totals:
        return "exchange:load"
    if imported.state in (State.LOADING, State.LOADED, State.UNDOING, State.UNDONE, State.REDOING):
        return "exchange:load"
    if imported.state == State.LOOKING or is_unknown(imported):
        return "exchange:table"
    if imported.state in (State.FAILED, State.CANCELLED):
        return "exchange:load" if "check" in imported.totals else "exchange:check"
    if imported.state in (State.CHECKING, State.CHECKED):
        return "exchange:check"
    return "exchange:columns" if imported.state == State.MAPPED else "exchange:table"


@dataclass(frozen=True)
class Choice:
    value: str
    label: Any


def target_choices(
    own_fields: Sequence[tuple[str, str]], kind: ImportableKind
) -> list[tuple[Any, list[Choice]]]:
    """What a column may become, by group: the kind's values, the known targets, the team's own fields (key, label)."""
    groups: dict[str, list[Choice]] = {key: [] for key in GROUPS}
    for target in [*TARGETS.values(), *own_kinds()]:
        groups[target.group].append(Choice(target.key, target.label))
    own = [Choice(f"field:{key}", label) for key, label in own_fields]
    facts = [Choice(target_key(kind, target), target.label) for target in kind.targets]
    listed = [(kind.label, facts)] if facts else []
    listed += [(GROUPS[key], choices) for key, choices in groups.items() if choices]
    return [*listed[:-1], (_("Your own fields"), own), listed[-1]] if own else listed


def columns_shown(
    imported: Import, sent: Mapping[str, str] | None = None, problems: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Each column with its profile, what it becomes (as just sent, else as stored), and what is wrong with that."""
    plans, sent, problems = {plan["index"]: plan for plan in imported.mapping}, sent or {}, problems or {}
    shown = []
    for column in imported.columns:
        index = column["index"]
        plan = plans.get(index, {})
        dates = column.get("shares", {}).get("date", 0) > DATES_FROM
        shown.append(
            {
                **column,
                "target": sent.get(f"target-{index}", plan.get("target", "skip")),
                "label": sent.get(f"label-{index}", plan.get("label", "")),
                "type": sent.get(f"type-{index}", plan.get("field_type") or "text"),
                "day_first": plan.get("day_first", True),
                "has_dates": dates,
                "why": "" if imported.remembered_id else WHY.get(column.get("guess", {}).get("why", ""), ""),
                "problem": problems.get(f"column-{index}", ""),
            }
        )
        shown[-1]["read"] = _addresses_read(shown[-1])
    return shown


def _addresses_read(column: Mapping[str, Any]) -> list[ShownReading]:
    """What the samples of a column of addresses will be read as; of other columns nothing."""
    if column["target"] != "address":
        return []
    learned = learned_streets()
    return [reading_of(sample, learned) for sample in column.get("samples", [])[:READ_SHOWN]]


def own_fields() -> list[tuple[str, str]]:
    """(key, label) of the team's own fields in use."""
    return list(OwnField.objects.filter(archived_at__isnull=True).values_list("key", "label"))


def field_types() -> list[tuple[str, Any]]:
    """(type, label) of what an own field made from a column may be."""
    return [(value, label) for value, label in OwnField.Type.choices if value in FIELD_TYPES]


def own_kinds() -> list[Target]:
    """Whom a column can name by the team's own kinds of relations."""
    return [
        Target(
            f"{ORGANISATION_PREFIX if organisation else RELATIVE_PREFIX}{code}",
            (_("Organisation: %(relation)s") if organisation else _("Relation: %(relation)s"))
            % {"relation": words},
            "person",
            repeats=True,
        )
        for code, words, organisation in own_kinds_of_people()
    ]


def is_offered(target: str) -> bool:
    """Whether a target that names somebody is one of ours or of a kind that is still in use; any other is."""
    return not names_somebody(target) or target in TARGETS or target in {each.key for each in own_kinds()}


def name_of_target(target: str, own_fields: dict[str, str]) -> Any:
    """What a target is called: a registered label, an own field's, or an own kind's."""
    if target in TARGETS:
        return TARGETS[target].label
    if names_somebody(target):
        return next((each.label for each in own_kinds() if each.key == target), target)
    if fact := fact_target(target):
        return fact.label
    return own_fields.get(target.removeprefix("field:"), target)
