"""Households as a viewer may know of them: who sees one of the people sees the household, and of it those people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from veche.campaigns.models import Campaign
from veche.campaigns.queries import campaigns_for
from veche.contacts.models import Contact, ContactPoint, Household, HouseholdMember, PointKind, PostalAddress
from veche.contacts.queries.card import point_text
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.contacts.registry import household_totals
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.names import title_of

_ALL = (
    "FROM contacts_householdmember AS member JOIN contacts_contact AS alive ON alive.id = member.contact_id"
    " AND alive.removed_at IS NULL WHERE member.household_id = %s"
)
_FIRST = "ORDER BY member.is_head DESC, member.id LIMIT 1"


def households_for(actor: Actor) -> QuerySet[Household]:
    """Households of whose people `actor` sees somebody."""
    seen = HouseholdMember.objects.filter(household=OuterRef("pk"), contact__in=contacts_for(actor))
    return Household.objects.filter(Exists(seen))


def household_for(actor: Actor, household_id: int) -> Household:
    """The household with this number; `NotFound` when there is none or `actor` sees nobody of it."""
    found = households_for(actor).filter(pk=household_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Shared:
    """A phone, an e-mail or an address, and how many of the household have it."""

    text: str
    people: int


@dataclass
class Home:
    """A household as `actor` sees it; each part is read when it is asked for, once."""

    actor: Actor
    household: Household

    @cached_property
    def people(self) -> list[Contact]:
        """Those whom the viewer sees, the head first; `everybody` and `first_id` are the whole household's."""
        rows = contacts_for(self.actor).filter(in_households__household=self.household)
        rows = rows.extra(
            select={"everybody": f"SELECT count(*) {_ALL}", "first_id": f"SELECT contact_id {_ALL} {_FIRST}"},
            select_params=[self.household.pk] * 2,
        )
        return list(rows.order_by("-in_households__is_head", "in_households__id"))

    @property
    def head_id(self) -> int | None:
        """The head's number, seen or not; of several marked, and of none, it is the first."""
        return self.people[0].first_id if self.people else None

    @property
    def hidden(self) -> int:
        return self.people[0].everybody - len(self.people) if self.people else 0

    @property
    def title(self) -> str:
        return title(self.household, self.people)

    @cached_property
    def points(self) -> list[Shared]:
        """Phones and e-mails, those that most of them have first; masked for who sees them so."""
        rows = ContactPoint.objects.filter(
            contact__in=self.people, kind__in=(PointKind.PHONE, PointKind.EMAIL)
        )
        kept: dict[tuple[str, str], set[int]] = {}
        for each in rows.order_by("-kind", "position", "pk"):
            kept.setdefault((each.kind, each.value), set()).add(each.contact_id)
        masks = not sees_phones(self.actor)
        told = [
            Shared(point_text(kind, value, masked=masks), len(who)) for (kind, value), who in kept.items()
        ]
        return sorted(told, key=lambda each: -each.people)

    @cached_property
    def addresses(self) -> list[Shared]:
        kept: dict[str, tuple[str, set[int]]] = {}
        rows = PostalAddress.objects.filter(contact__in=self.people).select_related("reading")
        for each in rows.order_by("position", "pk"):
            reading = getattr(each, "reading", None)
            mark = str(getattr(reading, "flat_mark", None) or each.text)
            kept.setdefault(mark, (each.text, set()))[1].add(each.contact_id)
        return sorted((Shared(text, len(who)) for text, who in kept.values()), key=lambda each: -each.people)

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """Campaigns that the viewer sees and somebody of them is in."""
        return list(campaigns_for(self.actor).filter(memberships__contact__in=self.people).distinct())

    @cached_property
    def totals(self) -> list[tuple[Any, str]]:
        """What rooms above count of these people together: label and words."""
        ids = [each.pk for each in self.people]
        told = [
            (each.label, each.count(self.actor, ids))
            for each in sorted(household_totals, key=lambda each: each.order)
            if self.actor.may(each.permission)
        ]
        return [(label, words) for label, words in told if words]


def title(household: Household, people: Iterable[Contact]) -> str:
    """Its own name, or what its people are called together."""
    if household.name:
        return household.name
    people = list(people)
    return title_of((each.surname, each.gender) for each in people) or ", ".join(map(str, people[:2]))


def home(actor: Actor, household_id: int) -> Home:
    return Home(actor, household_for(actor, household_id))


def home_of(actor: Actor, contact_id: int) -> Home | None:
    """The household of a contact that `actor` has looked up."""
    place = HouseholdMember.objects.filter(contact=contact_id).select_related("household").first()
    return Home(actor, place.household) if place else None
