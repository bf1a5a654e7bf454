"""The answer to what was typed into the search box: for the palette a list of options, otherwise a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from veche.desk.queries.finding import find
from veche.ui.fragments import render_page


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """People, organisations, campaigns and commands; only commands after a «>»."""
    request.actor.require("desk.use")
    text = request.GET.get("q", "")
    context = {"found": find(request.actor, text), "text": text.strip()}
    return render_page(request, "desk/search.html", context, fragment="found")
