"""What the pages of check and load show: numbers, problems, rows. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.exchange import queries
from veche.exchange.mapping import NEW_FIELD, SKIP, ColumnPlan
from veche.exchange.models import Import, ImportRow, SavedMapping
from veche.exchange.queries import corrections_made, problems, wording
from veche.exchange.queries.address_sample import address_sample
from veche.exchange.queries.identity import LOOKS_LIKE, is_looked_over
from veche.exchange.queries.plans import caption_of
from veche.exchange.queries.preview import name_of_target, own_fields
from veche.exchange.queries.progress import progress_of
from veche.exchange.queries.since_check import changes_since_check
from veche.exchange.queries.undo_journal import said_of
from veche.exchange.reading import stored_text

PAGE = 50

OUTCOMES = (
    ("created", "c5", _("new people"), _("Created")),
    ("updated", "c1", _("cards filled in"), _("Updated")),
    ("unchanged", "none", _("unchanged"), _("Unchanged")),
    ("repeated", "c4", _("repeat a row above"), _("Repeated")),
    ("rejected", "warn", _("cannot be taken"), _("Rejected")),
)
TITLES = {
    "created": _("New people"),
    "updated": _("Cards to be filled in"),
    "unchanged": _("Unchanged"),
    "repeated": _("Repeated"),
    "rejected": _("Rejected rows"),
}
VERDICT_OF = {
    "created": "create",
    "updated": "update",
    "unchanged": "unchanged",
    "repeated": "repeat",
    "rejected": "reject",
}


@dataclass(frozen=True)
class Figure:
    """A number of the check or of the load, with the address of the rows or people behind it."""

    key: str
    count: int
    css: str
    label: Any
    url: str


def standing(imported: Import) -> dict[str, Any]:
    """Context of a page while a job works: how far it is, and what it has written so far."""
    job = queries.job_of(imported)
    written = queries.count_rows(imported) if imported.state == Import.State.LOADING else None
    return {
        "job": job,
        "progress": progress_of(imported, job),
        "written": [(done, getattr(written, key), css) for key, css, _plan, done in OUTCOMES]
        if written
        else [],
        "columns": _columns(imported),
    }


def looking(imported: Import) -> dict[str, Any]:
    """Context of the table's page while the file is looked through: how far that is; empty when nobody looks."""
    if imported.state != Import.State.LOOKING:
        return {}
    job = queries.job_of(imported)
    return {"job": job, "progress": progress_of(imported, job)}


def numbers(imported: Import, actor: Actor) -> dict[str, Any]:
    """Context of the check's and the load's page at rest: figures, bar, problems, warning, columns, days of undo."""
    expected, done = queries.expected(imported), imported.totals.get("load", {}).get("numbers")
    counted = (
        queries.Numbers(**done)
        if done
        else queries.count_rows(imported)
        if "load" in imported.totals
        else None
    )
    shown = counted or expected
    check = imported.totals.get("check", {})
    return {
        "job": queries.job_of(imported),
        "expected": expected,
        "result": counted,
        "figures": _figures(imported, shown, is_result=counted is not None) if shown else [],
        "bar": [(getattr(shown, key), css) for key, css, *_rest in OUTCOMES] if shown else [],
        "to_load": expected.rows - expected.rejected if expected else 0,
        "loaded_rows": counted.rows if counted else 0,
        "all_rows": expected.rows if counted and expected else 0,
        "problems": problems.headings(_problems(imported, actor)) if expected else [],
        "likely": _likely(imported),
        "not_looked_over": imported.state == Import.State.CHECKED and not is_looked_over(imported),
        "addresses": address_sample(imported) if expected and not counted else None,
        **_corrected(imported, actor),
        "changes": [
            {**each, "name": queries.field_label(each["field"], imported)}
            for each in check.get("changes", [])
        ],
        "overwrites": [
            {**each, "name": queries.field_label(each["field"], imported)}
            for each in check.get("overwrites", [])
        ],
        "new_lists": _lists(check),
        "since_check": changes_since_check(imported, actor),
        "columns": _columns(imported),
        "undo_sentence": said_of(imported),
        "kind": queries.importable_of(imported),
        "facts": facts_said(imported),
        "relatives": imported.totals.get("load", {}).get("relatives"),
        "undo_days": queries.UNDO_DAYS,
    }


