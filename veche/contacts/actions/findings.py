"""What is done about findings: putting one right or all, saying that a value is right, looking through the base.

A fix is made anew from the contact at the moment it is applied. What has changed since is not touched: its finding is
gone by then, or stands for another value.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.inspecting import (
    inspect_contacts,
    recount,
    start_whole_inspection,
)
from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.actions.points import change_point
from veche.contacts.birthdays import parse_birthday
from veche.contacts.events import FindingDismissed, FindingTakenUp, InspectionStarted
from veche.contacts.inspecting import FindingKind, Fix, inspect
from veche.contacts.inspecting.kinds import INSPECT
from veche.contacts.models import Contact, FieldChange, Finding, FindingDismissal, MassChange
from veche.contacts.point_texts import read_points
from veche.contacts.queries.facts import read_facts
from veche.contacts.queries.findings import current_fix, fixable_ids, get_finding
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale

PORTION = 5_000  # people whose fixes are made at a time
IN_A_CLICK = 2_000  # so many are prepared while their reader waits
FIX_JOB = "contacts.fix_findings"


def fix_finding(*, by: Actor, finding_id: int) -> FieldChange:
    """Apply the sure fix of one finding; returns the change, by which it is undone. `Stale` when the value is another
    by now. What is left to say of the contact is known when this returns."""
    finding = get_finding(by, finding_id)
    found = current_fix(finding)
    if found is None or finding.dismissed:
        inspect_contacts([finding.contact_id])
        raise Stale(_("The value has been changed since, so nothing was put right. Look at it once more."))
    if found.fix is None:
        raise Refusal("findings.no_fix", _("What would be right here, only a person can tell."))
    _apply(by, finding, found.fix)
    inspect_contacts([finding.contact_id])
    recount()
    return FieldChange.objects.filter(contact=finding.contact_id, request_id=by.request_id).latest("pk")


def _apply(by: Actor, finding: Finding, fix: Fix) -> None:
    # the revision is read before the fix was made: whoever is faster on these fields makes the action refuse
    revision = Contact.objects.values_list("revision", flat=True).get(pk=finding.contact_id)
    again = current_fix(finding)
    if again is None or again.fix != fix:
        raise Stale
    if fix.point:
        change_point(
            by=by,
            contact_id=finding.contact_id,
            point_id=finding.point,
            fields=dict(fix.point),
            revision=revision,
        )
    else:
        change_fields(by=by, contact_id=finding.contact_id, fields=dict(fix.fields), revision=revision)


def fix_findings(
    *, by: Actor, kind: FindingKind, finding_ids: Collection[int] | None = None, upto: int | None = None
) -> MassChange | Job:
    """Apply the sure fixes of one finding to those of `finding_ids`, or to everybody whom `by` sees, as one change that
    can be undone. Many are prepared by a job. `Refusal` when there is nothing to put right.

    `upto`: the newest finding when the page was shown; what was found since was not seen by who pressed, and is left.
    """
    by.require(INSPECT)
    by.require("contacts.edit")
    ids = fixable_ids(by, kind, only=finding_ids, upto=upto)
    if not ids:
        raise Refusal("findings.nothing", _("There is nothing left here that could surely be put right."))
    if len(ids) <= IN_A_CLICK:
        return fix_contacts(by=by, kind=kind, contact_ids=ids)
    return start_job(FIX_JOB, by=by, subject=str(kind.title), total=len(ids), finding=kind.key, upto=upto)


def fix_contacts(*, by: Actor, kind: FindingKind, contact_ids: Collection[int]) -> MassChange:
    """One change of many people out of the fixes of these contacts, as they are now."""
    fields, points = fixes_of(kind, contact_ids)
    if not fields and not points:
        raise Refusal("findings.nothing", _("There is nothing left here that could surely be put right."))
    words = _("Put right: %(finding)s") % {"finding": kind.title}
    what = f"fix.{kind.key}"
    if points:
        mass = start_mass_change(by=by, kind=MassChange.Kind.POINTS, what=what, values=points, words=words)
    else:
        mass = start_mass_change(by=by, kind=MassChange.Kind.VALUES, what=what, values=fields, words=words)
    if not mass.is_busy:
        inspect_contacts(contact_ids)
        recount(hurry=True)
    return mass


def fixes_of(
    kind: FindingKind, contact_ids: Collection[int]
) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """(new values of fields, new points) by contact, of those whose fix is sure and not set aside."""
    fields: dict[int, dict[str, Any]] = {}
    points: dict[int, dict[str, Any]] = {}
    ids = sorted(contact_ids)
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        open_ = set(
            Finding.objects.filter(contact__in=portion, key=kind.key, dismissed=False).values_list(
                "contact_id", "mark", "point"
            )
        )
        for person in read_facts(portion):
            held = {point.id: point for point in person.points}
            for found in inspect(person):
                if (
                    found.key != kind.key
                    or not found.fix
                    or (person.id, found.mark, found.point) not in open_
                ):
                    continue
                if found.fix.point:
                    points.setdefault(person.id, {})[str(found.point)] = _point(held[found.point], found.fix)
                else:
                    fields.setdefault(person.id, {}).update(_columns(found.fix))
    return fields, points


def _columns(fix: Fix) -> dict[str, Any]:
    """Values by column: a bulk change knows a birthday by its parts."""
    values: dict[str, Any] = dict(fix.fields)
    if "birthday" in values:
        birthday = parse_birthday(values.pop("birthday"))
        values |= {"birth_year": birthday.year, "birth_month": birthday.month, "birth_day": birthday.day}
    return values


def _point(held: Any, fix: Fix) -> dict[str, Any]:
    """What a point becomes, whole."""
    new = {
        "was": held.value,
        "value": held.value,
        "as_given": held.as_given,
        "extension": held.extension,
        "validity": held.validity,
    }
    wanted = dict(fix.point)
    if "validity" in wanted:
        return new | {"validity": wanted["validity"]}
    reading = read_points(held.kind, wanted["text"])[0]
    return new | {
        "value": reading.value,
        "as_given": reading.as_given[:300],
        "extension": reading.extension,
        "validity": "unchecked",
    }


@action(INSPECT)
def dismiss_finding(*, by: Actor, finding_id: int, for_all: bool = False) -> Finding:
    """“This is right”: of one person, or of everybody with the same value, for which one must see the whole base.

    It is remembered with who said it, and holds until the value changes.
    """
    finding = get_finding(by, finding_id)
    if for_all and not by.sees_all:
        raise Refusal(
            "findings.not_for_all", _("Of everybody, only who sees the whole base can say so."), status=403
        )
    contact_id = None if for_all else finding.contact_id
    FindingDismissal.objects.get_or_create(
        key=finding.key, mark=finding.mark, contact_id=contact_id, defaults={"by_id": by.user_id}
    )
    _same(finding, contact_id).update(dismissed=True)
    publish(
        FindingDismissed(contact_id=contact_id, object_id=finding.pk, finding=finding.key, for_all=for_all),
        by=by,
    )
    return finding


@action(INSPECT)
def take_up_finding(*, by: Actor, finding_id: int) -> Finding:
    """Show again what was set aside; what was said of everybody, only who sees the whole base takes back."""
    finding = get_finding(by, finding_id)
    said = FindingDismissal.objects.filter(key=finding.key, mark=finding.mark)
    for_all = said.filter(contact=None).exists()
    if for_all and not by.sees_all:
        raise Refusal(
            "findings.not_for_all", _("Of everybody, only who sees the whole base can say so."), status=403
        )
    if not finding.dismissed:
        unchanged()
        return finding
    said.filter(contact=finding.contact_id).delete()
    if for_all:
        said.filter(contact=None).delete()
        others = said.values_list("contact", flat=True)
        _same(finding, None).exclude(contact__in=others).update(dismissed=False)
    else:
        _same(finding, finding.contact_id).update(dismissed=False)
    publish(FindingTakenUp(contact_id=finding.contact_id, object_id=finding.pk, finding=finding.key), by=by)
    return finding


def _same(finding: Finding, contact_id: int | None) -> Any:
    same = Finding.objects.filter(key=finding.key, mark=finding.mark)
    return same if contact_id is None else same.filter(contact=contact_id)


@action(INSPECT)
def inspect_whole_base(*, by: Actor) -> Job:
    """Have the whole base looked through, by a job; one that is under way is enough."""
    job = start_whole_inspection(by=by)
    publish(InspectionStarted(object_id=job.pk), by=by)
    return job
