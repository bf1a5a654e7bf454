"""Tags, campaigns and roles of ONE contact. The lists themselves: `shape`; many contacts at once: `bulk`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from veche.campaigns.models import Campaign
from veche.campaigns.queries import campaigns_for, running_for
from veche.contacts.actions.changing import insist_fresh, present, record, taken
from veche.contacts.events import CampaignJoined, CampaignLeft, RoleChanged, TagPut, TagTaken
from veche.contacts.fields import clean_value
from veche.contacts.models import Contact, ContactRole, FieldChange, Membership, RoleKind, Tag, TagAssignment
from veche.contacts.queries.choices import role_kinds, tags_for, tags_seen_by
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal


@action("contacts.edit")
def put_tag(*, by: Actor, contact_id: int, tag_id: int) -> Tag:
    """Put a tag on a contact; nothing happens when it is there."""
    contact = present(by, contact_id)
    tag = tags_for(by).filter(pk=tag_id).first()
    if tag is None:
        raise NotFound
    _row, made = TagAssignment.objects.get_or_create(tag=tag, contact=contact)
    publish(TagPut(contact_id=contact.pk, object_id=tag.pk), by=by) if made else unchanged()
    return tag


@action("contacts.edit")
def take_tag(*, by: Actor, contact_id: int, tag_id: int) -> Contact:
    """Take a tag off a contact; nothing happens when it is not there, or is another team's."""
    contact = present(by, contact_id)
    mine = TagAssignment.objects.filter(tags_seen_by(by, "tag__"), contact=contact)
    gone, _rows = mine.filter(tag_id=tag_id).delete()
    publish(TagTaken(contact_id=contact.pk, object_id=tag_id), by=by) if gone else unchanged()
    return contact


@action("contacts.edit")
def join_campaign(*, by: Actor, contact_id: int, campaign_id: int) -> Campaign:
    """Put a contact into a campaign that the actor sees; nothing happens when it is there."""
    contact = present(by, contact_id)
    campaign = running_for(by).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    _row, made = Membership.objects.get_or_create(campaign=campaign, contact=contact)
    publish(CampaignJoined(contact_id=contact.pk, object_id=campaign.pk), by=by) if made else unchanged()
    return campaign


@action("contacts.edit")
def leave_campaign(*, by: Actor, contact_id: int, campaign_id: int) -> Contact:
    """Take a contact out of a campaign that the actor sees; where it came from (its origins) stays."""
    contact = present(by, contact_id)
    mine = Membership.objects.filter(contact=contact, campaign__in=campaigns_for(by))
    gone, _rows = mine.filter(campaign_id=campaign_id).delete()
    publish(CampaignLeft(contact_id=contact.pk, object_id=campaign_id), by=by) if gone else unchanged()
    return contact


@action("contacts.edit")
def give_role(
    *,
    by: Actor,
    contact_id: int,
    role_id: int,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    note: str = "",
) -> ContactRole:
    """Give a contact a role, with its dates and its place (of which house, party, newspaper)."""
    contact = taken(by, contact_id)
    kind = RoleKind.objects.filter(pk=role_id, archived_at__isnull=True).first()
    if kind is None:
        sentence = _("Choose one of the list.")
        raise Refusal("contacts.role", sentence, fields={"role": sentence})
    held = ContactRole(contact=contact, role=kind)
    _set_role(held, {"since": since, "until": until, "note": note})
    held.save()
    _record(by, contact, held, None, role_snapshot(held), "given")
    return held


def held_roles(contact: Contact, roles: Sequence[tuple[int, str]]) -> list[ContactRole]:
    """Roles for somebody who is only just being added, by id and of what each is."""
    if set(dict(roles)) - set(role_kinds().filter(pk__in=dict(roles)).values_list("pk", flat=True)):
        sentence = _("Choose one of the list.")
        raise Refusal("contacts.role", sentence, fields={"role": sentence})
    return [
        ContactRole(contact=contact, role_id=key, note=" ".join(note.split())[:300]) for key, note in roles
    ]


@action("contacts.edit")
def change_role(
    *, by: Actor, contact_id: int, held_id: int, fields: Mapping[str, Any], revision: int | None = None
) -> ContactRole:
    """Change `since`, `until` or `note` of a role; `Stale` when it was changed since `revision`."""
    contact = taken(by, contact_id)
    held = _held(contact, held_id)
    before = role_snapshot(held)
    _set_role(held, fields)
    if before == role_snapshot(held):
        unchanged()
        return held
    insist_fresh(contact, revision, [f"role.{held.pk}"])
    held.save(update_fields=["since", "until", "note"])
    _record(by, contact, held, before, role_snapshot(held), "changed")
    return held


@action("contacts.edit")
def take_role(*, by: Actor, contact_id: int, held_id: int) -> FieldChange:
    """Take a role away as if it had never been; to end one, give it an end date. Returns what undoes it."""
    contact = taken(by, contact_id)
    held = _held(contact, held_id)
    before = role_snapshot(held)
    held.delete()
    held.pk = before["id"]
    return _record(by, contact, held, before, None, "taken")


def role_snapshot(held: ContactRole) -> dict[str, Any]:
    """All of a role that a later undo needs."""
    return {
        "id": held.pk,
        "role": held.role_id,
        "since": held.since.isoformat() if held.since else None,
        "until": held.until.isoformat() if held.until else None,
        "note": held.note,
    }


def _held(contact: Contact, held_id: int) -> ContactRole:
    held = contact.roles.filter(pk=held_id).first()
    if held is None:
        raise NotFound
    return held


def _set_role(held: ContactRole, fields: Mapping[str, Any]) -> None:
    for name in ("since", "until"):
        if name in fields:
            setattr(held, name, _day(name, fields[name]))
    if "note" in fields:
        held.note = " ".join((fields["note"] or "").split())[:300]
    if held.since and held.until and held.until < held.since:
        sentence = _("The role ends before it begins.")
        raise Refusal("contacts.role_dates", sentence, fields={"until": sentence})
    same = ContactRole.objects.filter(contact_id=held.contact_id, role_id=held.role_id, since=held.since)
    if same.exclude(pk=held.pk).exists():
        sentence = _("This contact has this role since that day already.")
        raise Refusal("contacts.role_twice", sentence, fields={"role": sentence})


def _day(name: str, typed: Any) -> dt.date | None:
    try:
        return clean_value("caution_until", typed)["caution_until"]
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, fields={name: refusal.message}) from None


def _record(
    by: Actor, contact: Contact, held: ContactRole, before: Any, after: Any, change: str
) -> FieldChange:
    told = {"role": held.role_id, "change": change}
    return record(by, contact, "role", held, before, after, RoleChanged, **told)