def _likely(imported: Import) -> int:
    """How many rows of a checked file, all of new people, are like somebody in the base."""
    if imported.state != Import.State.CHECKED:
        return 0
    kept = imported.totals.get("check", {}).get("problems") or ()
    return next((each["all_rows"] for each in kept if each["code"] == LOOKS_LIKE), 0)


def facts_said(imported: Import) -> str:
    """What the file adds beside people, or has added."""
    done = imported.totals.get("load", {}).get("facts")
    found = done or imported.totals.get("check", {}).get("facts")
    return queries.facts_sentence(imported, found, done=done is not None)


def _figures(imported: Import, shown: queries.Numbers, *, is_result: bool) -> list[Figure]:
    rows_url = reverse("exchange:rows", args=[imported.pk])
    found = []
    for key, css, label, done_label in OUTCOMES:
        asked = f"outcome={key}" if is_result else f"verdict={VERDICT_OF[key]}"
        url = f"{rows_url}?{asked}"
        if (
            is_result
            and key == "created"
            and imported.state == Import.State.LOADED
            and shown.created == shown.people
        ):
            url = reverse("contacts:people") + f"?batch={imported.pk}"  # the same people, in the full list
        found.append(Figure(key, getattr(shown, key), css, done_label if is_result else label, url))
    return found


LISTS = {
    "tags": _("New tags"), "roles": _("New roles"), "statuses": _("New statuses"),
    "campaigns": _("Campaigns we do not know, passed over"), "users": _("Colleagues we do not know, passed over"),
}  # fmt: skip
NAMED = 12  # words of a list that are named


def _lists(check: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the file names that the base has not: {title, names}."""
    words = {**check.get("new_words", {}), **check.get("unknown_words", {})}
    return [
        {"title": LISTS[name], "names": ", ".join(found[:NAMED]) + ("…" if len(found) > NAMED else "")}
        for name, found in words.items()
        if found and name in LISTS
    ]


def _columns(imported: Import) -> list[dict[str, Any]]:
    own = dict(own_fields())
    return [
        {
            "title": plan.get("caption") or plan.get("title") or plan["label"],
            "target": plan["label"] if plan["target"] == "field:new" else name_of_target(plan["target"], own),
            "is_new": plan["target"] == "field:new",
            "skipped": plan["target"] == SKIP,
        }
        for plan in imported.mapping
    ]


@dataclass(frozen=True)
class Asked:
    """Which rows somebody wants to see."""

    verdict: str = ""
    outcome: str = ""
    code: str = ""
    problems: bool = False
    after: int = 0

    @property
    def query(self) -> str:
        """The address's query that asks for the same rows from the beginning."""
        parts = {
            "verdict": self.verdict,
            "outcome": self.outcome,
            "code": self.code,
            "problems": "1" if self.problems else "",
        }
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)


def asked_rows(given: Mapping[str, str]) -> Asked:
    """Read the query; words that mean nothing ask for all rows."""
    after = given.get("after", "")
    verdict, outcome, code = given.get("verdict", ""), given.get("outcome", ""), given.get("code", "")
    return Asked(
        verdict=verdict if verdict in ImportRow.Verdict.values else "",
        outcome=outcome if outcome in ImportRow.Outcome.values else "",
        code=code if code.replace("_", "").replace(".", "").isalnum() else "",
        problems=given.get("problems") == "1",
        after=int(after) if after.isdecimal() else 0,
    )


@dataclass(frozen=True)
class RowsPage:
    rows: list[dict[str, Any]]
    next_after: int | None
    title: Any


