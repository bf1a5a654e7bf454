"""What rooms above add to accounts: the scopes of an actor. Filled only in `apps.py`.

    from veche.accounts import registry
    registry.add_scope("campaign", queries.campaign_ids_of)   # (user_id) -> ids

A scope source is asked once per request for a user whose reach is "teams": it must be one cheap indexed query. With
`always` it is asked for those who see only people given to them, too. Whoever sees everything has no scopes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.exceptions import ImproperlyConfigured

ScopeSource = Callable[[int], Iterable[int]]

scopes: dict[str, ScopeSource] = {}
for_everybody: set[str] = set()  # names of scopes that reach "own" has as well


def add_scope(name: str, source: ScopeSource, *, always: bool = False) -> None:
    """Let `source` say which ids of scope `name` a user id reaches; one source per name."""
    if scopes.get(name, source) is not source:
        raise ImproperlyConfigured(f"accounts: the scope {name!r} has a source already")
    scopes[name] = source
    if always:
        for_everybody.add(name)
