"""How a part of the card is edited where it stands: the form opens in place, 422 shows what is wrong in it, 409 what is
there now beside what was typed, and success answers the part anew with a toast that undoes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from veche.contacts.models import FieldChange
from veche.contacts.queries.card import Card, card
from veche.contacts.views.conflicts import compare, left_alone, was_of
from veche.core.refusal import Refusal, Stale
from veche.ui.fragments import toast, trigger

PARTS = "contacts/card_parts.html"
FORM = "contacts/card_form.html"
NOTHING = object()


def opened(
    request: HttpRequest, of: Card, form: forms.Form, *, caption: str = "", removal_url: str = ""
) -> HttpResponse:
    """The form in the place of what it edits: 200, 422 with its errors, 409 with what is there now."""
    stale = getattr(form, "stale", None)
    context = {
        "card": of,
        "form": form,
        "was": was_of(request, form),
        "url": request.path,
        "caption": caption,
        "removal_url": removal_url,
        "stale": stale,
        "conflicts": getattr(form, "conflicts", []),
    }
    return render(request, FORM, context, status=409 if stale else 422 if form.errors else 200)


def attempt(request: HttpRequest, of: Card, form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What `act` made of the cleaned form; `NOTHING` for no POST and for a refusal, which the form then tells.

    What the editor left as he saw it is not sent at all, so it can't put back what a colleague has changed meanwhile.
    """
    if request.method != "POST" or not form.is_valid():
        return NOTHING
    for name in left_alone(request.POST, form):
        form.cleaned_data.pop(name, None)
    try:
        return act(dict(form.cleaned_data))
    except Stale as stale:
        form.stale = stale
        compare(request.POST, form, card(request.actor, of.contact.pk).contact.revision)
        if not form.conflicts:  # something else was changed: nothing of this form is in question
            del form.stale
            return act({**form.cleaned_data, "revision": int(form.data["revision"])})
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        _show(form, refusal)
    return NOTHING


def shown(
    request: HttpRequest, contact_id: int, part: str, message: str = "", undo_url: str | None = None
) -> HttpResponse:
    """The part anew, wherever the form stood; the history reloads itself."""
    response = render(request, f"{PARTS}#{part}", {"card": card(request.actor, contact_id)})
    response.headers["HX-Retarget"] = f"#card-{part}"
    response.headers["HX-Reswap"] = "outerHTML"
    trigger(response, "line-changed")
    return toast(response, message, undo_url=undo_url) if message else response


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, or nothing when it is only opened."""
    return request.POST if request.method == "POST" else None


def undo_of(change: FieldChange | None) -> str | None:
    """Where the undo of a change lives."""
    return change and reverse("contacts:change_reversal", args=[change.contact_id, change.pk])


def _show(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentences at the fields that they speak of; those of no field at the first one that is seen."""
    visible = [field.name for field in form.visible_fields()]
    for name, sentence in (refusal.fields or {"": refusal.message}).items():
        form.add_error(name if name in form.fields else visible[0], str(sentence))
