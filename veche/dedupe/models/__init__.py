"""What was looked for and found, what people said of it, and what such a number is."""

from veche.dedupe.models.decision import Decision, Side, Sweep, Verdict
from veche.dedupe.models.household import (
    HouseholdDecision,
    HouseholdSweep,
    SuggestedHousehold,
    SuggestedMember,
)
from veche.dedupe.models.phone import PhoneVerdict
from veche.dedupe.models.queue import Group, Member
from veche.dedupe.models.search import RuleSet, Search

__all__ = [
    "Decision",
    "Group",
    "HouseholdDecision",
    "HouseholdSweep",
    "Member",
    "PhoneVerdict",
    "RuleSet",
    "Search",
    "Side",
    "SuggestedHousehold",
    "SuggestedMember",
    "Sweep",
    "Verdict",
]
