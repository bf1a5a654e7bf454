"""Imports: the list, a new one, and the way to the step at which one stands."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect as go
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.actions.receiving import MOST_BYTES
from veche.exchange.queries import folder, import_pages, rejects
from veche.exchange.queries.portions import portion
from veche.exchange.queries.preview import step_of, steps
from veche.ui.fragments import redirect, render_page, toast

SHOWN = 50


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    request.actor.require("exchange.import")
    found, more = portion(queries.imports_for(request.actor), request.GET.get("before", ""), SHOWN)
    context = {
        "lines": import_pages.lines(found),
        "more": more,
        "folder": folder.notice(request.actor),
    }
    return render_page(request, "exchange/imports.html", context)


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    request.actor.require("exchange.import")
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            raise Refusal("import.no_file", _("Choose a file first."))
        imported = actions.receive_file(by=request.actor, file=file, name=file.name or "")
        return redirect(request, reverse("exchange:table", args=[imported.pk]))
    context = {
        "max_bytes": MOST_BYTES,
        "steps": steps(None, "exchange:import_new"),
        "undo_days": queries.UNDO_DAYS,
        "lines": import_pages.lines(queries.imports_for(request.actor)[:5]),
    }
    return render_page(request, "exchange/import_new.html", context)


@require_GET
def import_one(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    return go(step_of(imported), imported.pk)


@require_POST
def cancellation(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = actions.cancel_import(by=request.actor, imported=queries.get_import(request.actor, import_id))
    return toast(
        redirect(request, reverse(step_of(imported), args=[imported.pk])), _("The import is being stopped.")
    )


@require_GET
def rejected(request: HttpRequest, import_id: int) -> FileResponse:
    imported = queries.get_import(request.actor, import_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejected.xlsx"
        rejects.write_rejects(imported, path)
        file = BytesIO(path.read_bytes())
    return FileResponse(file, as_attachment=True, filename=rejects.file_name(imported))
