"""What rooms above add to accounts: the scopes of an actor. Filled only in `apps.py`.

    from veche.accounts import registry
    registry.add_scope("campaign", queries.campaign_ids_of)   # (user_id) -> ids

A scope source is asked once per request for a user whose reach is "teams": it must be one cheap indexed query. With
`always` it is asked for those who see only people given to them, too. Whoever sees everything has no scopes.

    registry.add_sight(queries.sight_of)   # (actor, user) -> sentences

A sight says in words whom a user sees by that room's things, for the page of his access; `actor` is who reads it.

    registry.keep_out_of_presentations("exchange")

A presentation shows the base under invented names (`veche.core.presenting`). A room whose pages read files, where real
names stand, keeps its namespace out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from veche.accounts.models import User
    from veche.core.actor import Actor

ScopeSource = Callable[[int], Iterable[int]]

SightSource = Callable[["Actor", "User"], Iterable[str]]

scopes: dict[str, ScopeSource] = {}
sights: list[SightSource] = []
for_everybody: set[str] = set()  # names of scopes that reach "own" has as well
kept_out_of_presentations: set[str] = set()  # namespaces of addresses


def add_scope(name: str, source: ScopeSource, *, always: bool = False) -> None:
    """Let `source` say which ids of scope `name` a user id reaches; one source per name."""
    if scopes.get(name, source) is not source:
        raise ImproperlyConfigured(f"accounts: the scope {name!r} has a source already")
    scopes[name] = source
    if always:
        for_everybody.add(name)


def add_sight(source: SightSource) -> None:
    """Let `source` tell whom a user sees, in whole sentences."""
    if source not in sights:
        sights.append(source)


def keep_out_of_presentations(namespace: str) -> None:
    """Let no address of this namespace be opened in a presentation."""
    kept_out_of_presentations.add(namespace)
