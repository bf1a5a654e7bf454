"""Who sees phones whole. The others see them masked, and may open one for a quarter of an hour; that is logged."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from veche.accounts.models import User
from veche.contacts.events import PhoneRevealed
from veche.core.actor import Actor

REVEALED_FOR = dt.timedelta(minutes=15)


def sees_phones(actor: Actor) -> bool:
    """Whether phones stand open for this actor."""
    return actor.may("contacts.see_phones")


def revealed_points(actor: Actor, contact_id: int) -> dict[int, dt.datetime]:
    """Contact point id to the moment until which it is open for this actor; empty for who sees all phones."""
    if sees_phones(actor):
        return {}
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT object_id, max(at) FROM core_ledger
            WHERE contact_id = %s AND kind = %s AND actor_id = %s AND at > %s
            GROUP BY object_id
            """,
            [contact_id, PhoneRevealed.kind, actor.user_id, timezone.now() - REVEALED_FOR],
        )
        return {point: at + REVEALED_FOR for point, at in sql.fetchall()}


def reveals_counted(actor: Actor, *, within: dt.timedelta) -> int:
    """How many phones the actor has opened in the last `within`; until the transaction ends nobody else counts theirs.

    So of many requests at once each sees what those before it have opened.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM core_ledger WHERE kind = %s AND actor_id = %s AND at > %s",
            [PhoneRevealed.kind, actor.user_id, timezone.now() - within],
        )
        return sql.fetchone()[0]
