"""What the live channel asks: who has signed in, who may see whom, who was changed by a request in bulk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from veche.accounts.models import User
from veche.accounts.queries import actor_for, seen_by_session
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor


@dataclass(frozen=True)
class Onlooker:
    """Whose eyes a session has, and who sits before it: not the same while somebody looks as another user."""

    actor: Actor
    own_id: int

    @property
    def is_oneself(self) -> bool:
        return self.actor.user_id == self.own_id


def admitted(session_keys: Collection[str]) -> dict[str, Onlooker]:
    """Those sessions that count today: not ended, of an active user, with today's stamp and password."""
    sessions = Session.objects.filter(pk__in=session_keys, expire_date__gt=timezone.now())
    told = {session.pk: session.get_decoded() for session in sessions}
    numbers = {key: _number(told[key].get(SESSION_KEY)) for key in told}
    users = User.objects.filter(is_active=True).in_bulk({number for number in numbers.values() if number})
    actors: dict[int, Actor] = {}
    found = {}
    for key, number in numbers.items():
        user = users.get(number)
        stamp = told[key].get(HASH_SESSION_KEY, "")
        if user is None or not constant_time_compare(stamp, user.get_session_auth_hash()):
            continue
        own = actors.get(user.pk) or actors.setdefault(user.pk, actor_for(user))
        found[key] = Onlooker(seen_by_session(told[key], own), user.pk)
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def visible_among(actor: Actor, contact_ids: Collection[int]) -> set[int]:
    """Those of these contacts that the actor may see."""
    return set(contacts_for(actor).filter(pk__in=contact_ids).values_list("pk", flat=True))


def changed_among(request_id: str, contact_ids: Collection[int]) -> set[int]:
    """Those of these contacts of which the ledger tells under this request, in the last hour."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT DISTINCT contact_id FROM core_ledger
            WHERE contact_id = ANY(%s) AND request_id = %s::uuid AND at > now() - interval '1 hour'
            """,
            [list(contact_ids), request_id],
        )
        return {row[0] for row in sql.fetchall()}
