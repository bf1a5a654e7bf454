"""The second and third page: how the file is read, and what its columns become."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.forms.imports import RulesForm, TableForm, columns_of
from veche.exchange.models import Import
from veche.exchange.queries import memory, preview
from veche.exchange.queries.remarks import remarks
from veche.ui.fragments import form_errors, redirect, render_page

TABLE, COLUMNS = "exchange/import_table.html", "exchange/import_columns.html"


@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "GET" and preview.is_begun(imported):
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    form = TableForm(request.POST if request.method == "POST" else None, imported, request.actor)
    if form.is_bound and form.is_valid():
        imported = actions.choose_table(by=request.actor, imported=imported, **form.chosen(imported))
        form = TableForm(None, imported, request.actor)
    context = {
        "imported": imported,
        "form": form,
        "rows": preview.first_rows(imported),
        "steps": preview.steps(imported, "exchange:table"),
        "remarks": remarks(imported),
        "before": memory.loaded_before(request.actor, imported),
    }
    return render_page(request, TABLE, context, fragment="table", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    if request.method == "GET" and preview.is_begun(imported):
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
    actions.guess_afresh(by=request.actor, imported=imported)
    return redirect(request, reverse("exchange:columns", args=[imported.pk]))


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
