"""A view goes home as a spreadsheet and comes back: the page of both ways, the download, the differences."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.queries.own import own_fields
from veche.core.refusal import NotFound, Refusal
from veche.exchange.actions import bridging
from veche.exchange.bridge import KEPT_DAYS, MOST_ROWS, OLD_DAYS
from veche.exchange.bridge.columns import chosen, offered
from veche.exchange.bridge.view import count_of, people_of
from veche.exchange.models import BridgeReturn, BridgeSheet
from veche.exchange.queries import bridge_pages
from veche.ui.fragments import is_fragment, redirect, render_page, toast, trigger

LATEST = 5
RETURN = "exchange/bridge_return.html"


@require_GET
def bridge(request: HttpRequest) -> HttpResponse:
    """What would be taken home, with its columns; and where a file is brought back."""
    actor = request.actor
    actor.require("exchange.export")
    asked = people_of(actor, request.GET)
    own = own_fields()
    context = {
        "filters": asked.filters,
        "count": count_of(asked, MOST_ROWS + 1),
        "most": MOST_ROWS,
        "columns": offered(own),
        "usual": {column.code for column in chosen(own)},
        "sheets": bridge_pages.sheets_for(actor)[:LATEST],
        "returns": bridge_pages.returns_for(actor)[:LATEST],
        "kept_days": KEPT_DAYS,
        "max_bytes": bridging.MOST_BYTES,
    }
    return render_page(request, "exchange/bridge.html", context)


@require_POST
def sheets(request: HttpRequest) -> HttpResponse:
    codes = request.POST.getlist("column")
    sheet = bridging.take_view(by=request.actor, query=request.GET, codes=codes)
    return redirect(request, reverse("exchange:bridge_sheet", args=[sheet.pk]))


@require_GET
def sheet_one(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The download, while it is being written and when it is ready."""
    sheet = bridge_pages.get_sheet(request.actor, sheet_id)
    context = {"sheet": sheet, "job": bridge_pages.job_of(sheet), "kept_days": KEPT_DAYS}
    if is_fragment(request) and sheet.state != BridgeSheet.State.MAKING:
        return redirect(request, reverse("exchange:bridge_sheet", args=[sheet.pk]))
    return render_page(request, "exchange/bridge_sheet.html", context, fragment="making")


@require_GET
def sheet_file(request: HttpRequest, sheet_id: int) -> FileResponse:
    sheet = bridge_pages.get_sheet(request.actor, sheet_id)
    if not sheet.file or not default_storage.exists(sheet.file):
        raise NotFound
    name = f"{_('People')} {sheet.made_at:%Y-%m-%d} {sheet.pk}.xlsx"
    with default_storage.open(sheet.file) as file:  # at most some megabytes: MOST_ROWS
        response = FileResponse(BytesIO(file.read()), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def returns(request: HttpRequest) -> HttpResponse:
    request.actor.require("exchange.import")
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("import.no_file", _("Choose a file first."))
    returned = bridging.bring_back(by=request.actor, file=file, name=file.name or "")
    return redirect(request, reverse("exchange:bridge_return", args=[returned.pk]))


@require_GET
def return_one(request: HttpRequest, return_id: int) -> HttpResponse:
    """The differences; while a job works, its progress."""
    returned = bridge_pages.get_return(request.actor, return_id)
    if is_fragment(request) and request.GET.get("waiting") and not returned.is_busy:
        return redirect(request, reverse("exchange:bridge_return", args=[returned.pk]))
    fragment = "waiting" if request.GET.get("waiting") else "bar" if request.GET.get("bar") else "differences"
    return render_page(request, RETURN, _of(request, returned), fragment=fragment)


@require_POST
def decisions(request: HttpRequest, return_id: int) -> HttpResponse:
    """Accept, reject or leave open: one cell, a row, a column, a kind, or all."""
    returned = bridge_pages.get_return(request.actor, return_id)
    asked = request.POST
    where = {name: asked.get(name, "") for name in ("id", "row", "code", "kind")}
    decision = asked.get("decision", "")
    done = bridging.decide(
        by=request.actor, returned=returned, decision=decision, where=where, rows=bool(asked.get("rows"))
    )
    if is_fragment(request) and asked.get("person", "").isdecimal():
        person = bridge_pages.person_of(request.actor, returned, int(asked["person"]))
        context = {"returned": returned, "person": person}
        return trigger(render_page(request, RETURN, context, fragment="person"), "bridge-decided")
    answer = redirect(request, _where_it_was(request, returned))
    sentence = ngettext("%(count)d change decided.", "%(count)d changes decided.", done) % {"count": done}
    return toast(answer, sentence)


@require_POST
def gone(request: HttpRequest, return_id: int) -> HttpResponse:
    returned = bridge_pages.get_return(request.actor, return_id)
    choice = request.POST.get("gone", "")
    target = request.POST.get({"leave": "campaign", "untag": "tag"}.get(choice, ""), "")
    bridging.choose_gone(
        by=request.actor, returned=returned, gone=choice, target=int(target) if target.isdecimal() else None
    )
    return redirect(request, _where_it_was(request, returned))


@require_POST
def application(request: HttpRequest, return_id: int) -> HttpResponse:
    returned = bridging.start_application(
        by=request.actor, returned=bridge_pages.get_return(request.actor, return_id)
    )
    return redirect(request, reverse("exchange:bridge_return", args=[returned.pk]))


@require_POST
def undoing(request: HttpRequest, return_id: int) -> HttpResponse:
    returned = bridging.start_return_undo(
        by=request.actor, returned=bridge_pages.get_return(request.actor, return_id)
    )
    return redirect(request, reverse("exchange:bridge_return", args=[returned.pk]))


def _of(request: HttpRequest, returned: BridgeReturn) -> dict[str, Any]:
    context: dict[str, Any] = {
        "returned": returned,
        "job": bridge_pages.job_of(returned),
        "old_days": OLD_DAYS,
    }
    if returned.is_busy or not returned.totals:
        return context
    asked = bridge_pages.asked_of(request.GET)
    return context | bridge_pages.standing(returned) | bridge_pages.gone_choices(request.actor) | {
        "asked": asked,
        "page": bridge_pages.page_of(request.actor, returned, asked),
        "may_remove": request.actor.may("contacts.delete"),
    }  # fmt: skip


def _where_it_was(request: HttpRequest, returned: BridgeReturn) -> str:
    url = reverse("exchange:bridge_return", args=[returned.pk])
    return f"{url}?{request.GET.urlencode()}" if request.GET else url
