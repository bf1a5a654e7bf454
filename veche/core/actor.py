"""Who acts: the one value that every query and every action asks for its rights.

An `Actor` is a snapshot of a person (or of the machine itself) for one request, job or command. It knows no
nouns: permissions are strings such as ``"contacts.edit"``, scopes are sets of ids under a name that a room above
understands (``"campaign"``, ``"territory"``). The accounts room builds actors out of its users.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

SCREEN, SHELL, JOB, API, SYSTEM = "screen", "shell", "job", "api", "system"


@dataclass(frozen=True)
class Actor:
    """Who acts, what they may do and what they may see.

    `sees_all` lifts every scope; without it a room shows only what `scopes` or the user's own id let through.
    `via` says by which door the act came: screen, shell, job, api or system.
    """

    user_id: int | None = None
    name: str = ""
    role: str = ""
    permissions: frozenset[str] = frozenset()
    sees_all: bool = False
    scopes: Mapping[str, frozenset[int]] = field(default_factory=dict)
    via: str = SCREEN
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    language: str = "ru"

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and self.via != SYSTEM

    def may(self, permission: str) -> bool:
        """True when this actor holds `permission`; the machine itself holds all of them."""
        return self.via == SYSTEM or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise a 403 `Refusal` unless the actor holds `permission`."""
        if not self.may(permission):
            raise Refusal(
                "forbidden",
                _("You do not have the right to do this. Ask an administrator of your headquarters."),
                status=403,
            )

    def scope(self, name: str) -> frozenset[int]:
        return self.scopes.get(name, frozenset())

    @classmethod
    def system(cls, name: str = "Veche") -> Actor:
        """The machine itself: migrations, the timetable, demo data. Never built from a request."""
        return cls(name=name, sees_all=True, via=SYSTEM)

    @classmethod
    def anonymous(cls) -> Actor:
        return cls()


_load: Callable[..., Actor] | None = None


def load_actors_with(loader: Callable[..., Actor]) -> None:
    """Let the accounts room say how a stored user id becomes an actor again (for jobs). Called in its apps.py."""
    global _load
    _load = loader


def actor_of_user(user_id: int | None, *, via: str, request_id: uuid.UUID | None = None) -> Actor:
    """The actor that user `user_id` is now, with today's rights; the machine itself for None."""
    if user_id is None:
        return Actor.system()
    if _load is None:
        raise RuntimeError("No room has told core how to load an actor: accounts is not installed.")
    return _load(user_id, via=via, request_id=request_id or uuid.uuid4())
