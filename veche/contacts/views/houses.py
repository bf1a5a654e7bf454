"""The list of houses, its filters, and a house that is added by its address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts.actions.house_passport import add_house, insist_whole_reach
from veche.contacts.actions.house_places import start_finding_houses
from veche.contacts.forms import HouseAddressForm
from veche.contacts.models import House
from veche.contacts.queries.choices import territories
from veche.contacts.queries.houses import LABELS, ORDERS, houses_page
from veche.core import presenting
from veche.gateways import geocoding
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, render_page, toast


@require_GET
def houses(request: HttpRequest) -> HttpResponse:
    """A page of the list; for htmx only the list itself."""
    request.actor.require("contacts.view")
    context = {
        "page": houses_page(request.actor, request.GET),
        "orders": {key: each.title for key, each in ORDERS.items()},
        "presented": presenting.is_on(),
        "geocoder": geocoding.may_ask_in_bulk(),
    }
    return render_page(request, "contacts/houses.html", context, fragment="houses")


@require_GET
def houses_filter(request: HttpRequest) -> HttpResponse:
    """The form of all filters, in a drawer or, without JavaScript, on a page of its own."""
    request.actor.require("contacts.view")
    context = {
        "asked": request.GET,
        "labels": LABELS,
        "territories": territories(),
        "kinds": [choice for choice in House.Kind.choices if choice[0]],
    }
    part = "#form" if request.htmx else ""
    return render(request, f"contacts/houses_filter.html{part}", context)


@require_http_methods(["GET", "POST"])
def house_new(request: HttpRequest) -> HttpResponse:
    """Add a house where nobody is known, or go to the one that is there."""
    request.actor.require("contacts.edit")
    insist_whole_reach(request.actor)
    form = HouseAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.does(add_house, by=request.actor):
        house = form.outcome
        return toast(
            redirect(request, reverse("contacts:house", args=[house.pk])),
            _("%(name)s is here.") % {"name": house},
        )
    return form_page(request, "contacts/house_new.html", form)


@require_POST
def houses_places(request: HttpRequest) -> HttpResponse:
    """Have the geocoder asked where all the houses stand of which it is not known."""
    start_finding_houses(by=request.actor)
    response = redirect(request, reverse("contacts:houses"))
    return toast(response, _("The geocoder is being asked. You can go on working."))
