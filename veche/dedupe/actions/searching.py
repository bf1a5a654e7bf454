"""Starting a search, stopping it, and what it leaves when it ends. The work itself is a job's."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.models import Origin
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import cancel_job, start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.core.uniqueness import unless_taken
from veche.dedupe.events import SearchEnded, SearchStarted
from veche.dedupe.models import RuleSet, Search
from veche.dedupe.queries.lessons import learned_by
from veche.dedupe.queries.rules import FIND, frozen, insist_whole_base

SEARCH = "dedupe.search"
State = Search.State


def folder_of(search: Search) -> Path:
    """Where the finder works: personal data lies here only while it does."""
    return Path(settings.DATA) / "dedupe" / str(search.pk)


@action(FIND)
def start_search(
    *, by: Actor, rules: RuleSet, scope: str = Search.Scope.WHOLE, batch: int | None = None, dry: bool = False
) -> Search:
    """Look for doubles in the background: everywhere, around the people of the import `batch`, or around who has
    changed since the last search. `dry` only counts what these rules would ask and merge."""
    insist_whole_base(by)
    scope = Search.Scope(scope)
    if scope == Search.Scope.IMPORT and not Origin.objects.filter(batch=batch).exists():
        raise Refusal("dedupe.no_import", _("Nobody in the base is from this import."))
    search = Search(
        scope=scope,
        batch=batch if scope == Search.Scope.IMPORT else None,
        since=_last_begun() if scope == Search.Scope.CHANGED else None,
        rule_set=rules if rules.pk else None,
        rules=frozen(rules) | {"learned": dict(learned_by(rules).bits)},
        dry=dry,
        by_id=by.user_id,
    )
    if search.scope == Search.Scope.CHANGED and search.since is None:
        search.scope = Search.Scope.WHOLE
    with unless_taken({"dedupe_search_one_at_a_time": _running}):
        search.save()
    job = start_job(SEARCH, by=by, object_id=search.pk)
    search.job_id = job.pk
    search.save(update_fields=["job_id"])
    publish(SearchStarted(object_id=search.pk, scope=search.scope, dry=dry), by=by)
    return search


def _running() -> Refusal:
    return Refusal(
        "dedupe.searching", _("A search is running already. Wait for it, or stop it first."), status=409
    )


def _last_begun() -> dt.datetime | None:
    """When the last search over the base began: everything before it has been looked at."""
    looked = Search.objects.filter(
        scope__in=[Search.Scope.WHOLE, Search.Scope.CHANGED], state=State.DONE, dry=False
    )
    return looked.order_by("-begun_at").values_list("begun_at", flat=True).first()


@action(FIND)
def cancel_search(*, by: Actor, search: Search) -> Search:
    """Stop it at its next step; what was found before stays as it is."""
    insist_whole_base(by)
    search = Search.objects.select_for_update().get(pk=search.pk)
    if not search.is_busy:
        raise Stale(_("This search has ended meanwhile."))
    job = Job.objects.select_for_update().filter(pk=search.job_id).first()
    if job is not None:
        cancel_job(job)
        job.refresh_from_db()
    if job is None or not job.is_open:  # it had not begun, or it ended without telling us
        return end_search(by=by, search=search, state=State.CANCELLED)
    unchanged()
    return search


@action(FIND)
def end_search(
    *, by: Actor, search: Search, state: str, error: str = "", figures: dict[str, Any] | None = None
) -> Search:
    """It is over, one way or another. Does nothing to one that has ended."""
    shutil.rmtree(folder_of(search), ignore_errors=True)
    ended = Search.objects.filter(pk=search.pk, state=State.RUNNING).update(
        state=state, error=error[:4000], figures=figures or {}, ended_at=timezone.now()
    )
    search.refresh_from_db()
    if not ended:
        unchanged()
        return search
    told = {name: search.figures.get(name, 0) for name in ("asked", "certain")}
    publish(SearchEnded(object_id=search.pk, state=state, **told), by=by)
    return search
