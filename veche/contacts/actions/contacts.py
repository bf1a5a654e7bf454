"""Adding, changing, removing and restoring one contact. Many at once: `bulk`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.campaigns.models import Campaign
from veche.contacts.actions.address_reading import read_addresses_of
from veche.contacts.actions.belonging import held_roles
from veche.contacts.actions.changing import insist_fresh, keep, taken
from veche.contacts.actions.notes import add_note
from veche.contacts.birthdays import Birthday, check_birthday, written
from veche.contacts.events import ContactAdded, ContactChanged, ContactRemoved, ContactRestored
from veche.contacts.fields import CLEANERS, clean_value, stored_value
from veche.contacts.models import (
    Contact,
    ContactPoint,
    ContactRole,
    Kind,
    Membership,
    Origin,
    PointKind,
    PostalAddress,
)
from veche.contacts.naming import compose_name, key_of
from veche.contacts.own_values import clean_own
from veche.contacts.point_texts import read_points
from veche.contacts.queries.own import own_fields
from veche.contacts.queries.scope import removed_contacts_for
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal
from veche.names import parse_name

KEPT_DAYS = 30  # a removed contact can be restored for so long
NAME_PARTS = ("surname", "given_name", "patronymic")
BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")


@action("contacts.add")
def add_contact(
    *,
    by: Actor,
    kind: str = Kind.PERSON,
    name: str = "",
    points: Mapping[str, Sequence[str]] | None = None,
    addresses: Sequence[str] = (),
    fields: Mapping[str, Any] | None = None,
    campaign: Campaign | None = None,
    channel: str = Origin.Channel.BY_HAND,
    origin_words: str = "",
    note: str = "",
    roles: Sequence[tuple[int, str]] = (),
) -> Contact:
    """Add a person or an organisation of whom at least one thing is known; returns it.

    `name` is as typed: it is taken apart, and kept as given. `points` are texts by kind of contact point, each may hold
    several. `fields` are values by field code, as in `change_fields`, laid over what the name gave; `roles` ids of
    roles, each with of what. Someone whose reach would not show them the new contact becomes responsible for it.
    Raises `Refusal` with sentences by field.
    """
    readings = {point: _read_all(point, texts) for point, texts in (points or {}).items()}
    addresses = [text.strip() for text in addresses if text.strip()]
    cleaned = _cleaned(fields or {})
    columns = {**_from_name(kind, " ".join(name.split())), **cleaned["columns"]}
    named = columns.get("name") or any(columns.get(part) for part in NAME_PARTS)
    if not (named or addresses or any(readings.values())):
        sentence = _("Give at least one of these: a name, a phone, an e-mail, a messenger or an address.")
        raise Refusal("contacts.nothing_known", sentence, fields={"name": sentence})
    own = {key: value for key, value in cleaned["own"].items() if value is not None}
    contact = Contact(kind=kind, own=own, **columns)
    _settle_name(contact)
    if contact.responsible_id is None and not by.sees_all:
        contact.responsible_id = by.user_id
    contact.save()
    origin = Origin.objects.create(
        contact=contact,
        channel=channel,
        words=origin_words.strip()[:300],
        campaign=campaign,
        collector=by.name[:200],
        collector_user_id=by.user_id,
        happened_on=timezone.localdate(),
    )
    _store_reach(contact, origin, readings, addresses)
    read_addresses_of([contact.pk] if addresses else [])
    if campaign is not None:
        Membership.objects.create(campaign=campaign, contact=contact)
    ContactRole.objects.bulk_create(held_roles(contact, roles))
    publish(ContactAdded(contact_id=contact.pk, object_id=contact.pk, channel=channel), by=by)
    if note.strip():
        add_note(by=by, contact_id=contact.pk, text=note)
    return contact


@action("contacts.edit")
def change_fields(
    *, by: Actor, contact_id: int, fields: Mapping[str, Any], revision: int | None = None
) -> Contact:
    """Set fields by their codes (see `veche.contacts.fields`; own fields are ``own.<key>``); returns the contact.

    `revision` is what the editor saw: `Stale` when one of these fields was changed since. What is the same stays
    untouched, and nothing is written when all is. Raises `Refusal` with sentences by field.
    """
    contact = taken(by, contact_id)
    cleaned = _cleaned(fields)
    changes, columns = _differences(contact, cleaned)
    if not changes:
        unchanged()
        return contact
    insist_fresh(contact, revision, [code for code, _before, _after in changes])
    for column, value in columns.items():
        setattr(contact, column, value)
    if columns.get("kind") == Kind.PERSON and not any(getattr(contact, part) for part in NAME_PARTS):
        columns["surname"] = contact.surname = contact.name[:200]
    check_birthday(Birthday(contact.birth_year, contact.birth_month, contact.birth_day))
    if columns.keys() & {*NAME_PARTS, "name", "kind"}:
        _settle_name(contact)
        columns |= {"name": contact.name, "name_key": contact.name_key}
        _insist_known(contact)
    contact.changes_made = keep(by, contact, changes, **columns)
    codes = tuple(code for code, _before, _after in changes)
    publish(
        ContactChanged(contact_id=contact.pk, object_id=contact.pk, fields=codes, revision=contact.revision),
        by=by,
    )
    return contact


@action("contacts.delete")
def remove_contact(*, by: Actor, contact_id: int) -> Contact:
    """Hide the contact everywhere; `restore_contact` brings it back within `KEPT_DAYS`."""
    contact = taken(by, contact_id)
    contact.removed_at = timezone.now()
    contact.save(update_fields=["removed_at"])
    publish(ContactRemoved(contact_id=contact.pk, object_id=contact.pk), by=by)
    return contact


@action("contacts.delete")
def restore_contact(*, by: Actor, contact_id: int) -> Contact:
    """Bring a removed contact back, with all that belongs to it."""
    contact = removed_contacts_for(by).select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    contact.removed_at = None
    contact.save(update_fields=["removed_at"])
    publish(ContactRestored(contact_id=contact.pk, object_id=contact.pk), by=by)
    return contact


def _cleaned(fields: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Values by column and by own key, cleaned; all that is wrong in one `Refusal`."""
    columns, own, wrong = {}, {}, {}
    keys = [code.removeprefix("own.") for code in fields if code.startswith("own.")]
    own_by_key = {field.key: field for field in own_fields(keys=keys)} if keys else {}
    for code, typed in fields.items():
        key = code.removeprefix("own.")
        if code not in CLEANERS and key not in own_by_key:
            raise ValueError(f"There is no field {code}.")
        try:
            if code in CLEANERS:
                columns.update(clean_value(code, typed))
            else:
                own[key] = clean_own(own_by_key[key], typed)
        except Refusal as refusal:
            wrong |= refusal.fields or {code: refusal.message}
    if wrong:
        raise Refusal("contacts.fields", next(iter(wrong.values())), fields=wrong)
    return {"columns": columns, "own": own}