def rows_page(imported: Import, actor: Actor, asked: Asked, size: int = PAGE) -> RowsPage:
    """A page of rows; people are named and linked only where the viewer may see them.

    A line is {row, contact, cells, remarks: [{sentence, people}]}: `people` are those whom a doubt speaks of.
    """
    found = queries.rows_of(
        imported, verdict=asked.verdict, outcome=asked.outcome, problem=asked.code, with_problems=asked.problems,
        after=asked.after, limit=size + 1,
    )  # fmt: skip
    more, found = len(found) > size, found[:size]
    ids = {row.contact_id for row in found} | {
        one for row in found for each in row.problems for one in _spoken_of(each)
    }
    seen, corrected = contacts_for(actor).in_bulk(ids - {None}), corrections_made.Corrected(imported)
    lines = [
        {
            "row": row,
            "contact": seen.get(row.contact_id),
            "cells": [text for text in map(stored_text, row.cells) if text],
            "corrected": [
                {"caption": caption_of(imported, column), "said": said}
                for column, said in corrected.of_row(row.number, row.cells).items()
            ],
            "remarks": [
                {
                    "sentence": queries.sentence_of(each),
                    "people": [seen[one] for one in _spoken_of(each) if one in seen],
                }
                for each in row.problems
            ],
        }
        for row in found
    ]
    return RowsPage(lines, found[-1].number if more else None, _title(asked))


def _spoken_of(problem: Mapping[str, Any]) -> list[int]:
    params = problem.get("params", {})
    return params.get("contacts") or ([params["contact"]] if params.get("contact") else [])


def _title(asked: Asked) -> Any:
    key = asked.outcome or next((key for key, verdict in VERDICT_OF.items() if verdict == asked.verdict), "")
    for name, _css, _label, done_label in OUTCOMES:
        if name == key:
            return done_label if asked.outcome else TITLES[name]
    return _("Rows with remarks") if asked.code or asked.problems else _("All rows")


def _problems(imported: Import, actor: Actor) -> list[problems.Problem]:
    found = problems.problems_of(imported)
    return problems.with_people(imported, found, actor) if imported.state == Import.State.CHECKED else found


def _corrected(imported: Import, actor: Actor) -> dict[str, Any]:
    """What was corrected, and the columns whose words may be matched; only a checked file can be corrected."""
    made = corrections_made.corrections_of(imported, actor)
    if imported.state != Import.State.CHECKED:
        return {"corrections": made}
    return {
        "corrections": made,
        "correctable": True,
        "correcting": corrections_made.is_waiting(imported),
        "anew": imported.corrections.filter(state="leaving").exists(),
        "word_columns": wording.summary(imported, actor),
    }


def target_of(plan: ColumnPlan) -> Any:
    """What a column becomes, in words."""
    return name_of_target(plan.target, dict(own_fields()))


def mapping_lines(saved: Iterable[SavedMapping]) -> list[dict[str, Any]]:
    """Remembered mappings as their page lists them: {saved, columns: [(caption, target)]}."""
    own = dict(own_fields())
    return [
        {
            "saved": each,
            "columns": [
                (
                    caption,
                    column["label"]
                    if column["target"] == NEW_FIELD
                    else name_of_target(column["target"], own),
                )
                for caption, column in zip(each.captions, each.columns, strict=False)
                if column["target"] != SKIP
            ],
        }
        for each in saved
    ]


STATE_CSS = {
    Import.State.LOADED: "ok", Import.State.FAILED: "stop", Import.State.CHECKED: "acc", Import.State.LOADING: "acc",
    Import.State.CHECKING: "acc", Import.State.LOOKING: "acc", Import.State.UNDOING: "acc", Import.State.REDOING: "acc",
}  # fmt: skip


def lines(imports: Iterable[Import]) -> list[dict[str, Any]]:
    """Imports as a list shows them: {imported, css, numbers, is_result, said}; `said` in place of numbers."""
    return [
        {"imported": imported, "css": STATE_CSS.get(imported.state, ""), **_told(imported)}
        for imported in imports
    ]


def _told(imported: Import) -> dict[str, Any]:
    """What came of it: of a load that was stopped what it had done by then, of an undo what that did."""
    totals = imported.totals
    if "undo_begun" in totals:
        return {"numbers": None, "is_result": True, "said": _undone(imported)}
    if load := totals.get("load"):
        return {"numbers": load.get("numbers") or load.get("so_far"), "is_result": True, "said": ""}
    return {"numbers": (totals.get("check") or {}).get("numbers"), "is_result": False, "said": ""}


def _undone(imported: Import) -> str:
    if imported.state in (Import.State.CANCELLED, Import.State.FAILED):
        return _("Stopped halfway")
    return queries.undo_brief(**imported.totals["undo"]) if imported.state == Import.State.UNDONE else ""
