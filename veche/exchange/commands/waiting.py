"""A command waits for its job: it does it here, or looks at the worker that was faster.

A lost database is waited for, and the job taken up where it stood. Ctrl-C stops the job as the button of its page does;
a second one leaves at once. Whatever ends a command is one sentence.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import click
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from veche.core.background import is_lost, run_job
from veche.core.models import Job
from veche.core.refusal import Refusal

FAILED, REFUSED, INTERRUPTED = 1, 2, 130
EVERY = 0.3  # seconds between two looks at the job
PATIENCE = 30.0  # seconds in which a lost database may come back

_LOST = (OperationalError, InterfaceError)


@contextmanager
def spoken() -> Iterator[None]:
    """A refusal, or a database that has gone, ends the command with one sentence and its exit status.

    In the language active where it stands: around the look for the actor, and again within the actor's language.
    """
    pool = logging.getLogger("psycopg.pool")
    level = pool.level
    pool.setLevel(logging.ERROR)  # it would tell of every try to connect, beside our one sentence
    try:
        yield
    except Refusal as refusal:
        _leave(str(refusal), REFUSED)
    except _LOST as error:
        if not is_lost(error):
            raise
        with suppress(DatabaseError, InterfaceError):
            connection.close()
        _leave(
            _(
                "The database has gone away, and has not come back. Nothing is lost: start it again (“veche run”), and"
                " what was begun goes on where it stood; its page says how far it is."
            ),
            FAILED,
        )
    finally:
        pool.setLevel(level)


def _leave(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


def wait_for(
    job_id: int,
    *,
    label: str,
    stop: Callable[[], object],
    stopped: str,
    tell: Callable[[Job], str] | None = None,
    is_short: bool = False,
) -> Job:
    """The job when it has ended, with a bar meanwhile; `tell` gives the bar another label.

    `is_short`: a log that is no terminal need not hear of it.

    Ctrl-C calls `stop`, waits for the job to come to its end, says `stopped` and leaves.
    """
    doing = _Doing(job_id)
    hidden = is_short and not sys.stderr.isatty()
    with click.progressbar(length=100, file=sys.stderr, label=label, hidden=hidden) as bar:
        while True:
            try:
                job = doing.look()
            except KeyboardInterrupt:
                _stop(doing, stop, stopped)
            bar.label = (tell and tell(job)) or bar.label
            bar.update((job.percent or 0) - bar.pos)
            if not job.is_open:
                return job


def _stop(doing: _Doing, stop: Callable[[], object], stopped: str) -> NoReturn:
    click.echo("\n" + _("Stopping after the portion at hand; Ctrl-C once more leaves at once."), err=True)
    try:
        stop()
        while doing.look().is_open:
            pass
        click.echo(stopped, err=True)
    except KeyboardInterrupt:
        click.echo(_("The work was told to stop, and does so in the background."), err=True)
    except Refusal as refusal:  # it had come to its end
        click.echo(str(refusal), err=True)
    sys.exit(INTERRUPTED)


class _Doing:
    """The job in a thread of this process, begun again when the database was away."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._begin()

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            run_job(job_id=self._job_id)
        except _LOST as error:  # `look` finds out, and begins again
            if not is_lost(error):
                raise
        finally:
            with suppress(DatabaseError, InterfaceError):
                connection.close()

    def look(self) -> Job:
        """The job as it is now, after a moment."""
        self._thread.join(EVERY)
        if not self._thread.is_alive():
            time.sleep(EVERY / 3)
        job = _while_away(lambda: Job.objects.get(pk=self._job_id))
        if job.is_open and not self._thread.is_alive():
            self._begin()  # nothing happens when a worker has it
        return job


def _while_away(ask: Callable[[], Job]) -> Job:
    until, said = time.monotonic() + PATIENCE, False
    while True:
        try:
            return ask()
        except _LOST as error:
            if not is_lost(error) or time.monotonic() > until:
                raise
            if not said:
                click.echo("\n" + _("The database has gone away: waiting for it to come back."), err=True)
                said = True
            with suppress(DatabaseError, InterfaceError):
                connection.close()
            time.sleep(1)
