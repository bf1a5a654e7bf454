"""People written down line by line: all lines of a list in one go, and taken back as long as nobody touched them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from veche.campaigns.models import Campaign
from veche.contacts.actions.belonging import put_tag
from veche.contacts.actions.contacts import add_contact
from veche.contacts.events import ContactRemoved
from veche.contacts.models import Contact, Kind, Note, Origin
from veche.contacts.queries.scope import contacts_for
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal

TAKEN_BACK_WITHIN = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Entry:
    """One contact as a line gave it: texts as typed, points by kind, ids of the status, the tags and the role."""

    kind: str = Kind.PERSON
    name: str = ""
    points: Mapping[str, Sequence[str]] = field(default_factory=dict)
    address: str = ""
    birthday: str = ""
    status: int | None = None
    tags: Sequence[int] = ()
    note: str = ""
    role: int | None = None
    role_note: str = ""


@action("contacts.add")
def add_entries(
    *, by: Actor, entries: Sequence[Entry], campaign: Campaign | None = None, origin_words: str = ""
) -> list[Contact]:
    """Add a contact for each entry, in order: all of them or none.

    A `Refusal` names its field with the number of the entry before it: ``2-phone``.
    """
    added = []
    for number, entry in enumerate(entries):
        given = {"birthday": entry.birthday, "status": entry.status}
        try:
            contact = add_contact(
                by=by,
                kind=entry.kind,
                name=entry.name,
                points=entry.points,
                addresses=[entry.address],
                fields={code: value for code, value in given.items() if value},
                campaign=campaign,
                origin_words=origin_words,
                note=entry.note,
                roles=[(entry.role, entry.role_note)] if entry.role else (),
            )
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            fields = refusal.fields or {"name": refusal.message}
            numbered = {f"{number}-{name}": sentence for name, sentence in fields.items()}
            raise Refusal(refusal.code, refusal.message, fields=numbered) from refusal
        for tag in entry.tags:
            put_tag(by=by, contact_id=contact.pk, tag_id=tag)
        added.append(contact)
    if not added:
        unchanged()
    return added


@action("contacts.add")
def take_back(*, by: Actor, contact_ids: Sequence[int]) -> list[Contact]:
    """Remove contacts that this actor has just added by hand and nobody has changed or noted since; returns them.

    Whoever may add may undo that, without the right to delete. `restore_contact` brings them back.
    """
    mine = Origin.objects.filter(
        collector_user_id=by.user_id,
        channel=Origin.Channel.BY_HAND,
        contact__in=contact_ids,
    ).values("contact_id")
    noted = Note.objects.filter(contact__in=contact_ids).exclude(author_id=by.user_id).values("contact_id")
    own = contacts_for(by).filter(
        pk__in=mine, revision=Contact._meta.get_field("revision").default,
        made_at__gt=timezone.now() - TAKEN_BACK_WITHIN,
    ).exclude(pk__in=noted)  # fmt: skip
    found = list(own.select_for_update(of=("self",)).order_by("pk"))
    now = timezone.now()
    for contact in found:
        contact.removed_at = now
        publish(ContactRemoved(contact_id=contact.pk, object_id=contact.pk), by=by)
    Contact.objects.bulk_update(found, ["removed_at"])
    if not found:
        unchanged()
    return found
