"""Several cards of one person become one, and are told apart again. One or nine hundred at once: the same, in sets.

The cards that go are deleted, and their whole rows kept (`MergedContact`), so that no list, count or search has to know
of them; their numbers lead on. What a merge did to each row of each table stands in `MergedRow` (`merging_rows`).
All contacts concerned are locked in the order of their numbers before anything is looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.contacts.actions import merging_rows
from veche.contacts.actions.bulk import LOADS_LOCK
from veche.contacts.events import ContactsMerged
from veche.contacts.merging_choice import Chosen, choose, codes_of
from veche.contacts.models import (
    Contact,
    FieldChange,
    Merge,
    OtherValue,
    PointKind,
    Status,
)
from veche.contacts.queries.merged_away import merged_into
from veche.contacts.queries.scope import contacts_for
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.sets import add_rows, update_rows

MOST = 50  # cards that become one
LINES = (*PointKind.values, "address")  # all of these stay; a choice says whose come first


@dataclass(frozen=True)
class MergeSet:
    """Who stays, who goes into it, and by field code whose value stays: what is not said is suggested."""

    kept_id: int
    gone_ids: tuple[int, ...]
    choices: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def ids(self) -> tuple[int, ...]:
        return (self.kept_id, *self.gone_ids)


@dataclass(frozen=True)
class ManyMerged:
    """What became of many sets: the merges made, and of the others (by their place) why not."""

    merges: list[Merge]
    refused: dict[int, Refusal]


@dataclass(frozen=True)
class _Work:
    """One set with its people, the one that stays first, and what it becomes."""

    wanted: MergeSet
    people: list[Contact]
    chosen: Chosen

    @property
    def kept(self) -> Contact:
        return self.people[0]


@action("contacts.merge")
def merge_contacts(
    *,
    by: Actor,
    kept_id: int,
    gone_ids: Collection[int],
    choices: Mapping[str, int] | None = None,
    reason: str = "",
) -> Merge:
    """Make one card of several: all that is known of `gone_ids` goes to `kept_id`; returns the merge, to be undone.

    `choices` say by field code whose value stays (of phones, e-mails, addresses: whose come first); where they are
    silent the suggested one does. `Refusal` for who cannot be merged, `Stale` where somebody was faster.
    """
    wanted = MergeSet(kept_id, tuple(gone_ids), choices or {}, reason)
    _insist_sensible(wanted)
    return _merge(by, [_ready(by, wanted, _locked(by, wanted.ids), _status_codes())])[0]


@action("contacts.merge")
def merge_many(*, by: Actor, sets: Sequence[MergeSet]) -> ManyMerged:
    """Merge many sets in one transaction; what cannot be merged is left alone and told. Call it with some hundreds.

    A second run finds that they are merged: it refuses each, and changes nothing.
    """
    works, refused, taken = [], {}, set()
    people, statuses = _locked(by, {each for wanted in sets for each in wanted.ids}), _status_codes()
    for place, wanted in enumerate(sets):
        try:
            _insist_sensible(wanted)
            if not taken.isdisjoint(wanted.ids):
                raise Refusal("contacts.merged_twice", _("Somebody of these is in another set already."))
            works.append(_ready(by, wanted, people, statuses))
            taken.update(wanted.ids)
        except Refusal as refusal:
            refused[place] = refusal
    if not works:
        unchanged()
    return ManyMerged(_merge(by, works) if works else [], refused)


def _insist_sensible(wanted: MergeSet) -> None:
    if len(set(wanted.ids)) < len(wanted.ids):
        raise Refusal(
            "contacts.merge_itself", _("A card cannot be merged with itself. Choose another one beside it.")
        )
    if not wanted.gone_ids:
        raise Refusal("contacts.merge_alone", _("Choose at least two cards to make one of them."))
    if len(wanted.ids) > MOST:
        sentence = ngettext(
            "At most %(most)d card can become one at a time.",
            "At most %(most)d cards can become one at a time.",
            MOST,
        )
        raise Refusal("contacts.merge_too_many", sentence % {"most": MOST})


def _locked(by: Actor, ids: Collection[int]) -> dict[int, Contact]:
    """Those of them that `by` may see, locked in the order of their numbers, while no load writes a chunk."""
    wait_for_loads()
    found = contacts_for(by).filter(pk__in=sorted(ids)).order_by("pk").select_for_update(of=("self",))
    return {each.pk: each for each in found}


def wait_for_loads() -> None:
    """A load matches the rows of a chunk with people and then writes them: merges stand between two chunks."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOADS_LOCK])


def _ready(by: Actor, wanted: MergeSet, people: Mapping[int, Contact], statuses: Mapping[int, str]) -> _Work:
    missing = [each for each in wanted.ids if each not in people]
    if missing:
        leads_to = [merged_into(each) for each in missing]
        if all(each and contacts_for(by).filter(pk=each).exists() for each in leads_to):
            raise Stale(_("Somebody has merged one of these cards meanwhile. Look at the list again."))
        raise NotFound
    chosen_people = [people[each] for each in wanted.ids]
    if len({each.kind for each in chosen_people}) > 1:
        sentence = _("A person and an organisation cannot become one. Link them instead.")
        raise Refusal("contacts.merge_kinds", sentence)
    known = {*codes_of(chosen_people), *LINES}
    if not known.issuperset(wanted.choices) or not set(wanted.ids).issuperset(wanted.choices.values()):
        raise Stale(_("These cards were changed while you were looking at them. Compare them anew."))
    return _Work(wanted, chosen_people, choose(chosen_people, wanted.choices, statuses, timezone.localdate()))


