"""Undo of one change of a contact, by the row that kept what was before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from veche.contacts.actions.address_reading import read_addresses_of
from veche.contacts.actions.belonging import role_snapshot
from veche.contacts.actions.changing import keep, taken
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.houses import note_houses_at
from veche.contacts.actions.notes import note_snapshot
from veche.contacts.actions.points import snapshot
from veche.contacts.events import AddressChanged, NoteChanged, PointChanged, RoleChanged
from veche.contacts.fields import CLEANERS
from veche.contacts.merging_choice import value_of
from veche.contacts.models import (
    Contact,
    ContactPoint,
    ContactRole,
    FieldChange,
    Note,
    PointKind,
    PostalAddress,
)
from veche.contacts.queries.own import own_fields
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import Event, publish
from veche.core.refusal import NotFound, Refusal, Stale

BIRTHDAY_PARTS = ("birth_year", "birth_month", "birth_day")


@action("contacts.note")
def revert_change(*, by: Actor, contact_id: int, change_id: int) -> Contact:
    """Put back what a change replaced, removed or added, with the fields changed in the same go.

    `Stale` when it was changed again since.
    A note is brought back by whoever removed it or may remove any; all else needs the right to edit.
    """
    contact = taken(by, contact_id)
    change = contact.changes.filter(pk=change_id).first()
    if change is None:
        raise NotFound
    if change.field == "note":
        _insist_may_bring_back(by, change)
    else:
        by.require("contacts.edit")
    if _is_field(change.field):
        return _revert_fields(by, contact, change)
    if not _is_snapshot(change.before) or not _is_snapshot(change.after):
        raise Refusal("contacts.no_undo", _("This change cannot be put back by itself. Edit the field."))
    now = _row(contact, change)
    if _comparable(now) != _comparable(change.after):
        raise Stale
    try:
        with transaction.atomic():
            _put(contact, change)
    except IntegrityError:
        sentence = _("The contact has the same again already, so nothing was put back.")
        raise Refusal("contacts.there_again", sentence) from None
    after = change.before
    if change.field != "note":
        keep(by, contact, [(change.field, change.after, after)])
    publish(_event(contact, change), by=by)
    return contact


def _revert_fields(by: Actor, contact: Contact, change: FieldChange) -> Contact:
    """All fields that were changed in the same go, together."""
    together = contact.changes.filter(at=change.at, request_id=change.request_id)
    fields = {each.field: each.before for each in together if _is_field(each.field)}
    if {code.removeprefix("own.") for code in fields if code.startswith("own.")} - {
        f.key for f in own_fields()
    }:
        raise Refusal("contacts.no_undo", _("The field is in the archive, so its value cannot be put back."))
    if contact.changes.filter(field__in=_touching(fields), at__gt=change.at).exists():
        raise Stale
    # a change of a card that was merged into this one stands in its history, but need not be what it became
    if any((value_of(contact, e.field) or None) != (e.after or None) for e in together if e.field in fields):
        raise Stale
    return change_fields(by=by, contact_id=contact.pk, fields=fields)


def _touching(fields: Iterable[str]) -> set[str]:
    """The codes under which somebody may have written into these fields: a birthday is also its three parts."""
    codes = set(fields)
    if "birthday" in codes:
        codes.update(BIRTHDAY_PARTS)
    elif codes.intersection(BIRTHDAY_PARTS):
        codes.add("birthday")
    return codes


def _insist_may_bring_back(by: Actor, change: FieldChange) -> None:
    if change.by_id != by.user_id and not by.may("contacts.delete"):
        raise Refusal("contacts.not_your_note", _("This note was removed by somebody else."), status=403)


def _is_field(code: str) -> bool:
    return code in CLEANERS or code.startswith("own.")


def _is_snapshot(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and "id" in value)


def _model(field: str) -> type:
    if field in PointKind.values:
        return ContactPoint
    return {"address": PostalAddress, "role": ContactRole, "note": Note}[field]


def _row(contact: Contact, change: FieldChange) -> dict[str, Any] | None:
    """The row of the change as it is now; None when it is gone."""
    key = (change.after or change.before)["id"]
    found = _model(change.field).objects.filter(pk=key, contact=contact).first()
    if found is None:
        return None
    if isinstance(found, ContactRole):
        return role_snapshot(found)
    return note_snapshot(found) if isinstance(found, Note) else snapshot(found)


def _comparable(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Without what other rows' changes move."""
    return row and {name: value for name, value in row.items() if name != "position"}


def _put(contact: Contact, change: FieldChange) -> None:
    model = _model(change.field)
    if change.before is None:
        if model is PostalAddress:
            note_houses_at([change.after["id"]])
        model.objects.filter(pk=change.after["id"], contact=contact).delete()
        return
    columns = dict(change.before)
    if change.field == "role":
        columns["role_id"] = columns.pop("role")
        for name in ("since", "until"):
            columns[name] = columns[name] and dt.date.fromisoformat(columns[name])
    if change.field == "note":
        columns["made_at"] = dt.datetime.fromisoformat(columns["made_at"])
    key = columns.pop("id")
    if not model.objects.filter(pk=key, contact=contact).update(**columns):
        model.objects.create(pk=key, contact=contact, **columns)
    if model is PostalAddress:
        read_addresses_of([contact.pk])


def _event(contact: Contact, change: FieldChange) -> Event:
    key = (change.after or change.before)["id"]
    head = {"contact_id": contact.pk, "object_id": key, "change": "reverted"}
    if change.field == "note":
        return NoteChanged(**head)
    head |= {"fields": (f"{change.field}.{key}",), "revision": contact.revision}
    if change.field == "address":
        return AddressChanged(**head)
    if change.field == "role":
        return RoleChanged(role=(change.after or change.before)["role"], **head)
    return PointChanged(point=change.field, **head)
