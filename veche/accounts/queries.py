"""Reads: who acts, who signs in here, their teams and territories; on behalf of an actor once there is one."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from veche.accounts import registry, signing_in
from veche.accounts.models import SignIn, SignInBackoff, SignInLink, Team, Territory, User
from veche.accounts.roles import PERMISSIONS, Role
from veche.accounts.signing_in import browser_in_words
from veche.core.actor import SCREEN, Actor
from veche.core.refusal import NotFound

SEES_AS, PRESENTS = "sees_as", "presents"  # keys of the session: what `showing` does
SIGN_INS_SHOWN = 50
INDENT = "\u2003"  # em space: the depth of a territory in a list of choices


def actor_for(
    user: User, *, via: str = SCREEN, request_id: uuid.UUID | None = None, language: str | None = None
) -> Actor:
    """The actor a user is now. One who was switched off gets no permission and sees nothing.

    A query for each scope of a user who doesn't see everything (`registry.add_scope`), none for who does.
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


def seen_as(actor: Actor, user_id: int) -> Actor | None:
    """The actor that a colleague is, for an administrator who looks as him; None where that is not to be."""
    if not actor.may("accounts.manage") or user_id == actor.user_id:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).exclude(role=Role.ADMINISTRATOR).first()
    return actor_for(user, language=actor.language) if user else None


def seen_by_session(session: Mapping[str, Any], own: Actor) -> Actor:
    """Whose eyes the session of `own` has, for who reads sessions without a request; it changes nothing."""
    chosen = session.get(SEES_AS)
    return (seen_as(own, chosen) if chosen else None) or own


def roles_with(permission: str) -> list[str]:
    """The roles that hold a permission."""
    return [role for role, held in PERMISSIONS.items() if permission in held]


def every_permission() -> frozenset[str]:
    """All permissions there are, for whoever has the machine itself."""
    return frozenset().union(*PERMISSIONS.values())


def _scopes(user: User) -> dict[str, frozenset[int]]:
    if user.reach == User.Reach.EVERYTHING:
        return {}
    of_teams = user.reach == User.Reach.TEAMS
    names = [name for name in registry.scopes if of_teams or name in registry.for_everybody]
    found = {name: frozenset(registry.scopes[name](user.pk)) for name in names}
    return {**found, "territory": frozenset(territory_ids_of(user.pk))} if of_teams else found


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


def first_administrator() -> User | None:
    """The oldest administrator who may sign in: whose work a command on this machine does."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()


def teams_for(actor: Actor) -> QuerySet[Team]:
    """All teams with `people`, the count of their active members."""
    actor.require("accounts.manage")
    return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True), distinct=True))


def team_of(actor: Actor, team_id: int) -> Team:
    """One team, or `NotFound`."""
    return teams_for(actor).filter(pk=team_id).first() or _missing()


def team_choices_for(actor: Actor) -> QuerySet[Team]:
    """All teams, to choose from; for whoever manages campaigns or accounts."""
    if not actor.may("campaigns.manage"):
        actor.require("accounts.manage")
    return Team.objects.all()


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


def territory_choices(actor: Actor, *, besides_id: int | None = None) -> list[tuple[int, str]]:
    """Ids and names of territories as an indented tree, without `besides_id`."""
    lines = territory_lines(actor)
    return [(each.pk, INDENT * depth + each.name) for depth, each in lines if each.pk != besides_id]


@dataclass(frozen=True)
class SignInLine:
    """A sign-in or a try as its user reads it: the way and the browser in words."""

    at: dt.datetime
    succeeded: bool
    way: str
    browser: str
    address: str | None


def own_sign_ins(actor: Actor) -> list[SignInLine]:
    """The newest sign-ins and tries of the actor, at most `SIGN_INS_SHOWN`."""
    found = SignIn.objects.filter(user_id=actor.user_id).order_by("-at")[:SIGN_INS_SHOWN]
    return [
        SignInLine(
            at=each.at,
            succeeded=each.succeeded,
            way=str(signing_in.WORDS.get(each.method, each.method)),
            browser=browser_in_words(each.agent),
            address=each.address,
        )
        for each in found
    ]


def own_security(actor: Actor) -> dict[str, Any]:
    """What the actor's security page shows: `password`, `totp`, `passkeys`, `codes_left`, `guarded`, `sign_ins`."""
    user = own_user(actor)
    factors = list(user.authenticator_set.order_by("created_at"))
    by_type = {factor.type: factor.wrap() for factor in factors}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "password": user.has_usable_password(),
        "totp": by_type.get(Authenticator.Type.TOTP),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "guarded": bool(set(by_type) - {Authenticator.Type.RECOVERY_CODES}),
        "administers": actor.may("accounts.manage"),
        "sign_ins": own_sign_ins(actor),
    }


def digest_of(text: str) -> str:
    """SHA-256 in hex, of a sign-in link's token."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_address(email: str) -> str:
    """SHA-256 in hex of an e-mail address, without regard to case."""
    return digest_of(email.strip().lower())


def pause_left(email: str) -> int:
    """Whole seconds until the next password for this address is looked at, 0 when at once."""
    kept = SignInBackoff.objects.filter(
        digest=digest_of_address(email), wait_until__gt=timezone.now()
    ).first()
    return math.ceil((kept.wait_until - timezone.now()).total_seconds()) if kept else 0


@contextmanager
def one_try_at_a_time(email: str) -> Iterator[None]:
    """A transaction that waits for others which try the same address."""
    key = int.from_bytes(bytes.fromhex(digest_of_address(email)[:16]), signed=True)
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        yield


def factors_of(user: User) -> set[str]:
    """Which kinds of `Authenticator` the user has: totp, webauthn, recovery_codes."""
    return set(user.authenticator_set.values_list("type", flat=True))


def is_guarded(user: User) -> bool:
    """True when a second factor or a passkey protects the user."""
    return bool(factors_of(user) - {Authenticator.Type.RECOVERY_CODES})


def sign_in_link_is_fresh(token: str) -> bool:
    """Whether a link with this token may still be used. Looking does not spend it."""
    return SignInLink.objects.filter(
        digest=digest_of(token), used_at=None, valid_until__gt=timezone.now(), user__is_active=True
    ).exists()


def _missing():
    raise NotFound
