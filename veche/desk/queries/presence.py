"""Who else is at a card, in names. Who that is, the live channel knows; here is only who may hear of it."""

from __future__ import annotations

from dataclasses import dataclass

from veche.accounts.queries import colleagues_for
from veche.contacts.queries.scope import get_contact
from veche.core.actor import Actor

MOST = 30


@dataclass(frozen=True)
class Present:
    name: str
    initials: str
    edits: bool


def present_at(actor: Actor, contact_id: int, who: str) -> list[Present]:
    """The colleagues of ``who`` ("3.editing,7.looking") at a card that the actor may see, editors first."""
    get_contact(actor, contact_id)
    states = dict(part.split(".", 1) for part in who.split(",")[:MOST] if part.count(".") == 1)
    told = {int(number): state for number, state in states.items() if number.isdecimal() and len(number) < 19}
    colleagues = colleagues_for(actor).filter(pk__in=told).exclude(pk=actor.user_id).order_by("name")
    found = [
        Present(
            name=str(user),
            initials="".join(word[0] for word in str(user).split()[:2]).upper(),
            edits=told[user.pk] == "editing",
        )
        for user in colleagues
    ]
    return sorted(found, key=lambda present: not present.edits)
