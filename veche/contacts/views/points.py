"""Phones, e-mails, accounts and postal addresses on the card."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.contacts.actions import points as actions
from veche.contacts.forms import AddressForm, PointForm
from veche.contacts.models import PointKind
from veche.contacts.queries.card import card
from veche.contacts.queries.masking import sees_phones
from veche.contacts.views.in_place import NOTHING, attempt, opened, shown, typed_in, undo_of


@require_http_methods(["GET", "POST"])
def point_new(request: HttpRequest, contact_id: int, kind: str) -> HttpResponse:
    """Add a phone, an e-mail or an account."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    if kind not in PointKind.values:
        raise Http404
    form = PointForm(typed_in(request), kind=kind, is_new=True)
    rows = attempt(
        request, found, form,
        lambda typed: actions.add_points(
            by=request.actor, contact_id=contact_id, kind=kind, text=typed["text"],
            purpose=typed.get("purpose", ""), note=typed["note"],
        ),
    )  # fmt: skip
    return (
        opened(request, found, form) if rows is NOTHING else shown(request, contact_id, "points", _("Added."))
    )


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, contact_id: int, point_id: int) -> HttpResponse:
    """Change a contact point in place."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    row = found.point(point_id)
    now = {"revision": found.contact.revision, "text": row.as_given or row.value, "purpose": row.purpose}
    now |= {"validity": row.validity, "note": row.note}
    form = PointForm(typed_in(request), kind=row.kind, initial=now)
    saved = attempt(
        request,
        found,
        form,
        lambda typed: _change(actions.change_point, request, contact_id, point_id, typed),
    )
    if saved is NOTHING:
        removal_url = reverse("contacts:point_removal", args=[contact_id, point_id])
        return opened(request, found, form, removal_url=removal_url)
    return shown(request, contact_id, "points", _("Saved."), undo_of(found.change_just_made(row.kind)))


@require_POST
def point_removal(request: HttpRequest, contact_id: int, point_id: int) -> HttpResponse:
    """Take a contact point away, with undo."""
    change = actions.remove_point(by=request.actor, contact_id=contact_id, point_id=point_id)
    return shown(request, contact_id, "points", _("Removed."), undo_of(change))


@require_POST
def point_first(request: HttpRequest, contact_id: int, point_id: int) -> HttpResponse:
    """Make a contact point the main one of its kind."""
    actions.make_point_main(by=request.actor, contact_id=contact_id, point_id=point_id)
    return shown(request, contact_id, "points", _("This is the main one now."))


@require_POST
def point_reveal(request: HttpRequest, contact_id: int, point_id: int) -> HttpResponse:
    """Open a masked phone for a quarter of an hour; logged."""
    actions.reveal_phone(by=request.actor, contact_id=contact_id, point_id=point_id)
    message = (
        "" if sees_phones(request.actor) else _("The phone is open for 15 minutes. This was written down.")
    )
    return shown(request, contact_id, "points", message)


@require_http_methods(["GET", "POST"])
def address_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Add a postal address."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    form = AddressForm(typed_in(request))
    row = attempt(
        request, found, form,
        lambda typed: actions.add_address(
            by=request.actor, contact_id=contact_id, text=typed["text"], purpose=typed["purpose"], note=typed["note"]
        ),
    )  # fmt: skip
    return (
        opened(request, found, form)
        if row is NOTHING
        else shown(request, contact_id, "addresses", _("Added."))
    )


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, contact_id: int, address_id: int) -> HttpResponse:
    """Change a postal address in place."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    row = found.address(address_id)
    now = {"revision": found.contact.revision, "text": row.text, "purpose": row.purpose, "note": row.note}
    form = AddressForm(typed_in(request), initial=now)
    saved = attempt(
        request,
        found,
        form,
        lambda typed: _change(actions.change_address, request, contact_id, address_id, typed),
    )
    if saved is NOTHING:
        removal_url = reverse("contacts:address_removal", args=[contact_id, address_id])
        return opened(request, found, form, removal_url=removal_url)
    return shown(request, contact_id, "addresses", _("Saved."), undo_of(found.change_just_made("address")))


@require_POST
def address_removal(request: HttpRequest, contact_id: int, address_id: int) -> HttpResponse:
    """Take a postal address away, with undo."""
    change = actions.remove_address(by=request.actor, contact_id=contact_id, address_id=address_id)
    return shown(request, contact_id, "addresses", _("Removed."), undo_of(change))


def _change(act, request: HttpRequest, contact_id: int, row_id: int, typed: dict):
    revision = typed.pop("revision", None)
    key = "point_id" if act is actions.change_point else "address_id"
    return act(by=request.actor, contact_id=contact_id, fields=typed, revision=revision, **{key: row_id})
