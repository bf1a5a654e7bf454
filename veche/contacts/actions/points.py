"""Phones, e-mails, accounts and postal addresses of one contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from veche.contacts.actions.address_reading import read_addresses_of
from veche.contacts.actions.changing import insist_fresh, present, record, taken
from veche.contacts.actions.houses import note_houses_at
from veche.contacts.events import AddressChanged, PhoneRevealed, PointChanged
from veche.contacts.models import Contact, ContactPoint, FieldChange, PointKind, PostalAddress
from veche.contacts.models.reach import Purpose, Validity
from veche.contacts.point_texts import read_points, refuse
from veche.contacts.queries.masking import reveals_counted, sees_phones
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal

HOUR = dt.timedelta(hours=1)
REVEALS_PER_HOUR = 30  # for those who see phones masked

POINT_COLUMNS = (
    "value",
    "as_given",
    "extension",
    "purpose",
    "validity",
    "note",
    "position",
    "origin_id",
    "kind",
)
ADDRESS_COLUMNS = ("text", "purpose", "validity", "note", "position", "origin_id")


def snapshot(row: ContactPoint | PostalAddress) -> dict[str, Any]:
    """All of a row that a later undo needs."""
    columns = POINT_COLUMNS if isinstance(row, ContactPoint) else ADDRESS_COLUMNS
    return {"id": row.pk, **{column: getattr(row, column) for column in columns}}


@action("contacts.edit")
def add_points(
    *, by: Actor, contact_id: int, kind: str, text: str, purpose: str = "", note: str = ""
) -> list[ContactPoint]:
    """Add the phones, e-mails or accounts of `kind` that stand in `text`; refused when all are there already."""
    if kind not in PointKind.values:
        raise ValueError(f"There is no kind of contact point {kind}.")
    readings = read_points(kind, text)
    if not readings:
        raise refuse(kind, _("Nothing was typed."))
    contact = taken(by, contact_id)
    there = set(contact.points.filter(kind=kind).values_list("value", "extension"))
    fresh = [reading for reading in readings if (reading.value, reading.extension) not in there]
    if not fresh:
        raise refuse(kind, _("This contact has it already."))
    position = _next_position(contact.points.filter(kind=kind))
    rows = ContactPoint.objects.bulk_create(
        ContactPoint(
            contact=contact,
            kind=kind,
            value=reading.value,
            as_given=reading.as_given[:300],
            extension=reading.extension,
            purpose=_of(Purpose, purpose or reading.purpose),
            note=(note or reading.remark).strip()[:300],
            position=position + n,
        )
        for n, reading in enumerate(fresh)
    )
    for row in rows:
        _record_point(by, contact, row, None, snapshot(row), "added")
    return rows


@action("contacts.edit")
def change_point(
    *, by: Actor, contact_id: int, point_id: int, fields: Mapping[str, str], revision: int | None = None
) -> ContactPoint:
    """Change `text`, `purpose`, `validity` or `note` of a point; `Stale` when it was changed since `revision`."""
    contact = taken(by, contact_id)
    point = _point(contact, point_id)
    before = snapshot(point)
    if "text" in fields and fields["text"].strip() not in (point.value, point.as_given):
        readings = read_points(point.kind, fields["text"])
        if len(readings) != 1:
            raise refuse(point.kind, _("One at a time here. Add the second one by itself."))
        point.value, point.as_given = readings[0].value, readings[0].as_given[:300]
        point.extension, point.validity = readings[0].extension, Validity.UNCHECKED
        same = contact.points.filter(kind=point.kind, value=point.value, extension=point.extension)
        if same.exclude(pk=point.pk).exists():
            raise refuse(point.kind, _("This contact has it already."))
    _set_manners(point, fields)
    if before == snapshot(point):
        unchanged()
        return point
    insist_fresh(contact, revision, [f"{point.kind}.{point.pk}"])
    point.save(update_fields=["value", "as_given", "extension", "purpose", "validity", "note"])
    _record_point(by, contact, point, before, snapshot(point), "changed")
    return point


@action("contacts.edit")
def make_point_main(*, by: Actor, contact_id: int, point_id: int) -> ContactPoint:
    """Put a contact point first of its kind: that is the one we use."""
    contact = taken(by, contact_id)
    point = _point(contact, point_id)
    before = snapshot(point)
    contact.points.filter(kind=point.kind, position__lte=point.position).exclude(pk=point.pk).update(
        position=F("position") + 1
    )
    point.position = 0
    point.save(update_fields=["position"])
    _record_point(by, contact, point, before, snapshot(point), "made_main")
    return point


@action("contacts.edit")
def remove_point(*, by: Actor, contact_id: int, point_id: int) -> FieldChange:
    """Take a contact point away; returns what `revert_change` brings it back by."""
    contact = taken(by, contact_id)
    point = _point(contact, point_id)
    before = snapshot(point)
    point.delete()
    point.pk = before["id"]
    _insist_known(contact)
    return _record_point(by, contact, point, before, None, "removed")


@action("contacts.reveal")
def reveal_phone(*, by: Actor, contact_id: int, point_id: int) -> ContactPoint:
    """Open a masked phone for a quarter of an hour: logged, and limited within any hour."""
    contact = present(by, contact_id)
    point = _point(contact, point_id)
    if sees_phones(by):
        unchanged()
        return point
    if reveals_counted(by, within=HOUR) >= REVEALS_PER_HOUR:
        raise Refusal(
            "contacts.reveals_spent",
            _(
                "You have opened %(most)s phones within an hour. Ask your coordinator, or go on somewhat later."
            )
            % {"most": REVEALS_PER_HOUR},
            status=429,
        )
    publish(PhoneRevealed(contact_id=contact.pk, object_id=point.pk), by=by)
    return point


@action("contacts.edit")
def add_address(*, by: Actor, contact_id: int, text: str, purpose: str = "", note: str = "") -> PostalAddress:
    """Add a postal address, kept as it was typed."""
    text = " ".join(text.split())
    if not text:
        raise refuse("address", _("Nothing was typed."))
    contact = taken(by, contact_id)
    if contact.addresses.filter(text__iexact=text).exists():
        raise refuse("address", _("This contact has it already."))
    address = PostalAddress(contact=contact, text=text[:1000], position=_next_position(contact.addresses))
    _set_manners(address, {"purpose": purpose, "note": note})
    address.save()
    read_addresses_of([contact.pk])
    _record_address(by, contact, address, None, snapshot(address), "added")
    return address


@action("contacts.edit")
def change_address(
    *, by: Actor, contact_id: int, address_id: int, fields: Mapping[str, str], revision: int | None = None
) -> PostalAddress:
    """Change `text`, `purpose`, `validity` or `note` of an address; `Stale` when it was changed since `revision`."""
    contact = taken(by, contact_id)
    address = _address(contact, address_id)
    before = snapshot(address)
    if "text" in fields:
        address.text = " ".join(fields["text"].split())[:1000]
        if not address.text:
            raise refuse("address", _("Nothing was typed."))
    _set_manners(address, fields)
    if before == snapshot(address):
        unchanged()
        return address
    insist_fresh(contact, revision, [f"address.{address.pk}"])
    address.save(update_fields=["text", "purpose", "validity", "note"])
    read_addresses_of([contact.pk])
    _record_address(by, contact, address, before, snapshot(address), "changed")
    return address


@action("contacts.edit")
def remove_address(*, by: Actor, contact_id: int, address_id: int) -> FieldChange:
    """Take an address away; returns what `revert_change` brings it back by."""
    contact = taken(by, contact_id)
    address = _address(contact, address_id)
    before = snapshot(address)
    note_houses_at([address.pk])
    address.delete()
    address.pk = before["id"]
    _insist_known(contact)
    return _record_address(by, contact, address, before, None, "removed")


def _record_point(
    by: Actor, contact: Contact, point: ContactPoint, before: Any, after: Any, change: str
) -> FieldChange:
    told = {"point": point.kind, "change": change}
    return record(by, contact, point.kind, point, before, after, PointChanged, **told)


def _record_address(
    by: Actor, contact: Contact, address: PostalAddress, before: Any, after: Any, change: str
) -> FieldChange:
    return record(by, contact, "address", address, before, after, AddressChanged, change=change)


def _point(contact: Contact, point_id: int) -> ContactPoint:
    point = contact.points.filter(pk=point_id).first()
    if point is None:
        raise NotFound
    return point


def _address(contact: Contact, address_id: int) -> PostalAddress:
    address = contact.addresses.filter(pk=address_id).first()
    if address is None:
        raise NotFound
    return address


def _set_manners(row: ContactPoint | PostalAddress, fields: Mapping[str, str]) -> None:
    if "purpose" in fields:
        row.purpose = _of(Purpose, fields["purpose"])
    if fields.get("validity"):
        row.validity = _of(Validity, fields["validity"])
    if "note" in fields:
        row.note = " ".join(fields["note"].split())[:300]


def _of(choices: Any, typed: str) -> str:
    if typed not in choices.values:
        raise Refusal("contacts.field", _("Choose one of the list."))
    return typed


def _next_position(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _insist_known(contact: Contact) -> None:
    if contact.name or contact.points.exists() or contact.addresses.exists():
        return
    raise Refusal(
        "contacts.nothing_known",
        _(
            "This is the only thing known of the contact. Add something else first, or remove the whole contact."
        ),
    )
