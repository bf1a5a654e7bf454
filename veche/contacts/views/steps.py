"""Where the reader of a card is in the list that he came from: kept with his session, so that an edit moves nobody."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from veche.contacts.models import Contact
from veche.contacts.queries import steps as queries
from veche.contacts.queries.card import card
from veche.contacts.queries.steps import Steps, Stretch

KEPT = "list_stretches"  # in the session
LISTS = 3  # walked at once, in tabs
LONGEST = 4_000  # characters of a list's address


@dataclass(frozen=True)
class Walk:
    """The steps from a card, and the way back to the list."""

    steps: Steps
    query: str

    @property
    def list_url(self) -> str:
        return f"{reverse('contacts:people')}?{self.query}" if self.query else reverse("contacts:people")

    @property
    def before_url(self) -> str:
        return self._url(self.steps.before)

    @property
    def after_url(self) -> str:
        return self._url(self.steps.after)

    def _url(self, contact_id: int | None) -> str:
        return card_url(contact_id, self.query) if contact_id else ""


@require_GET
def card_steps(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Previous and next in the list, asked for after the card is there."""
    found = card(request.actor, contact_id)
    walk = walk_of(request, found.contact, look=True)
    return render(request, "contacts/card_steps.html", {"card": found, "walk": walk})


def walk_of(request: HttpRequest, contact: Contact, *, look: bool) -> Walk | None:
    """The walk that the address speaks of; without `look` only where the session knows it already."""
    query = list_of(request)
    if query is None:
        return None
    stretches = request.session.get(KEPT, {})
    code = hashlib.sha256(f"{request.actor.user_id} {query}".encode()).hexdigest()[:16]
    stretch = Stretch(**stretches[code]) if code in stretches else None
    if stretch is None or not stretch.reaches(contact.pk):
        if not look:
            return None
        stretch = queries.stretch_around(request.actor, contact, query)
        others = [pair for pair in stretches.items() if pair[0] != code][1 - LISTS :]
        request.session[KEPT] = {**dict(others), code: asdict(stretch)}
    return Walk(queries.steps(request.actor, contact.pk, stretch), query)


def list_of(request: HttpRequest) -> str | None:
    """The address of the list that a card was opened from; None when it was opened from elsewhere."""
    query = request.GET.get("list")
    return query if query is not None and len(query) <= LONGEST else None


def card_url(contact_id: int, query: str) -> str:
    """The card of somebody in a list."""
    return f"{reverse('contacts:card', args=[contact_id])}?{urlencode({'list': query})}"
