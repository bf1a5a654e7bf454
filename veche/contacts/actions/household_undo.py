"""What households were before a change, kept with the change, and put back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from veche.contacts.actions.changing import present
from veche.contacts.events import HouseholdChanged, HouseholdJoined, HouseholdLeft
from veche.contacts.models import Contact, FieldChange, Household, HouseholdMember
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Stale

FIELD = "household"  # of the FieldChange that undoes

State = dict[str, dict[str, Any]]  # number of a household → all that is known of it


@action("contacts.edit")
def put_household_back(*, by: Actor, contact_id: int, change_id: int) -> list[int]:
    """Undo a change of households: all that it touched are as before. `Stale` when one was changed since.

    Returns the numbers of the households that are there again.
    """
    present(by, contact_id)
    change = FieldChange.objects.filter(pk=change_id, contact=contact_id, field=FIELD).first()
    if change is None:
        raise NotFound
    before, after = change.before["households"], change.after["households"]
    ids = sorted({int(key) for key in (*before, *after)})
    now = state(ids)
    elsewhere = HouseholdMember.objects.filter(contact__in=_people(before)).exclude(household__in=ids)
    if now != after or elsewhere.exists() or len(_people(before)) > _alive(before):
        raise Stale
    HouseholdMember.objects.filter(household__in=ids).delete()
    Household.objects.filter(pk__in=[key for key in ids if str(key) not in before]).delete()
    for key, row in before.items():
        columns = {name: row[name] for name in ("name", "letter", "made_at")}
        Household.objects.update_or_create(pk=int(key), defaults=columns)
        HouseholdMember.objects.bulk_create(
            HouseholdMember(household_id=int(key), **member) for member in row["members"]
        )
    homes = {state: _homes(rows) for state, rows in (("now", now), ("then", before))}
    events = [
        HouseholdLeft(contact_id=each, object_id=home)
        for each, home in homes["now"].items() if homes["then"].get(each) != home
    ] + [
        HouseholdJoined(contact_id=each, object_id=home)
        for each, home in homes["then"].items() if homes["now"].get(each) != home
    ]  # fmt: skip
    household = Household.objects.filter(pk__in=ids).first()
    publish(*(events or [changed(household, contact_id, "reverted")]), by=by)
    remember(by, contact_id, after, before)
    return sorted(map(int, before))


def lock(ids: Collection[int]) -> list[Household]:
    return list(Household.objects.filter(pk__in=ids).order_by("pk").select_for_update())


def state(ids: Collection[int]) -> State:
    """All of these households that an undo needs, locked."""
    found: State = {
        str(each.pk): {
            "name": each.name, "letter": each.letter, "made_at": each.made_at.isoformat(), "members": [],
        }
        for each in lock(ids)
    }  # fmt: skip
    for each in HouseholdMember.objects.filter(household__in=ids).order_by("pk"):
        found[str(each.household_id)]["members"].append(
            {
                "id": each.pk, "contact_id": each.contact_id, "is_head": each.is_head,
                "since": each.since.isoformat(), "together": str(each.together) if each.together else None,
            }
        )  # fmt: skip
    return found


def remember(by: Actor, contact_id: int, before: State, after: State) -> FieldChange:
    number = int(next(iter(after or before)))
    return FieldChange.objects.create(
        contact_id=contact_id, field=FIELD, at=timezone.now(), by_id=by.user_id, request_id=by.request_id,
        before={"id": number, "households": before}, after={"id": number, "households": after},
    )  # fmt: skip


def _homes(state: State) -> dict[int, int]:
    return {member["contact_id"]: int(key) for key, row in state.items() for member in row["members"]}


def _people(state: State) -> list[int]:
    return sorted(_homes(state))


def _alive(state: State) -> int:
    return Contact.objects.filter(pk__in=_people(state)).count()


def changed(household: Household | None, contact_id: int, what: str) -> HouseholdChanged:
    return HouseholdChanged(contact_id=contact_id, object_id=household.pk if household else None, change=what)
