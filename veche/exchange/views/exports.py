"""Exports: the list, which is the log for administrators too, a new one, and the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.exchange.actions import exports as actions
from veche.exchange.actions.export_houses import order_houses
from veche.exchange.exporting.catalogue import GROUPS
from veche.exchange.forms.exports import ExportForm, HousesForm, starting_values
from veche.exchange.models import Export
from veche.exchange.queries import house_orders, orders
from veche.exchange.queries.portions import portion
from veche.ui.action_form import form_page
from veche.ui.fragments import form_errors, redirect, render_page, toast

SHOWN = 100


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """The latest exports, or those before one of them; the table asks for itself again while one is being written."""
    request.actor.require("exchange.export")
    listed, more = portion(orders.exports_for(request.actor), request.GET.get("before", ""), SHOWN)
    found = orders.lines(listed)
    context = {
        "lines": found,
        "more": more,
        "busy": any(line.export.is_busy for line in found),
        "everybodys": request.actor.may(orders.ANYBODYS),
        "kept_days": orders.KEPT_DAYS,
    }
    return render_page(request, "exchange/exports.html", context, fragment="table")


@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest) -> HttpResponse:
    """Which columns and what kind of file; the address has the list's filters."""
    request.actor.require("exchange.export")
    view = orders.view_of(request.GET)
    question = orders.question_of(request.actor, view)
    if request.method == "GET":
        form = ExportForm(initial=starting_values(orders.remembered(request.actor)))
        return render_page(request, "exchange/export_new.html", _order_page(request, form, view, question))
    form = ExportForm(request.POST)
    if not form.is_valid():
        context = _order_page(request, form, view, question)
        return form_errors(request, "exchange/export_new.html", context, fragment="order")
    asked = form.cleaned_data
    actions.order_export(
        by=request.actor, view=view, columns=request.POST.getlist("column"), form=asked.pop("format"), **asked
    )
    answer = redirect(request, reverse("exchange:exports"))
    return toast(answer, _("The file is being written. You may go on working."))


def _order_page(
    request: HttpRequest, form: ExportForm, view: dict[str, Any], question: Any
) -> dict[str, Any]:
    people, estimated = orders.how_many(request.actor, view)
    choices = orders.choices(request.actor, request.POST.getlist("column"))
    return {
        "form": form,
        "filters": question.filters,
        "people": people,
        "estimated": estimated,
        "chosen": [choice.fact for choice in choices if choice.chosen],
        "groups": [
            (code, title, [each.fact for each in choices if not each.chosen and each.fact.group == code])
            for code, title in GROUPS.items()
        ],
        "address": urlencode(view, doseq=True),
        "kept_days": orders.KEPT_DAYS,
    }


@require_http_methods(["GET", "POST"])
def houses_export(request: HttpRequest) -> HttpResponse:
    """The list of houses as a file; the address has its filters."""
    request.actor.require("exchange.export")
    request.actor.require("contacts.view")
    view = house_orders.view_of(request.GET)
    form = HousesForm(
        request.POST if request.method == "POST" else None, initial={"format": Export.Form.XLSX}
    )
    if request.method == "POST" and form.does(order_houses, by=request.actor, query=view):
        answer = redirect(request, reverse("exchange:exports"))
        return toast(answer, _("The file is being written. You may go on working."))
    return form_page(
        request,
        "exchange/houses_export.html",
        form,
        filters=house_orders.filters_of(request.actor, view),
        houses=house_orders.how_many(request.actor, view),
        address=urlencode(view),
        kept_days=orders.KEPT_DAYS,
    )


@require_GET
def export_file(request: HttpRequest, key: UUID) -> FileResponse:
    """The file itself. Nothing on the way keeps a copy, and each fetch is noted."""
    export = actions.note_download(by=request.actor, export=orders.get_export(request.actor, key))
    response = FileResponse(
        orders.file_path(export).open("rb"), as_attachment=True, filename=orders.file_name(export)
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def export_deletion(request: HttpRequest, key: UUID) -> HttpResponse:
    actions.delete_export_file(by=request.actor, export=orders.get_export(request.actor, key))
    return toast(redirect(request, reverse("exchange:exports")), _("The file has been deleted."))
