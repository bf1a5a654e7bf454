"""Whatever is done to many people and by hand afterwards: an undo puts back what nobody touched, and nothing else.

A small base, some bulk changes of every kind one after the other, then edits by hand, then undos in any order. A model
in plain Python follows: it keeps for each value who said it last.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from veche.accounts.testing import actor_of, make_user
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging
from veche.contacts.actions import mass_changes as actions
from veche.contacts.actions.contacts import change_fields, remove_contact, restore_contact
from veche.contacts.models import Contact, MassChange, Membership, Status, TagAssignment
from veche.contacts.testing import make_own_field, make_person, make_tag

pytestmark = pytest.mark.django_db
PEOPLE, CHANGES, EDITS = 9, 4, 14
KINDS = [kind for kind in MassChange.Kind.values if kind not in ("values", "points", "territory", "paste")]


@dataclass
class Slot:
    """A value of a person, and the words spoken of it: (who said it, what it was before)."""

    value: Any = None
    said: list[tuple[int, Any]] = field(default_factory=list)  # 0 is a hand, else the number of a bulk change

    def say(self, who: int, value: Any) -> None:
        if self.value != value:
            self.said.append((who, self.value))
            self.value = value

    def unsay(self, who: int) -> None:
        """Back, if the last word is theirs."""
        if self.said and self.said[-1][0] == who:
            self.value = self.said.pop()[1]


class World:
    """The base and the model beside it. Slots are ("tag", id), ("campaign", id), "status", "own", "removed"…"""

    def __init__(self, chance: random.Random) -> None:
        self.by, self.chance = actor_of("coordinator"), chance
        self.people = [make_person(f"Человек {n}", by=self.by).pk for n in range(PEOPLE)]
        self.tags, self.campaigns = (
            [make_tag().pk for _n in range(2)],
            [make_campaign(f"К{n}").pk for n in range(2)],
        )
        self.own = make_own_field().key
        self.choices = {
            "status": [None, *Status.objects.values_list("pk", flat=True)[:2]],
            "responsible": [None, make_user("Финн").pk, make_user("По").pk],
            "own": [None, "M", "XL"],
        }
        self.slots: dict[tuple[int, Any], Slot] = {}
        for person in self.people:
            for what in [
                *(("tag", t) for t in self.tags),
                *(("campaign", c) for c in self.campaigns),
                "removed",
            ]:
                self.slots[person, what] = Slot(False)
            for what in self.choices:
                self.slots[person, what] = Slot()

    def alive(self, ids: list[int]) -> list[int]:
        return [person for person in ids if not self.slots[person, "removed"].value]

    def change_many(self) -> MassChange | None:
        ids = self.chance.sample(self.people, self.chance.randint(1, PEOPLE))
        kind = self.chance.choice(KINDS)
        value, what = self._value_for(kind)
        meant = self.alive(ids)
        if not meant:
            return None
        given = {"what": self.own} if kind == "own" else {}
        mass = actions.start_mass_change(by=self.by, kind=kind, value=value, ids=ids, **given)
        target = {
            "tag_put": True,
            "tag_take": False,
            "campaign_put": True,
            "campaign_take": False,
            "remove": True,
        }
        changed = 0
        for person in meant:
            slot = self.slots[person, what]
            changed += slot.value != target.get(kind, value)
            slot.say(mass.pk, target.get(kind, value))
        assert (mass.changed, mass.people) == (changed, len(ids))
        mass.slot = what
        return mass

    def _value_for(self, kind: str) -> tuple[Any, Any]:
        if kind.startswith("tag"):
            tag = self.chance.choice(self.tags)
            return tag, ("tag", tag)
        if kind.startswith("campaign"):
            campaign = self.chance.choice(self.campaigns)
            return campaign, ("campaign", campaign)
        return (None, "removed") if kind == "remove" else (self.chance.choice(self.choices[kind]), kind)

    def edit_by_hand(self) -> None:
        person, what = self.chance.choice(list(self.slots))
        slot, given = self.slots[person, what], {"by": self.by, "contact_id": person}
        if what == "removed":
            (restore_contact if slot.value else remove_contact)(**given)
            slot.say(0, not slot.value)
            return
        if not self.alive([person]):
            return
        if isinstance(what, tuple):
            kind, key = what
            put, take = {
                "tag": (belonging.put_tag, belonging.take_tag),
                "campaign": (belonging.join_campaign, belonging.leave_campaign),
            }[kind]
            (take if slot.value else put)(**given, **{f"{kind}_id": key})
            slot.say(0, not slot.value)
            return
        value = self.chance.choice(self.choices[what])
        change_fields(**given, fields={f"own.{self.own}" if what == "own" else what: value})
        slot.say(0, value)

    def undo(self, mass: MassChange) -> None:
        if not mass.changed:
            return
        actions.start_mass_undo(by=self.by, mass_id=mass.pk)
        for person in self.people:
            self.slots[person, mass.slot].unsay(mass.pk)

    def insist(self) -> None:
        """The base holds what the model says."""
        links = {("tag", *row) for row in TagAssignment.objects.values_list("tag", "contact")}
        links |= {("campaign", *row) for row in Membership.objects.values_list("campaign", "contact")}
        held = Contact.objects.in_bulk(self.people)
        for (person, what), slot in self.slots.items():
            contact = held[person]
            there = {
                "status": contact.status_id, "responsible": contact.responsible_id,
                "own": contact.own.get(self.own), "removed": contact.removed_at is not None,
            }.get(what) if isinstance(what, str) else (*what, person) in links  # fmt: skip
            assert there == slot.value, (person, what, slot)


@pytest.mark.parametrize("seed", range(8))
def test_untouched_goes_back_and_touched_stays(seed):
    chance = random.Random(seed)
    world = World(chance)
    for _n in range(EDITS // 2):
        world.edit_by_hand()
    done = [mass for mass in (world.change_many() for _n in range(CHANGES)) if mass]
    world.insist()
    for _n in range(EDITS):
        world.edit_by_hand()
    world.insist()
    for mass in reversed(done):
        world.undo(mass)
        world.insist()


@pytest.mark.parametrize("seed", range(3))
def test_with_nothing_in_between_all_is_as_it_was(seed):
    chance = random.Random(1000 + seed)
    world = World(chance)
    for _n in range(EDITS):
        world.edit_by_hand()
    before = {key: slot.value for key, slot in world.slots.items()}
    for mass in reversed([mass for mass in (world.change_many() for _n in range(CHANGES)) if mass]):
        world.undo(mass)
    world.insist()
    assert before == {key: slot.value for key, slot in world.slots.items()}
