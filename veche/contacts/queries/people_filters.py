"""Filters of the list of people, as they stand in its address: ``?campaign=3&tag=7&own.shirt=XL&q=Иванов``.

Each filter knows its words for the chip and its SQL. A value that means nothing finds nobody: dropping it silently
would show a whole base to somebody who asked for a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.accounts.models import Territory, User
from veche.campaigns.queries import campaigns_for
from veche.contacts.models import CampaignTally, Kind, Origin, OwnField, RoleKind, Status, Tag
from veche.contacts.own_values import clean_own, show_own
from veche.contacts.queries.choices import tags_for
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.matching import Sql, exists, text_where
from veche.contacts.queries.own_index import is_large_base, own_where
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import Refusal

NONE, MINE, YES, NO = "none", "me", "yes", "no"
NOTHING = Sql("false")
LONGEST_TEXT = 200

LABELS = {
    "q": gettext_lazy("Text"),
    "campaign": gettext_lazy("Campaign"),
    "tag": gettext_lazy("Tag"),
    "status": gettext_lazy("Status"),
    "responsible": gettext_lazy("Responsible"),
    "kind": gettext_lazy("Kind"),
    "role": gettext_lazy("Role"),
    "territory": gettext_lazy("Territory"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "reach": gettext_lazy("Can be reached"),
    "batch": gettext_lazy("Import"),
}


@dataclass(frozen=True)
class Link:
    """A table of contacts' belongings, `table AS link`, whose index gives those of `where` in the order of contacts."""

    table: str
    where: Sql

    def test(self) -> Sql:
        return exists(self.table, self.where.text, self.where.params)


@dataclass(frozen=True)
class Filter:
    """One condition of the list. `waits_for` is the own field whose index must be built before it can be used."""

    key: str
    value: str
    label: Any
    words: str
    where: Sql
    link: Link | None = None
    waits_for: OwnField | None = None
    unknown: bool = False

    def known_count(self) -> int | None:
        """The kept number of people behind this filter alone, in the whole base; None where none is kept."""
        if self.key != "campaign" or self.unknown:
            return None
        campaign = None if self.value == NONE else int(self.value)
        return CampaignTally.objects.filter(campaign=campaign).values_list("contacts", flat=True).first()


Read = Callable[[Actor, str], tuple[str, Sql | Link]]


class Unknown(Exception):
    """The value means nothing here, or the viewer may not know what it means."""


def read_filters(actor: Actor, query: Mapping[str, str]) -> list[Filter]:
    """The filters of an address, in the order of `LABELS`, own fields last."""
    filters = []
    for key, read in READERS.items():
        if value := (query.get(key) or "").strip()[:LONGEST_TEXT]:
            filters.append(_read(actor, key, value, read))
    own = {key[4:]: query[key].strip() for key in query if key.startswith("own.") and query[key].strip()}
    return filters + list(_own_filters(own))


def _read(actor: Actor, key: str, value: str, read: Read) -> Filter:
    try:
        words, where = read(actor, value)
    except Unknown:
        return Filter(key, value, LABELS[key], _("unknown"), NOTHING, unknown=True)
    if isinstance(where, Link):
        return Filter(key, value, LABELS[key], words, where.test(), link=where)
    return Filter(key, value, LABELS[key], words, where)


def _text(actor: Actor, value: str) -> tuple[str, Sql]:
    return value, text_where(value, sees_phones=sees_phones(actor))


def _campaign(actor: Actor, value: str) -> tuple[str, Sql | Link]:
    if value == NONE:
        return _("outside all campaigns"), exists("contacts_membership", "true", negated=True)
    campaign = campaigns_for(actor).filter(pk=_number(value)).first()
    return _named(campaign), Link("contacts_membership", Sql("link.campaign_id = %s", (_number(value),)))


def _tag(actor: Actor, value: str) -> tuple[str, Link]:
    # An archived tag is offered nowhere and may still be looked at.
    tag = Tag.objects.filter(pk=_number(value)).first()
    if tag and tag.campaign_id and not actor.sees_all and not tags_for(actor).filter(pk=tag.pk).exists():
        raise Unknown
    return _named(tag), Link("contacts_tagassignment", Sql("link.tag_id = %s", (_number(value),)))


