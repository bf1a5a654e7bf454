"""Changes of many people: whose they are, what to call them, whom they left alone. A change is its maker's, and theirs
who look after all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.accounts.models import Territory, User
from veche.campaigns.models import Campaign
from veche.contacts.models import Contact, FieldChange, MassChange, MassOutcome, OwnField, Status, Tag
from veche.contacts.own_values import show_own
from veche.contacts.queries.scope import contacts_for, removed_contacts_for
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.ui import formats

ANYBODYS = "accounts.manage"
UNDO_DAYS = 30
SHOWN = 100  # changes of the journal
PAGE = 50

Kind, State, What = MassChange.Kind, MassChange.State, MassOutcome.What
_NAMED: dict[str, Any] = {
    Kind.TAG_PUT: Tag, Kind.TAG_TAKE: Tag, Kind.CAMPAIGN_PUT: Campaign, Kind.CAMPAIGN_TAKE: Campaign,
    Kind.STATUS: Status, Kind.RESPONSIBLE: User, Kind.TERRITORY: Territory,
}  # fmt: skip


def mass_changes_for(actor: Actor) -> QuerySet[MassChange]:
    """The changes that `actor` may see: their own; all of them for whoever looks after the accounts."""
    if not actor.may("contacts.edit"):
        return MassChange.objects.none()
    found = MassChange.objects.select_related("made_by")
    return found if actor.may(ANYBODYS) else found.filter(made_by=actor.user_id, made_by__isnull=False)


def get_mass_change(actor: Actor, mass_id: int) -> MassChange:
    """One of them, else `NotFound`."""
    mass = mass_changes_for(actor).filter(pk=mass_id).first()
    if mass is None:
        raise NotFound
    return mass


def journal(actor: Actor, *, after: int | None = None) -> tuple[list[MassChange], int | None]:
    """The newest changes, older than the number `after`; and the number to go on from."""
    found = mass_changes_for(actor)
    rows = list(found.filter(pk__lt=after)[: PAGE + 1] if after else found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def undo_until(mass: MassChange) -> dt.datetime:
    return mass.made_at + dt.timedelta(days=UNDO_DAYS)


def is_undoable(mass: MassChange) -> bool:
    """Whether an undo may be started, or gone on with."""
    left = mass.changed > mass.undone + mass.kept
    return left and mass.state in (State.DONE, State.CANCELLED, State.FAILED) and not _is_late(mass)


def insist_undoable(mass: MassChange) -> None:
    if _is_late(mass):
        raise Refusal("people.undo_late", _("A change of many people can be undone for 30 days."))
    if not is_undoable(mass):
        raise Refusal("people.undo_nothing", _("There is nothing to undo: nobody was changed."))


def may_undo(actor: Actor, mass: MassChange) -> bool:
    """Whether `actor` is offered the undo."""
    needed = "contacts.delete" if mass.kind == Kind.REMOVE else "contacts.edit"
    return actor.may(needed) and is_undoable(mass)


def within_reach(actor: Actor, mass: MassChange, ids: Collection[int]) -> set[int]:
    """Of these people, whom an undo by `actor` may touch: those in their reach, removed or not, and of their own
    change those whom it put out of their reach and its undo brings back into it.
    """
    if actor.sees_all:
        return set(ids)
    seen = set(contacts_for(actor).filter(pk__in=ids).values_list("pk", flat=True))
    seen |= set(removed_contacts_for(actor).filter(pk__in=ids).values_list("pk", flat=True))
    if actor.user_id is None or mass.made_by_id != actor.user_id:
        return seen
    if mass.kind == Kind.CAMPAIGN_TAKE and mass.value in actor.scope("campaign"):
        return set(ids)
    rows = MassOutcome.objects.filter(mass_change=mass, contact__in=ids)
    if mass.kind in (Kind.RESPONSIBLE, Kind.PASTE):
        seen |= set(rows.filter(before__responsible=actor.user_id).values_list("contact", flat=True))
    if mass.kind in (Kind.TERRITORY, Kind.PASTE) and (reach := sorted(actor.scope("territory"))):
        seen |= set(rows.filter(before__territory__in=reach).values_list("contact", flat=True))
    return seen


def titles(masses: Iterable[MassChange]) -> dict[int, str]:
    """What to call each, a query for each kind of thing that they set."""
    masses = list(masses)
    wanted: dict[Any, set[int]] = {}
    for mass in masses:
        if mass.kind in _NAMED and mass.value is not None:
            wanted.setdefault(_NAMED[mass.kind], set()).add(mass.value)
    names = {
        model: {each.pk: str(each) for each in model.objects.filter(pk__in=ids)}
        for model, ids in wanted.items()
    }
    keys = {mass.what for mass in masses if mass.kind == Kind.OWN}
    fields = {field.key: field for field in OwnField.objects.filter(key__in=keys)} if keys else {}
    return {mass.pk: _title(mass, names.get(_NAMED.get(mass.kind), {}), fields) for mass in masses}


def title(mass: MassChange) -> str:
    """What to call one."""
    return titles([mass])[mass.pk]


def subject_of(actor: Actor, mass: MassChange) -> str:
    """What the tray calls the job: the change and how many people it means."""
    return f"{title(mass)}, {counted(mass.people)}"


def counted(count: int) -> str:
    """So many people, in the language active now."""
    return ngettext("%(shown)s person", "%(shown)s people", count) % {"shown": formats.count(count)}


def progress(mass: MassChange) -> int:
    """How many people the work that goes on has done."""
    if mass.state == State.UNDOING:
        return mass.undone + mass.kept
    return mass.changed + mass.left_alone


def said(mass: MassChange) -> str:
    """What has become of it, in a sentence or three."""
    if mass.state == State.RUNNING:
        return _("%(title)s: in work for %(people)s. You may go on working.") % _facts(mass, mass.people)
    if mass.state == State.UNDOING:
        return _("%(title)s: being undone for %(people)s. You may go on working.") % _facts(
            mass, mass.changed
        )
    if mass.state == State.UNDONE:
        sentences = [_("%(title)s: undone for %(people)s.") % _facts(mass, mass.undone)]
    else:
        sentences = [_("%(title)s: changed %(people)s.") % _facts(mass, mass.changed)]
    for _code, why, count in reasons(mass)[:2]:
        if mass.state != State.UNDONE or _code == What.KEPT:
            words = _("Skipped %(people)s: %(why)s.")
            sentences.append(words % {"people": counted(count), "why": why[:1].lower() + why[1:]})
    return " ".join(sentences)


def _facts(mass: MassChange, count: int) -> dict[str, str]:
    return {"title": title(mass), "people": counted(count)}


def _title(mass: MassChange, names: dict[int, str], fields: dict[str, OwnField]) -> str:
    name = names.get(mass.value, f"№ {mass.value}") if mass.value is not None and mass.kind in _NAMED else ""
    match mass.kind:
        case Kind.TAG_PUT:
            return _("Put on the tag “%(name)s”") % {"name": name}
        case Kind.TAG_TAKE:
            return _("Took off the tag “%(name)s”") % {"name": name}
        case Kind.CAMPAIGN_PUT:
            return _("Put into the campaign “%(name)s”") % {"name": name}
        case Kind.CAMPAIGN_TAKE:
            return _("Took out of the campaign “%(name)s”") % {"name": name}
        case Kind.STATUS:
            return _("Status: %(name)s") % {"name": name or formats.NONE}
        case Kind.RESPONSIBLE:
            return _("Responsible: %(name)s") % {"name": name or formats.NONE}
        case Kind.TERRITORY:
            return _("Territory: %(name)s") % {"name": name or formats.NONE}
        case Kind.OWN:
            return _own_title(mass, fields.get(mass.what))
        case Kind.REMOVE:
            return _("Removed from the base")
    return mass.words or str(Kind(mass.kind).label)


def _own_title(mass: MassChange, field: OwnField | None) -> str:
    if field is None:
        return _("An own field that is there no more")
    people = (
        dict(User.objects.filter(pk=mass.value).values_list("pk", "name")) if field.type == "user" else None
    )
    shown = formats.NONE if mass.forgotten_at else show_own(field, mass.value, people)
    return _("%(field)s: %(values)s") % {"field": field.label, "values": shown}


@dataclass(frozen=True)
class Aside:
    """Somebody whom the change, or its undo, left alone; `who` and `at` say who had touched them."""

    contact: Contact
    why: str
    who: str = ""
    at: dt.datetime | None = None


def reasons(mass: MassChange) -> list[tuple[str, str, int]]:
    """(code, sentence, how many) of each reason for which people were left alone, the commonest first."""
    counts = {**mass.skipped, **({What.KEPT: mass.kept} if mass.kept else {})}
    rest = 0 if mass.is_busy else mass.people - mass.changed - mass.left_alone
    if rest > 0:
        counts["rest"] = rest
    told = [(code, _reason(mass, code), count) for code, count in counts.items()]
    return sorted(told, key=lambda each: -each[2])


def _reason(mass: MassChange, code: str) -> str:
    if code == "rest":
        return _("Not reached: the work was stopped before")
    if code == What.SAME:
        same = {
            Kind.TAG_PUT: _("They had this tag already"),
            Kind.TAG_TAKE: _("They did not have this tag"),
            Kind.CAMPAIGN_PUT: _("They were in this campaign already"),
            Kind.CAMPAIGN_TAKE: _("They were not in this campaign"),
        }
        return same.get(mass.kind, str(What.SAME.label))
    return str(What(code).label)


def left_alone(
    actor: Actor, mass: MassChange, *, why: str = "", after: int = 0
) -> tuple[list[Aside], int | None]:
    """A page of those whom it left alone and `actor` sees, by reason and number; and the number to go on from."""
    listed = (What.SAME, What.BARE, What.SINCE, What.REFUSED, What.KEPT)
    codes = [why] if why in listed else list(listed)
    rows = MassOutcome.objects.filter(
        mass_change=mass, what__in=codes, contact__gt=after, contact__in=contacts_for(actor)
    )
    found = list(rows.select_related("contact").order_by("contact")[: PAGE + 1])
    late = _latest_changes([row.contact_id for row in found[:PAGE] if row.what in (What.KEPT, What.SINCE)])
    people = []
    for row in found[:PAGE]:
        change = late.get(row.contact_id)
        who = change.by.name if change and change.by else ""
        people.append(Aside(row.contact, _reason(mass, row.what), who, change.at if change else None))
    return people, found[PAGE - 1].contact_id if len(found) > PAGE else None


def _latest_changes(ids: list[int]) -> dict[int, FieldChange]:
    """Of each of these people the latest change that was no undo."""
    found = FieldChange.objects.filter(contact__in=ids, is_undo=False).select_related("by")
    return {
        change.contact_id: change for change in found.order_by("contact", "-at", "-id").distinct("contact")
    }


def _is_late(mass: MassChange) -> bool:
    return bool(mass.forgotten_at) or undo_until(mass) < timezone.now()