def _differences(contact: Contact, cleaned: dict[str, dict[str, Any]]) -> tuple[list[tuple], dict[str, Any]]:
    """(changes as (code, before, after), columns to store): only what differs."""
    changes, columns = [], {}
    for column, after in cleaned["columns"].items():
        before = getattr(contact, column)
        if before != after:
            columns[column] = after
            if column not in BIRTH_PARTS:
                changes.append((column.removesuffix("_id"), stored_value(before), stored_value(after)))
    if columns.keys() & set(BIRTH_PARTS):
        before = [getattr(contact, part) for part in BIRTH_PARTS]
        after = [columns.get(part, getattr(contact, part)) for part in BIRTH_PARTS]
        changes.append(("birthday", written(Birthday(*before)), written(Birthday(*after))))
    own = dict(contact.own)
    for key, after in cleaned["own"].items():
        before = own.get(key)
        if before != after:
            own.pop(key, None)
            if after is not None:
                own[key] = after
            columns["own"] = own
            changes.append((f"own.{key}", before, after))
    return changes, columns


def _from_name(kind: str, name: str) -> dict[str, Any]:
    if not name:
        return {}
    if kind == Kind.ORGANISATION:
        return {"name": name[:600], "name_as_given": name[:600]}
    parsed = parse_name(name)
    if not parsed.is_person or not (parsed.surname or parsed.given_name or parsed.patronymic):
        return {"surname": name[:200], "name_as_given": name[:600]}
    parts = {part: getattr(parsed, part)[:200] for part in NAME_PARTS}
    return {**parts, "gender": parsed.gender, "name_as_given": name[:600]}


def _settle_name(contact: Contact) -> None:
    """Make the shown name and its key out of what the contact is now."""
    if contact.kind == Kind.ORGANISATION:
        contact.name = contact.name or compose_name(contact.surname, contact.given_name, contact.patronymic)
        contact.name_key = key_of(contact.name)
        return
    parts = [getattr(contact, part) for part in NAME_PARTS]
    contact.name = compose_name(*parts)
    contact.name_key = key_of(*parts)


def _insist_known(contact: Contact) -> None:
    if contact.name or contact.points.exists() or contact.addresses.exists():
        return
    sentence = _("Nothing would be left by which to know this contact. Keep a name, or add a phone first.")
    raise Refusal("contacts.nothing_known", sentence, fields={"surname": sentence})


def _read_all(kind: str, texts: Sequence[str]) -> list:
    found = [reading for text in texts for reading in read_points(kind, text)]
    return list({(reading.value, reading.extension): reading for reading in reversed(found)}.values())[::-1]


def _store_reach(
    contact: Contact, origin: Origin, readings: Mapping[str, list], addresses: Sequence[str]
) -> None:
    ContactPoint.objects.bulk_create(
        ContactPoint(
            contact=contact,
            kind=PointKind(kind),
            value=reading.value,
            as_given=reading.as_given[:300],
            extension=reading.extension,
            purpose=reading.purpose,
            note=reading.remark[:300],
            position=position,
            origin=origin,
        )
        for kind, found in readings.items()
        for position, reading in enumerate(found)
    )
    PostalAddress.objects.bulk_create(
        PostalAddress(contact=contact, text=text[:1000], position=position, origin=origin)
        for position, text in enumerate(addresses)
    )
