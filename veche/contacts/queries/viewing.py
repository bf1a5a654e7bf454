"""Saved views of the list: which ones somebody sees, which is open, and how its columns are laid out for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from veche.accounts.models import Team
from veche.contacts.models import ListLayout, SavedView
from veche.core.actor import Actor
from veche.core.refusal import NotFound

SHARE = "contacts.shape"  # who shapes tags and fields for everyone does so with views


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """One's own views, those of one's teams, those for everyone; in the order of their making."""
    return _seen_by(actor).filter(removed_at__isnull=True)


def address_of(view: SavedView) -> str:
    """How the list is asked for with a view: its name in the address and what it asks."""
    return f"view={view.pk}{'&' if view.query else ''}{view.query}"


def _seen_by(actor: Actor) -> QuerySet[SavedView]:
    """The same with those that were removed."""
    if not actor.may("contacts.view"):
        return SavedView.objects.none()
    seen = Q(audience=SavedView.Audience.EVERYONE)
    if actor.user_id is not None:
        seen |= Q(owner_id=actor.user_id) | Q(team__members=actor.user_id)
    return SavedView.objects.filter(seen).distinct()


def own_view(actor: Actor, view_id: int, *, removed: bool = False) -> SavedView:
    """A view that the actor may change, else `NotFound`."""
    found = _seen_by(actor).filter(pk=view_id, removed_at__isnull=not removed).first()
    if found is None or not may_change(actor, found):
        raise NotFound
    return found


def may_change(actor: Actor, view: SavedView) -> bool:
    """One's own; of those for a team and for everyone also whoever shapes the base."""
    mine = actor.user_id is not None and view.owner_id == actor.user_id
    return mine or (view.audience != SavedView.Audience.PRIVATE and actor.may(SHARE))


def view_of(actor: Actor, query: Mapping[str, str]) -> SavedView | None:
    """The view that an address names, if the actor sees it; the address goes on without."""
    number = query.get("view", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    return views_for(actor).filter(pk=int(number)).first()


def first_view(actor: Actor) -> SavedView | None:
    """The view that the section opens with for this user."""
    if actor.user_id is None:
        return None
    kept = (
        ListLayout.objects.filter(user=actor.user_id, opens_first=True)
        .values_list("view_id", flat=True)
        .first()
    )
    return views_for(actor).filter(pk=kept).first() if kept else None


def layout_of(actor: Actor, view: SavedView | None) -> list[dict[str, Any]]:
    """How the actor laid out the columns of a view, or of the list as such."""
    if actor.user_id is None:
        return []
    kept = ListLayout.objects.filter(user=actor.user_id, view=view).values_list("columns", flat=True).first()
    return kept or []


def teams_of(actor: Actor) -> QuerySet[Team]:
    """The teams that the actor may save a view for."""
    return Team.objects.filter(members=actor.user_id)
