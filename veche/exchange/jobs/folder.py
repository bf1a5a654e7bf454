"""The timetable's look into the watched folder (VECHE_IMPORT_FOLDER): once a minute each file goes on by one step.

Where a file stands is read from the base and from the folder, and one process looks at a time. A file is written down
with its import before anything is loaded, and moved last: killed anywhere, the next look goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection
from django.utils import translation

from veche.core.actor import JOB, Actor
from veche.core.refusal import Refusal
from veche.exchange.actions import folder as steps
from veche.exchange.models import Import, WatchedFile
from veche.exchange.queries.shell import actor_named, campaign_named
from veche.exchange.said import coded, of_refusal
from veche.exchange.watching import DONE, FAILED, Folder

LOOKS_LOCK = 0x464F4C44
State = WatchedFile.State
log = logging.getLogger(__name__)


def look_into_folder() -> int:
    """Let every file of the watched folder go on by a step; returns how many are still on their way."""
    if not settings.VECHE_IMPORT_FOLDER:
        return 0
    try:
        by = actor_named(settings.VECHE_IMPORT_AS, via=JOB)
        with translation.override(by.language), _alone() as mine:
            if not mine:
                return 0
            with closing(Folder(settings.VECHE_IMPORT_FOLDER)) as folder:
                _take_new(folder, by)
                _go_on(by)
                _move(folder, by)
    except (Refusal, OSError) as error:  # the page of imports says it too
        log.warning("The folder of imports: %s", error)
    return WatchedFile.objects.filter(state=State.TAKEN).count()


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_try_advisory_lock(%s)", [LOOKS_LOCK])
        mine = sql.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                sql.execute("SELECT pg_advisory_unlock(%s)", [LOOKS_LOCK])


def _take_new(folder: Folder, by: Actor) -> None:
    for name in folder.settled():
        sha256 = folder.digest(name)
        here = WatchedFile.objects.filter(name=name, moved_to="")
        if not sha256 or here.filter(sha256=sha256).exists():
            continue
        if here.exists():
            continue  # another content under the name of one that is still on its way
        same = Import.objects.filter(sha256=sha256)
        if same.filter(state__in=(Import.State.CHECKING, Import.State.LOADING)).exists():
            continue
        given = {"by": by, "name": name, "sha256": sha256}
        if before := same.filter(state=Import.State.LOADED).order_by("-pk").first():
            steps.pass_over(**given, state=State.KNOWN, sentence=coded("folder.known", number=before.pk))
            continue
        try:
            with folder.opened(name) as file:
                steps.take_file(**given, file=file)
        except Refusal as refusal:
            steps.pass_over(**given, state=State.FAILED, sentence=of_refusal(refusal))


def _go_on(by: Actor) -> None:
    campaign = campaign_named(by, settings.VECHE_IMPORT_CAMPAIGN or None)
    for watched in WatchedFile.objects.filter(state=State.TAKEN).select_related("imported").order_by("pk"):
        try:
            steps.go_on(by=by, watched=watched, policy=settings.VECHE_IMPORT_POLICY, campaign=campaign)
        except Refusal as refusal:
            steps.settle(by=by, watched=watched, state=State.FAILED, sentence=of_refusal(refusal))


def _move(folder: Folder, by: Actor) -> None:
    for watched in WatchedFile.objects.filter(moved_to="").exclude(state=State.TAKEN).order_by("pk"):
        to = "-"
        if folder.digest(watched.name) == watched.sha256:
            place = FAILED if watched.state == State.FAILED else DONE
            to = folder.move(watched.name, place, number=watched.pk, said=watched.why)
        steps.note_moved(by=by, watched=watched, to=to)
