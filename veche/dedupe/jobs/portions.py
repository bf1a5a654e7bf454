"""Work in portions: each commits with its cursor, so that a second run goes on where the first was killed."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from veche.core import room
from veche.core.background import JobRun, is_lost

Portion = Callable[[int | None], tuple[int | None, int]]


def do_in_portions(
    run: JobRun, portion: Portion, *, begin: int | None, stopped: Callable[[], object]
) -> None:
    """Call `portion` with the cursor, first `begin`, until it finds nothing more; it answers with the next cursor and
    how many it has done.

    `stopped` is called after an error that ends the work; a full disk or a lost server only interrupts it.
    """
    at, done = run.cursor.get("at", begin), run.job.done
    try:
        while True:
            with transaction.atomic():
                at, count = portion(at)
                if not count:
                    break
                done += count
                run.checkpoint(done=done, cursor={"at": at})
    except Exception as error:
        if not (room.is_full(error) or is_lost(error)):
            stopped()
        raise
