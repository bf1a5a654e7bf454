"""What happened in the base since a file was checked that may make the numbers of the check untrue. Reads only.

A load matches all rows anew when somebody has written contacts meanwhile, so nothing goes wrong by it; but whoever
presses the button has seen other numbers. So the page says what happened, and offers to check again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.core.actor import Actor
from veche.exchange.models import Import
from veche.exchange.queries.imports import imports_for

_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "exchange.import_loaded": lambda p: _("The import “%(name)s” (No. %(number)d) was loaded.") % p,
    "exchange.import_undone": lambda p: _("The import “%(name)s” (No. %(number)d) was undone.") % p,
    "exchange.import_redone": lambda p: _("The import “%(name)s” (No. %(number)d) was loaded again.") % p,
    "exchange.load_started": lambda p: _("The import “%(name)s” (No. %(number)d) was begun.") % p,
    "exchange.undo_started": lambda p: _("The undo of the import “%(name)s” (No. %(number)d) was begun.") % p,
    "exchange.redo_started": lambda p: (
        _("Loading the import “%(name)s” (No. %(number)d) once more was begun.") % p
    ),
    "exchange.return_applied": lambda p: _("A list edited in Excel was written into the base."),
    "exchange.return_undone": lambda p: _("What a list edited in Excel had changed was put back."),
    "contacts.contact_merged": lambda p: _("People were merged."),
    "contacts.contact_erased": lambda p: _("People were erased."),
}
_BEGUN = {
    "exchange.load_started": Import.State.LOADING,
    "exchange.undo_started": Import.State.UNDOING,
    "exchange.redo_started": Import.State.REDOING,
}
_OF_IMPORTS = ("exchange.import_loaded", "exchange.import_undone", "exchange.import_redone", *_BEGUN)
MOST = 5


def changes_since_check(imported: Import, actor: Actor) -> list[str]:
    """Whole sentences, the latest first; what somebody typed at a card is none, for a load looks at it anyway."""
    mark = imported.totals.get("check", {}).get("mark")
    if imported.state != Import.State.CHECKED or not mark:
        return []
    found = [*_going_on(imported), *_without_beginnings(_happened(imported, mark["at"]))]
    names = dict(
        imports_for(actor).filter(pk__in=[number for _kind, number in found]).values_list("pk", "name")
    )
    sentences = [
        _SENTENCES[kind]({"name": names.get(number, _("of a colleague")), "number": number or 0})
        for kind, number in found
    ]
    return list(dict.fromkeys(sentences))[:MOST]


def _going_on(imported: Import) -> list[tuple[str, int | None]]:
    """What other imports are doing to the base now, though they may have begun before the check."""
    kinds = {str(state): kind for kind, state in _BEGUN.items()}
    busy = Import.objects.filter(state__in=kinds).exclude(pk=imported.pk).order_by("-pk")[:MOST]
    return [(kinds[state], number) for state, number in busy.values_list("state", "pk")]


def _without_beginnings(found: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    """The latest first: a beginning says nothing more where its end, or what became of it, is told."""
    told, kept = set(), []
    for kind, number in found:
        if kind not in _BEGUN or number not in told:
            kept.append((kind, number))
        told.add(number)
    return kept


def _happened(imported: Import, since: str) -> list[tuple[str, int | None]]:
    """(kind, number of the import) of each kind and import at its latest; an undo takes its erasures upon itself."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT kind, number FROM (
                SELECT kind, CASE WHEN kind = ANY(%(of_imports)s) THEN object_id END AS number, max(at) AS at
                FROM core_ledger AS l
                WHERE kind = ANY(%(kinds)s) AND at >= %(since)s::timestamptz
                  AND NOT (kind = ANY(%(of_imports)s) AND object_id = %(own)s)
                  AND NOT (kind = 'contacts.contact_erased' AND EXISTS (
                      SELECT 1 FROM core_ledger AS u WHERE u.request_id = l.request_id
                        AND u.kind = 'exchange.import_undone' AND u.at >= %(since)s::timestamptz))
                GROUP BY 1, 2
            ) AS each ORDER BY at DESC LIMIT 20
            """,
            {"kinds": list(_SENTENCES), "of_imports": list(_OF_IMPORTS), "since": since, "own": imported.pk},
        )
        return sql.fetchall()
