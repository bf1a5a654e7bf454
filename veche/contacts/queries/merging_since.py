"""What has come to a merged card since the merge, to be shown before the merge is undone, and assigned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from veche.campaigns.queries import campaigns_for
from veche.contacts.fields import LABELS
from veche.contacts.models import (
    ContactPoint,
    ContactRole,
    ExternalId,
    Membership,
    Merge,
    MergedRow,
    Note,
    PostalAddress,
    TagAssignment,
)
from veche.contacts.queries.card import point_text
from veche.contacts.queries.choices import tags_seen_by
from veche.contacts.queries.masking import sees_phones
from veche.core.actor import Actor

MOST = 200  # of one kind; a card that so much has come to is assigned by hand afterwards
LONGEST = 120

# what is shown, and the tables (with the column of its number) whose rows go with it
_KINDS: tuple[tuple[type[Model], tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (ContactPoint, (), (("contacts_contactpoint", "id"),)),
    (PostalAddress, (), (("contacts_postaladdress", "id"), ("contacts_addressreading", "address_id"))),
    (Note, (), (("contacts_note", "id"),)),
    (TagAssignment, ("tag",), (("contacts_tagassignment", "id"),)),
    (Membership, ("campaign",), (("contacts_membership", "id"),)),
    (ContactRole, ("role",), (("contacts_contactrole", "id"),)),
    (ExternalId, (), (("contacts_externalid", "id"),)),
)


@dataclass(frozen=True)
class Since:
    """A row that came since: `key` names it in an assignment."""

    key: str
    label: str
    words: str
    row_id: int
    tables: tuple[tuple[str, str], ...]


def came_since(actor: Actor, merge: Merge) -> list[Since]:
    """Rows of the card that stays which are neither older than the merge nor its work; of those, what `actor` sees."""
    found, made = [], _made_by(merge)
    for model, beside, tables in _KINDS:
        table = model._meta.db_table
        rows = model._default_manager.filter(contact=merge.contact_id, pk__gt=merge.ceilings.get(table, 0))
        rows = (
            rows.filter(_seen(actor, model))
            .exclude(pk__in=made[table])
            .select_related(*beside)
            .order_by("pk")[:MOST]
        )
        for row in rows:
            label, words = _told(actor, row)
            found.append(Since(f"{table}:{row.pk}", str(label), words[:LONGEST], row.pk, tables))
    return found


def _seen(actor: Actor, model: type[Model]) -> Q:
    """As on the card: of another team's tags and campaigns nobody is told."""
    if model is TagAssignment:
        return tags_seen_by(actor, "tag__")
    return Q(campaign__in=campaigns_for(actor)) if model is Membership else Q()


def _made_by(merge: Merge) -> dict[str, list[int]]:
    """The rows that the merge itself made, by table."""
    made: dict[str, list[int]] = defaultdict(list)
    rows = MergedRow.objects.filter(merge=merge, before=None)
    for table, key in rows.values_list("table", "key"):
        made[table].append(key)
    return made


def _told(actor: Actor, row: Any) -> tuple[Any, str]:
    match row:
        case ContactPoint():
            masked = not sees_phones(actor)
            return LABELS[row.kind], point_text(row.kind, row.value, row.extension, masked=masked)
        case PostalAddress():
            return LABELS["address"], row.text
        case Note():
            return LABELS["note"], row.text
        case TagAssignment():
            return _("Tag"), str(row.tag)
        case Membership():
            return _("Campaign"), str(row.campaign)
        case ContactRole():
            return LABELS["role"], str(row.role)
    return LABELS["external_id"], str(row)
