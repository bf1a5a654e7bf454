"""One person of the list, shown beside it: the parts of the card for a look at somebody, edited where they stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from veche.contacts.queries.card import card
from veche.contacts.queries.telling import Narrator
from veche.contacts.queries.timeline import timeline
from veche.contacts.views.steps import card_url, list_of

LINES = 5  # of the history; the rest is on the card
OF_THE_SCREEN = ("after", "before", "columns", "view")  # in a list's address, but not which list it is


@require_GET
def quick_view(request: HttpRequest, contact_id: int) -> HttpResponse:
    """A fragment for the drawer of the list; `list` is that list's address, as for the card."""
    found = card(request.actor, contact_id)
    last = timeline(request.actor, found.contact, limit=LINES)
    narrator = Narrator(request.actor, last.lines)
    context = {
        "card": found,
        "card_url": card_url(contact_id, _list(request)),
        "told": [narrator.tell(line) for line in last.lines],
        "more": bool(last.after),
    }
    return render(request, "contacts/quick_view.html", context)


def _list(request: HttpRequest) -> str:
    query = QueryDict(list_of(request), mutable=True)
    for key in OF_THE_SCREEN:
        query.pop(key, None)
    return query.urlencode()
