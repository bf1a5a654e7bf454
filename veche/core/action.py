"""Verbs: the only way to write. See HOUSE.md habits 7 and 8.

    @action("contacts.edit")
    def add_note(*, by: Actor, contact: Contact, text: str) -> Note: ...

The decorator checks the permission, opens one transaction and insists that the action left a ledger row
(`veche.core.ledger.publish`) or said that nothing changed (`unchanged()`).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction

from veche.core.actor import Actor

Verb = TypeVar("Verb", bound=Callable[..., Any])

ACTIONS: dict[str, Callable[..., Any]] = {}
ANYONE = ""  # signing in and the like: nobody is known yet
TRIES = 4
# SQLSTATEs of what another transaction brought about and a fresh look puts right: a serialization failure, a deadlock,
# a row that went while we referred to it. https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
_COLLISIONS = frozenset({"40001", "40P01", "23503"})

_traces: ContextVar[list[int] | None] = ContextVar("veche_action_traces", default=None)


def leave_trace(count: int = 1) -> None:
    """Tell the running action that `count` ledger rows were written. Called by the ledger."""
    traces = _traces.get()
    if traces is not None:
        traces[0] += count


def unchanged() -> None:
    """Say that the running action found nothing to change, so that no ledger row is owed."""
    leave_trace()


def action(permission: str) -> Callable[[Verb], Verb]:
    """Make a function an action guarded by `permission` (`ANYONE` where nobody is signed in yet).

    The function takes keyword arguments only, `by: Actor` among them. Actions may call actions: the inner one's
    rows count for the outer one too, and all is one transaction.

    A transaction that collided with another one is begun anew, so that its action looks at what the other has made of
    it, and does or refuses accordingly.
    """

    def decorate(function: Verb) -> Verb:
        parameters = inspect.signature(function).parameters
        name = f"{function.__module__}.{function.__qualname__}"
        if "by" not in parameters or any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
            raise TypeError(f"{name} must take keyword-only arguments, `by` among them.")

        @functools.wraps(function)
        def run(*, by: Actor, **arguments: Any) -> Any:
            if permission != ANYONE:
                by.require(permission)
            for left in reversed(range(TRIES)):
                try:
                    return once(by=by, **arguments)
                except DatabaseError as error:
                    if not left or not _may_begin_anew(error, arguments):
                        raise

        def once(**arguments: Any) -> Any:
            outer = _traces.get()
            traces = [0]
            token = _traces.set(traces)
            try:
                with transaction.atomic():
                    outcome = function(**arguments)
                    if not traces[0]:
                        raise AssertionError(
                            f"{name} left no ledger row. Publish an event or call unchanged()."
                        )
            finally:
                _traces.reset(token)
            if outer is not None:
                outer[0] += traces[0]
            return outcome

        run.permission = permission  # type: ignore[attr-defined]
        ACTIONS[name] = run
        return run  # type: ignore[return-value]

    return decorate


def _may_begin_anew(error: DatabaseError, arguments: dict[str, Any]) -> bool:
    """Whether another transaction was the cause, ours is all rolled back, and what we were given can be read again."""
    is_collision = getattr(error.__cause__, "sqlstate", None) in _COLLISIONS
    is_spent = any(isinstance(each, Iterator) for each in arguments.values())
    return is_collision and not is_spent and not connection.in_atomic_block
