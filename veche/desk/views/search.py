"""The answer to what was typed into the search box: for the palette a list of options, otherwise a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from veche.desk.queries.finding import find
from veche.ui.fragments import render_page


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """People, organisations, campaigns, tags, staff and commands; `recent` are numbers of contacts opened last."""
    request.actor.require("desk.use")
    text = request.GET.get("q", "")
    found = find(request.actor, text, _numbers(request.GET.get("recent", "")))
    context = {"found": found, "text": text.strip()}
    return render_page(request, "desk/search.html", context, fragment="found")


def _numbers(text: str) -> list[int]:
    """Numbers of contacts, as the palette kept them; anything else is left out."""
    return [
        int(part) for part in text[:200].split(",") if part.isascii() and part.isdigit() and len(part) < 16
    ]
