"""Edits of many known contacts at once, each with its own values: what a returned spreadsheet says, and its undo.

Takes a set of some thousands; a constant number of statements writes it, whatever their number. Before and after of
everything is kept in `FieldChange` in the same shape as by the actions for one contact, so that the card can undo it.
Whoever writes many sets calls `bulk.settle_indexes` after the last.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from veche.contacts.actions.address_reading import read_addresses_of
from veche.contacts.actions.houses import note_houses_at
from veche.contacts.actions.points import snapshot
from veche.contacts.birthdays import Birthday, written
from veche.contacts.events import (
    AddressChanged,
    CampaignJoined,
    CampaignLeft,
    ContactChanged,
    ContactRemoved,
    ContactRestored,
    PointChanged,
    TagPut,
    TagTaken,
)
from veche.contacts.fields import stored_value
from veche.contacts.models import (
    Contact,
    ContactPoint,
    Kind,
    Membership,
    PointKind,
    PostalAddress,
    TagAssignment,
)
from veche.contacts.naming import compose_name, key_of
from veche.contacts.queries.scope import contacts_for, removed_contacts_for
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import Event, publish
from veche.core.sets import update_rows

NAME_PARTS = ("surname", "given_name", "patronymic")
BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
# code of a belonging: (its table, the column that names what belongs, event of adding, event of taking)
LINKS: dict[str, tuple[Any, str, type[Event], type[Event]]] = {
    "tag": (TagAssignment, "tag_id", TagPut, TagTaken),
    "campaign": (Membership, "campaign_id", CampaignJoined, CampaignLeft),
}

_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, is_undo, request_id)
SELECT contact_id, field, before::jsonb, after::jsonb, %s::timestamptz, %s::bigint, false, %s::uuid
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
    WITH ORDINALITY AS said(contact_id, field, before, after, place) ORDER BY place
"""


@dataclass
class Edit:
    """What becomes of one contact.

    `columns`: cleaned values by column of Contact (``status_id``), or by ``own.<key>`` (None clears). `add`
    and `take` by code: contact points and ``address`` as dicts of columns (to take one, its ``id``); ``tag`` and
    ``campaign`` as ids.
    """

    contact_id: int
    columns: dict[str, Any] = field(default_factory=dict)
    add: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    take: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class _Set:
    """The edits of a set on their way: what to write at the end, in one statement each."""

    by: Actor
    now: Any
    changes: list[tuple[int, str, Any, Any]] = field(default_factory=list)  # contact, field, before, after
    events: list[tuple[Contact, Event]] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    touched: dict[int, Contact] = field(default_factory=dict)

    def keep(self, contact: Contact, code: str, before: Any, after: Any) -> None:
        self.touch(contact)
        self.changes.append((contact.pk, code, before, after))

    def touch(self, contact: Contact) -> None:
        if contact.pk not in self.touched:
            contact.revision += 1
            contact.changed_at = self.now
            self.touched[contact.pk] = contact


def lock_contacts(by: Actor, contact_ids: Collection[int]) -> list[int]:
    """Those of the contacts that `by` may see, locked in the order of their ids until the transaction ends."""
    return list(_to_lock(by, contact_ids).values_list("pk", flat=True))


def _to_lock(by: Actor, contact_ids: Collection[int]) -> QuerySet[Contact]:
    found = contacts_for(by).filter(pk__in=contact_ids)
    return found.select_for_update(of=("self",)).order_by("pk")


@action("contacts.edit")
def edit_contacts(*, by: Actor, edits: Sequence[Edit]) -> dict[int, list[dict[str, Any]]]:
    """Write `edits`, one per contact; contacts that `by` may not see are passed over.

    Returns, by contact, snapshots of the points and addresses that were taken away, which a later `add` brings back.
    What is there already is not added, and what is gone already is not taken.
    """
    contacts = {each.pk: each for each in _to_lock(by, [edit.contact_id for edit in edits])}
    edits = [edit for edit in edits if edit.contact_id in contacts]
    work = _Set(by, timezone.now())
    for edit in edits:
        _set_columns(work, contacts[edit.contact_id], edit.columns)
    taken = _edit_reach(work, contacts, edits)
    for code in LINKS:
        _edit_links(work, contacts, edits, code)
    _write(work)
    return taken


