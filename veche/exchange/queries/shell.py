"""Who acts and what is meant when somebody types it in the shell."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.accounts.queries import actor_for, every_permission
from veche.campaigns.models import Campaign
from veche.campaigns.queries import running_for
from veche.core.actor import SHELL, Actor
from veche.core.refusal import Refusal


def actor_named(email: str | None, *, via: str = SHELL) -> Actor:
    """The user who signs in with this e-mail; without one whoever has the machine, with every right."""
    if email is None:
        rights = every_permission()
        return Actor(
            name="shell", permissions=rights, sees_all=True, via=SHELL, language=settings.LANGUAGE_CODE
        )
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Refusal("import.no_user", _("Nobody signs in as %(email)s.") % {"email": email})
    return actor_for(user, via=via)


def campaign_named(actor: Actor, name: str | None) -> Campaign | None:
    """The running campaign of this name that the actor sees; `Refusal` when there is none."""
    if name is None:
        return None
    chosen = running_for(actor).filter(name__iexact=name.strip()).first()
    if chosen is None:
        raise Refusal("import.no_campaign", _("There is no campaign called “%(name)s”.") % {"name": name})
    return chosen
