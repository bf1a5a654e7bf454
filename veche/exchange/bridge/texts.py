"""What the cells of contacts say now, for a viewer: the same when they go down and when they are compared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.campaigns.queries import campaigns_for
from veche.contacts.models import (
    Contact,
    ContactPoint,
    Kind,
    Membership,
    OwnField,
    PointKind,
    PostalAddress,
    Status,
    TagAssignment,
)
from veche.contacts.queries.choices import tags_seen_by
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.contacts.queries.typed import Birthday, written
from veche.core.actor import Actor
from veche.exchange.bridge.columns import BridgeColumn, word_of_gender
from veche.exchange.bridge.values import Shown
from veche.ui import formats


@dataclass
class Said:
    """One contact: its cells by column code, and the ids of the rows behind the values of a cell, by their texts."""

    id: int
    name: str
    is_organisation: bool
    cells: dict[str, Shown] = field(default_factory=dict)
    ids: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


def texts(
    actor: Actor, contact_ids: Collection[int], columns: Sequence[BridgeColumn | None]
) -> dict[int, Said]:
    """What each of the contacts says, of those whom the actor may see; one query for each kind of part."""
    wanted = [column for column in columns if column is not None]
    codes = {column.code for column in wanted}
    said = {}
    statuses = {each.pk: str(each) for each in Status.objects.all()} if "status" in codes else {}
    people = _people(wanted)
    for contact in contacts_for(actor).filter(pk__in=contact_ids):
        one = said[contact.pk] = Said(contact.pk, str(contact), contact.kind == Kind.ORGANISATION)
        for column in wanted:
            one.cells[column.code] = (
                _own(column.own, contact, people) if column.own else _plain(column, contact, statuses, people)
            )
    if codes & set(PointKind.values):
        _add_points(said, codes, masked=not sees_phones(actor))
    if "address" in codes:
        for pk, contact_id, text in (
            PostalAddress.objects.filter(contact__in=said)
            .order_by("position", "pk")
            .values_list("pk", "contact_id", "text")
        ):
            _put(said[contact_id], "address", " ".join(text.replace(";", ",").split()), pk)
    if "tags" in codes:
        seen = TagAssignment.objects.filter(tags_seen_by(actor, "tag__"), contact__in=said)
        for pk, contact_id, name in seen.order_by("tag__name").values_list(
            "tag_id", "contact_id", "tag__name"
        ):
            _put(said[contact_id], "tags", name.replace(";", ","), pk)
    if "campaigns" in codes:
        members = Membership.objects.filter(contact__in=said, campaign__in=campaigns_for(actor))
        for pk, contact_id, name in members.order_by("campaign__name").values_list(
            "campaign_id", "contact_id", "campaign__name"
        ):
            _put(said[contact_id], "campaigns", name.replace(";", ","), pk)
    return said


def _put(one: Said, code: str, text: str, key: int) -> None:
    cell = one.cells[code]
    if text not in cell:
        cell.append(text)
    one.ids[code][text].append(key)


def _add_points(said: dict[int, Said], codes: Collection[str], *, masked: bool) -> None:
    points = ContactPoint.objects.filter(contact__in=said, kind__in=codes & set(PointKind.values))
    for pk, contact_id, kind, value, given, extension in points.order_by("position", "pk").values_list(
        "pk", "contact_id", "kind", "value", "as_given", "extension"
    ):
        text = value
        if kind == PointKind.PHONE:
            text = _phone(value, given, extension, masked=masked)
        _put(said[contact_id], kind, " ".join(text.replace(";", ",").split()), pk)


def _phone(value: str, given: str, extension: str, *, masked: bool) -> str:
    if masked or value.startswith("+"):
        text = formats.phone(value, masked=masked).replace("\u00a0", " ")
    else:
        text = given or value
    if not extension or masked:
        return text
    return _("%(phone)s ext. %(extension)s") % {"phone": text, "extension": extension}


def _plain(column: BridgeColumn, contact: Contact, statuses: dict[int, str], people: dict[int, str]) -> Shown:
    match column.code:
        case "name":
            return contact.name if contact.kind == Kind.ORGANISATION else ""
        case "gender":
            return word_of_gender(contact.gender)
        case "birthday":
            return written(Birthday(contact.birth_year, contact.birth_month, contact.birth_day))
        case "status":
            return statuses.get(contact.status_id, "")
        case "responsible":
            return people.get(contact.responsible_id, "")
    return [] if column.is_many else getattr(contact, column.code)


def _people(columns: Sequence[BridgeColumn]) -> dict[int, str]:
    if any(
        column.code == "responsible" or (column.own and column.own.type == OwnField.Type.USER)
        for column in columns
    ):
        return dict(User.objects.values_list("pk", "name"))
    return {}


def _own(field: OwnField, contact: Contact, people: dict[int, str]) -> str:
    value: Any = contact.own.get(field.key)
    if value is None or value == "" or value == []:
        return ""
    labels = {choice["id"]: choice["label"] for choice in field.choices}
    match field.type, value:
        case OwnField.Type.MONEY, {"minor": minor, **rest}:
            amount = f"{Decimal(minor) / 100:.2f}".removesuffix(".00")
            return amount if rest.get("currency", "RUB") == "RUB" else f"{amount} {rest['currency']}"
        case OwnField.Type.NUMBER, int() | float():
            return f"{value:.15g}"
        case OwnField.Type.DATE, str():
            return f"{dt.date.fromisoformat(value):%d.%m.%Y}"
        case OwnField.Type.YES_NO, bool():
            return _("yes") if value else _("no")
        case OwnField.Type.MANY_CHOICES, list():
            return "; ".join(labels.get(each, str(each)) for each in value)
        case OwnField.Type.CHOICE, str() | int():
            return labels.get(value, str(value))
        case OwnField.Type.USER, int():
            return people.get(value, f"№ {value}")
    return str(value)
