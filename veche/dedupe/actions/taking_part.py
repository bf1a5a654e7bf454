"""What becomes of groups and decisions when their people are merged or erased."""

from __future__ import annotations

from veche.contacts.actions.erasing import delete_rows
from veche.contacts.actions.merging_rows import hand_over
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)

PLANS = {
    "dedupe_member": "the question is now about the one that stays",
    "dedupe_suggestedmember": "the household is now asked about with the one that stays",
    "dedupe_side": "who is somebody else than one of them is somebody else than the one that stays",
}


def take_part() -> None:
    """Enter the room's tables into both registries. Called once, in apps.py."""
    for table, plan in PLANS.items():
        merge_participants.add(MergeParticipant(table, plan, hand_over(table)))
        erasure_participants.add(ErasureParticipant(table, "rows are deleted", delete_rows(table)))
