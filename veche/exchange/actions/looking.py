"""What is in a file: its sheets, its table, its columns. A big file takes a while, so the pages have a job do it.

Looking only reads; what was found is written in one step at the end, and only when nobody has asked for another look
meanwhile. So a look may be killed at any moment, and run twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.core.action import ANYONE, action, unchanged
from veche.core.actor import Actor
from veche.core.background import cancel_job, start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.exchange import staging
from veche.exchange.actions.remembering import recall
from veche.exchange.events import FileDeleted, ImportSetUp, ImportStopped, LookStarted
from veche.exchange.mapping import (
    describe_columns,
    find_options,
    guess_kind,
    guess_mapping,
    importable,
    lay_out_kind,
    plan_columns,
)
from veche.exchange.mapping.facts import PEOPLE
from veche.exchange.models import MATCH_KEYS, Import
from veche.exchange.queries import file_path, job_of, kinds_for
from veche.exchange.reading import Source, cell_text, open_source

LOOK = "exchange.look"
OPEN, COLUMNS = "open", "columns"  # stages of a look
READ_AS = ("sheet", "encoding", "delimiter", "header_row", "repair")
LARGE = 250_000  # bytes: no workbook is smaller that processes of their own will convert
AT_ONCE = dt.timedelta(seconds=10)
TOP_ROWS = 12  # that the page of the table shows
TOP_CELL = 60  # characters of a cell there
State = Import.State
OPEN_TO_SETUP = (State.DESCRIBED, State.MAPPED, State.CHECKED, State.FAILED, State.CANCELLED)


@action("exchange.import")
def start_look(*, by: Actor, imported: Import, how: Mapping[str, Any] | None = None) -> Import:
    """Look through the file in the background, and read it as `how` says: what it doesn't say is found anew.

    `how` may have `sheet`, `encoding`, `delimiter`, `header_row`, `repair`, `kind` (the key of an importable kind) and
    `afresh` (forget how such columns were laid out before). Another look that still runs is dropped.
    """
    imported, how = taken(imported, *OPEN_TO_SETUP, State.LOOKING), dict(how or {})
    if not imported.file:
        raise Stale(_("The file is kept no longer: choose it again."))
    if how.get("kind") is not None:
        _insist_offered(how["kind"], by)
    if imported.state == State.LOOKING and (earlier := job_of(imported)):
        cancel_job(earlier)
    job = start_job(LOOK, by=by, subject=imported.name, object_id=imported.pk, how=how)
    imported.state, imported.job_id, imported.error = State.LOOKING, job.pk, ""
    imported.save(update_fields=["state", "job_id", "error"])
    publish(LookStarted(object_id=imported.pk), by=by)
    return imported


def look_through(
    imported: Import,
    how: Mapping[str, Any],
    *,
    by: Actor,
    tell: Callable[[str, float], None] = lambda stage, share: None,
) -> None:
    """Find the table and guess its columns: `imported` is changed in memory, `settle_look` writes it down.

    `tell` gets the stage and how much of the work is done, and may raise. `Refusal` when the file is none that can
    be taken.
    """
    if how.get("afresh"):
        how = {name: imported.source[name] for name in READ_AS if imported.source.get(name) != ""} | {**how}
        imported.options = {**imported.options, "afresh": True}
        imported.policy, imported.match_by = Import.Policy.FILL_EMPTY, list(MATCH_KEYS)
    if how.get("kind") is not None:
        _choose_kind(imported, how["kind"], by)
    tell(OPEN, 0.0)
    if imported.size > LARGE:
        staging.begin_processes()  # its check will want them, and a look leaves a processor free
    read_as = {name: how[name] for name in READ_AS if name in how}
    source = open_source(
        file_path(imported),
        known=_known(imported, how),
        tell=lambda share: tell(OPEN, 0.9 * share),
        **read_as,
    )
    with closing(source):
        tell(COLUMNS, 0.9)
        _describe(imported, source, by)


@action("exchange.import")
def settle_look(*, by: Actor, imported: Import, what: str = "table") -> Import:
    """Write down what `look_through` has found. Corrections go: they speak of cells as they were read before."""
    imported.state, imported.error = State.DESCRIBED, ""
    imported.save(update_fields=["source", "columns", "mapping", "options", "state", "error"])
    imported.corrections.all().delete()
    recall(by=by, imported=imported)
    publish(ImportSetUp(object_id=imported.pk, what=what), by=by)
    return imported


@action("exchange.import")
def finish_look(*, by: Actor, imported: Import, job_id: int, what: str) -> None:
    """The same from a job, unless it was stopped, or another look begun, since it began."""
    if _is_still(imported, job_id):
        settle_look(by=by, imported=imported, what=what)
        _leave_tray(job_id)
    else:
        unchanged()


@action(ANYONE)  # the job's actor may have lost the right meanwhile, and that is then the reason
def note_look_stopped(
    *, by: Actor, imported: Import, job_id: int | None, state: str, error: str = "", refused: bool = False
) -> None:
    """A look has ended without finding anything. What an earlier one found stays; a file that is no table goes."""
    if not _is_still(imported, job_id):
        unchanged()
        return
    _leave_tray(job_id)
    given: dict[str, Any] = {"state": State.DESCRIBED if imported.columns else state, "error": error[:4000]}
    if refused and not imported.columns:
        transaction.on_commit(partial(default_storage.delete, imported.file))
        given["file"] = ""
        publish(FileDeleted(object_id=imported.pk), by=by)
    Import.objects.filter(pk=imported.pk).update(**given)
    publish(ImportStopped(object_id=imported.pk, reason=str(state)), by=by)


@action("exchange.import")
def forget_unknown(*, by: Actor, imported: Import) -> None:
    """Forget a file in which no table was found, and delete what is left of it."""
    found = Import.objects.select_for_update().filter(pk=imported.pk, columns=[]).exclude(state=State.LOOKING)
    for each in found:
        if each.file:
            transaction.on_commit(partial(default_storage.delete, each.file))
        publish(FileDeleted(object_id=each.pk), by=by)
        each.delete()
    unchanged()


def taken(imported: Import, *states: str) -> Import:
    """The import under a lock, in one of these states and not loaded, else `Stale`."""
    locked = Import.objects.select_for_update().get(pk=imported.pk)
    if locked.state not in states or locked.loaded_at or "load" in locked.totals:
        raise Stale(_("This import has gone on already: start a new one to change how it is done."))
    return locked


def _leave_tray(job_id: int | None) -> None:
    """Who has waited for some seconds sees on the page what came of it."""
    now = timezone.now()
    Job.objects.filter(pk=job_id, started_at__gt=now - AT_ONCE).update(dismissed_at=now)


def _is_still(imported: Import, job_id: int | None) -> bool:
    now = Import.objects.select_for_update().filter(pk=imported.pk).values("state", "job_id").first()
    return now == {"state": State.LOOKING, "job_id": job_id}


def _known(imported: Import, how: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The sheets as an earlier look saw them, where reading in another way shows no others: a big file is then opened
    at once."""
    seen = imported.source
    if seen.get("kind") in ("text", "html") and any(
        how.get(name, seen[name]) != seen[name] for name in ("encoding", "delimiter")
    ):
        return None
    return seen.get("sheets")


