"""What a number is that many people have: said once, of everybody who has it, and remembered."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from veche.contacts.actions.findings import dismiss_finding, take_up_finding
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.models import Contact, ContactPoint, Finding, Kind, MassChange, Validity
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.uniqueness import unless_taken
from veche.dedupe.actions.gathering import gather_if_possible, take_apart
from veche.dedupe.events import PhoneJudged, PhoneVerdictTakenBack
from veche.dedupe.kinship import MOST
from veche.dedupe.models import PhoneVerdict
from veche.dedupe.queries.phones import SHARED, shared_finding
from veche.dedupe.queries.queue import REVIEW

What = PhoneVerdict.What


@action(REVIEW)
def judge_phone(*, by: Actor, finding_id: int, what: str) -> PhoneVerdict:
    """Say what the number of a finding is. A family's and an office's is right as it is, so it is listed no more; an
    invented one is marked as not working at everybody. An office's or an invented one makes nobody a likely double.
    A family of a dozen at most becomes a household, unless they are of different ones already."""
    _insist_on_everybody(by)
    finding = shared_finding(by, finding_id)
    what = What(what)
    alike = Finding.objects.filter(key=SHARED, mark=finding.mark)
    people = alike.values("contact").distinct().count()
    verdict = PhoneVerdict(mark=finding.mark, what=what, people=people, point=finding.point, by_id=by.user_id)
    with unless_taken({"dedupe_phoneverdict_pkey": _said_already}):
        verdict.save(force_insert=True)
    if what == What.INVENTED:
        verdict.change = _mark_as_not_working(
            by, [each for each in alike.values_list("point", flat=True) if each]
        )
        verdict.save(update_fields=["change"])
    else:
        if what == What.FAMILY and people <= MOST:
            verdict.household = gather_if_possible(by, _eldest_first(alike))
            verdict.save(update_fields=["household"])
        dismiss_finding(by=by, finding_id=finding.pk, for_all=True)
    publish(PhoneJudged(object_id=finding.pk, what=what, people=people), by=by)
    return verdict


def _eldest_first(alike: QuerySet[Finding]) -> list[int]:
    """The people, of whom the first becomes the head of the household."""
    people = Contact.objects.filter(pk__in=alike.values("contact"), kind=Kind.PERSON)
    return list(people.order_by(F("birth_year").asc(nulls_last=True), "pk").values_list("pk", flat=True))


def _insist_on_everybody(by: Actor) -> None:
    if not by.sees_all:
        raise Refusal(
            "dedupe.phone_of_all", _("Of everybody, only who sees the whole base can say so."), status=403
        )


def _said_already() -> Refusal:
    return Stale(_("Somebody has said meanwhile what this number is."))


def _mark_as_not_working(by: Actor, points: list[int]) -> int | None:
    """One bulk change, with its own line in the journal; returns its number."""
    values: dict[int, dict[str, Any]] = {}
    for point in ContactPoint.objects.filter(pk__in=points):
        became = {
            "was": point.value,
            "value": point.value,
            "as_given": point.as_given,
            "extension": point.extension,
        }
        values.setdefault(point.contact_id, {})[str(point.pk)] = became | {"validity": Validity.INVALID}
    if not values:
        return None
    words = _("an invented phone is marked as not working")
    return start_mass_change(
        by=by, kind=MassChange.Kind.POINTS, what="phone_invented", values=values, words=words
    ).pk


@action(REVIEW)
def take_back_phone(*, by: Actor, mark: int) -> None:
    """Forget what was said of a number; what it did to people is undone."""
    _insist_on_everybody(by)
    verdict = PhoneVerdict.objects.select_for_update().filter(pk=mark).first()
    if verdict is None:
        raise NotFound
    finding = Finding.objects.filter(key=SHARED, mark=mark, dismissed=True).first()
    if verdict.what == What.INVENTED and verdict.change:
        start_mass_undo(by=by, mass_id=verdict.change)
    elif finding:
        take_up_finding(by=by, finding_id=finding.pk)
    take_apart(by, verdict.household, [])
    verdict.delete()
    publish(PhoneVerdictTakenBack(object_id=finding and finding.pk, what=verdict.what), by=by)
