"""Undo and redo of imports, and their journal."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veche.exchange import actions, queries
from veche.exchange.queries import undo_journal
from veche.ui.fragments import redirect, render_page


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    request.actor.require("exchange.import")
    context = {"lines": undo_journal.journal(request.actor), "undo_days": queries.UNDO_DAYS}
    return render_page(request, "exchange/undo_journal.html", context)


@require_POST
def undoing(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = actions.start_undo(by=request.actor, imported=queries.get_import(request.actor, import_id))
    return redirect(request, reverse("exchange:load", args=[imported.pk]))


@require_POST
def redoing(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = actions.start_redo(by=request.actor, imported=queries.get_import(request.actor, import_id))
    return redirect(request, reverse("exchange:load", args=[imported.pk]))


@require_GET
def kept(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the last undo or redo kept, and why; more of it by the id of the last line."""
    imported = queries.get_import(request.actor, import_id)
    after = request.GET.get("after", "")
    lines, next_after = undo_journal.kept_lines(
        request.actor, imported, after=int(after) if after.isdecimal() else 0
    )
    context = {
        "imported": imported,
        "lines": lines,
        "next_after": next_after,
        "said": undo_journal.said_of(imported),
    }
    return render_page(request, "exchange/undo_kept.html", context, fragment="more" if after else None)


@require_GET
def kept_file(request: HttpRequest, import_id: int) -> FileResponse:
    imported = queries.get_import(request.actor, import_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.xlsx"
        undo_journal.write_kept(request.actor, imported, path, absolute=request.build_absolute_uri)
        file = BytesIO(path.read_bytes())
    name = _("%(name)s, kept.xlsx") % {"name": Path(imported.name).stem}
    return FileResponse(file, as_attachment=True, filename=name)
