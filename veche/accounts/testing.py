"""The cast of all tests, one person per role, and what tests of every room need: actors, clients, access rows.

Makers call the real actions. The cast: Leia Organa (administrator), Padmé Amidala (coordinator), Han Solo (operator),
Rey Skywalker (volunteer), Mon Mothma (auditor).
"""

from __future__ import annotations

from collections.abc import Collection

from django.test import Client

from veche.accounts import actions, queries
from veche.accounts.models import Team, Territory, User
from veche.accounts.roles import Role
from veche.core.actor import Actor

NAMES = {
    Role.ADMINISTRATOR: "Лея Органа",
    Role.COORDINATOR: "Падме Амидала",
    Role.OPERATOR: "Хан Соло",
    Role.VOLUNTEER: "Рей Скайуокер",
    Role.AUDITOR: "Мон Мотма",
}


def member(role: str) -> User:
    """The cast's member of this role, made at the first call in a test: `member("operator")`."""
    role = Role(role)
    found = User.objects.filter(email=f"{role}@example.org").first()
    return found or actions.add_user(
        by=Actor.system(), email=f"{role}@example.org", name=NAMES[role], role=role, language="en"
    )


def cast() -> dict[str, User]:
    """All five, by role."""
    return {role: member(role) for role in Role}


def make_user(
    name: str,
    role: str = Role.OPERATOR,
    *,
    email: str = "",
    reach: str = "",
    teams: Collection[Team] = (),
    territories: Collection[Territory] = (),
) -> User:
    """Somebody beside the cast."""
    count = User.objects.count()
    return actions.add_user(
        by=Actor.system(),
        email=email or f"user{count}@example.org",
        name=name,
        role=role,
        reach=reach,
        teams=teams,
        territories=territories,
        language="en",
    )


def actor_of(who: str | User) -> Actor:
    """The actor of a role's member or of a user, with today's rights: `actor_of("volunteer")`."""
    return queries.actor_for(member(who) if isinstance(who, str) else User.objects.get(pk=who.pk))


def signed_in_client(who: str | User, **options) -> Client:
    """A test client signed in as a role's member or as a user; pages come in English."""
    client = Client(**options)
    client.force_login(member(who) if isinstance(who, str) else who)
    return client
