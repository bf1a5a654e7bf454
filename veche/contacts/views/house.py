"""The passport of one house: its page, its form, what happened there, and the sheets for paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts import house_shape
from veche.contacts.actions import house_passport as actions
from veche.contacts.actions.house_places import start_finding_house
from veche.contacts.actions.printing import note_house_printing
from veche.contacts.forms import HouseEntryForm, HouseForm
from veche.contacts.models import House, HouseEntry
from veche.contacts.queries.house import Passport
from veche.contacts.queries.house_reach import house_at, house_of
from veche.gateways import geocoding
from veche.ui.action_form import form_page
from veche.ui.fragments import form_errors, is_fragment, redirect, render_page, toast, trigger

PAGE = "contacts/house.html"
CHANGED = "house-entries-changed"


@require_GET
def house(request: HttpRequest, house_id: int) -> HttpResponse:
    """The page of a house; for htmx what happened there."""
    passport = Passport(request.actor, house_of(request.actor, house_id))
    context = {
        "passport": passport,
        "house": passport.house,
        "entry_form": HouseEntryForm(),
        "geocoder": geocoding.is_on(),
    }
    return render_page(request, PAGE, context, fragment="entries")


@require_GET
def address_house(request: HttpRequest, contact_id: int, address_id: int) -> HttpResponse:
    """From an address on a card to its house."""
    found = house_at(request.actor, contact_id, address_id)
    return redirect(request, reverse("contacts:house", args=[found.pk]))


@require_http_methods(["GET", "POST"])
def house_form(request: HttpRequest, house_id: int) -> HttpResponse:
    """What is known of the house. A guess at its flats stands in the form until somebody confirms it."""
    passport = Passport(request.actor, house_of(request.actor, house_id))
    request.actor.require("contacts.edit")
    typed = request.POST if request.method == "POST" else None
    guessed = passport.guess if request.GET.get("guess") else None
    form = HouseForm(typed, passport=passport, initial=_known(passport, guessed))
    if typed and form.does(actions.change_house, by=request.actor, house_id=house_id):
        return toast(redirect(request, reverse("contacts:house", args=[house_id])), _("Saved."))
    return form_page(
        request, "contacts/house_form.html", form, passport=passport, house=passport.house, guessed=guessed
    )


def _known(passport: Passport, guessed: house_shape.Shape | None) -> dict[str, Any]:
    house = passport.house
    known = {name: getattr(house, name) for name in (*actions.NUMBERS, *actions.TEXTS, "revision")}
    known["ranges"] = house_shape.written_ranges(house.ranges)
    known["place"] = "{}, {}".format(*house.place) if house.place else ""
    known["elder"] = passport.elder.id if passport.elder else ""
    if guessed:
        known |= {name: getattr(guessed, name) for name in actions.NUMBERS} | {"kind": House.Kind.FLATS}
    return known


@require_POST
def house_place_new(request: HttpRequest, house_id: int) -> HttpResponse:
    """Have the geocoder asked where the house stands."""
    start_finding_house(by=request.actor, house_id=house_id)
    response = redirect(request, reverse("contacts:house", args=[house_id]))
    return toast(response, _("The geocoder is being asked. Look again in a minute."))


@require_POST
def house_entry_new(request: HttpRequest, house_id: int) -> HttpResponse:
    """Note what happened at the house."""
    passport = Passport(request.actor, house_of(request.actor, house_id))
    request.actor.require("contacts.note")
    form = HouseEntryForm(request.POST)
    if form.does(actions.write_entry, by=request.actor, house_id=house_id):
        undo_url = reverse("contacts:house_entry_removal", args=[form.outcome.pk])
        return toast(_done(request, form.outcome), _("Noted."), undo_url=undo_url)
    context = {"passport": passport, "house": passport.house, "entry_form": form}
    return form_errors(request, PAGE, context, fragment="entries")


@require_POST
def house_entry_closure(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A problem is solved; with `open`, it is there again."""
    if request.POST.get("open") or request.GET.get("open"):
        entry = actions.open_entry(by=request.actor, entry_id=entry_id)
        return toast(_done(request, entry), _("The problem is open again."))
    entry = actions.close_entry(by=request.actor, entry_id=entry_id)
    undo_url = reverse("contacts:house_entry_closure", args=[entry_id]) + "?open=1"
    return toast(_done(request, entry), _("The problem is solved."), undo_url=undo_url)


@require_POST
def house_entry_removal(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take an entry away, with undo."""
    entry = actions.remove_entry(by=request.actor, entry_id=entry_id)
    undo_url = reverse("contacts:house_entry_restoration", args=[entry_id])
    return toast(_done(request, entry), _("Removed."), undo_url=undo_url)


@require_POST
def house_entry_restoration(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Bring an entry back."""
    entry = actions.restore_entry(by=request.actor, entry_id=entry_id)
    return toast(_done(request, entry), _("It is here again."))


def _done(request: HttpRequest, entry: HouseEntry) -> HttpResponse:
    """The entries reload themselves; without JavaScript the page comes anew."""
    if is_fragment(request):
        return trigger(HttpResponse(status=204), CHANGED)
    return redirect(request, reverse("contacts:house", args=[entry.house_id]))


@require_GET
def house_print(request: HttpRequest, house_id: int) -> HttpResponse:
    """The passport on paper, which is logged as an export is; or a sheet of the flats without a contact, with room to
    write, which names nobody."""
    passport = Passport(request.actor, house_of(request.actor, house_id))
    only_empty = request.GET.get("part") == "empty"
    phones = request.GET.get("phones") == "1"
    if not only_empty:
        note_house_printing(by=request.actor, house=passport.house, people=passport.people, phones=phones)
    context = {
        "passport": passport,
        "house": passport.house,
        "only_empty": only_empty,
        "with_phones": phones,
        "now": timezone.now(),
    }
    answer = render(request, "contacts/house_print.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
