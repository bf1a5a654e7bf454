"""How columns of files with the same captions are laid out: what is remembered, and forgetting it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veche.exchange import actions
from veche.exchange.queries import import_pages, memory
from veche.ui.fragments import redirect, render_page, toast

SHOWN = 200


@require_GET
def mappings(request: HttpRequest) -> HttpResponse:
    request.actor.require("exchange.import")
    found = memory.mappings_for(request.actor).order_by("-made_at", "-pk")[:SHOWN]
    return render_page(request, "exchange/mappings.html", {"lines": import_pages.mapping_lines(found)})


@require_POST
def mapping_removal(request: HttpRequest, mapping_id: int) -> HttpResponse:
    actions.forget_mapping(by=request.actor, saved=memory.mapping_of(request.actor, mapping_id))
    return toast(redirect(request, reverse("exchange:mappings")), _("The columns have been forgotten."))
