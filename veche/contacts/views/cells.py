"""A cell of the list edited where it stands.

200 answers the row anew, 422 the control with its error, 409 the control with three values: what it was on the screen,
what it is now, what was typed. Nothing typed is ever lost.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veche.contacts.actions.cells import change_cell, first_of, shown_of
from veche.contacts.actions.marks import MARKS
from veche.contacts.birthdays import Birthday, written
from veche.contacts.forms import CardForm, CautionForm, OwnFieldForm, PersonForm, StandingForm, own_initial
from veche.contacts.models import Contact, OwnField
from veche.contacts.queries.own import own_field
from veche.contacts.queries.people_columns import Column, known
from veche.contacts.queries.scope import get_contact
from veche.contacts.views.cells_drawn import drawn, drawn_anew
from veche.contacts.views.cells_marks import marks_cell
from veche.contacts.views.in_place import undo_of
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal, Stale
from veche.ui.fragments import toast

EDITOR = "contacts/people_cell.html"


class ReachForm(CardForm):
    value = forms.CharField(required=False, max_length=1000)


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, contact_id: int, key: str) -> HttpResponse:
    """The control of one cell; saving answers its row."""
    actor = request.actor
    actor.require("contacts.edit")
    contact, column = get_contact(actor, contact_id), _column(actor, key)
    if key in MARKS:
        return marks_cell(request, contact, column)
    form, name = _control(request.POST or None, contact, column)
    context = {"form": form, "name": name, "contact": contact, "column": column, "url": request.path}
    if request.method == "GET":
        return render(request, EDITOR, context)
    if not form.is_valid():
        return render(request, EDITOR, context, status=422)
    typed = form.cleaned_data[name]
    try:
        changed = change_cell(
            by=actor, contact_id=contact_id, key=key, typed=typed, revision=form.cleaned_data["revision"]
        )
    except Stale:
        return _conflict(request, context, form, name)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        form.add_error(name, str(refusal.fields.get(key, refusal.message)))
        return render(request, EDITOR, context, status=422)
    made = getattr(changed, "changes_made", [])
    answer = drawn(request, [changed.pk])
    return toast(answer, _("Saved."), undo_url=undo_of(made[0])) if made else answer


@require_GET
def row(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One row as it is now."""
    request.actor.require("contacts.view")
    return drawn_anew(request, get_contact(request.actor, contact_id).pk)


def _conflict(request: HttpRequest, context: dict[str, Any], form: forms.Form, name: str) -> HttpResponse:
    contact = get_contact(request.actor, context["contact"].pk)
    fresh, _name = _control(None, contact, context["column"])
    form.data = form.data.copy()
    form.data["revision"] = contact.revision
    context["conflict"] = {
        "was": request.POST.get("was", ""),
        "now": _words(fresh[name], fresh[name].value()),
        "mine": _words(form[name], form[name].value()),
    }
    return render(request, EDITOR, context, status=409)


def _words(bound: forms.BoundField, value: Any) -> str:
    options = getattr(bound.field, "choices", None)
    if options:
        chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(str(label) for key, label in options if str(key) in chosen and str(key))
    return str(value or "")


def _column(actor: Actor, key: str) -> Column:
    column = next(iter(known(actor, [key])), None)
    if column is None or not column.edited:
        raise NotFound
    return column


def _control(data: Any, contact: Contact, column: Column) -> tuple[forms.Form, str]:
    """The form of the card, with nothing in it but this column's control; and the control's name."""
    now: dict[str, Any] = {"revision": contact.revision}
    key = column.key
    if column.field:
        field: OwnField = own_field(column.field.key)
        value = own_initial(field, contact.own.get(field.key))
        return OwnFieldForm(data, field=field, initial=now | {"value": value}), "value"
    if key in ("phone", "email", "address"):
        form: forms.Form = ReachForm(data, initial=now | {"value": shown_of(first_of(contact, key))})
        form.fields["value"].label = column.label
        return form, "value"
    made = next(kind for kind in (StandingForm, PersonForm, CautionForm) if key in kind.base_fields)
    value = getattr(contact, f"{key}_id", None) if made is StandingForm else getattr(contact, key, "")
    if key == "birthday":
        value = _birthday(contact)
    form = made(data, initial=now | {key: value})
    for name in [name for name in form.fields if name not in (key, "revision")]:
        del form.fields[name]
    return form, key


def _birthday(contact: Contact) -> str:
    return written(Birthday(contact.birth_year, contact.birth_month, contact.birth_day))
