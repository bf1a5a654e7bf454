"""Rows of the list of people: what this viewer may see of each contact, ready to be drawn."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, When
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from veche.accounts.queries import names_of
from veche.contacts.birthdays import Birthday, written
from veche.contacts.models import (
    Contact,
    ContactPoint,
    Gender,
    Kind,
    Membership,
    Origin,
    OwnField,
    PostalAddress,
    TagAssignment,
    Validity,
)
from veche.contacts.naming import shorter_names
from veche.contacts.own_values import show_own
from veche.contacts.queries.household_list import Line, homes_of
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.people_columns import Column
from veche.contacts.queries.people_places import ADDRESS_PARTS, parts_of
from veche.core.actor import Actor
from veche.ui import formats


@dataclass(frozen=True)
class Mark:
    """A tag or a campaign as a row shows it. `colour` is 1 to 6."""

    name: str
    colour: int


@dataclass(frozen=True)
class Row:
    """`phone` is masked already where it must be; `source` is where we have the contact from, in words. `shorter` are
    what stands for the name where there is no room for it, the longest first."""

    id: int
    name: str
    shorter: list[str]
    is_organisation: bool
    caution: str
    phone: str
    phones_more: int
    email: str
    address: str
    tags: list[Mark]
    campaigns: list[Mark]
    source: str
    batch: int | None
    status: str
    responsible: str
    made_at: dt.datetime
    changed_at: dt.datetime
    revision: int
    household: Line | None
    cells: list[Cell]


@dataclass(frozen=True)
class Cell:
    """What stands in a column of a row. `text` is what is copied; how it is drawn depends on the column's kind."""

    column: Column
    text: str


def rows(actor: Actor, contacts: list[Contact], columns: Sequence[Column] = ()) -> list[Row]:
    """One row per contact, in the same order, by one query for each kind of part, however many contacts.

    `cells` are those of the columns asked for.
    """
    ids = [contact.pk for contact in contacts]
    phones, emails = _points(ids)
    addresses = grouped(PostalAddress.objects.filter(contact__in=ids).values_list("contact_id", "text"))
    tags = grouped(
        TagAssignment.objects.filter(contact__in=ids)
        .order_by("tag__name")
        .values_list("contact_id", "tag__name", "tag__colour", "tag__campaign_id")
    )
    campaigns = grouped(
        Membership.objects.filter(contact__in=ids)
        .order_by("campaign__name")
        .values_list("contact_id", "campaign__name", "campaign__colour", "campaign_id")
    )
    origins = grouped(
        Origin.objects.filter(contact__in=ids)
        .order_by("pk")
        .values_list("contact_id", "channel", "words", "batch", "batch_name")
    )
    open_ = sees_phones(actor)
    own = _own_texts(ids, [column.field for column in columns if column.field])
    places = parts_of(ids, [column.key for column in columns])
    homes = homes_of(actor, ids) if any(column.key == "household" for column in columns) else {}
    made = [
        Row(
            id=contact.pk,
            name=str(contact),
            shorter=shorter_names(contact.surname, contact.given_name, contact.patronymic),
            is_organisation=contact.kind == "organisation",
            caution=caution_of(contact),
            phone=formats.phone(phones[contact.pk][0][0], masked=not open_) if phones[contact.pk] else "",
            phones_more=max(0, len(phones[contact.pk]) - 1),
            email=emails[contact.pk][0][0] if emails[contact.pk] else "",
            address=addresses[contact.pk][0][0] if addresses[contact.pk] else "",
            tags=marks_seen(actor, tags[contact.pk]),
            campaigns=marks_seen(actor, campaigns[contact.pk]),
            source=_source(*origins[contact.pk][0]) if origins[contact.pk] else "",
            batch=origins[contact.pk][0][2] if origins[contact.pk] else None,
            status=str(contact.status) if contact.status else "",
            responsible=str(contact.responsible) if contact.responsible else "",
            made_at=contact.made_at,
            changed_at=contact.changed_at,
            revision=contact.revision,
            household=homes.get(contact.pk),
            cells=[],
        )
        for contact in contacts
    ]
    for row, contact in zip(made, contacts, strict=True):
        row.cells.extend(Cell(column, _text(row, contact, column, own, places)) for column in columns)
    return made


