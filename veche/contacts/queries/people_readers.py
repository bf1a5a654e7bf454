"""What each filter of the list understands: its values, as words for a chip and as SQL; and what being empty means.

A value that means nothing, or that the viewer may not know of, raises `Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from veche.accounts.models import Territory, User
from veche.campaigns.queries import campaigns_for
from veche.contacts.inspecting.kinds import FINDINGS, INSPECT
from veche.contacts.models import Gender, Kind, Origin, RoleKind, Status, Tag
from veche.contacts.queries.choices import tags_for
from veche.contacts.queries.given import given_lists_for, given_to
from veche.contacts.queries.households import home
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.mass_changes import counted, mass_changes_for, title
from veche.contacts.queries.matching import Sql, exists, text_where
from veche.contacts.queries.scope import contacts_for
from veche.contacts.queries.shared_marks import told_sql
from veche.core.actor import Actor
from veche.core.refusal import NotFound

NONE, MINE, YES, NO, HEAD = "none", "me", "yes", "no", "head"
HOUSEHOLDS = "contacts_householdmember"

LABELS = {
    "created": gettext_lazy("Added"),
    "changed": pgettext_lazy("when a contact was", "Changed"),
    "responsible": gettext_lazy("Responsible"),
    "tag": gettext_lazy("Tag"),
    "campaign": gettext_lazy("Campaign"),
    "q": gettext_lazy("Text"),
    "status": gettext_lazy("Status"),
    "kind": gettext_lazy("Kind"),
    "role": gettext_lazy("Role"),
    "territory": gettext_lazy("Territory"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "reach": gettext_lazy("Can be reached"),
    "gender": gettext_lazy("Gender"),
    "birthday": gettext_lazy("Birthday"),
    "address": gettext_lazy("Address"),
    "region": gettext_lazy("Region of the address"),
    "town": gettext_lazy("Town or village"),
    "street": gettext_lazy("Street and houses"),
    "house": pgettext_lazy("address", "House"),
    "understood": gettext_lazy("Reading of the address"),
    "local_time": gettext_lazy("Local time now"),
    "household": gettext_lazy("Household"),
    "caution": gettext_lazy("Caution"),
    "batch": gettext_lazy("Import"),
    "list": gettext_lazy("List"),
    "finding": gettext_lazy("Finding"),
    "change": gettext_lazy("Change of many"),
    "ids": gettext_lazy("Chosen one by one"),
}


@dataclass(frozen=True)
class Link:
    """A table of contacts' belongings, `table AS link`, and those of it under `where`.

    `ordered`: the table's index gives them in the order of contacts.
    """

    table: str
    where: Sql
    ordered: bool = True

    def test(self, *, negated: bool = False) -> Sql:
        return exists(self.table, self.where.text, self.where.params, negated=negated)


Read = Callable[[Actor, str], tuple[str, Sql | Link]]


class Unknown(Exception):
    """The value means nothing here, or the viewer may not know what it means."""


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


def territory_ids(value: str) -> tuple[str, list[int]]:
    """(name, itself and all its parts) of the territory with this number."""
    territory = Territory.objects.filter(pk=_number(value)).first()
    name = _named(territory)
    ids = [territory.pk]
    while more := set(Territory.objects.filter(parent__in=ids).values_list("pk", flat=True)) - set(ids):
        ids += sorted(more)
    return name, ids


def _territory(actor: Actor, value: str) -> tuple[str, Sql]:
    name, ids = territory_ids(value)
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


def _list(actor: Actor, value: str) -> tuple[str, Link]:
    """A list that the viewer was given or gives. One that ended is unknown to whoever had it."""
    held = given_to(actor).filter(pk=_number(value)).first()
    if held is None and actor.may("contacts.give"):
        held = given_lists_for(actor).filter(pk=_number(value)).first()
    return _named(held), Link("contacts_givencontact", Sql("link.list_id = %s", (_number(value),)))


# Of households as a card shows them: who was removed counts no more and leads no more. First for each contact that
# the server meets, then as a set, which `IS TRUE` keeps a hash to look into: the planner takes what a viewer sees of a
# campaign for half of the base, and would look up every member.
_ALIVE = (
    "SELECT 1 FROM contacts_householdmember AS mate JOIN contacts_contact AS alive ON alive.id = mate.contact_id"
    " WHERE alive.removed_at IS NULL AND mate.household_id = link.household_id"
)
_ALL_ALIVE = (
    "FROM contacts_householdmember AS mate WHERE NOT EXISTS"
    " (SELECT 1 FROM contacts_contact AS gone WHERE gone.id = mate.contact_id AND gone.removed_at IS NOT NULL)"
)
_HEAD = (  # whoever is marked, the first of several and of none
    f"NOT EXISTS ({_ALIVE} AND (NOT mate.is_head, mate.id) < (NOT link.is_head, link.id))",
    f"SELECT DISTINCT ON (mate.household_id) mate.contact_id {_ALL_ALIVE}"
    " ORDER BY mate.household_id, mate.is_head DESC, mate.id",
)
_SIZE = (
    f"(SELECT count(*) FROM ({_ALIVE} LIMIT {{0}}) AS few) = {{0}}",
    "SELECT link.contact_id FROM contacts_householdmember AS link WHERE link.household_id IN"
    f" (SELECT mate.household_id {_ALL_ALIVE} GROUP BY 1 HAVING count(*) >= {{0}})",
)
_ANY_HOME = ("true", f"SELECT link.contact_id FROM {HOUSEHOLDS} AS link")


def _household(actor: Actor, value: str) -> tuple[str, Sql | Link]:
    """`yes`, `no`, `head`, the number of a household, or `3-`: of a household of three people or more."""
    if value == NO:
        return _("has none"), exists(HOUSEHOLDS, "true", negated=True)
    if value == YES:
        return _("has one"), _of_homes(*_ANY_HOME)
    if value == HEAD:
        return _("is the head"), _of_homes(*_HEAD)
    if value.endswith("-"):
        least = _number(value[:-1])
        if not 0 < least < 100:
            raise Unknown
        return people_or_more(least), _of_homes(*(each.format(least) for each in _SIZE))
    try:
        words = home(actor, _number(value)).title
    except NotFound:
        raise Unknown from None
    return words, Link(HOUSEHOLDS, Sql("link.household_id = %s", (_number(value),)))


def _of_homes(test: str, members: str) -> Sql:
    return Sql(f"((contact.id IN ({members})) IS TRUE)", probe=exists(HOUSEHOLDS, test).probe)


def people_or_more(least: int) -> str:
    """How many live together, at least, for people."""
    return ngettext("%(n)s person or more", "%(n)s people or more", least) % {"n": least}


def _gender(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in (Gender.MALE, Gender.FEMALE):
        raise Unknown
    return str(Gender(value).label), Sql("contact.gender = %s", (value,))


def _finding(actor: Actor, value: str) -> tuple[str, Link]:
    if value not in FINDINGS or not actor.may(INSPECT):
        raise Unknown
    told = told_sql(actor, "link")
    found = Sql(f"link.key = %s AND NOT link.dismissed AND {told.text}", (value, *told.params))
    return str(FINDINGS[value].title), Link("contacts_finding", found)


def _change(actor: Actor, value: str) -> tuple[str, Link]:
    """Whom a bulk change has changed."""
    mass = mass_changes_for(actor).filter(pk=_number(value)).first()
    if mass is None:
        raise Unknown
    changed = Sql("link.mass_change_id = %s AND link.what IN ('changed', 'undone', 'kept')", (mass.pk,))
    return title(mass), Link("contacts_massoutcome", changed)


def _ids(actor: Actor, value: str) -> tuple[str, Sql]:
    """People picked in the list, their numbers with commas between."""
    ids = sorted({_number(text) for text in value.split(",") if text})
    return counted(len(ids)), Sql("contact.id = ANY(%s)", (ids,))


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
    "household": _household,
    "gender": _gender,
    "batch": _batch,
    "list": _list,
    "finding": _finding,
    "change": _change,
    "ids": _ids,
}


def _has(table: str, test: str = "true") -> Sql:
    return exists(table, test)


FILLED: dict[str, Sql] = {
    "campaign": _has("contacts_membership"),
    "tag": _has("contacts_tagassignment"),
    "role": _has("contacts_contactrole"),
    "address": _has("contacts_postaladdress"),
    "status": Sql("contact.status_id IS NOT NULL"),
    "responsible": Sql("contact.responsible_id IS NOT NULL"),
    "territory": Sql("contact.territory_id IS NOT NULL"),
    "gender": Sql("contact.gender <> ''"),
    "caution": Sql("contact.caution <> ''"),
    "household": _has(HOUSEHOLDS),
    "birthday": Sql("(contact.birth_day IS NOT NULL OR contact.birth_year IS NOT NULL)"),
    "phone": _has("contacts_contactpoint", "link.kind = 'phone'"),
    "email": _has("contacts_contactpoint", "link.kind = 'email'"),
}


def _number(value: str) -> int:
    if not value.isdecimal() or len(value) > 18:
        raise Unknown
    return int(value)


def _named(thing: Any) -> str:
    if thing is None:
        raise Unknown
    return str(thing)
