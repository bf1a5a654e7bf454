"""Getting the next group, so that no two people look at the same one."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.dedupe.models import Decision, Group, Verdict
from veche.dedupe.queries.asked import SKIPPED, who_sql
from veche.dedupe.queries.queue import REVIEW

HELD = dt.timedelta(minutes=10)

_NEXT = """
SELECT asked.id FROM dedupe_group AS asked {who}
WHERE asked.state = 'open' AND NOT asked.certain AND {whose} AND NOT {skipped}
ORDER BY asked.probability DESC, asked.id LIMIT 1 FOR UPDATE OF asked SKIP LOCKED
"""
_MINE = "asked.held_by_id = %s"
_FREE = "(asked.held_by_id IS NULL OR asked.held_by_id = %s OR asked.held_until < now())"


@action(REVIEW)
def take_next(*, by: Actor) -> int | None:
    """Hold the likeliest group for `by`, or the one held already, for some minutes; None when none is left.

    A group that somebody else is just taking is passed over, not waited for.
    """
    unchanged()
    until, who = timezone.now() + HELD, who_sql(by)
    with connection.cursor() as sql:
        mine, free = (_NEXT.format(who=who.text, whose=whose, skipped=SKIPPED) for whose in (_MINE, _FREE))
        given = [*who.params, by.user_id, by.user_id]
        sql.execute(
            "UPDATE dedupe_group SET held_by_id = %s, held_until = %s"
            f" WHERE id = COALESCE(({mine}), ({free})) RETURNING id",
            [by.user_id, until, *given, *given],
        )
        found = sql.fetchone()
        return found[0] if found else None


@action(REVIEW)
def take_up_skipped(*, by: Actor) -> int:
    """Ask again about everything that `by` has left for later; returns how many groups."""
    unchanged()
    return Decision.objects.filter(
        by=by.user_id, verdict=Verdict.SKIPPED, undone_at=None, group__state=Group.State.OPEN
    ).update(undone_at=timezone.now())
