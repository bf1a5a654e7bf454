"""While a new contact is typed: what we make of the name, the phone and the e-mail, and who has these already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from veche.contacts import emails, phones
from veche.contacts.models import Contact, ContactPoint, Kind
from veche.contacts.queries.card import PHONES, point_text
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.names import ParsedName, parse_name

MOST = 5


@dataclass(frozen=True)
class Same:
    """A contact that has one of the typed phones or e-mails; `why` says which."""

    contact: Contact
    why: str


@dataclass
class Hints:
    """What is shown beside the form."""

    name: ParsedName | None = None
    read: list[tuple[str, str]] = field(
        default_factory=list
    )  # what was understood, and what is doubtful in it
    same: list[Same] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.name or self.read or self.same)


def hints(actor: Actor, given: Mapping[str, str]) -> Hints:
    """`given` has name, phone, email and kind as typed; reads only contacts that the actor may see."""
    found = Hints()
    name = given.get("name", "").strip()[:600]
    if name and given.get("kind") != Kind.ORGANISATION:
        found.name = parse_name(name)
    values: list[str] = []
    for phone in phones.parse_phones(
        given.get("phone", "")[:500], city_code=settings.VECHE_CITY_CODE or None
    ):
        found.read.append(
            _read(phones.format_phone(phone.value) if phone.value else phone.raw, phone.problem)
        )
        values.append(phone.value)
    for email in emails.parse_emails(given.get("email", "")[:500]):
        found.read.append(_read(email.value or email.raw, email.problem))
        values.append(email.value)
    found.same = _who_has(actor, [value for value in values if value])
    return found


def _read(text: str, problem: object) -> tuple[str, str]:
    return text, problem.sentence if problem else ""


def _who_has(actor: Actor, values: list[str]) -> list[Same]:
    if not values:
        return []
    points = ContactPoint.objects.filter(Q(value__in=values), kind__in=["phone", "email"])
    points = (
        points.filter(contact__in=contacts_for(actor)).select_related("contact").order_by("contact_id")[:MOST]
    )
    same = {point.contact_id: Same(point.contact, why_same(actor, point)) for point in points}
    return list(same.values())


def why_same(actor: Actor, point: ContactPoint) -> str:
    masked = point.kind in PHONES and not sees_phones(actor)
    text = point_text(point.kind, point.value, masked=masked)
    return (
        _("the same phone: %(value)s") % {"value": text}
        if point.kind == "phone"
        else _("the same e-mail: %(value)s") % {"value": text}
    )
