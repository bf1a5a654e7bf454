"""How each of this room's tables, and the ledger, takes part in a merge and in an erasure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

from veche.contacts.actions.erasing import delete_rows
from veche.contacts.actions.merging_households import (
    RELATION_ENDS,
    forget_households,
    forget_relations,
    merge_households,
    merge_relations,
)
from veche.contacts.actions.merging_rows import hand_over
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.actor import Actor

_FIRST_SAID = "(array_agg({0} ORDER BY {0} = '', turn))[1]"
_STRICTER = (  # what does not work for one of them does not work
    "CASE WHEN bool_or(validity = 'invalid') THEN 'invalid' WHEN bool_or(validity = 'valid') THEN 'valid'"
    " ELSE 'unchecked' END"
)
_LONGER = "CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END"


@dataclass(frozen=True)
class Table:
    """`same`: columns beside contact_id by which two rows are the same; see `hand_over` for `blend` and `line`."""

    plan: str
    same: tuple[str, ...] = ()
    blend: dict[str, str] = field(default_factory=dict)
    line: tuple[str, ...] | None = None
    is_log: bool = False


def _notes(most: int) -> str:
    return f"left(string_agg(DISTINCT note, '; ') FILTER (WHERE note <> ''), {most})"


def _said() -> dict[str, str]:
    return {
        "purpose": _FIRST_SAID.format("purpose"),
        "validity": _STRICTER,
        "note": f"COALESCE({_notes(300)}, '')",
        "made_at": "min(made_at)",
    }


OWN_TABLES: dict[str, Table] = {
    "contacts_contactpoint": Table(
        "phones and e-mails of both, each once", ("kind", "value", "extension"), _said(), line=("kind",)
    ),
    "contacts_postaladdress": Table("addresses of both, each once", ("text",), _said(), line=()),
    "contacts_addressreading": Table("what was read of the addresses that stay"),
    "contacts_externalid": Table("the numbers of both", ("system", "value")),
    "contacts_membership": Table("the campaigns of both", ("campaign_id",), {"since": "min(since)"}),
    "contacts_tagassignment": Table("the tags of both", ("tag_id",), {"made_at": "min(made_at)"}),
    "contacts_contactrole": Table(
        "the roles of both",
        ("role_id", "since"),
        {"until": _LONGER, "note": f"COALESCE({_notes(300)}, '')"},
    ),
    "contacts_origin": Table("all origins stay, as they are"),
    "contacts_givencontact": Table("on the given lists of both, once", ("list_id",)),
    "contacts_houseelder": Table("elder of the houses of both"),
    "contacts_note": Table("all notes"),
    "contacts_fieldchange": Table("all changes, in one history", is_log=True),
    "contacts_massoutcome": Table("what bulk changes did to both, each once", ("mass_change_id",)),
    "contacts_findingdismissal": Table("what was said to be right of both, each once", ("key", "mark")),
    "contacts_undokept": Table("what undone imports left, each once", ("batch", "field")),
    "contacts_othervalue": Table("what else both were known by, each once", ("field", "value")),
    "contacts_merge": Table("earlier merges lead on to the one that stays"),
}


def _unname_ledger(by: Actor, contact_ids: Collection[int]) -> None:
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE core_ledger SET contact_id = NULL WHERE contact_id = ANY(%s)", [list(contact_ids)]
        )


def _forget_merges(by: Actor, contact_ids: Collection[int]) -> None:
    """With them goes all that was kept of those who were merged into them."""
    mine = "merge_id IN (SELECT id FROM contacts_merge WHERE contact_id = ANY(%s))"
    with connection.cursor() as sql:
        for table in ("contacts_mergedrow", "contacts_mergedcontact"):
            sql.execute(f"DELETE FROM {table} WHERE {mine}", [list(contact_ids)])
    delete_rows("contacts_merge")(by, contact_ids)


def take_part() -> None:
    """Enter this room's tables and the ledger into both registries. Called once, in apps.py."""
    _take_part_of_households()
    for table, own in OWN_TABLES.items():
        merge = hand_over(table, own.same, own.blend, own.line)
        merge_participants.add(MergeParticipant(table, own.plan, merge, is_log=own.is_log))
        if table == "contacts_merge":
            plan, erase = "merges into them are deleted, with all that was kept of them", _forget_merges
        else:
            plan, erase = "rows are deleted", delete_rows(table)
        erasure_participants.add(ErasureParticipant(table, plan, erase))
    merge_participants.add(
        MergeParticipant(
            "core_ledger", "what happened to both is one history", hand_over("core_ledger"), is_log=True
        )
    )
    erasure_participants.add(
        ErasureParticipant(
            "core_ledger", "entries stay and mean nobody: the number leads nowhere", _unname_ledger
        )
    )


def _take_part_of_households() -> None:
    """Before merges, which erasing forgets: a household may be known to nobody but them."""
    merge_participants.add(
        MergeParticipant(
            "contacts_householdmember",
            "of the household of the one that stays, or else of theirs",
            merge_households,
        )
    )
    merge_participants.add(
        MergeParticipant(
            "contacts_relation",
            "the relations of both, each once, none to oneself",
            merge_relations,
            RELATION_ENDS,
        )
    )
    gone = "rows are deleted; a household of fewer than two ends"
    erasure_participants.add(ErasureParticipant("contacts_householdmember", gone, forget_households))
    erasure_participants.add(ErasureParticipant("contacts_relation", "rows are deleted", forget_relations))
