"""Notes on the card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.accounts.queries import names_of
from veche.contacts.actions import notes as actions
from veche.contacts.forms import NoteForm
from veche.contacts.models import Note
from veche.contacts.queries import colleagues
from veche.contacts.queries.card import card
from veche.contacts.views.in_place import NOTHING, attempt, opened, typed_in, undo_of
from veche.ui.fragments import toast, trigger

LINE = "contacts/card_line.html"


@require_POST
def note_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Write a note; the composer comes back empty and the history reloads itself."""
    found = card(request.actor, contact_id)
    form = NoteForm(request.POST)
    note = attempt(
        request, found, form,
        lambda typed: actions.add_note(
            by=request.actor, contact_id=contact_id, text=typed["text"], mentions=_picked(request)
        ),
    )  # fmt: skip
    if note is NOTHING:
        request.actor.require("contacts.note")
        return render(request, f"{LINE}#composer", {"card": found, "note_form": form}, status=422)
    response = render(request, f"{LINE}#composer", {"card": found, "unseeing": _unseeing(note)})
    return toast(trigger(response, "line-changed"), _("The note was written down."))


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, contact_id: int, note_id: int) -> HttpResponse:
    """Edit one's own note in place."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.note")
    row = found.note(note_id)
    form = NoteForm(typed_in(request), initial={"text": colleagues.read([row.text])[0]})
    saved = attempt(
        request, found, form,
        lambda typed: actions.edit_note(
            by=request.actor, contact_id=contact_id, note_id=note_id, text=typed["text"], mentions=_picked(request)
        ),
    )  # fmt: skip
    if saved is NOTHING:
        return opened(request, found, form)
    unseeing = _unseeing(saved)
    return _changed(
        _("Saved. %(names)s does not see this person.") % {"names": unseeing} if unseeing else _("Saved.")
    )


@require_GET
def note_colleagues(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Colleagues to mention, for what was typed after “@”."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.note")
    context = {"colleagues": colleagues.offered(request.actor, found.contact, request.GET.get("q", "")[:80])}
    return render(request, f"{LINE}#colleagues", context)


@require_POST
def note_removal(request: HttpRequest, contact_id: int, note_id: int) -> HttpResponse:
    """Take a note away, with undo."""
    change = actions.remove_note(by=request.actor, contact_id=contact_id, note_id=note_id)
    return toast(_changed(), _("The note was removed."), undo_url=undo_of(change))


@require_POST
def note_pin(request: HttpRequest, contact_id: int, note_id: int) -> HttpResponse:
    """Pin a note above the history; sent once more with `off`, let it go."""
    pinned = request.POST.get("off") != "1"
    actions.pin_note(by=request.actor, contact_id=contact_id, note_id=note_id, pinned=pinned)
    return _changed(_("The note is pinned.") if pinned else _("The note is no longer pinned."))


def _picked(request: HttpRequest) -> set[int]:
    return {int(each) for each in request.POST.getlist("mentions") if each.isdecimal() and len(each) < 19}


def _unseeing(note: Note) -> str:
    """Names of the mentioned who may not see the contact."""
    return ", ".join(names_of(note.unseeing).values())


def _changed(message: str = "") -> HttpResponse:
    response = trigger(HttpResponse(status=204), "line-changed")
    return toast(response, message) if message else response
