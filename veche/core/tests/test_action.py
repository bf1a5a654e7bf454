"""An action that collides with another transaction is begun anew; one that fails by itself is not."""

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from veche.core.action import ANYONE, TRIES, action, unchanged
from veche.core.actor import Actor
from veche.core.testing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LOCKS = [[1, 2], [2, 1]]
tries = []


@action(ANYONE)
def lock_both(*, by, keys):
    """As two people do who edit the same two cards."""
    tries.append(keys)
    with connection.cursor() as sql:
        for key in keys:
            sql.execute("SELECT pg_advisory_xact_lock(%s)", [key])
            sql.execute("SELECT pg_sleep(0.1)")
    unchanged()
    return "done"


@action(ANYONE)
def run_sql(*, by, statements):
    tries.append(statements)
    with connection.cursor() as sql:
        for statement in statements:
            sql.execute(statement)
    unchanged()


@pytest.fixture(autouse=True)
def _counted():
    tries.clear()


def test_two_that_wait_for_each_other_are_both_done():
    waiting = list(LOCKS)
    assert at_once(2, lambda: lock_both(by=Actor.system(), keys=waiting.pop())) == ["done", "done"]
    assert len(tries) == 3, "one of them twice"


@pytest.mark.parametrize(
    ("statement", "error", "tried"),
    [
        ("SELECT 1 / 0", DatabaseError, 1),
        ("DO $$ BEGIN RAISE foreign_key_violation; END $$", IntegrityError, TRIES),
        ("DO $$ BEGIN RAISE deadlock_detected; END $$", OperationalError, TRIES),
    ],
)
def test_what_fails_again_and_again_is_told(statement, error, tried):
    with pytest.raises(error):
        run_sql(by=Actor.system(), statements=[statement])
    assert len(tries) == tried


def test_what_cannot_be_begun_anew_is_not():
    deadlock = "DO $$ BEGIN RAISE deadlock_detected; END $$"
    with pytest.raises(OperationalError):
        run_sql(by=Actor.system(), statements=iter([deadlock]))
    with pytest.raises(OperationalError), transaction.atomic():
        run_sql(by=Actor.system(), statements=[deadlock])
    assert len(tries) == 2
