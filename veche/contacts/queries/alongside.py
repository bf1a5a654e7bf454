"""The small parts of a card that come with its contact in one question: each would cost one of its own.

The database makes JSON of them; here they become rows again, unsaved, with what the templates show.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from veche.campaigns.models import Campaign
from veche.campaigns.queries import campaigns_for
from veche.contacts.models import (
    Contact,
    ContactRole,
    ExternalId,
    Membership,
    Note,
    OtherValue,
    RoleKind,
    Tag,
    TagAssignment,
)
from veche.contacts.queries.choices import tags_seen_by
from veche.contacts.queries.own import more_own_fields_than
from veche.core.actor import Actor

OWN_AT_ONCE = 20
CAMPAIGN = JSONObject(id="campaign_id", name="campaign__name", colour="campaign__colour")


def with_parts(contacts: QuerySet[Contact], actor: Actor) -> QuerySet[Contact]:
    """Contacts with their parts as `actor` may see them."""
    mine = OuterRef("pk")
    campaigns = Membership.objects.filter(contact=mine, campaign__in=campaigns_for(actor))
    tags = TagAssignment.objects.filter(tags_seen_by(actor, "tag__"), contact=mine)
    tag = JSONObject(
        id="tag_id", name="tag__name", colour="tag__colour", campaign_id="tag__campaign_id",
        campaign_name="tag__campaign__name",
    )  # fmt: skip
    role = JSONObject(
        id="role_id", code="role__code", name="role__name", colour="role__colour", position="role__position"
    )
    held = JSONObject(id="id", since="since", until="until", note="note", role=role)
    elsewhere = ExternalId.objects.filter(contact=mine).order_by("system", "value")
    return contacts.annotate(
        in_campaigns=_listed(
            campaigns.order_by("campaign__name"), JSONObject(since="since", campaign=CAMPAIGN)
        ),
        with_tags=_listed(tags.order_by("tag__name"), tag),
        with_roles=_listed(ContactRole.objects.filter(contact=mine).order_by("pk"), held),
        elsewhere=_listed(elsewhere, JSONObject(system="system", value="value")),
        has_pinned=Exists(Note.objects.filter(contact=mine, pinned=True)),
        has_other_values=Exists(OtherValue.objects.filter(contact=mine)),
        has_many_own=more_own_fields_than(OWN_AT_ONCE),
    )


def _listed(rows: QuerySet, each: JSONObject) -> ArraySubquery:
    return ArraySubquery(rows.values(json=each))


def memberships(contact: Any) -> list[Membership]:
    """Of a contact read `with_parts`, as all below."""
    return [
        Membership(
            contact=contact,
            campaign=Campaign(**row["campaign"]),
            since=dt.datetime.fromisoformat(row["since"]),
        )
        for row in contact.in_campaigns
    ]


def tags(contact: Any) -> list[TagAssignment]:
    """With the campaign of each tag."""
    found = []
    for row in contact.with_tags:
        name = row.pop("campaign_name")
        tag = Tag(**row)
        tag.campaign = Campaign(id=tag.campaign_id, name=name) if tag.campaign_id else None
        found.append(TagAssignment(contact=contact, tag=tag))
    return found


def roles(contact: Any) -> list[ContactRole]:
    """With the kind of each."""
    return [
        ContactRole(
            id=row["id"], contact=contact, role=RoleKind(**row["role"]), note=row["note"],
            since=_day(row["since"]), until=_day(row["until"]),
        )
        for row in contact.with_roles
    ]  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
