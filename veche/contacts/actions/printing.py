"""Taking people out of the base on paper: it leaves a line in the ledger, as an export does."""

from __future__ import annotations

from veche.contacts.events import PeoplePrinted
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish


@action("contacts.edit")
def note_printing(*, by: Actor, people: int, phones: bool) -> None:
    """Somebody opens a page to print with so many people on it, with or without their phones."""
    publish(PeoplePrinted(people=people, phones=phones), by=by)
