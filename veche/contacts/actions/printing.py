"""Taking people out of the base on paper: an export in all but name, with its right and its line in the log."""

from __future__ import annotations

from django.http import QueryDict

from veche.contacts import registry
from veche.contacts.events import PeoplePrinted
from veche.contacts.models import House
from veche.contacts.queries.people_found import codes_of
from veche.contacts.queries.selection import Selection
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish

COLUMNS = ("name", "address", "tags")


@action("exchange.export")
def note_printing(*, by: Actor, selection: Selection, people: int, phones: bool) -> None:
    """Somebody opens a page to print with so many of the chosen people on it, with or without their phones."""
    filters = codes_of(selection.found.filters) if selection.found else ("ids",)
    publish(PeoplePrinted(people=people, phones=phones, filters=filters), by=by)
    asked = QueryDict(selection.list_query).dict()
    view = {key: value.replace("\0", "") for key, value in asked.items()}  # PostgreSQL keeps none
    for log in registry.printing_logs:
        log(
            by=by,
            view=view,
            words=selection.words,
            people=people,
            columns=[*COLUMNS, "phone"] if phones else list(COLUMNS),
        )


@action("exchange.export")
def note_house_printing(*, by: Actor, house: House, people: int, phones: bool) -> None:
    """Somebody opens the passport of a house to print, with so many people in it."""
    publish(PeoplePrinted(object_id=house.pk, people=people, phones=phones, filters=("house",)), by=by)
    columns = ["name", "address", "role", "status", *(["phone"] if phones else [])]
    for log in registry.printing_logs:
        log(by=by, view={"house": f"{house.pk}"}, words=str(house), people=people, columns=columns)
