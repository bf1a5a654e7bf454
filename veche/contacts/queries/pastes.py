"""What a paste came to, cell by cell: how many were changed, which were left alone and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from veche.contacts.models import Contact, MassChange, MassOutcome
from veche.contacts.queries.people_columns import known
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

CELLS, LEFT = "+cells", "+left"
PAGE = 50  # people


@dataclass(frozen=True)
class LeftCell:
    """A cell that a paste left alone. `is_conflict`: somebody had changed it, so it may be pasted over them yet."""

    contact: Contact
    key: str
    label: str
    text: str
    why: str
    is_conflict: bool


def cells_changed(mass: MassChange) -> int:
    rows = MassOutcome.objects.filter(mass_change=mass, before__has_key=CELLS)
    return sum(before[CELLS] for before in rows.values_list("before", flat=True))


def cells_left(actor: Actor, mass: MassChange, *, after: int = 0) -> tuple[list[LeftCell], int | None]:
    """Cells left alone of a page of people whom `actor` sees; and the number to go on from."""
    rows = MassOutcome.objects.filter(
        mass_change=mass, before__has_key=LEFT, contact__gt=after, contact__in=contacts_for(actor)
    )
    found = list(rows.select_related("contact").order_by("contact")[: PAGE + 1])
    return _told(actor, found[:PAGE]), found[PAGE - 1].contact_id if len(found) > PAGE else None


def _told(actor: Actor, outcomes: Iterable[MassOutcome]) -> list[LeftCell]:
    stored: list[tuple[Contact, list[Any]]] = [(row.contact, row.before[LEFT]) for row in outcomes]
    keys = list(dict.fromkeys(key for _contact, cells in stored for key, *_rest in cells))
    labels = {column.key: str(column.label) for column in known(actor, keys)}
    return [
        LeftCell(contact, key, labels.get(key, key), text, why, code == MassOutcome.What.SINCE)
        for contact, cells in stored
        for key, text, code, why in cells
    ]
