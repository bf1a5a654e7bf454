"""Chosen people on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from veche.contacts.actions.printing import note_printing
from veche.contacts.queries.people_rows import rows
from veche.contacts.queries.selection import selection_of

MOST = 2_000  # people of one printing: some sixty pages


@require_GET
def people_print(request: HttpRequest) -> HttpResponse:
    """A page to print: heads repeat, sheets are numbered, phones stand there only when they were asked for."""
    request.actor.require("exchange.export")
    selection = selection_of(request.actor, request.GET)
    with_phones = request.GET.get("phones") == "1"
    people = selection.people(MOST)
    note_printing(by=request.actor, selection=selection, people=len(people), phones=with_phones)
    context = {
        "selection": selection,
        "rows": rows(request.actor, people),
        "most": MOST,
        "with_phones": with_phones,
        "with_room": request.GET.get("room") == "1",
        "now": timezone.now(),
    }
    answer = render(request, "contacts/people_print.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
