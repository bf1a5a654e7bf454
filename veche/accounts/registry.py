"""What rooms above add to accounts: the scopes of an actor. Filled only in `apps.py`.

    from veche.accounts import registry
    registry.add_scope("campaign", queries.campaign_ids_of)   # (user_id) -> ids

A scope source is asked once per request for a user whose reach is "teams": it must be one cheap indexed query. Whoever
sees everything, or only people given to them, has no scopes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.exceptions import ImproperlyConfigured

ScopeSource = Callable[[int], Iterable[int]]

scopes: dict[str, ScopeSource] = {}


def add_scope(name: str, source: ScopeSource) -> None:
    """Let `source` say which ids of scope `name` a user id reaches; one source per name."""
    if scopes.get(name, source) is not source:
        raise ImproperlyConfigured(f"accounts: the scope {name!r} has a source already")
    scopes[name] = source
