"""Cells pasted out of a spreadsheet in a change of many people, and its undo. Called by `mass_changes` only.

A portion has each person's cells: ``[[column, text, revision seen], …]``. What stands in columns of the person is
written in one set (`mass_fields`); phones, e-mails, addresses and marks by the verb of the single cell. A cell that
cannot be, or that somebody has changed since its reader saw it, is left alone by itself.

`MassOutcome.before` has, beside the fields: ``+cells`` how many were changed, ``+left`` those left alone (column, text,
why, sentence), ``+marks`` the tags and campaigns that came and went.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.actions import mass_fields
from veche.contacts.actions.cell_words import fields_of
from veche.contacts.actions.cells import REACH, change_cell
from veche.contacts.actions.changing import insist_fresh
from veche.contacts.actions.marks import MARKS, change_marks
from veche.contacts.actions.reverting import revert_change
from veche.contacts.models import Contact, FieldChange, MassChange, MassOutcome
from veche.contacts.queries.people_columns import Column, known
from veche.core.actor import Actor
from veche.core.refusal import Refusal, Stale

What = MassOutcome.What
CELLS, LEFT, MARKED = "+cells", "+left", "+marks"


@dataclass
class Pasted:
    """What a paste comes to at one person."""

    contact: Contact
    fields: dict[str, Any] = field(default_factory=dict)  # of all columns, by field code
    codes: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # column → (text, its field codes)
    parts: list[tuple[str, str]] = field(default_factory=list)
    marks: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    left: list[list[str]] = field(default_factory=list)
    changed: int = 0

    def leave(self, key: str, text: str, why: str, sentence: Any) -> None:
        self.left.append([key, text[:300], why, str(sentence)])

    @property
    def what(self) -> str:
        if self.changed:
            return What.CHANGED
        reasons = [why for _key, _text, why, _sentence in self.left]
        return next((why for why in (What.SINCE, What.REFUSED, What.BARE) if why in reasons), What.SAME)

    def before(self, fields: dict[str, Any] | None) -> dict[str, Any]:
        more = {CELLS: self.changed, LEFT: self.left, MARKED: self.marks}
        return (fields or {}) | {key: value for key, value in more.items() if value}


def change(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> list[str]:
    """Set the cells of the people `seen`; returns what became of each person."""
    cells = {int(key): value for key, value in json.loads(params["values"]).items()}
    contacts = Contact.objects.in_bulk(params["seen"])
    columns = {column.key: column for column in known(by, sorted({c[0] for v in cells.values() for c in v}))}
    read = _reader()
    people = [_sorted_out(contact, cells[key], columns, read) for key, contact in contacts.items()]
    values = {person.contact.pk: person.fields for person in people if person.fields}
    if values:
        mass_fields.change(sql, mass, by, params | {"values": json.dumps(values)})
    for person in people:
        for key, text in person.parts:
            _change_part(by, person, key, text)
    return _note(mass, people)


def undo(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> dict[int, str]:
    """Put back each cell that is still as this paste left it; returns what became of each person."""
    settled = mass_fields.undo(sql, mass, by, params)
    kept = {key for key, what in settled.items() if what == What.KEPT}
    mine = FieldChange.objects.filter(
        contact__in=params["seen"], request_id=mass.request_id, field__in=REACH, is_undo=False
    )
    for made in mine.order_by("-pk"):
        if not _done(lambda made=made: revert_change(by=by, contact_id=made.contact_id, change_id=made.pk)):
            kept.add(made.contact_id)
    marked = MassOutcome.objects.filter(
        mass_change=mass, contact__in=params["seen"], before__has_key=MARKED
    ).values_list("contact_id", "before")
    for contact_id, before in marked:
        for key, made in before[MARKED].items():
            back = {"put": made["took"], "take": made["put"]}
            if not _done(
                lambda key=key, back=back, c=contact_id: change_marks(by=by, contact_id=c, key=key, **back)
            ):
                kept.add(contact_id)
    return {key: What.KEPT if key in kept else What.UNDONE for key in params["seen"]}


def _reader() -> Callable[[Column, str], dict[str, Any]]:
    """`fields_of`, which reads what stands in a column many times only once."""
    known_texts: dict[tuple[str, str], dict[str, Any] | Refusal] = {}

    def read(column: Column, text: str) -> dict[str, Any]:
        place = (column.key, text)
        if place not in known_texts:
            try:
                known_texts[place] = fields_of(column, text)
            except Refusal as refusal:
                known_texts[place] = refusal
        answer = known_texts[place]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    return read


def _sorted_out(
    contact: Contact,
    cells: list[Any],
    columns: dict[str, Column],
    read: Callable[[Column, str], dict[str, Any]],
) -> Pasted:
    """Each cell of a person: a field, a part, or left alone."""
    person = Pasted(contact)
    for key, text, revision in cells:
        column = columns.get(key)
        try:
            if column is None or not column.edited:
                raise Refusal("contacts.cell", _("This column is changed on the card."))
            if key in MARKS:
                person.parts.append((key, text))
                continue
            if key in REACH:
                insist_fresh(contact, revision, [key])
                person.parts.append((key, text))
                continue
            fields = read(column, text)
            insist_fresh(contact, revision, [key, *fields])
        except Stale:
            person.leave(key, text, What.SINCE, _("Somebody changed it while you were copying."))
        except Refusal as refusal:
            person.leave(key, text, What.REFUSED, refusal.fields.get(key, refusal.message))
        else:
            person.fields |= fields
            person.codes[key] = (text, list(fields))
    return person


def _change_part(by: Actor, person: Pasted, key: str, text: str) -> None:
    try:
        made = change_cell(by=by, contact_id=person.contact.pk, key=key, typed=text, words=True)
    except Refusal as refusal:
        person.leave(key, text, What.REFUSED, refusal.fields.get(key, refusal.message))
        return
    if marks := getattr(made, "marks_made", None):
        person.marks[key] = marks
    person.changed += bool(marks) or hasattr(made, "changes_made")


def _note(mass: MassChange, people: list[Pasted]) -> list[str]:
    """Write down what became of each person, beside what `mass_fields` has noted of the fields."""
    noted = MassOutcome.objects.filter(mass_change=mass, contact__in=[person.contact.pk for person in people])
    outcomes = {outcome.contact_id: outcome for outcome in noted}
    fresh, old = [], []
    for person in people:
        outcome = outcomes.get(person.contact.pk)
        stored = (outcome.before or {}) if outcome else {}
        for key, (text, codes) in person.codes.items():
            if outcome and outcome.what == What.BARE:
                person.leave(key, text, What.BARE, What.BARE.label)
            person.changed += any(code in stored for code in codes)
        made = outcome or MassOutcome(mass_change=mass, contact=person.contact)
        made.what, made.before = person.what, person.before(stored) or None
        (old if outcome else fresh).append(made)
    MassOutcome.objects.bulk_create(fresh)
    MassOutcome.objects.bulk_update(old, ["what", "before"])
    return [person.what for person in people]


def _done(verb: Callable[[], Any]) -> bool:
    """Whether it could be done; a refusal leaves everything as it was."""
    try:
        verb()
    except Refusal:
        return False
    return True