def _status(actor: Actor, value: str) -> tuple[str, Sql]:
    status = Status.objects.filter(pk=_number(value)).first()
    return _named(status), Sql("contact.status_id = %s", (_number(value),))


def _responsible(actor: Actor, value: str) -> tuple[str, Sql]:
    if value == NONE:
        return _("nobody"), Sql("contact.responsible_id IS NULL")
    if value == MINE:
        return _("me"), Sql("contact.responsible_id = %s", (actor.user_id,))
    user = User.objects.filter(pk=_number(value)).first()
    return _named(user), Sql("contact.responsible_id = %s", (_number(value),))


def _kind(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in Kind.values:
        raise Unknown
    # a literal, so that the planner sees the partial index of organisations
    return str(Kind(value).label), Sql(f"contact.kind = '{Kind(value).value}'")


def _role(actor: Actor, value: str) -> tuple[str, Link]:
    role = RoleKind.objects.filter(pk=_number(value)).first()
    held = Sql(
        "link.role_id = %s AND (link.until IS NULL OR link.until >= %s)",
        (_number(value), timezone.localdate()),
    )
    return _named(role), Link("contacts_contactrole", held)


def _territory(actor: Actor, value: str) -> tuple[str, Sql]:
    territory = Territory.objects.filter(pk=_number(value)).first()
    name = _named(territory)
    ids = [territory.pk]
    while more := set(Territory.objects.filter(parent__in=ids).values_list("pk", flat=True)) - set(ids):
        ids += sorted(more)
    return name, Sql("contact.territory_id = ANY(%s)", (ids,))


def _has_point(kind: str) -> Read:
    def read(actor: Actor, value: str) -> tuple[str, Sql]:
        if value not in (YES, NO):
            raise Unknown
        where = exists(
            "contacts_contactpoint",
            f"link.kind = '{kind}' AND link.validity <> 'invalid'",
            negated=value == NO,
        )
        return (_("has one") if value == YES else _("has none")), where

    return read


def _reach(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in (YES, NO):
        raise Unknown
    works = exists("contacts_contactpoint", "link.validity <> 'invalid'", negated=value == NO)
    return (_("by something") if value == YES else _("by nothing")), works


def _batch(actor: Actor, value: str) -> tuple[str, Link]:
    seen = Origin.objects.filter(batch=_number(value))
    if not actor.sees_all:
        seen = seen.filter(contact__in=contacts_for(actor))
    name = seen.values_list("batch_name", flat=True).first()
    if name is None:
        raise Unknown
    return name or f"№ {value}", Link("contacts_origin", Sql("link.batch = %s", (_number(value),)))


READERS: dict[str, Read] = {
    "q": _text,
    "campaign": _campaign,
    "tag": _tag,
    "status": _status,
    "responsible": _responsible,
    "kind": _kind,
    "role": _role,
    "territory": _territory,
    "phone": _has_point("phone"),
    "email": _has_point("email"),
    "reach": _reach,
    "batch": _batch,
}


def _own_filters(asked: dict[str, str]) -> Iterable[Filter]:
    fields = {each.key: each for each in OwnField.objects.filter(key__in=asked)} if asked else {}
    large = bool(fields) and is_large_base()
    for key, value in asked.items():
        field = fields.get(key)
        if field is None:
            yield Filter(f"own.{key}", value, key, _("unknown"), NOTHING, unknown=True)
            continue
        try:
            cleaned = clean_own(field, [value] if field.type == OwnField.Type.MANY_CHOICES else value)
        except Refusal:
            yield Filter(f"own.{key}", value, field.label, value, NOTHING, unknown=True)
            continue
        single = cleaned[0] if isinstance(cleaned, list) else cleaned
        waits = field if large and field.index_state != OwnField.IndexState.READY else None
        where = NOTHING if waits else own_where(field, single)
        people = (
            dict(User.objects.filter(pk=single).values_list("pk", "name")) if field.type == "user" else None
        )
        yield Filter(
            f"own.{key}", value, field.label, show_own(field, cleaned, people), where, waits_for=waits
        )


def _number(value: str) -> int:
    if not value.isdecimal() or len(value) > 18:
        raise Unknown
    return int(value)


def _named(thing: Any) -> str:
    if thing is None:
        raise Unknown
    return str(thing)