@action("contacts.delete")
def remove_contacts(*, by: Actor, contact_ids: Collection[int]) -> list[int]:
    """Hide contacts everywhere, as `remove_contact` does with one; returns the ids of those that were there."""
    ids = lock_contacts(by, contact_ids)
    Contact.objects.filter(pk__in=ids).update(removed_at=timezone.now())
    publish(*(ContactRemoved(contact_id=each, object_id=each) for each in ids), by=by)
    if not ids:
        unchanged()
    return ids


@action("contacts.delete")
def restore_contacts(*, by: Actor, contact_ids: Collection[int]) -> list[int]:
    """Bring back those of the contacts that are hidden; returns their ids."""
    hidden = removed_contacts_for(by).select_for_update(of=("self",)).filter(pk__in=contact_ids)
    ids = list(hidden.order_by("pk").values_list("pk", flat=True))
    Contact.objects.filter(pk__in=ids).update(removed_at=None)
    publish(*(ContactRestored(contact_id=each, object_id=each) for each in ids), by=by)
    if not ids:
        unchanged()
    return ids


def _set_columns(work: _Set, contact: Contact, columns: Mapping[str, Any]) -> None:
    codes, births, own = [], [getattr(contact, part) for part in BIRTH_PARTS], dict(contact.own)
    for column, after in columns.items():
        if column.startswith("own."):
            key = column.removeprefix("own.")
            before = own.pop(key, None)
            if after is not None:
                own[key] = after
            if before != after:
                codes.append(column)
                work.keep(contact, column, before, after)
            continue
        before = getattr(contact, column)
        if before == after:
            continue
        setattr(contact, column, after)
        work.columns.add(column)
        if column not in BIRTH_PARTS:
            code = column.removesuffix("_id")
            codes.append(code)
            work.keep(contact, code, stored_value(before), stored_value(after))
    now = [getattr(contact, part) for part in BIRTH_PARTS]
    if now != births:
        codes.append("birthday")
        work.keep(contact, "birthday", written(Birthday(*births)), written(Birthday(*now)))
    if not codes:
        return
    contact.own = own
    work.columns.add("own")
    if columns.keys() & {*NAME_PARTS, "name"}:
        _settle_name(contact)
        work.columns |= {"name", "name_key"}
    event = ContactChanged(
        contact_id=contact.pk, object_id=contact.pk, fields=tuple(codes), revision=contact.revision
    )
    work.events.append((contact, event))


def _settle_name(contact: Contact) -> None:
    parts = [getattr(contact, part) for part in NAME_PARTS]
    if contact.kind == Kind.PERSON:
        contact.name, contact.name_key = compose_name(*parts), key_of(*parts)
    else:
        contact.name = contact.name or compose_name(*parts)
        contact.name_key = key_of(contact.name)


def _edit_reach(
    work: _Set, contacts: Mapping[int, Contact], edits: Iterable[Edit]
) -> dict[int, list[dict[str, Any]]]:
    """Points and addresses: taken first, so that a corrected number is no double of itself."""
    touched = [
        edit.contact_id
        for edit in edits
        if any(code not in LINKS and edit.add[code] + edit.take[code] for code in {*edit.add, *edit.take})
    ]
    points, addresses = defaultdict(list), defaultdict(list)
    for row in ContactPoint.objects.filter(contact__in=touched).order_by("position", "pk"):
        points[row.contact_id].append(row)
    for row in PostalAddress.objects.filter(contact__in=touched).order_by("position", "pk"):
        addresses[row.contact_id].append(row)
    gone: dict[type, list[int]] = defaultdict(list)
    fresh: list[tuple[Contact, str, Any]] = []
    taken: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for edit in edits:
        contact = contacts[edit.contact_id]
        for code in [code for code in (*PointKind.values, "address") if edit.add[code] or edit.take[code]]:
            held = addresses[contact.pk] if code == "address" else points[contact.pk]
            ids = {each["id"] for each in edit.take[code]}
            for row in [row for row in held if row.pk in ids]:
                held.remove(row)
                gone[type(row)].append(row.pk)
                before = snapshot(row)
                taken[contact.pk].append({"code": code, **before})
                _note_reach(work, contact, code, row.pk, before, None, "removed")
            for given in edit.add[code]:
                row = _made(contact, code, given, held)
                if row is not None:
                    held.append(row)
                    fresh.append((contact, code, row))
    note_houses_at(gone[PostalAddress])
    for model, ids in gone.items():
        model.objects.filter(pk__in=ids).delete()
    _store_reach(work, fresh)
    return taken


