"""The second and third page: how the file is read, and what its columns become."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.forms.imports import RulesForm, TableForm, columns_of
from veche.exchange.models import Import
from veche.exchange.queries import import_pages, memory, preview
from veche.exchange.queries.remarks import remarks
from veche.ui.fragments import form_errors, is_fragment, redirect, render_page

TABLE, COLUMNS = "exchange/import_table.html", "exchange/import_columns.html"


@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, import_id: int) -> HttpResponse:
    """What was found in the file. While it is looked through, the page asks for its part `looking`, and gets all of
    itself as soon as the look has ended."""
    imported = queries.get_import(request.actor, import_id)
    asks = request.method == "GET"
    if asks and preview.is_begun(imported):
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    form = TableForm(None if asks else request.POST, imported, request.actor)
    if form.is_bound and form.is_valid():
        imported = actions.start_look(by=request.actor, imported=imported, how=form.chosen(imported))
        form = TableForm(None, imported, request.actor)
    looking = import_pages.looking(imported)
    context = {"imported": imported, "form": form, **looking}
    if asks and looking and is_fragment(request):
        return render_page(request, TABLE, context, fragment="looking")
    if asks and is_fragment(request) and queries.asked_way(imported).get("afresh"):
        return redirect(request, reverse("exchange:columns", args=[imported.pk]))
    context |= _table_context(request, imported)
    response = render_page(request, TABLE, context, fragment="answer", status=422 if form.errors else 200)
    if asks and is_fragment(request):
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#table", "innerHTML"
    return response


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    unknown = imported.state == Import.State.LOOKING or preview.is_unknown(imported)
    if request.method == "GET" and (unknown or preview.is_begun(imported)):
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    if request.method == "GET":
        return render_page(
            request, COLUMNS, _columns_context(request, imported, RulesForm(None, imported, request.actor))
        )
    form, problems = RulesForm(request.POST, imported, request.actor), {}
    if form.is_valid():
        try:
            said = {"columns": columns_of(request.POST, imported), "rules": form.cleaned_data}
            actions.confirm(by=request.actor, imported=imported, **said)
            return redirect(request, reverse("exchange:check", args=[imported.pk]))
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            problems = refusal.fields or {"": refusal.message}
    context = _columns_context(request, imported, form, problems)
    return form_errors(request, COLUMNS, context, fragment="columns")


@require_POST
def guess(request: HttpRequest, import_id: int) -> HttpResponse:
    """The columns as they are guessed, whatever is remembered of such files."""
    imported = queries.get_import(request.actor, import_id)
    actions.start_look(by=request.actor, imported=imported, how={"afresh": True})
    return redirect(request, reverse("exchange:table", args=[imported.pk]))


@require_POST
def look(request: HttpRequest, import_id: int) -> HttpResponse:
    """Look through the file once more, after a look was stopped or has failed."""
    imported = queries.get_import(request.actor, import_id)
    actions.start_look(by=request.actor, imported=imported)
    return redirect(request, reverse("exchange:table", args=[imported.pk]))


def _table_context(request: HttpRequest, imported: Import) -> dict:
    unknown = preview.is_unknown(imported)
    return {
        "unknown": unknown,
        "undo_days": queries.UNDO_DAYS,
        "rows": [] if unknown else preview.first_rows(imported),
        "steps": preview.steps(imported, "exchange:table"),
        "remarks": [] if unknown else remarks(imported),
        "before": memory.loaded_before(request.actor, imported),
    }


def _columns_context(
    request: HttpRequest, imported: Import, form: RulesForm, problems: dict | None = None
) -> dict:
    return {
        "imported": imported,
        "form": form,
        "columns": preview.columns_shown(imported, request.POST, problems or {}),
        "problem": (problems or {}).get(""),
        "targets": preview.target_choices(preview.own_fields(), queries.importable_of(imported)),
        "types": preview.field_types(),
        "before": memory.loaded_before(request.actor, imported),
        "steps": preview.steps(imported, "exchange:columns"),
    }
