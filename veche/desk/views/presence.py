"""Who else is at a card, as a fragment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from veche.core.refusal import NotFound
from veche.desk.queries.presence import present_at


@require_GET
def presence(request: HttpRequest) -> HttpResponse:
    """Avatars and words for the ids that the live channel named."""
    number = request.GET.get("contact", "")
    if not number.isdecimal() or len(number) > 18:
        raise NotFound
    found = present_at(request.actor, int(number), request.GET.get("who", ""))
    return render(request, "desk/presence.html", {"present": found})
