"""Looking for doubles. Killed at any moment it begins anew: it only overwrites its own folder, and the same people are
the same group, so it does no harm when it runs twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.core import room
from veche.core.actor import Actor
from veche.core.background import Cancelled, JobRun, is_lost, job_kind
from veche.core.refusal import Refusal
from veche.dedupe.actions import choosing, searching, storing, storing_households, sweeping
from veche.dedupe.finding import Evidence, Found, find
from veche.dedupe.finding.backends import EngineMissing
from veche.dedupe.grouping import Grouped, Likely, grouped
from veche.dedupe.kinship import living_together
from veche.dedupe.models import Search
from veche.dedupe.queries.engines import chosen_engine, refusal_for
from veche.dedupe.queries.evidence import everybody
from veche.dedupe.queries.rules import as_told, rules_in_use


@job_kind(searching.SEARCH, label=_("Looking for doubles"))
def search(run: JobRun) -> None:
    """Read, find, put into the queue; whatever ends it is also told to the search."""
    looking = Search.objects.filter(pk=run.job.object_id).first()
    if looking is None or not looking.is_busy:
        return
    run.result(reverse("dedupe:searches"))
    try:
        _search(run, looking)
    except Exception as error:
        if room.is_full(error) or is_lost(error):
            raise  # the job goes on, and so does the search
        stopped = isinstance(error, Cancelled)
        state = Search.State.CANCELLED if stopped else Search.State.FAILED
        reason = "" if stopped else str(error) if isinstance(error, Refusal) else type(error).__name__
        searching.end_search(by=run.actor, search=looking, state=state, error=reason)
        raise


def _search(run: JobRun, looking: Search) -> None:
    folder = searching.folder_of(looking)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    whole = not choosing.choose(looking)
    run.checkpoint(done=0, total=choosing.count_chosen(whole), stage="read")
    rows = _told(run, everybody(only="" if whole else choosing.CHOSEN))
    found = _found(run, looking, rows, folder, whole=whole)
    run.checkpoint(stage="store")
    fresh = None if whole else choosing.fresh_ids()
    groups = _groups(found, fresh)
    figures = _figures(run, groups, found)
    if not looking.dry:
        _store(run, looking, groups)
        _store_households(run, looking, found, fresh)
    with transaction.atomic():
        if not looking.dry:
            storing.forget_stale(looking, whole=whole)
            storing_households.forget_stale_households(looking, whole=whole)
        searching.end_search(by=run.actor, search=looking, state=Search.State.DONE, figures=figures)
    if looking.by_id is None and looking.rules["merges_at_night"]:
        with suppress(Refusal):  # none are certain, or they are being merged already
            sweeping.start_sweep(by=run.actor)


def _found(run: JobRun, looking: Search, rows: Iterator[Evidence], folder: Path, *, whole: bool) -> Found:
    """The search itself. A part of the base never outgrows one machine, whatever the settings say of the whole."""
    try:
        return find(
            rows,
            folder=folder,
            rules=as_told(looking.rules),
            tell=lambda step: run.checkpoint(stage=step),
            **(chosen_engine() if whole else {}),
        )
    except EngineMissing as error:
        raise refusal_for(error) from error


def _told(run: JobRun, portions: Iterable[list[Evidence]]) -> Iterator[Evidence]:
    """The rows, with a word to the tray after each portion; a stop is noticed there."""
    done = 0
    for portion in portions:
        yield from portion
        done += len(portion)
        run.checkpoint(done=done)


def _groups(found: Found, fresh: set[int] | None) -> list[Grouped]:
    """What it means for the queue; around `fresh` people only, if it looked around some."""
    pairs = (
        Likely(*sorted((int(pair.low), int(pair.high))), pair.probability, pair.clues, pair.plain)
        for pair in found.pairs
    )
    several = {name for person, name in found.clusters if person != name}
    clusters = {int(person): int(name) for person, name in found.clusters if name in several}
    groups = grouped(pairs, clusters, storing.told_apart())
    return [each for each in groups if fresh is None or not fresh.isdisjoint(each.ids)]


def _figures(run: JobRun, groups: list[Grouped], found: Found) -> dict[str, int]:
    certain = [each for each in groups if each.certain]
    return {
        "people": run.job.done,
        "asked": len(groups) - len(certain),
        "certain": len(certain),
        "spare": sum(len(each.ids) - 1 for each in certain),
        "households": len({name for person, name in found.households if person != name}),
    }


def _store(run: JobRun, looking: Search, groups: list[Grouped]) -> None:
    for start in range(0, len(groups), storing.CHUNK):
        with transaction.atomic():
            storing.store_groups(looking, groups[start : start + storing.CHUNK])
            run.checkpoint(done=start, total=len(groups))


def _store_households(run: JobRun, looking: Search, found: Found, fresh: set[int] | None) -> None:
    families = (((int(person), row) for person, row in family) for family in found.families)
    living = living_together(families, storing.told_apart(), fresh)
    while portion := list(islice(living, storing_households.CHUNK)):
        with transaction.atomic():
            storing_households.store_households(looking, portion, whole=fresh is None)
            run.checkpoint()


def search_at_night() -> None:
    """Look at what has changed, if the rules in use say so; a second run finds it under way. Folders that a killed
    server left behind go."""
    busy = Search.objects.filter(state=Search.State.RUNNING).first()
    kept = searching.folder_of(busy) if busy else None
    for left in Path(settings.DATA).glob("dedupe/*"):
        if left != kept:
            shutil.rmtree(left, ignore_errors=True)
    rules = rules_in_use()
    if rules.nightly and busy is None:
        searching.start_search(by=Actor.system(), rules=rules, scope=Search.Scope.CHANGED)
