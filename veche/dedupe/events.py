"""What can happen to searches and to those who may be one. Ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class SearchStarted(Event):
    """`scope` is whole, import or changed; a `dry` one only counts."""

    kind: ClassVar[str] = "dedupe.search_started"
    label = _("Search for doubles started")
    icon = "list-search"
    object_kind = "search"

    scope: str
    dry: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchEnded(Event):
    """`state` is done, failed or cancelled; `asked` and `certain` are groups of people who may be one."""

    kind: ClassVar[str] = "dedupe.search_ended"
    label = _("Search for doubles ended")
    icon = "list-search"
    object_kind = "search"

    state: str
    asked: int = 0
    certain: int = 0


@dataclass(frozen=True, kw_only=True)
class GroupDecided(Event):
    """Somebody decided on `people` who might be one: `verdict` is merged, apart, family or skipped."""

    kind: ClassVar[str] = "dedupe.group_decided"
    label = _("Likely doubles decided on")
    icon = "arrows-join"
    object_kind = "decision"

    verdict: str
    people: int


@dataclass(frozen=True, kw_only=True)
class ToldApart(Event):
    """Somebody said that this contact is not one with another: `verdict` is apart or family."""

    kind: ClassVar[str] = "dedupe.told_apart"
    label = _("Said to be somebody else than a similar card")
    icon = "users"
    object_kind = "decision"

    verdict: str


@dataclass(frozen=True, kw_only=True)
class DecisionUndone(Event):
    kind: ClassVar[str] = "dedupe.decision_undone"
    label = _("Decision on likely doubles taken back")
    icon = "arrow-back-up"
    object_kind = "decision"

    verdict: str


@dataclass(frozen=True, kw_only=True)
class SweepStarted(Event):
    """All `groups` of certain doubles are being merged."""

    kind: ClassVar[str] = "dedupe.sweep_started"
    label = _("Merging of certain doubles started")
    icon = "arrows-join"
    object_kind = "sweep"

    groups: int


@dataclass(frozen=True, kw_only=True)
class SweepEnded(Event):
    """`merged` groups became one person each, `left` could not be."""

    kind: ClassVar[str] = "dedupe.sweep_ended"
    label = _("Merging of certain doubles ended")
    icon = "arrows-join"
    object_kind = "sweep"

    merged: int
    left: int


@dataclass(frozen=True, kw_only=True)
class SweepUndoStarted(Event):
    kind: ClassVar[str] = "dedupe.sweep_undo_started"
    label = _("Undo of merged certain doubles started")
    icon = "arrow-back-up"
    object_kind = "sweep"


@dataclass(frozen=True, kw_only=True)
class SweepUndone(Event):
    """`undone` merges were taken back; `left` could not be."""

    kind: ClassVar[str] = "dedupe.sweep_undone"
    label = _("Merging of certain doubles undone")
    icon = "arrow-back-up"
    object_kind = "sweep"

    undone: int
    left: int


@dataclass(frozen=True, kw_only=True)
class RulesChanged(Event):
    kind: ClassVar[str] = "dedupe.rules_changed"
    label = _("Rules of the search for doubles changed")
    icon = "adjustments"
    object_kind = "rule_set"

    automatic: float
    ask: float
    left_out: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    learns: bool = True


@dataclass(frozen=True, kw_only=True)
class RulesRemoved(Event):
    kind: ClassVar[str] = "dedupe.rules_removed"
    label = _("Rules of the search for doubles removed")
    icon = "trash"
    object_kind = "rule_set"


@dataclass(frozen=True, kw_only=True)
class PhoneJudged(Event):
    """Somebody said what a number is that `people` have: family, office or invented. `object_id` is a finding."""

    kind: ClassVar[str] = "dedupe.phone_judged"
    label = _("A shared phone judged")
    icon = "phone"
    object_kind = "finding"

    what: str
    people: int


@dataclass(frozen=True, kw_only=True)
class PhoneVerdictTakenBack(Event):
    kind: ClassVar[str] = "dedupe.phone_verdict_taken_back"
    label = _("What was said of a shared phone taken back")
    icon = "arrow-back-up"
    object_kind = "finding"

    what: str


@dataclass(frozen=True, kw_only=True)
class HouseholdDecided(Event):
    """Somebody said of `people` whom a search took for a household: `verdict` is gathered, apart or skipped."""

    kind: ClassVar[str] = "dedupe.household_decided"
    label = _("A suggested family decided on")
    icon = "home-question"
    object_kind = "household_decision"

    verdict: str
    people: int


@dataclass(frozen=True, kw_only=True)
class HouseholdDecisionUndone(Event):
    kind: ClassVar[str] = "dedupe.household_decision_undone"
    label = _("Decision on a suggested family taken back")
    icon = "arrow-back-up"
    object_kind = "household_decision"

    verdict: str


@dataclass(frozen=True, kw_only=True)
class RelationsSaid(Event):
    """With the verdict “one family” on likely doubles somebody said who is what to whom: `relations` of them."""

    kind: ClassVar[str] = "dedupe.relations_said"
    label = _("Relatives among likely doubles noted")
    icon = "users"
    object_kind = "decision"

    relations: int


@dataclass(frozen=True, kw_only=True)
class HouseholdSweepStarted(Event):
    """All `households` of one flat and one surname are being gathered."""

    kind: ClassVar[str] = "dedupe.household_sweep_started"
    label = _("Gathering of families started")
    icon = "home-plus"
    object_kind = "household_sweep"

    households: int


@dataclass(frozen=True, kw_only=True)
class HouseholdSweepEnded(Event):
    """`gathered` became households, `left` could not be."""

    kind: ClassVar[str] = "dedupe.household_sweep_ended"
    label = _("Gathering of families ended")
    icon = "home-plus"
    object_kind = "household_sweep"

    gathered: int
    left: int


@dataclass(frozen=True, kw_only=True)
class HouseholdSweepUndoStarted(Event):
    kind: ClassVar[str] = "dedupe.household_sweep_undo_started"
    label = _("Undo of gathered families started")
    icon = "arrow-back-up"
    object_kind = "household_sweep"


@dataclass(frozen=True, kw_only=True)
class HouseholdSweepUndone(Event):
    """`undone` households are no more; those that somebody has touched since stay."""

    kind: ClassVar[str] = "dedupe.household_sweep_undone"
    label = _("Gathering of families undone")
    icon = "arrow-back-up"
    object_kind = "household_sweep"

    undone: int
