"""Who lives with whom, and who is what to whom. Names stand with the people, here are numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class HouseholdJoined(Event):
    """The contact is of the household `object_id` now, put there by a colleague or a rule, or moved with the others."""

    kind: ClassVar[str] = "contacts.household_joined"
    label = _("Put into a household")
    icon = "home-plus"
    object_kind = "household"


@dataclass(frozen=True, kw_only=True)
class HouseholdLeft(Event):
    kind: ClassVar[str] = "contacts.household_left"
    label = _("Taken out of a household")
    icon = "home-minus"
    object_kind = "household"


@dataclass(frozen=True, kw_only=True)
class HouseholdChanged(Event):
    """`change` is head, name or letter; the contact is the one whose card shows it, the head."""

    kind: ClassVar[str] = "contacts.household_changed"
    label = _("Household changed")
    icon = "home-edit"
    object_kind = "household"

    change: str


@dataclass(frozen=True, kw_only=True)
class RelationMade(Event):
    """`other` is `code` (of a kind, or its reverse) to the contact. Both of them have an entry."""

    kind: ClassVar[str] = "contacts.relation_made"
    label = _("Relation added")
    icon = "link"
    object_kind = "relation"

    other: int
    code: str


@dataclass(frozen=True, kw_only=True)
class RelationEnded(Event):
    kind: ClassVar[str] = "contacts.relation_ended"
    label = _("Relation removed")
    icon = "unlink"
    object_kind = "relation"

    other: int
    code: str
