"""Lists of people given to colleagues: whose they are, how long, how many are on them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from veche.accounts.models import Team, User
from veche.accounts.queries import colleagues_for
from veche.contacts.models import GivenList
from veche.core.actor import Actor
from veche.core.refusal import NotFound
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
    """All lists that were ever given, the latest first, for whoever gives them."""
    actor.require("contacts.give")
    return GivenList.objects.select_related("user", "team", "by", "revoked_by").order_by("-made_at", "-id")


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
