"""The check: rows are staged, matched and compared with the base, and counted. No contact is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.utils import timezone

from veche.contacts.actions.bulk import plan_contacts
from veche.core.action import ANYONE, action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange import staging
from veche.exchange.actions import facts
from veche.exchange.actions.issues import forget_issues, note_issues, note_words
from veche.exchange.actions.lanes import commit_without_waiting
from veche.exchange.actions.matching import find_repeats, match_rows
from veche.exchange.actions.rows import (
    clear_rows,
    count_planned,
    drafts,
    mark_planned,
    mark_rest,
    note_decisions,
    reject_followers,
    store_rows,
)
from veche.exchange.actions.words import Words
from veche.exchange.events import ImportChecked, ImportStopped
from veche.exchange.mapping import Options
from veche.exchange.models import Correction, Import
from veche.exchange.queries import Numbers, count_rows, file_path, problems
from veche.exchange.queries.plans import plans_of
from veche.exchange.reading import open_source

PORTION = 2000  # rows that a process converts at a time
CHUNK = (
    10_000  # rows that are compared at a time, as many as are loaded at a time: repeats are told within it
)
RED_SHARE = 0.3  # of the matched people, whose value in one field would be replaced


def staged_portions(imported: Import, *, after: int, language: str) -> Iterator[tuple[int, int, bytes]]:
    """(last row, how many, COPY lines) of the rows after row `after`, converted by processes of their own, in order."""
    if imported.source["rows"] - after > 2 * PORTION:
        staging.begin_processes()  # meanwhile the file is opened
    source = open_source(
        file_path(imported), sheet=imported.source["sheet"], known=imported.source["sheets"],
        encoding=imported.source["encoding"] or None, delimiter=imported.source["delimiter"] or None,
        header_row=imported.source["header_row"], repair=imported.source["repair"],
    )  # fmt: skip
    given = {
        name: imported.options[name] for name in Options.__dataclass_fields__ if name in imported.options
    }
    plans, options = plans_of(imported), Options(**given)
    with closing(source):
        rows = source.rows(after + 1 if after else 0)
        if source.row_count - after <= 2 * PORTION:
            staging.prepare(imported.pk, plans, options)
            yield from _one_by_one(rows)
            return
        with staging.pool(imported.pk, plans, options, language) as pool:
            waiting: list[tuple[int, int, Any]] = []
            while portion := list(islice(rows, PORTION)):
                waiting.append((portion[-1][0], len(portion), pool.submit(staging.stage_rows, portion)))
                if len(waiting) > 2 * staging.PROCESSES:
                    last, count, lines = waiting.pop(0)
                    yield last, count, lines.result()
            for last, count, lines in waiting:
                yield last, count, lines.result()


def _one_by_one(rows: Iterator[Any]) -> Iterator[tuple[int, int, bytes]]:
    while portion := list(islice(rows, PORTION)):
        yield portion[-1][0], len(portion), staging.stage_rows(portion)


@action("exchange.import")
def begin_staging(*, by: Actor, imported: Import) -> None:
    """Forget what an earlier check staged. What was corrected is in force from now on: no more comes while it runs."""
    imported.corrections.filter(state=Correction.State.LEAVING).delete()
    imported.corrections.filter(state=Correction.State.WAITING).update(state=Correction.State.APPLIED)
    clear_rows(imported)
    forget_issues(imported)
    unchanged()


@action("exchange.import")
def stage_portion(*, by: Actor, imported: Import, lines: bytes) -> None:
    """Store converted rows."""
    store_rows(lines)
    unchanged()


@action("exchange.import")
def stage_repeats(*, by: Actor, imported: Import) -> int:
    """Find rows of the file about the same person; returns how many."""
    unchanged()
    note_words(imported)
    return find_repeats(imported)


@action("exchange.import")
def match_lane(
    *, by: Actor, imported: Import, repeats: bool, first: int, last: int, lane: int = 0, lanes: int = 1
) -> bool:
    """Find out who the rows `first` to `last` of this lane are about. A row is in the lane of its leader.

    `repeats` says whether the file has any. Returns whether some row may be about somebody of the base.
    """
    unchanged()
    commit_without_waiting()
    found = match_rows(imported, by=by, first=first, last=last, lane=lane, lanes=lanes)
    note_decisions(imported, found, first, last, lane=lane, lanes=lanes)
    if repeats:
        reject_followers(imported, first, last, lane=lane, lanes=lanes)
    return repeats or any(each.contact_id for each in found.values())


@action("exchange.import")
def compare_lane(
    *,
    by: Actor,
    imported: Import,
    words: Words,
    known: bool,
    first: int,
    last: int,
    lane: int = 0,
    lanes: int = 1,
) -> dict[str, Any]:
    """Compare the rows of this lane with whom they are about, rows about one person in one lane; returns sums.

    `known` says whether any of these rows may be about somebody of the base.
    """
    unchanged()
    commit_without_waiting()
    counted: dict[str, Any] = {"matched": 0}
    if known:
        plan = plan_contacts(**drafts(imported, words, first, last, by=by, lane=lane, lanes=lanes))
        mark_planned(imported, plan, first, last, done=False)
        counted = count_planned(plan)
    note_issues(imported, first, last, lane=lane, lanes=lanes)
    return counted


@action("exchange.import")
def count_chunk(
    *,
    by: Actor,
    imported: Import,
    first: int,
    last: int,
    compared: Iterable[dict[str, Any]],
    sums: dict[str, Any],
) -> dict[str, Any]:
    """Give a verdict to the rows that were not compared; returns `sums` with those of the chunk added."""
    unchanged()
    chunk = {
        "numbers": mark_rest(imported, first, last, done=False),
        "facts": facts.expected(imported, by=by, first=first, last=last),
    }
    added = dict(sums)
    for each in (chunk, *compared):
        for name, found in each.items():
            if name == "matched":
                added[name] = added.get(name, 0) + found
            else:
                added[name] = dict(Counter(added.get(name, {})) + Counter(found))
    return added


@action("exchange.import")
def finish_check(
    *, by: Actor, imported: Import, words: Words, sums: dict[str, Any], mark: dict[str, str] | None = None
) -> Import:
    """Store what the check found, for the page and for the red warning, and when it began to look: for the load."""
    counts = {
        name: sums.get("numbers", {}).get(name, 0)
        for name in ("create", "update", "unchanged", "repeat", "reject")
    }
    numbers = Numbers(*counts.values())
    matched = sums.get("matched", 0)
    changes = [
        {"field": name, "changed": count, "overwritten": sums["overwritten"].get(name, 0)}
        for name, count in Counter(sums.get("changed", {})).most_common()
    ]
    imported.totals = {
        "check": {
            "numbers": numbers.__dict__,
            "rows": numbers.rows,
            "matched": matched,
            "changes": changes,
            "overwrites": [
                {"field": each["field"], "overwritten": each["overwritten"], "matched": matched}
                for each in changes if each["overwritten"] > RED_SHARE * matched
            ],
            "new_words": words.missing,
            "unknown_words": words.unknown,
            "facts": {name: sums.get("facts", {}).get(name, 0) for name in ("added", "known")}
            if facts.has_facts(imported) else None,
            "problems": problems.summed_up(imported),
            "mark": mark or imported.totals.get("check", {}).get("mark"),
        }
    }  # fmt: skip
    imported.state, imported.checked_at = Import.State.CHECKED, timezone.now()
    imported.save(update_fields=["totals", "state", "checked_at"])
    publish(ImportChecked(object_id=imported.pk, **counts), by=by)
    return imported


@action(ANYONE)  # the job's actor may have lost the right meanwhile, and that is then the reason
def note_stop(*, by: Actor, imported: Import, state: str, error: str = "") -> None:
    """The job has ended before its work did: somebody cancelled it, or it failed with `error`, as `said` stores it.

    Of a load stands written down how far it has come, for the list of imports.
    """
    stopped = Import.objects.select_for_update().get(pk=imported.pk)
    if stopped.state == Import.State.LOADING and (load := stopped.totals.get("load")):
        so_far = {**load, "so_far": asdict(count_rows(stopped))}
        stopped.totals = imported.totals = {**stopped.totals, "load": so_far}
    stopped.state, stopped.error = state, error[:4000]
    stopped.save(update_fields=["state", "error", "totals"])
    publish(ImportStopped(object_id=imported.pk, reason=str(state)), by=by)
