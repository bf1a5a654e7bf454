"""One cell of the list changed in place: the same verbs as on the card, chosen by the column.

What is pasted out of a spreadsheet says words where the card's form says numbers of rows (`cell_words`, `marks`).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.actions.cell_words import in_words
from veche.contacts.actions.changing import insist_fresh, taken
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.marks import MARKS, change_marks, marks_in_words
from veche.contacts.actions.points import add_address, add_points, change_address, change_point
from veche.contacts.models import Contact
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.people_columns import known
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.refusal import Refusal

POINTS = ("phone", "email")
REACH = (*POINTS, "address")


@action("contacts.edit")
def change_cell(
    *, by: Actor, contact_id: int, key: str, typed: Any, revision: int | None = None, words: bool = False
) -> Contact:
    """Set what stands in column `key` of a contact's row; returns the contact, with the `changes_made` of its fields,
    or `marks_made`, where anything was changed.

    Tags and campaigns are given as {"put": ids, "take": ids}; with `words` all is as a spreadsheet says it. `Stale`
    when the same was changed since `revision`; `Refusal` for a column or a value that cannot be.
    """
    column = next(iter(known(by, [key])), None)
    if column is None or not column.edited:
        raise Refusal("contacts.cell", _("This column is changed on the card."))
    if key in MARKS:
        asked = marks_in_words(by, contact_id, key, str(typed or "")) if words else typed
        return change_marks(by=by, contact_id=contact_id, key=key, **asked)
    if key in REACH:
        return _set_reach(by, contact_id, key, str(typed or "").strip(), revision)
    value = in_words(column, typed) if words else typed
    return change_fields(by=by, contact_id=contact_id, fields={key: value}, revision=revision)


def _set_reach(by: Actor, contact_id: int, key: str, text: str, revision: int | None) -> Contact:
    """The first phone, e-mail or address replaced, or added where there is none."""
    if key == "phone" and not sees_phones(by):
        raise Refusal("contacts.cell", _("This column is changed on the card."))
    contact = taken(by, contact_id)
    first = first_of(contact, key)
    if (first_text := shown_of(first)) == text:
        unchanged()
        return contact
    if not text:
        raise Refusal("contacts.cell", _("Remove it on the card: here it can only be replaced."))
    insist_fresh(contact, revision, [key])
    if first is None and key == "address":
        add_address(by=by, contact_id=contact_id, text=text)
    elif first is None:
        add_points(by=by, contact_id=contact_id, kind=key, text=text)
    elif key == "address":
        change_address(by=by, contact_id=contact_id, address_id=first.pk, fields={"text": text})
    else:
        change_point(by=by, contact_id=contact_id, point_id=first.pk, fields={"text": text})
    contact.refresh_from_db(fields=["revision"])
    contact.changes_made = list(contact.changes.filter(field=key).order_by("-pk")[:1]) if first_text else []
    return contact


def first_of(contact: Contact, key: str) -> Any:
    """The phone, e-mail or address that the row shows."""
    if key == "address":
        return contact.addresses.order_by("position", "pk").first()
    found = list(contact.points.filter(kind=key).order_by("position", "pk"))
    return next((point for point in found if point.validity != "invalid"), found[0] if found else None)


def shown_of(first: Any) -> str:
    return "" if first is None else getattr(first, "value", None) or first.text
