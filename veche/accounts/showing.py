"""What a session may show otherwise than usual: the base as another user sees it, or under invented names.

Both stand in the session, so that they end with it, and nothing can be written meanwhile: the middleware refuses
whatever isn't reading, and the database refuses what slipped through.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from veche.accounts import queries, registry
from veche.accounts.queries import PRESENTS, SEES_AS
from veche.core import presenting
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.ui.registry import Banner

READING = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = frozenset(  # what may be sent all the same: the way out, and one's own browser
    {
        "accounts:sight_end",
        "accounts:presentation",
        "account_logout",
        "ui:language",
        "ui:theme",
        "ui:density",
    }
)
OWN_SIGN_IN = ("account_", "mfa_")  # pages about how somebody signs in: nobody else's business


def choose_actor(request: HttpRequest, own: Actor) -> Actor:
    """Who acts on this request: the signed-in user, or whom he looks as. What no longer fits leaves the session."""
    request.own_actor = own
    if own.is_anonymous:
        return own
    chosen = request.session.get(SEES_AS)
    other = queries.seen_as(own, chosen) if chosen else None
    if chosen and other is None:
        del request.session[SEES_AS]
    return other or own


def sees_as(request: HttpRequest) -> bool:
    """Whether somebody looks as another user."""
    return not request.own_actor.is_anonymous and SEES_AS in request.session


def presents(request: HttpRequest) -> bool:
    """Whether the session shows invented names."""
    return not request.own_actor.is_anonymous and bool(request.session.get(PRESENTS))


def is_on(request: HttpRequest) -> bool:
    """Whether this session shows anything otherwise than usual."""
    return sees_as(request) or presents(request)


def lens(request: HttpRequest) -> AbstractContextManager[None]:
    """The database as this request may use it."""
    if view_name(request) in WRITES and request.method not in READING:
        return nullcontext()
    if presents(request):
        return presenting.presenting()
    return presenting.reading_only() if sees_as(request) else nullcontext()


def under_invented_name(actor: Actor) -> Actor:
    """The presenter himself has an invented name as well; asked within the presentation."""
    return replace(actor, name=queries.names_of([actor.user_id]).get(actor.user_id, ""))


def refusal(request: HttpRequest) -> Refusal | None:
    """Why this request is not answered meanwhile; None when it is."""
    looks, shows = sees_as(request), presents(request)
    name = view_name(request)
    if not (looks or shows) or name in WRITES:
        return None
    if request.method not in READING:
        return read_only(request)
    if name.startswith(OWN_SIGN_IN):
        sentence = _("How somebody signs in is not shown here. Go back to your own view first.")
        return Refusal("accounts.own_sign_in", sentence, status=403)
    if shows and name.partition(":")[0] in registry.kept_out_of_presentations:
        return not_presented()
    return None


def not_presented() -> Refusal:
    """What is in files is not shown in a presentation."""
    sentence = _(
        "Files are not shown in a presentation: people stand in them as they are. End it to open this page."
    )
    return Refusal("accounts.not_presented", sentence, status=403)


def too_much_to_invent() -> Refusal:
    """A query was stopped that would have made up names for too many people."""
    sentence = _(
        "So many people cannot be given invented names at once. Narrow the question, or end the presentation."
    )
    return Refusal("accounts.too_much_to_invent", sentence, status=503)


def read_only(request: HttpRequest) -> Refusal:
    """Nothing is changed meanwhile."""
    sentence = (
        _("You look as %(name)s: nothing can be changed meanwhile.") % {"name": request.actor.name}
        if sees_as(request)
        else _("You are presenting: nothing can be changed meanwhile.")
    )
    return Refusal("accounts.read_only", sentence, status=403)


def banners(request: HttpRequest) -> list[Banner]:
    """What stands above every page meanwhile, with the way out."""
    found = []
    if getattr(request, "own_actor", None) is None or request.own_actor.is_anonymous:
        return found
    if sees_as(request):
        words = {"name": request.actor.name}
        found.append(
            Banner(
                icon="eye",
                text=_("You look as %(name)s: you see what they see, and nothing can be changed.") % words,
                url=reverse("accounts:sight_end"),
                button=_("Back to your own view"),
            )
        )
    if presents(request):
        found.append(
            Banner(
                icon="mask",
                text=_("Presentation: names, phones and addresses are invented, and nothing can be changed."),
                url=reverse("accounts:presentation"),
                button=_("End the presentation"),
            )
        )
    return found


def view_name(request: HttpRequest) -> str:
    """The full name of the view that this request is for, known before it is called; empty where there is none."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
