"""Entries of the ledger about households and relations, in words for one viewer."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from veche.contacts.events import (
    HouseholdChanged,
    HouseholdJoined,
    HouseholdLeft,
    RelationEnded,
    RelationMade,
)
from veche.contacts.models import Contact, Household, HouseholdMember, RelationKind
from veche.contacts.queries.households import title
from veche.contacts.queries.scope import contacts_for
from veche.contacts.registry import Told
from veche.contacts.relation_words import called, word
from veche.core.actor import Actor
from veche.core.ledger import Entry

HOUSEHOLDS = frozenset({HouseholdJoined.kind, HouseholdLeft.kind, HouseholdChanged.kind})
RELATIONS = frozenset({RelationMade.kind, RelationEnded.kind})


class Words:
    """What codes are called."""

    def __init__(self, codes: set[str]) -> None:
        kinds = list(RelationKind.objects.filter(Q(code__in=codes) | Q(reverse_code__in=codes)))
        self.ends = {each.reverse_code: (each, False) for each in kinds}
        self.ends |= {each.code: (each, True) for each in kinds}

    def of(self, code: str, gender: str) -> str:
        if code not in self.ends:
            return called(code, gender)
        kind, of_one = self.ends[code]
        return word(kind, of_one=of_one, gender=gender)


def describe_ties(actor: Actor, found: list[Entry]) -> dict[int, Told]:
    """Households by name, relations by who is what; nobody is named whom the viewer doesn't see."""
    homes = [entry for entry in found if entry.kind in HOUSEHOLDS]
    relations = [entry for entry in found if entry.kind in RELATIONS]
    return _of_households(actor, homes) | _of_relations(actor, relations)


def _of_households(actor: Actor, found: list[Entry]) -> dict[int, Told]:
    if not found:
        return {}
    seen = HouseholdMember.objects.filter(
        household__in={entry.object_id for entry in found}, contact__in=contacts_for(actor)
    )
    homes: dict[int, Household] = {}
    people: dict[int, list[Contact]] = {}
    for each in seen.select_related("household", "contact"):
        homes[each.household_id] = each.household
        people.setdefault(each.household_id, []).append(each.contact)
    told = {}
    for entry in found:
        home = homes.get(entry.object_id)
        body = title(home, people[home.pk]) if home else ""
        url = reverse("contacts:household", args=[home.pk]) if home else ""
        told[entry.id] = Told(str(entry.event.label), body, url)
    return told


def _of_relations(actor: Actor, found: list[Entry]) -> dict[int, Told]:
    if not found:
        return {}
    people = contacts_for(actor).in_bulk({entry.data["other"] for entry in found})
    words = Words({entry.data["code"] for entry in found})
    told = {}
    for entry in found:
        other = people.get(entry.data["other"])
        body, url = _("somebody whom you cannot see"), ""
        if other:
            body, url = str(other), reverse("contacts:card", args=[other.pk])
            if said := words.of(entry.data["code"], other.gender):
                body = _("%(word)s: %(name)s") % {"word": said, "name": other}
        told[entry.id] = Told(str(entry.event.label), body, url)
    return told