def _made(contact: Contact, code: str, given: Mapping[str, Any], held: list[Any]) -> Any:
    """A row for what was given, or None when the contact has it."""
    columns = {name: value for name, value in given.items() if name not in ("id", "code", "kind", "position")}
    if code == "address":
        if any(row.text.casefold() == columns["text"].casefold() for row in held):
            return None
        return PostalAddress(contact=contact, position=_next([row.position for row in held]), **columns)
    same = [row for row in held if row.kind == code]
    if any((row.value, row.extension) == (columns["value"], columns.get("extension", "")) for row in same):
        return None
    return ContactPoint(contact=contact, kind=code, position=_next([row.position for row in same]), **columns)


def _next(positions: list[int]) -> int:
    return max(positions, default=-1) + 1


def _store_reach(work: _Set, fresh: list[tuple[Contact, str, Any]]) -> None:
    for model in (ContactPoint, PostalAddress):
        model.objects.bulk_create([row for _contact, _code, row in fresh if isinstance(row, model)])
    read_addresses_of([contact.pk for contact, code, _row in fresh if code == "address"])
    for contact, code, row in fresh:
        _note_reach(work, contact, code, row.pk, None, snapshot(row), "added")


def _note_reach(
    work: _Set, contact: Contact, code: str, key: int, before: Any, after: Any, change: str
) -> None:
    work.keep(contact, code, before, after)
    head = {
        "contact_id": contact.pk, "object_id": key, "change": change, "fields": (f"{code}.{key}",),
        "revision": contact.revision,
    }  # fmt: skip
    event = AddressChanged(**head) if code == "address" else PointChanged(point=code, **head)
    work.events.append((contact, event))


def _edit_links(work: _Set, contacts: Mapping[int, Contact], edits: Iterable[Edit], code: str) -> None:
    """Tags or campaigns, which leave an event and no row of before and after, as for one contact."""
    model, column, put, took = LINKS[code]
    wanted = {edit.contact_id: (set(edit.add[code]), set(edit.take[code])) for edit in edits}
    wanted = {contact: pair for contact, pair in wanted.items() if pair[0] or pair[1]}
    if not wanted:
        return
    held: dict[int, dict[int, int]] = defaultdict(dict)
    for pk, contact_id, thing in model.objects.filter(contact__in=wanted).values_list(
        "pk", "contact_id", column
    ):
        held[contact_id][thing] = pk
    fresh, gone = [], []
    for contact_id, (add, take) in wanted.items():
        for thing in sorted(add - held[contact_id].keys()):
            fresh.append(model(contact_id=contact_id, **{column: thing}))
            work.events.append((contacts[contact_id], put(contact_id=contact_id, object_id=thing)))
        for thing in sorted(take & held[contact_id].keys()):
            gone.append(held[contact_id][thing])
            work.events.append((contacts[contact_id], took(contact_id=contact_id, object_id=thing)))
    model.objects.bulk_create(fresh, ignore_conflicts=True)
    model.objects.filter(pk__in=gone).delete()


def _write(work: _Set) -> None:
    if work.touched:
        with connection.cursor() as sql:
            # sorted in in one go by `settle_indexes`
            sql.execute("SET LOCAL gin_pending_list_limit = '32MB'")
        update_rows(Contact, work.touched.values(), ["revision", "changed_at", *sorted(work.columns)])
        _write_history(work)
    if work.events:
        publish(*(event for _contact, event in work.events), by=work.by)
    else:
        unchanged()


def _write_history(work: _Set) -> None:
    whose, codes, before, after = zip(*work.changes, strict=True)
    with connection.cursor() as sql:
        sql.execute(
            _HISTORY,
            [
                work.now, work.by.user_id, work.by.request_id, list(whose), list(codes),
                [_json(each) for each in before], [_json(each) for each in after],
            ],
        )  # fmt: skip


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
