"""What the filters of the list offer this viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.models import Kind, Origin
from veche.contacts.queries.choices import (
    campaigns_for,
    colleagues,
    role_kinds,
    statuses,
    tags_for,
    territories,
)
from veche.contacts.queries.own import own_labels
from veche.contacts.queries.people_filters import LABELS, MINE, NO, NONE, YES
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

LATEST_IMPORTS = 20


@dataclass(frozen=True)
class Choice:
    """A select of the form: its parameter, its label, and (value, words) of each option."""

    key: str
    label: Any
    options: list[tuple[str, str]]


def choices(actor: Actor) -> dict[str, Any]:
    """Selects in the order of the form, those with nothing to choose left out; and the team's own fields."""
    offered = [
        Choice(
            "campaign",
            LABELS["campaign"],
            [*_named(campaigns_for(actor)), (NONE, _("Outside all campaigns"))],
        ),
        Choice("tag", LABELS["tag"], _named(tags_for(actor))),
        Choice("status", LABELS["status"], _named(statuses())),
        Choice("role", LABELS["role"], _named(role_kinds())),
        Choice(
            "responsible",
            LABELS["responsible"],
            [(MINE, _("Me")), (NONE, _("Nobody")), *_named(colleagues())],
        ),
        Choice("territory", LABELS["territory"], _named(territories())),
        Choice("kind", LABELS["kind"], [(value, str(label)) for value, label in Kind.choices]),
        Choice("phone", LABELS["phone"], [(YES, _("Has a phone")), (NO, _("Has no phone"))]),
        Choice("email", LABELS["email"], [(YES, _("Has an e-mail")), (NO, _("Has no e-mail"))]),
        Choice(
            "reach",
            LABELS["reach"],
            [(YES, _("By a phone, an e-mail or a messenger")), (NO, _("By nothing"))],
        ),
        Choice("batch", LABELS["batch"], _imports(actor)),
    ]
    return {"selects": [each for each in offered if each.options], "own": own_labels()}


def _named(things: Any) -> list[tuple[str, str]]:
    return [(str(thing.pk), str(thing)) for thing in things]


def _imports(actor: Actor) -> list[tuple[str, str]]:
    """The latest imports that brought somebody whom the actor may see, found by one look into the index each."""
    found, below = [], None
    while len(found) < LATEST_IMPORTS:
        earlier = Origin.objects.filter(batch__isnull=False, **({"batch__lt": below} if below else {}))
        latest = earlier.order_by("-batch").values_list("batch", "batch_name").first()
        if latest is None:
            break
        below, name = latest
        if actor.sees_all or contacts_for(actor).filter(origins__batch=below).exists():
            found.append((str(below), name or f"№ {below}"))
    return found
