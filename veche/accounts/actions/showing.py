"""Looking as another user, and presentations: that they began and ended is written down."""

from __future__ import annotations

from django.utils.translation import gettext as _

from veche.accounts import events, queries
from veche.accounts.models import User
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal


@action("accounts.manage")
def begin_sight(*, by: Actor, user: User) -> User:
    """Look as another user from now on: never as an administrator, as oneself, or as somebody switched off."""
    if user.pk == by.user_id:
        raise Refusal("accounts.self", _("This is your own view already."))
    if queries.seen_as(by, user.pk) is None:
        sentence = _("You can look as everybody but administrators and those who are switched off.")
        raise Refusal("accounts.not_seen_as", sentence)
    publish(events.SightBegun(object_id=user.pk), by=by)
    return user


@action("accounts.manage")
def end_sight(*, by: Actor, user_id: int) -> None:
    """Look with one's own eyes again."""
    publish(events.SightEnded(object_id=user_id), by=by)


@action("accounts.present")
def begin_presentation(*, by: Actor) -> None:
    """Show the base under invented names from now on."""
    publish(events.PresentationBegun(object_id=by.user_id), by=by)


@action("accounts.own")
def end_presentation(*, by: Actor) -> None:
    publish(events.PresentationEnded(object_id=by.user_id), by=by)
