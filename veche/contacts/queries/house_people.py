"""Those whom an actor sees in one house, with no more of each than the passport and its sheets show."""

from __future__ import annotations

from dataclasses import dataclass

from veche.contacts.models import Contact, ContactPoint, PointKind, TagAssignment, Validity
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.people_rows import Mark, caution_of, grouped, marks_seen
from veche.core.actor import Actor
from veche.ui import formats


@dataclass(frozen=True)
class Neighbour:
    """`phone` is masked already where it must be; `has_phone` is one that is not known to be wrong."""

    id: int
    name: str
    caution: str
    phone: str
    has_phone: bool
    tags: list[Mark]
    status: str


def neighbours(actor: Actor, contacts: list[Contact]) -> list[Neighbour]:
    """One per contact, in the same order, by two queries, however many they are."""
    ids, is_open = [contact.pk for contact in contacts], sees_phones(actor)
    points = ContactPoint.objects.filter(contact__in=ids, kind=PointKind.PHONE).order_by("position", "pk")
    phones = grouped(points.values_list("contact_id", "value", "validity"))
    given = TagAssignment.objects.filter(contact__in=ids).order_by("tag__name")
    tags = grouped(given.values_list("contact_id", "tag__name", "tag__colour", "tag__campaign_id"))
    found = []
    for contact in contacts:
        told = sorted(phones[contact.pk], key=lambda point: point[1] == Validity.INVALID)
        found.append(
            Neighbour(
                id=contact.pk,
                name=str(contact),
                caution=caution_of(contact),
                phone=formats.phone(told[0][0], masked=not is_open) if told else "",
                has_phone=bool(told) and told[0][1] != Validity.INVALID,
                tags=marks_seen(actor, tags[contact.pk]),
                status=str(contact.status) if contact.status else "",
            )
        )
    return found
