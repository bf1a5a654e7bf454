"""Adding a person or an organisation by hand, with what we make of it while it is typed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veche.contacts.actions.contacts import add_contact
from veche.contacts.forms import ContactForm
from veche.contacts.models import Contact
from veche.contacts.queries.hints import hints
from veche.contacts.queries.quick_add import just_added
from veche.contacts.views.in_place import typed_in
from veche.core.refusal import Refusal
from veche.ui.fragments import is_fragment, redirect, toast

PAGE = "contacts/card_new.html"


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """The page for a new person or organisation."""
    request.actor.require("contacts.add")
    kept = {
        name: request.GET[name]
        for name in ("kind", "campaign", "origin_words", "address")
        if name in request.GET
    }
    form = ContactForm(typed_in(request), actor=request.actor, initial=kept)
    goes_on = request.POST.get("then") == "new"
    if request.method == "POST" and form.is_valid():
        try:
            contact = _add(request, form)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            _show(form, refusal)
        else:
            return _next(request, form, contact) if goes_on else _card(request, contact)
    if goes_on and is_fragment(request):
        return _refused(request, form)
    return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)


@require_GET
def contact_hint(request: HttpRequest) -> HttpResponse:
    """What we make of the name, phone and e-mail typed so far, and who has these already."""
    request.actor.require("contacts.add")
    context = {"hints": hints(request.actor, request.GET)}
    return render(request, "contacts/card_new.html#hints", context)


def _card(request: HttpRequest, contact: Contact) -> HttpResponse:
    response = redirect(request, reverse("contacts:card", args=[contact.pk]))
    return toast(response, _("%(name)s was added.") % {"name": contact})


def _next(request: HttpRequest, form: ContactForm, contact: Contact) -> HttpResponse:
    """The line of the one who was just added; without JavaScript the page for the next of the same source."""
    undo_url = reverse("contacts:quick_undo") + f"?id={contact.pk}"
    said = _("%(name)s was added.") % {"name": contact}
    if is_fragment(request):
        added = just_added(request.actor, [contact.pk])
        return toast(render(request, f"{PAGE}#added", {"added": added}), said, undo_url=undo_url)
    kept = {name: request.POST.get(name, "") for name in ("kind", "campaign", "origin_words", "address")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return toast(redirect(request, f"{request.path}?{query}"), said, undo_url=undo_url)


def _refused(request: HttpRequest, form: ContactForm) -> HttpResponse:
    """Why somebody was not added, in their line; what was typed is still in the browser."""
    field, sentences = next(iter(form.errors.items()))
    texts = (request.POST.get(name, "") for name in ("name", "phone", "email", "account", "address"))
    said = ", ".join(text for text in texts if text)
    context = {"said": said, "why": sentences[0], "field": field}
    return render(request, f"{PAGE}#refused", context, status=422)


def _add(request: HttpRequest, form: ContactForm) -> Contact:
    given = form.cleaned_data
    return add_contact(
        by=request.actor,
        kind=given["kind"],
        name=given["name"],
        points=form.points(),
        addresses=[given["address"]],
        fields={"birthday": given["birthday"]} if given["birthday"] else {},
        campaign=given["campaign"],
        origin_words=given["origin_words"],
        note=given["note"],
    )


def _show(form: ContactForm, refusal: Refusal) -> None:
    for name, sentence in (refusal.fields or {"name": refusal.message}).items():
        form.add_error(name if name in form.fields else "account", str(sentence))
