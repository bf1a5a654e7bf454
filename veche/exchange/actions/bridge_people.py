"""What becomes of the bridge's rows when the people they speak of are merged or erased."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from veche.contacts.actions.erasing import delete_rows
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.actor import Actor

LINES, CELLS, ROWS = "exchange_bridgeline", "exchange_bridgecell", "exchange_bridgerow"


def hand_lines_over(by: Actor, kept_id: int, gone_ids: Collection[int]) -> None:
    """What was downloaded of the gone is compared with the kept one from now on. May run twice."""
    with connection.cursor() as sql:
        sql.execute(
            f"UPDATE {LINES} SET contact_id = %s WHERE contact_id = ANY(%s)", [kept_id, list(gone_ids)]
        )


def drop_rows(table: str):
    """Open differences of the gone go: upload the file again to compare with the one that stays. May run twice."""

    def merge(by: Actor, kept_id: int, gone_ids: Collection[int]) -> None:
        delete_rows(table)(by, gone_ids)

    return merge


def take_part() -> None:
    """Enter the bridge's tables into both registries. Called once, in apps.py."""
    merge_participants.add(
        MergeParticipant(LINES, "downloaded rows stand for the one that stays", hand_lines_over)
    )
    for table in (CELLS, ROWS):
        merge_participants.add(
            MergeParticipant(table, "differences of the one that goes are dropped", drop_rows(table))
        )
    for table in (LINES, CELLS, ROWS):
        erasure_participants.add(ErasureParticipant(table, "rows are deleted", delete_rows(table)))
