"""Whom may this actor see? Every other query of the room starts here; so does every look-up.

An actor sees the whole base (`sees_all`), or the contacts of the campaigns and territories in their scopes, those
they are responsible for, and those on lists given to them or to a team of theirs. A removed contact is seen by nobody
except through `removed_contacts_for`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from veche.contacts.models import Contact, GivenContact, Membership
from veche.core.actor import Actor
from veche.core.refusal import NotFound


def contacts_for(actor: Actor) -> QuerySet[Contact]:
    """The contacts that `actor` may see; none for a stranger."""
    return _visible(actor).filter(removed_at__isnull=True)


def removed_contacts_for(actor: Actor) -> QuerySet[Contact]:
    """The contacts that were removed and may still be restored, of those that `actor` could see."""
    return _visible(actor).filter(removed_at__isnull=False)


def get_contact(actor: Actor, contact_id: int) -> Contact:
    """The contact with this number; `NotFound` when there is none or the actor may not know of it."""
    contact = contacts_for(actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def _visible(actor: Actor) -> QuerySet[Contact]:
    if not actor.may("contacts.view"):
        return Contact.objects.none()
    if actor.sees_all:
        return Contact.objects.all()
    allowed = Q(pk__in=[])  # nobody: an actor without a number is not the colleague of those who have none
    if actor.user_id is not None:
        allowed |= Q(responsible_id=actor.user_id)
    if territories := actor.scope("territory"):
        allowed |= Q(territory_id__in=territories)
    if campaigns := actor.scope("campaign"):
        members = Membership.objects.filter(contact=OuterRef("pk"), campaign_id__in=campaigns)
        allowed |= Q(Exists(members))
    if lists := actor.scope("list"):
        given = GivenContact.objects.filter(list_id__in=lists)
        if not territories and not campaigns:
            return Contact.objects.filter(pk__in=_own_ids(actor).union(given.values("contact_id"), all=True))
        allowed |= Q(Exists(given.filter(contact=OuterRef("pk"))))
    return Contact.objects.filter(allowed)


def _own_ids(actor: Actor) -> QuerySet:
    """Those the actor is responsible for. An actor without a number is nobody's colleague."""
    return Contact.objects.filter(responsible_id=actor.user_id, responsible_id__isnull=False).values("pk")


def visible_sql(actor: Actor, alias: str = "contact") -> tuple[str, list[Any]]:
    """The rule of `contacts_for` as an SQL condition on table `alias`, with its parameters, for queries in sets."""
    if not actor.may("contacts.view"):
        return "false", []
    alive = f"{alias}.removed_at IS NULL"
    if actor.sees_all:
        return alive, []
    territories, campaigns, lists = (actor.scope(name) for name in ("territory", "campaign", "list"))
    if lists and not territories and not campaigns:
        return _visible_few(actor, alias)
    ways, params = [f"{alias}.responsible_id = %s"], [actor.user_id]
    if territories:
        ways.append(f"{alias}.territory_id = ANY(%s)")
        params.append(sorted(territories))
    if campaigns:
        ways.append(
            "EXISTS (SELECT 1 FROM contacts_membership AS member"
            f" WHERE member.contact_id = {alias}.id AND member.campaign_id = ANY(%s))"
        )
        params.append(sorted(campaigns))
    if lists:
        ways.append(
            "EXISTS (SELECT 1 FROM contacts_givencontact AS given"
            f" WHERE given.contact_id = {alias}.id AND given.list_id = ANY(%s))"
        )
        params.append(sorted(lists))
    return f"{alive} AND ({' OR '.join(ways)})", params


def _visible_few(actor: Actor, alias: str) -> tuple[str, list[Any]]:
    """The rule for somebody who has only own people and lists: a set that the server begins with, however large the
    base is. An OR of both would have it test every contact."""
    ways = (
        f"{alias}.removed_at IS NULL AND {alias}.id IN ("
        "SELECT own.id FROM contacts_contact AS own WHERE own.responsible_id = %s"
        " UNION ALL SELECT given.contact_id FROM contacts_givencontact AS given WHERE given.list_id = ANY(%s))"
    )
    return ways, [actor.user_id, sorted(actor.scope("list"))]
