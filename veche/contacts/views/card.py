"""The card of one contact: the page, its pieces, its history; removing and restoring; undo of one change."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.actions.contacts import remove_contact, restore_contact
from veche.contacts.actions.reverting import revert_change
from veche.contacts.queries.card import Card, card
from veche.contacts.queries.merged_away import MergedAway
from veche.contacts.queries.provenance import provenance as told_of
from veche.contacts.queries.telling import Narrator
from veche.contacts.queries.timeline import Timeline, counts, grouped, is_switch, switches, timeline
from veche.contacts.views.in_place import PARTS
from veche.contacts.views.steps import list_of, walk_of
from veche.ui import formats
from veche.ui.fragments import redirect, toast, trigger

PIECES = frozenset({"head", "known", "more", "own_empty"})


@require_GET
def show(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The whole card. Of one that was merged into another, that other card with a word about it."""
    try:
        found = card(request.actor, contact_id)
    except MergedAway as merged:
        number = formats.count(contact_id)
        word = _("Card № %(number)s was merged into this one.") % {"number": number}
        return toast(redirect(request, merged.leads_to), word)
    asked = list_of(request)
    context = {
        "walk": walk_of(request, found.contact, look=False),
        "walk_asked": asked is not None and urlencode({"list": asked}),
        "list_query": asked,
    }
    return render(request, "contacts/card.html", {"card": found, **context, **_history(found, "all", "")})


@require_GET
def piece(request: HttpRequest, contact_id: int, piece: str) -> HttpResponse:
    """A piece of the card anew, when something in it was changed elsewhere."""
    if piece not in PIECES:
        raise Http404
    return render(request, f"{PARTS}#{piece}", {"card": card(request.actor, contact_id)})


@require_GET
def history(request: HttpRequest, contact_id: int) -> HttpResponse:
    """A page of the history: the first one with its filters, or the lines after a key."""
    found = card(request.actor, contact_id)
    only = request.GET.get("only", "all")
    after = request.GET.get("after", "")
    context = {"card": found, **_history(found, only if is_switch(only) else "all", after)}
    return render(request, f"contacts/card_line.html#{'lines' if after else 'line'}", context)


@require_GET
def provenance(request: HttpRequest, contact_id: int, code: str) -> HttpResponse:
    """Where a value is from, in words, for the disclosure beside it."""
    told = told_of(request.actor, card(request.actor, contact_id).contact, code)
    return render(request, "contacts/card_from.html#told", {"told": told})


@require_POST
def removal(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Remove the contact, go to the list that one came from, offer to undo."""
    contact = remove_contact(by=request.actor, contact_id=contact_id)
    asked = list_of(request)
    response = redirect(request, reverse("contacts:people") + (f"?{asked}" if asked else ""))
    undo_url = reverse("contacts:restoration", args=[contact_id])
    return toast(response, _("%(name)s was removed.") % {"name": contact}, undo_url=undo_url)


@require_POST
def restoration(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Bring a removed contact back and open its card."""
    contact = restore_contact(by=request.actor, contact_id=contact_id)
    response = redirect(request, reverse("contacts:card", args=[contact_id]))
    return toast(response, _("%(name)s is back.") % {"name": contact})


@require_POST
def change_reversal(request: HttpRequest, contact_id: int, change_id: int) -> HttpResponse:
    """Put back what a change replaced; the pieces of the card reload themselves."""
    revert_change(by=request.actor, contact_id=contact_id, change_id=change_id)
    answer = trigger(trigger(HttpResponse(status=204), "card-changed"), "row-changed", {"id": contact_id})
    return toast(answer, _("It is as it was before."))


def _history(of: Card, only: str, after: str) -> dict:
    page: Timeline = timeline(of.actor, of.contact, only=only, after=after)
    narrator = Narrator(of.actor, page.lines)
    groups = [
        (name, [narrator.tell(line) for line in lines]) for name, lines in grouped(page.lines, before=after)
    ]
    return {
        "groups": groups,
        "after": page.after,
        "only": only,
        "switches": [] if after else switches(counts(of.contact)),
        "first_day": min((origin.made_at for origin in of.origins), default=of.contact.made_at)
        if page.after
        else None,
    }
