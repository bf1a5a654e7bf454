"""What is known of imports. An import is its owner's, and of those who may manage everybody's work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext_lazy

from veche.contacts.models import OwnField, PointKind
from veche.contacts.registry import ImportableKind, importable_kinds
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound
from veche.exchange.mapping import importable, problem_kind, problem_sentence
from veche.exchange.models import Import, ImportRow

UNDO_DAYS = 30
ANYBODYS = "accounts.manage"


def imports_for(actor: Actor) -> QuerySet[Import]:
    """The imports that `actor` may see, the newest first."""
    if not actor.may("exchange.import"):
        return Import.objects.none()
    mine = Import.objects.all() if actor.may(ANYBODYS) else Import.objects.filter(made_by=actor.user_id)
    return mine.select_related("made_by", "campaign", "responsible").order_by("-made_at", "-id")


def get_import(actor: Actor, import_id: int) -> Import:
    """One import, else `NotFound`."""
    imported = imports_for(actor).filter(pk=import_id).first()
    if imported is None:
        raise NotFound
    return imported


def is_undoable(imported: Import) -> bool:
    """Whether an undo or a redo of it still finds what it needs."""
    return imported.rows_purged_at is None and imported.made_at >= undo_limit()


def undo_limit() -> dt.datetime:
    """Imports made before this moment can no longer be undone."""
    return timezone.now() - dt.timedelta(days=UNDO_DAYS)


def file_path(imported: Import) -> Path:
    """Where the uploaded file lies."""
    return Path(default_storage.path(imported.file))


def job_of(imported: Import) -> Job | None:
    """The check, load or undo that runs or ran last: progress, time left, error."""
    return Job.objects.filter(pk=imported.job_id).first() if imported.job_id else None


@dataclass(frozen=True)
class Numbers:
    """The numbers of a check or of a load; they sum up to the rows of the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.repeated + self.rejected

    @property
    def people(self) -> int:
        """Different people that the rows are about; all of them are in the base after the load."""
        return self.created + self.updated + self.unchanged


_OF_VERDICT = {
    "create": "created",
    "update": "updated",
    "unchanged": "unchanged",
    "repeat": "repeated",
    "reject": "rejected",
}


def count_rows(imported: Import, column: str = "outcome") -> Numbers:
    """Count the rows anew by `outcome` (what was done) or `verdict` (what would be done)."""
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT {'verdict' if column == 'verdict' else 'outcome'}, count(*) FROM exchange_importrow"
            " WHERE batch_id = %s GROUP BY 1",
            [imported.pk],
        )
        counted = {
            _OF_VERDICT.get(name, name): count for name, count in sql.fetchall() if name and name != "undone"
        }
    return Numbers(**counted)


def expected(imported: Import) -> Numbers | None:
    """What the check found; None before it."""
    found = imported.totals.get("check")
    return Numbers(**found["numbers"]) if found else None


def result(imported: Import) -> Numbers | None:
    """What the load did; None before its end."""
    found = imported.totals.get("load")
    return Numbers(**found["numbers"]) if found else None


FACT_ADDED, FACT_GONE = "fact", "fact_gone"  # in `ImportRow.changes`


def importable_of(imported: Import) -> ImportableKind:
    """What each row of the file is: people, unless something else was found or chosen."""
    return importable(imported.options.get("kind", ""))


def kinds_for(actor: Actor) -> list[ImportableKind]:
    """What the actor may import."""
    return [kind for kind in importable_kinds if actor.may(kind.permission)]