def _text(
    row: Row,
    contact: Contact,
    column: Column,
    own: dict[tuple[int, str], str],
    places: dict[int, dict[str, str]],
) -> str:
    if column.field:
        return own.get((contact.pk, column.field.key), "")
    if column.key in ADDRESS_PARTS:
        return places.get(contact.pk, {}).get(column.key, "")
    match column.key:
        case "tags" | "campaigns":
            return ", ".join(mark.name for mark in getattr(row, column.key))
        case "added" | "changed":
            return formats.exact_day(row.made_at if column.key == "added" else row.changed_at)
        case "birthday":
            parts = Birthday(contact.birth_year, contact.birth_month, contact.birth_day)
            return written(parts) if any(parts) else ""
        case "household":
            return f"{row.household.title} ({row.household.everybody})" if row.household else ""
        case "gender":
            return str(Gender(contact.gender).label) if contact.gender else ""
        case "territory":
            return str(contact.territory) if contact.territory else ""
        case "kind":
            return str(Kind(contact.kind).label)
        case "number":
            return str(contact.pk)
        case "surname" | "given_name" | "patronymic":
            return getattr(contact, column.key)
    return getattr(row, column.key)


def _own_texts(ids: list[int], fields: list[OwnField]) -> dict[tuple[int, str], str]:
    """Own values in words, by contact and key: only the fields asked for leave the database."""
    if not fields:
        return {}
    values = {f"own_{field.pk}": KeyTransform(field.key, "own") for field in fields}
    texts = Contact.objects.filter(pk__in=ids).annotate(**values).values_list("pk", *values)
    stored = {
        (pk, field.key): value
        for pk, *row in texts
        for field, value in zip(fields, row, strict=True)
        if value is not None
    }
    return _shown(fields, stored)


def _shown(fields: list[OwnField], stored: dict[tuple[int, str], Any]) -> dict[tuple[int, str], str]:
    by_key = {field.key: field for field in fields}
    users = [value for (_pk, key), value in stored.items() if by_key[key].type == OwnField.Type.USER]
    people = names_of(users)
    return {(pk, key): show_own(by_key[key], value, people) for (pk, key), value in stored.items()}


def _points(ids: list[int]) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    """Phones and e-mails by contact, those that do not work last."""
    works = Case(When(validity=Validity.INVALID, then=1), default=0, output_field=IntegerField())
    found = list(
        ContactPoint.objects.filter(contact__in=ids, kind__in=["phone", "email"])
        .order_by(works, "position", "pk")
        .values_list("contact_id", "value", "kind")
    )
    phones = grouped(row for row in found if row[2] == "phone")
    return phones, grouped(row for row in found if row[2] == "email")


def grouped(found: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    parts: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for contact_id, *rest in found:
        parts[contact_id].append(tuple(rest))
    return parts


def marks_seen(actor: Actor, found: list[tuple[Any, ...]]) -> list[Mark]:
    """Another team's campaigns and tags are not told by their names."""
    known = actor.scope("campaign")
    return [
        Mark(name, colour)
        for name, colour, campaign in found
        if actor.sees_all or campaign is None or campaign in known
    ]


def _source(channel: str, words: str, batch: int | None, batch_name: str) -> str:
    """The file it was imported from, the team's own words, or how it came."""
    return batch_name or words or str(Origin.Channel(channel).label)


def caution_of(contact: Contact) -> str:
    """The warning, while it is in force."""
    return contact.caution if _in_force(contact) else ""


def _in_force(contact: Contact) -> bool:
    until = contact.caution_until
    return bool(contact.caution) and (until is None or until >= timezone.localdate())
