"""Adding a person or an organisation by hand, with what we make of it while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veche.contacts.actions.contacts import add_contact
from veche.contacts.forms import ContactForm
from veche.contacts.models import Contact
from veche.contacts.queries.hints import hints
from veche.contacts.views.in_place import typed_in
from veche.core.refusal import Refusal
from veche.ui.fragments import redirect, toast


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """The page for a new person or organisation."""
    request.actor.require("contacts.add")
    form = ContactForm(
        typed_in(request), actor=request.actor, initial={"campaign": request.GET.get("campaign")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            contact = _add(request, form)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            _show(form, refusal)
        else:
            response = redirect(request, reverse("contacts:card", args=[contact.pk]))
            return toast(response, _("%(name)s was added.") % {"name": contact})
    status = 422 if form.errors else 200
    return render(request, "contacts/card_new.html", {"form": form}, status=status)


@require_GET
def contact_hint(request: HttpRequest) -> HttpResponse:
    """What we make of the name, phone and e-mail typed so far, and who has these already."""
    request.actor.require("contacts.add")
    context = {"hints": hints(request.actor, request.GET)}
    return render(request, "contacts/card_new.html#hints", context)


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
