"""Phones that many people have, and what somebody has said of them. What one is likely to be, contacts says."""

from __future__ import annotations

from dataclasses import dataclass

from veche.contacts.models import ContactPoint, Finding
from veche.contacts.queries.findings import Page, get_finding
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.contacts.queries.shared_phones import shared_phones
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.dedupe.models import PhoneVerdict
from veche.dedupe.queries.queue import REVIEW
from veche.ui import formats

SHARED = "phone_shared"
KEPT = 100  # verdicts shown, the newest


@dataclass(frozen=True)
class Judged:
    """A number that somebody has said something of; blank while nobody that the reader sees has it."""

    verdict: PhoneVerdict
    phone: str


def phone_lines(actor: Actor, *, after: str = "") -> Page:
    """Numbers that nobody has judged, with the most people first, of those that the actor may hear of."""
    actor.require(REVIEW)
    return shared_phones(actor, after=after)


def judged_phones(actor: Actor) -> list[Judged]:
    """What was said of numbers, the newest first: for who sees everybody, since it was said of everybody."""
    actor.require(REVIEW)
    if not actor.sees_all:
        return []
    verdicts = list(PhoneVerdict.objects.select_related("by").order_by("-at")[:KEPT])
    points = ContactPoint.objects.filter(
        pk__in=[each.point for each in verdicts], contact__in=contacts_for(actor)
    )
    values = dict(points.values_list("pk", "value"))
    masked = not sees_phones(actor)
    return [
        Judged(each, formats.phone(values[each.point], masked=masked) if each.point in values else "")
        for each in verdicts
    ]


def shared_finding(actor: Actor, finding_id: int) -> Finding:
    """One of the findings of a shared number, else `NotFound`."""
    finding = get_finding(actor, finding_id)
    if finding.key != SHARED:
        raise NotFound
    return finding
