"""What is known of imports. An import is its owner's, and of those who may manage everybody's work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from veche.contacts.registry import ImportableKind, importable_kinds
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound
from veche.exchange.mapping import importable
from veche.exchange.models import Import

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


def asked_way(imported: Import) -> dict[str, Any]:
    """How the look that runs was asked to read the file, else the one that ran last; empty after any other job."""
    job = job_of(imported)
    return job.arguments.get("how", {}) if job else {}


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


def has_rows_to_load(imported: Import) -> bool:
    """Whether the check has found any row that can be taken."""
    found = expected(imported)
    return bool(found and found.rows > found.rejected)


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