def _insist_offered(kind: str, by: Actor) -> None:
    if kind not in [each.key for each in kinds_for(by)]:
        sentence = _("Choose one of the list.")
        raise Refusal("import.kind", sentence, fields={"kind": sentence})


def _choose_kind(imported: Import, kind: str, by: Actor) -> None:
    _insist_offered(kind, by)
    if kind != imported.options.get("kind", PEOPLE):
        imported.options = {**imported.options, "kind": kind, "kind_chosen": True}


def _describe(imported: Import, source: Source, by: Actor) -> None:
    profiles = describe_columns(source)
    guesses = guess_mapping(profiles)
    known = imported.options.get("kind")
    kind = importable(known) if known else guess_kind(profiles, guesses, kinds_for(by))
    lay_out_kind(kind, profiles, guesses)
    plans = plan_columns(source, guesses)
    options = replace(find_options(source, plans), default_city_code=settings.VECHE_CITY_CODE)
    kept = {name: True for name in ("afresh", "kind_chosen") if imported.options.get(name)}
    imported.options = replace(options, kind=kind.key).as_json() | kept
    imported.source = {
        "kind": source.kind, "sheet": source.sheet.name, "sheets": [asdict(sheet) for sheet in source.sheets],
        "encoding": source.encoding, "delimiter": source.delimiter, "header_row": source.header_row,
        "header_rows": source.header.height, "first_row": source.first_row, "rows": source.row_count,
        "repair": source.repair,
        "mojibake": asdict(source.mojibake) if source.mojibake else None,
        "banner": [" ".join(str(cell) for cell in row.cells if cell is not None)[:300] for row in source.banner],
        "top": [[number, [_short(cell) for cell in cells]] for number, cells in source.top(TOP_ROWS)],
    }  # fmt: skip
    imported.columns = [
        profile.as_json() | {"guess": guess.as_json()}
        for profile, guess in zip(profiles, guesses, strict=True)
    ]
    imported.mapping = [asdict(plan) | {"label": plan.caption or plan.title} for plan in plans]


def _short(cell: Any) -> str:
    text = "" if cell is None else cell_text(cell)
    return text if len(text) <= TOP_CELL else text[: TOP_CELL - 1] + "…"
