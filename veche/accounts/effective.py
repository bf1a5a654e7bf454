"""What a user may do and see, in words: the table of rights and the reach as a colleague reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from veche.accounts import registry
from veche.accounts.models import User
from veche.accounts.roles import PERMISSIONS, WORDS
from veche.core.actor import Actor


@dataclass(frozen=True)
class Rights:
    """Sentences: what may be done, what may not, whom the user sees and by what."""

    may: list[str] = field(default_factory=list)
    may_not: list[str] = field(default_factory=list)
    sees: list[str] = field(default_factory=list)


def rights_of(actor: Actor, user: User) -> Rights:
    """The rights of `user` as they are now, told to `actor`; nothing for who was switched off."""
    held = PERMISSIONS[user.role] if user.is_active else frozenset()
    return Rights(
        may=[str(words) for permission, words in WORDS.items() if permission in held],
        may_not=[str(words) for permission, words in WORDS.items() if permission not in held],
        sees=_sees(actor, user) if user.is_active else [],
    )


def _sees(actor: Actor, user: User) -> list[str]:
    if user.reach == User.Reach.EVERYTHING:
        return [_("The whole base.")]
    found = [sentence for source in registry.sights for sentence in source(actor, user)]
    if user.reach == User.Reach.TEAMS:
        for territory in user.territories.all():
            found.append(_("People of the territory “%(name)s” and its parts.") % {"name": territory})
    return found
