"""Correcting cells before the load: said on the page, applied by a job to the rows concerned.

A correction is stored at once and waits; the job `exchange.correct` converts the rows it concerns anew, finds out again
whom they repeat and whom of the base they are about, and counts. A check of the whole file applies all of them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.exchange.events import CellsCorrected
from veche.exchange.mapping import Converter, Options, still_wrong
from veche.exchange.mapping.correcting import words_in
from veche.exchange.models import Correction, Import
from veche.exchange.queries.plans import plans_of
from veche.exchange.reading import clean_cell

FIX = "exchange.correct"
Kind, State = Correction.Kind, Correction.State
_OF_CELLS = (Kind.REPLACE, Kind.EMPTY, Kind.REJECT, Kind.ACCEPT)


@action("exchange.import")
def correct_cells(
    *, by: Actor, imported: Import, column: int, kind: str, value: str = "", row: int | None = None,
    replacement: str = "",
) -> Correction:  # fmt: skip
    """Correct the cell of `row` in `column`, or (row None) all cells there that are `value`; the job does the rest.

    `column` -1 is the whole row: it may be left out, or taken as it is. `Refusal` (field `replacement`) when what was
    typed is understood no better.
    """
    if kind not in _OF_CELLS or not -1 <= column < len(imported.mapping) or (row is None and not value):
        raise Refusal("import.correction", _("Choose one of the list."))
    if column == Correction.WHOLE_ROW and (row is None or kind not in (Kind.REJECT, Kind.ACCEPT)):
        raise Refusal("import.correction", _("Choose one of the list."))
    text = str(clean_cell(replacement) or "") if kind == Kind.REPLACE else ""
    if kind == Kind.REPLACE:
        _insist_better(imported, column, text)
    keep_checked(imported)
    correction, _made = Correction.objects.update_or_create(
        batch=imported, column=column, row=row, value=value if row is None else "",
        kind__in=_OF_CELLS, defaults={"kind": kind, "replacement": text, **fresh(by)},
    )  # fmt: skip
    begin(imported, by)
    publish(CellsCorrected(object_id=imported.pk, column=column, what=kind), by=by)
    return correction


@action("exchange.import")
def take_back(*, by: Actor, imported: Import, correction_id: int) -> Import:
    """Forget a correction: the cells are again what the file says."""
    keep_checked(imported)
    found = imported.corrections.filter(pk=correction_id).exclude(state=State.LEAVING).first()
    if found is None:
        raise Stale(_("This correction has been taken back already."))
    imported.corrections.filter(pk=found.pk).update(state=State.LEAVING, made_at=timezone.now())
    begin(imported, by)
    publish(CellsCorrected(object_id=imported.pk, column=found.column, what="taken_back"), by=by)
    return imported


@action("exchange.import")
def match_words(*, by: Actor, imported: Import, column: int, words: Mapping[str, str | None]) -> Import:
    """Say what words of a column stand for: an entry of its list, "" for nothing, None for the word itself."""
    plan = next((plan for plan in plans_of(imported) if plan.index == column), None)
    if plan is None or words_in(plan) is None:
        raise Refusal("import.words", _("This column holds no words of a list."))
    keep_checked(imported)
    known = dict(
        imported.corrections.filter(column=column, kind=Kind.WORD).values_list("value", "replacement")
    )
    wanted = {word.lower()[:100]: text for word, text in words.items()}
    changed = {
        word: text for word, text in wanted.items() if known.get(word) != text or (text is None and word in known)
    }  # fmt: skip
    for word, text in changed.items():
        own = {"batch": imported, "column": column, "value": word, "kind": Kind.WORD}
        if text is not None:
            given = {"replacement": " ".join(text.split())[:100], **fresh(by)}
            Correction.objects.update_or_create(**own, defaults=given)
        elif word in known:
            Correction.objects.filter(**own).update(state=State.LEAVING, made_at=timezone.now())
    if not changed:
        unchanged()
        return imported
    begin(imported, by)
    publish(CellsCorrected(object_id=imported.pk, column=column, what=Kind.WORD), by=by)
    return imported


def fresh(by: Actor) -> dict[str, Any]:
    """What is set at a correction whenever somebody speaks of it."""
    return {"state": State.WAITING, "made_by_id": by.user_id, "made_at": timezone.now()}


def keep_checked(imported: Import) -> None:
    """Let the import go on to nothing else until the end of the transaction; `Stale` when it has already.

    A load and a check lock the import for an update, which waits for this lock. Corrections don't wait for each other,
    nor for the job that brings them into force.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT 1 FROM exchange_import WHERE id = %s FOR KEY SHARE", [imported.pk])
    # Asked anew: a key share lock may hand out the row as it was before the update that it has waited for.
    if not Import.objects.filter(pk=imported.pk, state=Import.State.CHECKED).exists():
        raise Stale(_("This import has gone on meanwhile: look at where it is now."))


def begin(imported: Import, by: Actor) -> None:
    """Start the job, unless one waits that will do this too."""
    if not Job.objects.filter(kind=FIX, object_id=imported.pk, state=Job.State.QUEUED).exists():
        start_job(FIX, by=by, subject=imported.name, object_id=imported.pk)


def _insist_better(imported: Import, column: int, text: str) -> None:
    """A date that is still impossible is told at once, not after the job."""
    if not text:
        raise Refusal(
            "import.correction",
            _("Type what it should be."),
            fields={"replacement": _("Type what it should be.")},
        )
    plans = [plan for plan in plans_of(imported) if plan.index == column]
    options = {
        name: imported.options[name] for name in Options.__dataclass_fields__ if name in imported.options
    }
    width = max(plan["index"] for plan in imported.mapping) + 1
    cells = [None] * width
    cells[column] = text
    bare = [replace(plan, fixes={}) for plan in plans]
    draft = Converter(bare, Options(**options)).convert(0, cells)
    said = (still_wrong(each["code"], text) for each in draft.problems if each["column"] == column)
    if sentence := next(filter(None, said), ""):
        raise Refusal("import.correction", sentence, fields={"replacement": sentence})
