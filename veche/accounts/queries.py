"""Reads: who acts, who signs in here, their teams and territories. Always on behalf of an actor, but for `actor_for`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from veche.accounts import registry
from veche.accounts.models import SignIn, Team, Territory, User
from veche.accounts.roles import PERMISSIONS
from veche.core.actor import SCREEN, Actor
from veche.core.refusal import NotFound

SIGN_INS_SHOWN = 50


def actor_for(
    user: User, *, via: str = SCREEN, request_id: uuid.UUID | None = None, language: str | None = None
) -> Actor:
    """The actor a user is now. One who was switched off gets no permission and sees nothing.

    Two queries for a user whose reach is "teams", none otherwise.
    """
    on = user.is_active
    return Actor(
        user_id=user.pk,
        name=str(user),
        role=user.role,
        permissions=PERMISSIONS[user.role] if on else frozenset(),
        sees_all=on and user.reach == User.Reach.EVERYTHING,
        scopes=_scopes(user) if on else {},
        via=via,
        request_id=request_id or uuid.uuid4(),
        language=language or user.language,
    )


def load_actor(user_id: int, *, via: str, request_id: uuid.UUID) -> Actor:
    """The actor of a stored user id, for jobs. A user who is gone has no rights left."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return Actor(user_id=user_id, via=via, request_id=request_id)
    return actor_for(user, via=via, request_id=request_id)


def _scopes(user: User) -> dict[str, frozenset[int]]:
    if user.reach != User.Reach.TEAMS:
        return {}
    found = {name: frozenset(source(user.pk)) for name, source in registry.scopes.items()}
    return {**found, "territory": frozenset(territory_ids_of(user.pk))}


def territory_ids_of(user_id: int) -> list[int]:
    """The user's territories with all their descendants."""
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH RECURSIVE reached(id) AS (
                SELECT territory_id FROM accounts_user_territories WHERE user_id = %s
                UNION
                SELECT part.id FROM accounts_territory AS part JOIN reached ON part.parent_id = reached.id
            )
            SELECT id FROM reached
            """,
            [user_id],
        )
        return [row[0] for row in sql.fetchall()]


def users_for(actor: Actor) -> QuerySet[User]:
    """Everybody who signs in; for administrators."""
    actor.require("accounts.manage")
    return User.objects.all()


def users_page(actor: Actor) -> QuerySet[User]:
    """`users_for` with teams, territories and `seen_at`, the last successful sign-in; those switched off come last."""
    seen = Max("sign_ins__at", filter=Q(sign_ins__succeeded=True))
    users = users_for(actor).annotate(seen_at=seen).prefetch_related("teams", "territories")
    return users.order_by("-is_active", "name", "id")


def user_of(actor: Actor, user_id: int) -> User:
    """One user, or `NotFound`."""
    return users_for(actor).filter(pk=user_id).first() or _missing()


def own_user(actor: Actor) -> User:
    """The actor as a stored user, or `NotFound` (the machine itself is none)."""
    return User.objects.filter(pk=actor.user_id).first() or _missing()


def colleagues_for(actor: Actor) -> QuerySet[User]:
    """Everybody who may be made responsible for something: active users, by name. Open to all who sign in."""
    return User.objects.filter(is_active=True) if actor.may("desk.use") else User.objects.none()


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by user id in one query, for histories; ids of users who are gone are missing."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def teams_for(actor: Actor) -> QuerySet[Team]:
    """All teams with `people`, the count of their active members."""
    actor.require("accounts.manage")
    return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True), distinct=True))


def team_of(actor: Actor, team_id: int) -> Team:
    """One team, or `NotFound`."""
    return teams_for(actor).filter(pk=team_id).first() or _missing()


def territories_for(actor: Actor) -> QuerySet[Territory]:
    """All territories; whoever manages accounts or campaigns may choose among them."""
    if not actor.may("campaigns.manage"):
        actor.require("accounts.manage")
    return Territory.objects.all()


def territory_of(actor: Actor, territory_id: int) -> Territory:
    """One territory, or `NotFound`."""
    actor.require("accounts.manage")
    return territories_for(actor).filter(pk=territory_id).first() or _missing()


def territory_lines(actor: Actor) -> list[tuple[int, Territory]]:
    """The tree flattened in reading order: pairs of (depth from 0, territory), each after its whole. One query."""
    parts: dict[int | None, list[Territory]] = {}
    for territory in territories_for(actor).order_by("name"):
        parts.setdefault(territory.parent_id, []).append(territory)
    lines: list[tuple[int, Territory]] = []
    waiting = [(0, root) for root in reversed(parts.get(None, []))]
    while waiting:
        depth, territory = waiting.pop()
        lines.append((depth, territory))
        waiting += [(depth + 1, part) for part in reversed(parts.get(territory.pk, []))]
    return lines


def own_sign_ins(actor: Actor) -> QuerySet[SignIn]:
    """The newest sign-ins and tries of the actor."""
    return SignIn.objects.filter(user_id=actor.user_id).order_by("-at")[:SIGN_INS_SHOWN]


def _missing():
    raise NotFound
