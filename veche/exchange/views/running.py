"""The fourth and fifth page: what will happen, what is happening, what has happened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veche.exchange import actions, outlook, preview, queries
from veche.exchange.models import Import
from veche.ui.fragments import redirect, render_page, toast

CHECK, LOAD, ROWS = "exchange/import_check.html", "exchange/import_load.html", "exchange/import_rows.html"


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "POST":
        actions.start_check(by=request.actor, imported=imported)
        return redirect(request, reverse("exchange:check", args=[imported.pk]))
    if preview.step_of(imported) == "exchange:load":
        return redirect(request, reverse("exchange:load", args=[imported.pk]))
    return render_page(request, CHECK, _context(imported, "exchange:check"))


@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "POST":
        confirmed = bool(request.POST.get("confirm_overwrites"))
        actions.start_load(by=request.actor, imported=imported, confirm_overwrites=confirmed)
        response = redirect(request, reverse("exchange:load", args=[imported.pk]))
        return toast(response, _("The file is being loaded. You may close the page."))
    if preview.step_of(imported) != "exchange:load":
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    return render_page(request, LOAD, _context(imported, "exchange:load") | {"may_undo": request.actor.may("contacts.delete")})


@require_GET
def rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """Rows behind a number: by verdict, by outcome or with a problem; more of them by the number of the last."""
    imported = queries.get_import(request.actor, import_id)
    asked = outlook.asked_rows(request.GET)
    found = outlook.rows_page(imported, request.actor, asked)
    context = {"imported": imported, "asked": asked, "page": found, "steps": []}
    return render_page(request, ROWS, context, fragment="more" if asked.after else None)


def _context(imported: Import, step: str) -> dict[str, Any]:
    return {
        "imported": imported,
        "job": queries.job_of(imported),
        "steps": preview.steps(imported, step),
        **outlook.numbers(imported),
    }
