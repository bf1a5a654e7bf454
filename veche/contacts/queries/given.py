"""Lists of people given to colleagues: whose they are, how long, how many are on them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from veche.accounts.models import Team, User
from veche.accounts.queries import colleagues_for
from veche.contacts.models import Contact, GivenList
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.ui import formats
from veche.ui.registry import RailLink

SHOWN = 12  # lines in the rail; the page has all


def in_force(user_id: int | None) -> QuerySet[GivenList]:
    """Lists that this user, or a team of his, has today."""
    mine = Q(user=user_id) | Q(team__members=user_id)
    held = GivenList.objects.filter(mine, revoked_at=None, until__gte=timezone.localdate())
    return held.distinct() if user_id is not None else GivenList.objects.none()


def list_ids_of(user_id: int) -> QuerySet:
    """The scope "list" of an actor: one look into an index for each way."""
    return in_force(user_id).order_by().values_list("pk", flat=True)


def given_to(actor: Actor) -> QuerySet[GivenList]:
    """The lists that the actor has."""
    return in_force(actor.user_id) if actor.may("contacts.view") else GivenList.objects.none()


def given_lists_for(actor: Actor) -> QuerySet[GivenList]:
    """The lists that were ever given, the latest first: all for whoever gives them and sees the whole base, else one's
    own, for how a list is called and how many are on it says something about people out of one's reach.
    """
    actor.require("contacts.give")
    found = GivenList.objects.select_related("user", "team", "by", "revoked_by").order_by("-made_at", "-id")
    return found if actor.sees_all else found.filter(by=actor.user_id, by__isnull=False)


def given_list_of(actor: Actor, list_id: int) -> GivenList:
    """One given list, or `NotFound`."""
    found = given_lists_for(actor).filter(pk=list_id).first()
    if found is None:
        raise NotFound
    return found


def receivers(actor: Actor) -> tuple[QuerySet[User], QuerySet[Team]]:
    """Colleagues and teams to whom people may be given."""
    actor.require("contacts.give")
    return colleagues_for(actor), Team.objects.order_by("name")


def rail_links(request: HttpRequest) -> list[RailLink]:
    """The actor's own lists in the rail, those that end first on top. One query."""
    url = reverse("contacts:people")
    chosen = request.GET.get("list", "") if request.path == url else ""
    if not request.actor.sees_all and not request.actor.scope("list"):
        return []
    lists = given_to(request.actor).order_by("until", "name")[:SHOWN]
    return [
        RailLink(
            title=each.name,
            url=f"{url}?list={each.pk}",
            count=each.people,
            icon="list-check",
            on=chosen == str(each.pk),
        )
        for each in lists
    ]


def sight_of(actor: Actor, user: User) -> list[str]:
    """Whom a user sees by being responsible and by the lists that they have."""
    own = Contact.objects.filter(responsible=user, removed_at=None).count()
    words = {"count": formats.count(own)}
    sentence = ngettext(
        "%(count)s person for whom they are responsible.",
        "%(count)s people for whom they are responsible.",
        own,
    )
    found = [sentence % words] if own or user.reach == User.Reach.OWN else []
    for held in in_force(user.pk).order_by("until", "name"):
        words = {"name": held, "count": formats.count(held.people), "day": formats.exact_day(held.until)}
        sentence = ngettext(
            "%(count)s person of the list “%(name)s”, until %(day)s.",
            "%(count)s people of the list “%(name)s”, until %(day)s.",
            held.people,
        )
        found.append(sentence % words)
    return found
