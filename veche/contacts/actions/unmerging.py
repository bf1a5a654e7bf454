"""A merge is undone: the cards that went are there again, each with exactly what it had; what came since is told."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions import merging_rows
from veche.contacts.actions.merging import recount_given_lists, wait_for_loads
from veche.contacts.events import ContactsUnmerged
from veche.contacts.fields import CLEANERS
from veche.contacts.merging_choice import BIRTH, NAMES
from veche.contacts.models import Merge, MergedContact, MergedRow
from veche.contacts.queries.merging_since import Since, came_since
from veche.contacts.queries.scope import contacts_for
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale

# Columns that make sense only together: changed since in one, they stay in all.
TOGETHER = (
    (*NAMES, "name", "name_as_given", "name_key", "gender"),
    BIRTH,
    ("caution", "caution_until"),
    ("territory_id", "territory_by_address"),
)
COUNTED = ("revision", "changed_at")
FIELDS = frozenset(CLEANERS)


@dataclass(frozen=True)
class Unmerged:
    """What an undone merge has left: who is there again, how many rows of each table came back to how they were, what
    came since (it is `kept_id`'s, but for what was assigned), and the fields that somebody has changed since."""

    merge: Merge
    kept_id: int
    back_ids: tuple[int, ...]
    came_back: dict[str, int]
    stayed: list[Since]
    fields_stayed: list[str]


@action("contacts.merge")
def unmerge(*, by: Actor, merge_id: int, assigned: Mapping[str, int] | None = None) -> Unmerged:
    """Undo a merge. `assigned` says of what came since (`Since.key`) to whom it goes; the rest stays where it is.

    `Refusal` when it is undone already, or when the same card was merged once more since: the later merge goes first.
    """
    return _unmerge(by, [merge_id], assigned or {})[0]


@action("contacts.merge")
def unmerge_many(*, by: Actor, merge_ids: Collection[int]) -> list[Unmerged]:
    """Undo many merges in one transaction, those of one card from the latest on. Call it with some hundreds."""
    left, done = sorted(set(merge_ids), reverse=True), []
    while left:
        now = _latest_of_each(left)
        done += _unmerge(by, now, {}, besides=left)
        left = [each for each in left if each not in now]
    return done


def _latest_of_each(merge_ids: list[int]) -> list[int]:
    latest: dict[int, int] = {}
    for key, contact in Merge.objects.filter(pk__in=merge_ids).order_by("pk").values_list("pk", "contact_id"):
        latest[contact] = key
    if not latest:
        raise NotFound
    return sorted(latest.values())


def _unmerge(
    by: Actor, merge_ids: list[int], assigned: Mapping[str, int], *, besides: Collection[int] = ()
) -> list[Unmerged]:
    merges = _locked(by, merge_ids)
    gone = _gone_of(merge_ids)
    stayed = {merge.pk: came_since(by, merge) for merge in merges} if len(merges) == 1 else {}
    with connection.cursor() as sql:
        merging_rows.insert_kept(
            sql,
            merging_rows.CONTACTS,
            "SELECT row FROM contacts_mergedcontact WHERE merge_id = ANY(%(merges)s) ORDER BY id",
            {"merges": merge_ids},
        )
    fields = _give_fields_back(merge_ids)
    came_back = merging_rows.give_back(merge_ids)
    for merge in merges:
        _assign(merge, gone[merge.pk], stayed.get(merge.pk, []), assigned)
    recount_given_lists(merge_ids)
    MergedRow.objects.filter(merge_id__in=merge_ids)._raw_delete("default")
    MergedContact.objects.filter(merge_id__in=merge_ids).update(row=None)
    Merge.objects.filter(pk__in=merge_ids).update(undone_at=timezone.now(), undone_by_id=by.user_id)
    publish(
        *(
            ContactsUnmerged(
                contact_id=merge.contact_id, object_id=merge.pk, gone=tuple(gone[merge.pk]),
                fields=tuple(fields[merge.pk].back), revision=fields[merge.pk].revision,
            )
            for merge in merges
        ),
        by=by,
    )  # fmt: skip
    return [
        Unmerged(
            merge,
            merge.contact_id,
            tuple(gone[merge.pk]),
            came_back,
            stayed.get(merge.pk, []),
            fields[merge.pk].stayed,
        )
        for merge in merges
    ]


def _locked(by: Actor, merge_ids: list[int]) -> list[Merge]:
    """The merges; who stayed in each was locked before, in the order of their numbers."""
    wait_for_loads()
    wanted = set(Merge.objects.filter(pk__in=merge_ids).values_list("contact_id", flat=True))
    found = contacts_for(by).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    kept = {each.pk for each in found}
    merges = list(Merge.objects.filter(pk__in=merge_ids).order_by("pk").select_for_update(of=("self",)))
    if len(merges) < len(merge_ids) or any(merge.contact_id not in wanted for merge in merges):
        raise NotFound if len(merges) < len(merge_ids) else Stale
    if any(merge.contact_id not in kept for merge in merges):
        raise NotFound
    if any(merge.undone_at for merge in merges):
        raise Stale(_("This merge was undone already."))
    for merge in merges:
        later = (
            Merge.objects.filter(contact=merge.contact_id, undone_at=None, pk__gt=merge.pk)
            .order_by("pk")
            .first()
        )
        if later:
            sentence = _("The same card was merged once more on %(day)s. Undo that merge first.")
            raise Refusal(
                "contacts.merged_since",
                sentence % {"day": timezone.localtime(later.made_at).strftime("%d.%m.%Y")},
                status=409,
            )
    return merges


def _gone_of(merge_ids: list[int]) -> dict[int, list[int]]:
    gone: dict[int, list[int]] = {key: [] for key in merge_ids}
    rows = MergedContact.objects.filter(merge_id__in=merge_ids).order_by("pk")
    for merge_id, former_id in rows.values_list("merge_id", "former_id"):
        gone[merge_id].append(former_id)
    return gone


# --- the fields of the one that stayed


@dataclass(frozen=True)
class _Fields:
    """What goes back, column by column; the codes those that somebody has changed since."""

    columns: dict[str, Any]
    back: list[str]
    stayed: list[str]
    revision: int


def _give_fields_back(merge_ids: list[int]) -> dict[int, _Fields]:
    """What is still as the merge left it becomes as it was; the changes that told of it go, for they never were.

    Only the revision grows: by it a page that was opened meanwhile knows that it is old.
    """
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT told.merge_id, mine.id, told.before, told.after, to_jsonb(mine) FROM contacts_mergedrow AS told
            JOIN contacts_merge AS merge ON merge.id = told.merge_id
            JOIN contacts_contact AS mine ON mine.id = merge.contact_id
            WHERE told.merge_id = ANY(%s) AND told."table" = %s AND told.key = mine.id
            """,
            [merge_ids, merging_rows.CONTACTS],
        )
        rows = [(*row[:2], *map(_loaded, row[2:])) for row in sql.fetchall()]
        fields = {merge_id: _difference(*states) for merge_id, _key, *states in rows}
        columns = sorted({column for each in fields.values() for column in each.columns})
        written, read = ", ".join(columns), ", ".join(f"fresh.{column}" for column in columns)
        sql.execute(
            f"UPDATE contacts_contact AS held SET ({written}) = ("
            f" SELECT {read} FROM jsonb_populate_record(held, back.row) AS fresh)"
            " FROM unnest(%s::bigint[], %s::jsonb[]) AS back(id, row) WHERE held.id = back.id",
            [[row[1] for row in rows], [json.dumps(fields[row[0]].columns) for row in rows]],
        )
        for merge_id, each in fields.items():
            sql.execute(  # of a field that stays, the change is part of how it came to be what it is
                'DELETE FROM contacts_mergedrow WHERE merge_id = %s AND "table" = %s AND before IS NULL'
                " AND after ->> 'field' = ANY(%s)",
                [merge_id, merging_rows.CHANGES, each.stayed],
            )
    return fields


def _difference(before: dict[str, Any], after: dict[str, Any], now: dict[str, Any]) -> _Fields:
    """Three-way, column by column and own field by own field; columns that belong together go together."""
    columns, stayed = {}, set()
    for column in after.keys() - {"own", *COUNTED}:
        group = next((each for each in TOGETHER if column in each), (column,))
        if all(now[each] == after.get(each, before[each]) for each in group):
            columns[column] = before[column]
        else:
            stayed.add(_code(column))
    back = {_code(column) for column in columns}
    own = dict(now["own"])
    for key in (before["own"].keys() | after["own"].keys()) if "own" in after else ():
        was, made = before["own"].get(key), after["own"].get(key)
        if was == made:
            continue
        if own.get(key) != made:
            stayed.add(f"own.{key}")
            continue
        back.add(f"own.{key}")
        own.pop(key, None)
        if key in before["own"]:
            own[key] = was
    if own != now["own"]:
        columns["own"] = own
    untouched = now["changed_at"] == after["changed_at"]
    columns |= {
        "revision": now["revision"] + 1,
        "changed_at": before["changed_at"] if untouched else timezone.now().isoformat(),
    }
    return _Fields(columns, sorted(back & FIELDS | _owns(back)), sorted(stayed), columns["revision"])


def _code(column: str) -> str:
    return "birthday" if column in BIRTH else column.removesuffix("_id")


def _owns(codes: Collection[str]) -> set[str]:
    return {code for code in codes if code.startswith("own.")}


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


# --- what came since


def _assign(merge: Merge, gone: list[int], stayed: list[Since], assigned: Mapping[str, int]) -> None:
    """Hand what came since to whom it was assigned."""
    there = {each.key: each for each in stayed}
    if not there.keys() >= assigned.keys():
        raise Stale(_("Something of this was removed meanwhile. Look anew at what came since."))
    for key, contact_id in assigned.items():
        if contact_id == merge.contact_id:
            continue
        if contact_id not in gone:
            raise Refusal("contacts.unmerge_whose", _("Choose one of the cards that this merge joined."))
        try:
            with transaction.atomic(), connection.cursor() as sql:
                for table, column in there[key].tables:
                    sql.execute(
                        f"UPDATE {table} SET contact_id = %s WHERE {column} = %s AND contact_id = %s",
                        [contact_id, there[key].row_id, merge.contact_id],
                    )
        except IntegrityError:
            sentence = _("%(what)s is there already on the other card. Leave it where it is.")
            raise Refusal("contacts.unmerge_twice", sentence % {"what": there[key].words}) from None
