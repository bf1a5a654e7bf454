"""Colleagues to be mentioned in a note, and whether each of them may see the person that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.accounts.queries import names_of
from veche.contacts.mentions import in_words, may_mention, mentioned, referring
from veche.contacts.models import Contact
from veche.contacts.queries.seen_by import seen_by
from veche.core.actor import Actor

OFFERED = 8


@dataclass(frozen=True)
class Colleague:
    """Somebody to mention; `sees` says whether he may open the card that the note stands on."""

    user: User
    sees: bool


def offered(actor: Actor, contact: Contact, text: str) -> list[Colleague]:
    """Colleagues whose name, or a word of it, begins so; those who see the contact first."""
    begins = Q(name__istartswith=text.strip()) | Q(name__icontains=f" {text.strip()}")
    found = User.objects.filter(begins, is_active=True).exclude(pk=actor.user_id).order_by("name", "pk")
    users = list(found[: OFFERED * 4])
    sees = seers(actor, contact) if users else set()
    return sorted((Colleague(user, user.pk in sees) for user in users), key=lambda each: not each.sees)[
        :OFFERED
    ]


def seers(actor: Actor, contact: Contact) -> set[int]:
    """Numbers of all who may see a contact that `actor` has looked up."""
    return {seer.user.pk for seer in seen_by(actor, contact)}


def kept(text: str, chosen: Collection[int] = ()) -> str:
    """What was typed as it is kept, `chosen` being those picked from the list: of namesakes these are meant.

    A name that nobody picked refers to somebody only when it is one colleague's alone.
    """
    if not may_mention(text):
        return text
    users = list(User.objects.filter(is_active=True).values_list("pk", "name"))
    picked = [pair for pair in users if pair[0] in chosen]
    taken = {name.casefold() for _pk, name in picked}
    others: dict[str, list[tuple[int, str]]] = {}
    for pk, name in users:
        others.setdefault(name.casefold(), []).append((pk, name))
    alone = [pairs[0] for name, pairs in others.items() if len(pairs) == 1 and name not in taken]
    return referring(text, picked + alone)


def read(texts: Iterable[str]) -> list[str]:
    """Kept texts as they are read, the names looked up at once."""
    texts = list(texts)
    ids = {number for text in texts for number in mentioned(text)}
    names = names_of(ids) if ids else {}
    return [in_words(text, names, _("a colleague who is gone")) if ids else text for text in texts]
