"""Who can see this: a panel of the card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from veche.contacts.queries.scope import get_contact
from veche.contacts.queries.seen_by import seen_by as seers_of


@require_GET
def seen_by(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The colleagues who can see the contact, each with the reason."""
    contact = get_contact(request.actor, contact_id)
    request.actor.require("contacts.see_access")
    return render(request, "contacts/seen_by.html", {"seers": seers_of(request.actor, contact)})
