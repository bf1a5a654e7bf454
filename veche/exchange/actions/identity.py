"""Whom a row is about, as somebody has said: of several people of the base whom it fits one, or somebody new.

What was said is a `Correction` of the whole row, or of all rows that fit the very same people; the job that brings
corrections into force compares these rows anew, and each later matching asks here.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.contacts.queries.scope import contacts_for
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.actions import corrections
from veche.exchange.events import CellsCorrected
from veche.exchange.models import Correction, Import
from veche.exchange.queries.identity import (
    LOOKS_LIKE,
    NEW,
    SAID,
    SAME,
    candidates_in,
    key_of,
    only_one_in,
    rows_like_somebody,
    rows_that_fit,
)
from veche.exchange.sameness import Decision

Kind, State = Correction.Kind, Correction.State


@action("exchange.import")
def choose_person(
    *, by: Actor, imported: Import, row: int, contact_id: int | None, alike: bool = False
) -> Correction:
    """Say whom the row is about: one of those whom it fits, or (None) somebody new. It goes for its repeats too.

    `alike`: it goes for all rows that fit the very same people. `Refusal` for somebody whom it does not fit.
    """
    corrections.keep_checked(imported)
    found = imported.rows.filter(number=row).only("number", "leader", "doubts").first()
    candidates = candidates_in(found.doubts) if found else ()
    seen = contacts_for(by).filter(pk=contact_id).exists() if contact_id in candidates else False
    if not candidates or (contact_id is not None and not seen):
        raise Refusal("import.correction", _("Choose one of the list."))
    of_row = None if alike else found.leader or found.number
    value = key_of(candidates) if alike else ""
    rows = len(rows_that_fit(imported, candidates)) if alike else 1
    made, _created = Correction.objects.update_or_create(
        batch=imported, column=Correction.WHOLE_ROW, row=of_row, value=value, kind=Kind.PERSON,
        defaults={
            "replacement": NEW if contact_id is None else str(contact_id), "rows": rows,
            **corrections.fresh(by),
        },
    )  # fmt: skip
    corrections.begin(imported, by)
    publish(CellsCorrected(object_id=imported.pk, column=Correction.WHOLE_ROW, what=Kind.PERSON), by=by)
    return made


@action("exchange.import")
def choose_for_all(*, by: Actor, imported: Import, new: bool) -> Correction:
    """Say of all rows that are like somebody in the base that they are somebody new, or those very people.

    A row that is like several people stays a question; what was said of single rows goes before.
    """
    corrections.keep_checked(imported)
    rows = len(rows_like_somebody(imported))
    if not rows:
        raise Refusal("import.correction", _("Choose one of the list."))
    made, _created = Correction.objects.update_or_create(
        batch=imported, column=Correction.WHOLE_ROW, row=None, value=LOOKS_LIKE, kind=Kind.PERSON,
        defaults={"replacement": NEW if new else SAME, "rows": rows, **corrections.fresh(by)},
    )  # fmt: skip
    corrections.begin(imported, by)
    publish(CellsCorrected(object_id=imported.pk, column=Correction.WHOLE_ROW, what=Kind.PERSON), by=by)
    return made


def speaks_of_all(imported: Import) -> bool:
    """Whether somebody has said something of all rows that are like somebody."""
    return _said(imported).filter(value=LOOKS_LIKE, row=None).exists()


def _said(imported: Import) -> QuerySet[Correction]:
    return imported.corrections.filter(kind=Kind.PERSON).exclude(state=State.LEAVING)


def as_said(
    imported: Import, decisions: Mapping[int, Decision], *, by: Actor, asked: Container[int], lane: int = 0,
    lanes: int = 1,
) -> dict[int, Decision]:  # fmt: skip
    """`decisions` about the rows `asked` (of `lanes`, those in `lane`), with what somebody has said of them.

    Somebody who has left the base since, or whom `by` may not see, is no answer: then it is as it was found.
    """
    decided = dict(decisions)
    said = list(_said(imported))
    if not said:
        return decided
    of_rows = {
        each.row: each.replacement
        for each in said
        if each.row is not None and each.row in asked and each.row % lanes == lane
    }
    of_keys = {each.value: each.replacement for each in said if each.row is None}
    for number, decision in decisions.items():
        if number not in of_rows and (found := _of_all(decision, of_keys)):
            of_rows[number] = found
    ids = {int(each) for each in of_rows.values() if each != NEW}
    there = set(contacts_for(by).filter(pk__in=ids).values_list("pk", flat=True))
    for number, who in of_rows.items():
        if who == NEW:
            decided[number] = Decision(None, SAID)
        elif int(who) in there:
            decided[number] = Decision(int(who), SAID)
    return decided


def _of_all(decision: Decision, of_keys: Mapping[str, str]) -> str | None:
    """What was said of all rows such as this one; None when nothing was, or when it does not say who it is."""
    if found := of_keys.get(key_of(candidates_in(decision.doubts))):
        return found
    said = of_keys.get(LOOKS_LIKE)
    if not said or decision.contact_id or not any(each["code"] == LOOKS_LIKE for each in decision.doubts):
        return None
    if said == NEW:
        return NEW
    one = only_one_in(decision.doubts)
    return None if one is None else str(one)


def rows_about(imported: Import, said: Iterable[Correction]) -> set[int]:
    """The rows that are to be matched anew when these corrections come into force, or are taken back."""
    rows = {each.row for each in said if each.row is not None}
    for each in said:
        if each.row is None and each.value == LOOKS_LIKE:
            rows.update(rows_like_somebody(imported))
        elif each.row is None:
            rows.update(rows_that_fit(imported, [int(one) for one in each.value.split(",")]))
    if any(each.row is None for each in said):  # those whom an earlier word has settled fit nobody in doubt
        rows.update(imported.rows.filter(matched_by=SAID).values_list("number", flat=True))
    return rows | _repeats_of(imported, rows)


def _repeats_of(imported: Import, numbers: Collection[int]) -> set[int]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT number FROM exchange_importrow WHERE batch_id = %s AND leader = ANY(%s)",
            [imported.pk, list(numbers)],
        )
        return {row[0] for row in sql.fetchall()}
