"""Fields of the contact itself, edited in place: who it is, caution, our standing with it, own fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veche.contacts.actions.contacts import change_fields
from veche.contacts.forms import (
    CautionForm,
    OrganisationForm,
    OwnFieldForm,
    PersonForm,
    StandingForm,
    own_initial,
)
from veche.contacts.queries.card import Card, card
from veche.contacts.queries.own import own_field
from veche.contacts.views.in_place import NOTHING, attempt, opened, shown, typed_in, undo_of
from veche.core.refusal import NotFound

SHOWN_IN = {"who": "head", "caution": "head", "standing": "standing"}  # an own field is shown in "own"


@require_http_methods(["GET", "POST"])
def fields(request: HttpRequest, contact_id: int, part: str) -> HttpResponse:
    """The form of `part`: who, caution, standing or own.<key>; saving answers the part anew."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    form = _form(found, part, typed_in(request))
    contact = attempt(request, found, form, lambda typed: _save(request, contact_id, part, typed))
    if contact is NOTHING:
        return opened(request, found, form)
    made = getattr(contact, "changes_made", [])
    message = _("Saved.") if made else ""
    return shown(request, contact_id, SHOWN_IN.get(part, "own"), message, undo_of(made[0]) if made else None)


def _save(request: HttpRequest, contact_id: int, part: str, typed: dict[str, Any]) -> Any:
    revision = typed.pop("revision", None)
    if part.startswith("own."):
        typed = {part: typed["value"]} if "value" in typed else {}
    return change_fields(by=request.actor, contact_id=contact_id, fields=typed, revision=revision)


def _form(of: Card, part: str, data: Any) -> forms.Form:
    contact = of.contact
    now: dict[str, Any] = {"revision": contact.revision}
    if part == "who" and of.is_person:
        names = ("surname", "given_name", "patronymic", "gender")
        now |= {name: getattr(contact, name) for name in names} | {"birthday": of.birthday_typed}
        return PersonForm(data, initial=now)
    if part == "who":
        return OrganisationForm(data, initial=now | {"name": contact.name})
    if part == "caution":
        until = contact.caution_until
        now |= {"caution": contact.caution, "caution_until": f"{until:%d.%m.%Y}" if until else ""}
        return CautionForm(data, initial=now)
    if part == "standing":
        now |= {name: getattr(contact, f"{name}_id") for name in ("status", "responsible", "territory")}
        return StandingForm(data, initial=now)
    if not part.startswith("own."):
        raise NotFound
    field = own_field(part.removeprefix("own."))
    return OwnFieldForm(
        data, field=field, initial=now | {"value": own_initial(field, contact.own.get(field.key))}
    )
