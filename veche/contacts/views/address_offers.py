"""What may come next while somebody types an address, and how it is understood by now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from veche.contacts.queries.address_parts import reading_of
from veche.contacts.queries.known_streets import offers, streets_of
from veche.contacts.queries.learned_streets import learned_streets


@require_GET
def address_offers(request: HttpRequest) -> HttpResponse:
    """For the text `q`; with `town`, a key, only streets of that town of the base."""
    request.actor.require("contacts.view")
    text = request.GET.get("q", "")[:1000]
    if "town" in request.GET:
        context = {"offers": streets_of(request.actor, request.GET["town"][:100].replace("\0", ""), text)}
    else:
        read = reading_of(text, learned_streets()) if text.strip() else None
        context = {"offers": offers(request.actor, text), "read": read}
    return render(request, "contacts/address_offers.html", context)
