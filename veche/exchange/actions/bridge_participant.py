"""What becomes of the bridge's rows when the people they speak of are merged or erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from veche.contacts.actions.erasing import delete_rows
from veche.contacts.actions.merging_rows import hand_over
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.exchange.models import BridgeLine, BridgeReturn, BridgeSheet

LINES, CELLS, ROWS = "exchange_bridgeline", "exchange_bridgecell", "exchange_bridgerow"


def drop_rows(table: str):
    """Open differences of the gone go: upload the file again to compare with the one that stays. May run twice."""

    def merge(by: Actor, into: Mapping[int, int]) -> None:
        delete_rows(table)(by, list(into))

    return merge


def forget_lines(by: Actor, contact_ids: Collection[int]) -> None:
    """What was downloaded of the erased goes, and so do the files that they stand in. May run twice."""
    named = BridgeLine.objects.filter(contact_id__in=list(contact_ids)).values("sheet")
    let_files_go(BridgeSheet.objects.filter(pk__in=named))
    delete_rows(LINES)(by, contact_ids)


def let_files_go(sheets: QuerySet[BridgeSheet]) -> int:
    """Delete the files of downloads once the change is certain; what they said is kept. Returns how many."""
    held = dict(sheets.exclude(file="").values_list("pk", "file"))
    BridgeSheet.objects.filter(pk__in=held).update(file="")
    for name in held.values():
        transaction.on_commit(partial(default_storage.delete, name))  # a rollback must not lose the file
    return len(held)


@action("exchange.import")
def note_stopped(*, by: Actor, job_ids: Collection[int]) -> None:
    """Jobs that were stopped before they began tell nobody: what waited for them may be begun again. May run twice."""
    unchanged()
    BridgeSheet.objects.filter(job_id__in=job_ids, state=BridgeSheet.State.MAKING).update(
        state=BridgeSheet.State.FAILED
    )
    busy = [BridgeReturn.State.READING, BridgeReturn.State.APPLYING, BridgeReturn.State.UNDOING]
    BridgeReturn.objects.filter(job_id__in=job_ids, state__in=busy).update(state=BridgeReturn.State.FAILED)


@action("exchange.export")
def take_lists_back(*, by: Actor, user_ids: Collection[int]) -> int:
    """Delete the lists of users who may no longer have them; returns how many. A second run finds none."""
    unchanged()
    return let_files_go(BridgeSheet.objects.filter(made_by__in=list(user_ids)))


def take_part() -> None:
    """Enter the bridge's tables into both registries. Called once, in apps.py."""
    merge_participants.add(
        MergeParticipant(LINES, "downloaded rows stand for the one that stays", hand_over(LINES), is_log=True)
    )
    for table in (CELLS, ROWS):
        merge_participants.add(
            MergeParticipant(table, "differences of the one that goes are dropped", drop_rows(table))
        )
    erasure_participants.add(
        ErasureParticipant(LINES, "rows are deleted, and the files they are of", forget_lines)
    )
    for table in (CELLS, ROWS):
        erasure_participants.add(ErasureParticipant(table, "rows are deleted", delete_rows(table)))
