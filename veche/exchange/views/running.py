"""The fourth and fifth page: what will happen, what is happening, what has happened.

While a job runs, the page asks for its part `running` every second, and is loaded anew when the job has ended.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from veche.exchange import actions, queries
from veche.exchange.models import Import
from veche.exchange.queries import import_pages, preview, undo_journal
from veche.ui.fragments import is_fragment, redirect, render_page

CHECK, LOAD, ROWS = "exchange/import_check.html", "exchange/import_load.html", "exchange/import_rows.html"


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "POST":
        actions.start_check(by=request.actor, imported=imported)
        return redirect(request, reverse("exchange:check", args=[imported.pk]))
    return _stand(request, imported, "exchange:check", CHECK)


@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        actions.start_load(
            by=request.actor,
            imported=imported,
            confirm_overwrites=bool(request.POST.get("confirm_overwrites")),
            seen_changes=int(seen) if seen.isdecimal() and len(seen) < 4 else None,
        )
        return redirect(request, reverse("exchange:load", args=[imported.pk]))
    return _stand(request, imported, "exchange:load", LOAD)


@require_GET
def rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """Rows behind a number: by verdict, by outcome or with a problem; more of them by the number of the last."""
    imported = queries.get_import(request.actor, import_id)
    asked = import_pages.asked_rows(request.GET)
    found = import_pages.rows_page(imported, request.actor, asked)
    context = {"imported": imported, "asked": asked, "page": found}
    return render_page(request, ROWS, context, fragment="more" if asked.after else None)


def _stand(request: HttpRequest, imported: Import, step: str, template: str) -> HttpResponse:
    """The page of this step as things stand; the browser is sent to another one when the import stands there."""
    if preview.step_of(imported) != step:
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    if is_fragment(request) and not imported.is_busy:
        return redirect(request, reverse(step, args=[imported.pk]))
    context: dict[str, Any] = {
        "imported": imported,
        "steps": preview.steps(imported, step),
        "may_undo": undo_journal.may_be_undone(imported) and request.actor.may("contacts.delete"),
        "may_redo": undo_journal.may_be_redone(imported),
        "kept": undo_journal.kept_count(request.actor, imported),
        **(
            import_pages.standing(imported)
            if imported.is_busy
            else import_pages.numbers(imported, request.actor)
        ),
    }
    return render_page(request, template, context, fragment="running")