def count_facts(imported: Import) -> dict[str, int]:
    """Of how many loaded rows the fact of the import's kind was added, was there before, was taken back by an undo.

    {added, known, gone}; an import of people has none.
    """
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT count(*) FILTER (WHERE %(added)s = ANY(changes)), count(*) FILTER (WHERE %(gone)s = ANY(changes)),
                   count(*)
            FROM exchange_importrow
            WHERE batch_id = %(batch)s AND draft ? 'facts' AND outcome NOT IN ('', 'rejected')
            """,
            {"batch": imported.pk, "added": FACT_ADDED, "gone": FACT_GONE},
        )
        added, gone, rows = sql.fetchone()
    return {"added": added, "known": rows - added - gone, "gone": gone}


def facts_sentence(imported: Import, facts: Mapping[str, int] | None, *, done: bool) -> str:
    """What becomes, or became, of the facts of the kind; "" for an import that has none."""
    kind = importable_of(imported)
    if not facts or kind.counted is None:
        return ""
    said = {name: kind.counted(count) for name, count in facts.items()}
    parts = [(_("Added: %(added)s.") if done else _("Will be added: %(added)s.")) % said]
    if facts.get("known"):
        parts.append(_("There already: %(known)s.") % said)
    if facts.get("gone"):
        parts.append(_("Taken back: %(gone)s.") % said)
    return " ".join(parts)


FIELDS = {
    "surname": _lazy("Surname"),
    "given_name": _lazy("Given name"),
    "patronymic": _lazy("Patronymic"),
    "name": _lazy("Name"),
    "gender": pgettext_lazy("of a person", "Gender"),
    "birth_year": _lazy("Year of birth"),
    "birth_month": _lazy("Month of birth"),
    "birth_day": _lazy("Day of birth"),
    "status": _lazy("Status"),
    "responsible": _lazy("Responsible colleague"),
    "address": _lazy("Address"),
    "tag": _lazy("Tags"),
    "campaign": _lazy("Campaign"),
    "role": _lazy("Role"),
    "note": _lazy("Note"),
    "external_id": _lazy("Number in another system"),
}


def field_label(code: str, imported: Import | None = None) -> str:
    """What a changed field is called; own fields that the import will make are found in its mapping."""
    if code in FIELDS:
        return str(FIELDS[code])
    if code in (FACT_ADDED, FACT_GONE) and imported:
        return str(importable_of(imported).label)
    if code in PointKind.values:
        return str(PointKind(code).label)
    key = code.removeprefix("own.")
    if key.startswith("new:") and imported:
        index = int(key.removeprefix("new:"))
        return next((plan["label"] for plan in imported.mapping if plan["index"] == index), key)
    return OwnField.objects.filter(key=key).values_list("label", flat=True).first() or key


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


DOUBTS = {
    "number_of_another": lambda p: _("The phone or address belongs to another person."),
    "number_in_row": lambda p: _("The same number stands at another person in row %(row)s.") % p,
    "fits_several": lambda p: _("It fits several people of the base, and we do not guess."),
    "fits_several_rows": lambda p: (
        _("It fits several people of this file, and we do not guess: rows %(rows)s.")
        % {"rows": ", ".join(map(str, p["rows"]))}
    ),
    "looks_like_row": lambda p: (
        _("Very like the person of row %(row)s, but not surely the same: both were taken.") % p
    ),
    "birthday_differs": lambda p: _("Everything agrees but the birthday: it was taken as the same person."),
    "looks_like": lambda p: _(
        "A new person, though very like somebody in the base: look whether they are the same."
    ),
}


def sentence_of(problem: Mapping[str, Any]) -> str:
    """A problem of a row as a whole sentence in the language active now."""
    code = problem["code"]
    if code in DOUBTS:
        return DOUBTS[code](problem["params"])
    return problem_sentence(code, {**problem.get("params", {}), "value": problem.get("value", "")})


def kind_of(problem: Mapping[str, Any]) -> str:
    """Under which heading a problem stands: a key of `mapping.problems.KINDS`, or `match`."""
    return "match" if problem["code"] in DOUBTS else problem_kind(problem["code"])


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
    import json

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


def undo_sentence(removed: int, kept: int, restored: int = 0, partly: int = 0) -> str:
    """What an undo did, and that the rest was kept because somebody has worked on it."""
    parts = []
    if removed or not (kept or restored or partly):
        parts.append(
            ngettext("%(count)d person was removed.", "%(count)d people were removed.", removed)
            % {"count": removed}
        )
    if restored:
        parts.append(
            ngettext(
                "%(count)d person is again as before the import.",
                "%(count)d people are again as before the import.",
                restored,
            )
            % {"count": restored}
        )
    if kept:
        parts.append(
            ngettext(
                "%(count)d person was kept, because somebody has worked with them since.",
                "%(count)d people were kept, because somebody has worked with them since.",
                kept,
            )
            % {"count": kept}
        )
    if partly:
        parts.append(
            ngettext(
                "At %(count)d person something was kept, because it was changed since.",
                "At %(count)d people something was kept, because it was changed since.",
                partly,
            )
            % {"count": partly}
        )
    return " ".join(parts)


def redo_sentence(restored: int, partly: int) -> str:
    """What a redo did to known people; the people whom it created again are in the import's own figures."""
    parts = [
        ngettext(
            "%(count)d person is again as the import had made them.",
            "%(count)d people are again as the import had made them.",
            restored,
        )
        % {"count": restored}
    ]
    if partly:
        parts.append(
            ngettext(
                "At %(count)d person something was kept, because it was changed since.",
                "At %(count)d people something was kept, because it was changed since.",
                partly,
            )
            % {"count": partly}
        )
    return " ".join(parts)