def _status_codes() -> dict[int, str]:
    return dict(Status.objects.values_list("pk", "code"))


def _merge(by: Actor, works: list[_Work]) -> list[Merge]:
    now, together = timezone.now(), uuid.uuid4()
    tops = merging_rows.ceilings()
    merges = Merge.objects.bulk_create(
        Merge(
            contact=work.kept, by_id=by.user_id, reason=work.wanted.reason[:200], ceilings=tops, together=together,
            made_at=now,
        )
        for work in works
    )  # fmt: skip
    into = {gone: work.kept.pk for work in works for gone in work.wanted.gone_ids}
    merging_rows.before({merge.contact_id: merge.pk for merge in merges}, into)
    for participant in merging_rows.participants():
        participant.merge(by, into)
    for work in works:
        _put_first(work)
    _put_aside(works, now)
    _write_fields(by, works, merges, now)
    merging_rows.after()
    _let_go(works, merges)
    recount_given_lists([merge.pk for merge in merges])
    publish(*(_event(work, merge) for work, merge in zip(works, merges, strict=True)), by=by)
    return merges


def _put_first(work: _Work) -> None:
    for code in LINES:
        whose = work.wanted.choices.get(code, work.kept.pk)
        if whose != work.kept.pk:
            table, line = (
                ("contacts_postaladdress", {})
                if code == "address"
                else ("contacts_contactpoint", {"kind": code})
            )
            merging_rows.put_first(work.kept.pk, whose, table, line)


def _put_aside(works: list[_Work], now: timezone.datetime) -> None:
    """What was not chosen stays beside: a former name, another birthday, with the number of the card that had it."""
    kept_ids = [work.kept.pk for work in works if work.chosen.others]
    there = {
        (row.contact_id, row.field, repr(row.value))
        for row in OtherValue.objects.filter(contact_id__in=kept_ids)
    }
    rows = []
    for work in works:
        for code, value, whose, key in work.chosen.others:
            mark = (work.kept.pk, code, repr(value))
            if mark not in there:
                there.add(mark)
                rows.append(
                    OtherValue(
                        contact_id=work.kept.pk,
                        field=code,
                        value=value,
                        former_id=whose,
                        key=key,
                        made_at=now,
                    )
                )
    add_rows(OtherValue, rows)


def _write_fields(by: Actor, works: list[_Work], merges: list[Merge], now: timezone.datetime) -> None:
    """The fields of those who stay, a new revision, and what each field held before."""
    columns: set[str] = set()
    changes: list[tuple[Merge, FieldChange]] = []
    for work, merge in zip(works, merges, strict=True):
        work.kept.revision += 1
        work.kept.changed_at = now
        for column, value in work.chosen.columns.items():
            setattr(work.kept, column, value)
        columns.update(work.chosen.columns)
        changes += [
            (
                merge,
                FieldChange(
                    contact=work.kept, field=code, before=before, after=after, at=now, by_id=by.user_id,
                    request_id=by.request_id,
                ),
            )
            for code, before, after in work.chosen.changes
        ]  # fmt: skip
    names = sorted(column.removesuffix("_id") for column in columns)
    update_rows(Contact, [work.kept for work in works], ["revision", "changed_at", *names])
    FieldChange.objects.bulk_create(change for _merge_of, change in changes)
    with connection.cursor() as sql:  # a log, so that no picture of it is taken
        sql.execute(
            'INSERT INTO contacts_mergedrow (merge_id, "table", key, before, after)'
            " SELECT made.merge_id, %s, mine.id, NULL, to_jsonb(mine) FROM contacts_fieldchange AS mine"
            " JOIN unnest(%s::bigint[], %s::bigint[]) AS made(merge_id, id) ON made.id = mine.id",
            [
                merging_rows.CHANGES,
                [merge.pk for merge, _c in changes],
                [change.pk for _m, change in changes],
            ],
        )


def _let_go(works: list[_Work], merges: list[Merge]) -> None:
    """The cards that go: their rows are kept with the merge, then they are no more."""
    pairs = [
        (merge.pk, gone) for work, merge in zip(works, merges, strict=True) for gone in work.wanted.gone_ids
    ]
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO contacts_mergedcontact (merge_id, former_id, name, row)"
            " SELECT went.merge_id, mine.id, mine.name, to_jsonb(mine) FROM contacts_contact AS mine"
            " JOIN unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS went(merge_id, id, place)"
            " ON went.id = mine.id ORDER BY went.place",
            [list(each) for each in zip(*pairs, strict=True)],
        )
        sql.execute("DELETE FROM contacts_contact WHERE id = ANY(%s)", [[gone for _merge_id, gone in pairs]])


def recount_given_lists(merge_ids: Collection[int]) -> None:
    """How many people are on the given lists where one of two went, or came back."""
    with connection.cursor() as sql:
        sql.execute(
            """
            UPDATE contacts_givenlist AS list SET people = (
                SELECT count(*) FROM contacts_givencontact AS given WHERE given.list_id = list.id)
            WHERE id IN (SELECT (before ->> 'list_id')::bigint FROM contacts_mergedrow WHERE merge_id = ANY(%s)
                AND "table" = 'contacts_givencontact' AND after IS NULL)
            """,
            [list(merge_ids)],
        )


def _event(work: _Work, merge: Merge) -> ContactsMerged:
    return ContactsMerged(
        contact_id=work.kept.pk,
        object_id=merge.pk,
        gone=work.wanted.gone_ids,
        fields=tuple(code for code, _before, _after in work.chosen.changes),
        revision=work.kept.revision,
    )
