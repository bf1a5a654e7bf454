"""Saving, changing and removing views of the list; and everybody's own columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.contacts.events import ViewRemoved, ViewRestored, ViewSaved
from veche.contacts.models import ListLayout, SavedView
from veche.contacts.queries.people_columns import NARROWEST, WIDEST, known
from veche.contacts.queries.people_filters import query_of
from veche.contacts.queries.viewing import SHARE, own_view, teams_of
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal

LONGEST_QUERY = 4000
Audience = SavedView.Audience


@action("contacts.view")
def save_view(
    *,
    by: Actor,
    name: str,
    query: Mapping[str, Any],
    columns: Sequence[str] = (),
    audience: str = Audience.PRIVATE,
    team_id: int | None = None,
    view_id: int | None = None,
) -> SavedView:
    """Keep a question to the list under a name; over `view_id` when that is given. Only who shapes the base does so
    for everyone, and only for one's own team for a team. Raises `Refusal` with sentences by field."""
    view = own_view(by, view_id) if view_id else SavedView(owner_id=by.user_id)
    view.name = " ".join(name.split())[:100]
    if not view.name:
        sentence = _("Give the view a name.")
        raise Refusal("contacts.view_name", sentence, fields={"name": sentence})
    view.audience, view.team_id = _checked_audience(by, view, audience, team_id)
    view.query = urlencode(query_of(query), doseq=True)
    if len(view.query) > LONGEST_QUERY:
        raise Refusal("contacts.view_long", _("There are too many conditions in this list to save it."))
    view.columns = [column.key for column in known(by, columns)]
    view.save()
    publish(ViewSaved(object_id=view.pk, audience=view.audience), by=by)
    return view


def _checked_audience(
    by: Actor, view: SavedView, audience: str, team_id: int | None
) -> tuple[str, int | None]:
    if audience == view.audience and team_id in (None, view.team_id):
        return view.audience, view.team_id
    if audience == Audience.EVERYONE:
        by.require(SHARE)
    elif audience == Audience.TEAM:
        if team_id is None or not teams_of(by).filter(pk=team_id).exists():
            sentence = _("Choose one of your teams.")
            raise Refusal("contacts.view_team", sentence, fields={"team": sentence})
        return audience, team_id
    elif audience != Audience.PRIVATE:
        sentence = _("Choose who sees the view.")
        raise Refusal("contacts.view_audience", sentence, fields={"audience": sentence})
    return audience, None


@action("contacts.view")
def remove_view(*, by: Actor, view_id: int) -> SavedView:
    """Take a view off everybody's list; `restore_view` brings it back."""
    view = own_view(by, view_id)
    view.removed_at = timezone.now()
    view.save(update_fields=["removed_at"])
    publish(ViewRemoved(object_id=view.pk), by=by)
    return view


@action("contacts.view")
def restore_view(*, by: Actor, view_id: int) -> SavedView:
    view = own_view(by, view_id, removed=True)
    view.removed_at = None
    view.save(update_fields=["removed_at"])
    publish(ViewRestored(object_id=view.pk), by=by)
    return view


def keep_layout(*, by: Actor, view: SavedView | None, columns: Sequence[Mapping[str, Any]]) -> None:
    """Remember how `by` laid out the columns. No action: it is nobody else's business, and a drag is no event."""
    laid_out = [
        {"key": str(each.get("key")), "width": _width(each.get("width")), "frozen": bool(each.get("frozen"))}
        for each in columns
        if isinstance(each, Mapping)
    ]
    there = {column.key for column in known(by, [each["key"] for each in laid_out])}
    kept = [each for each in laid_out if each["key"] in there]
    if by.user_id is not None:
        ListLayout.objects.update_or_create(user_id=by.user_id, view=view, defaults={"columns": kept})


def open_first(*, by: Actor, view: SavedView | None) -> None:
    """Let the section open with this view for `by`; None: with everybody."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=by.user_id).first()  # one's other window waits
        mine = ListLayout.objects.filter(user_id=by.user_id)
        mine.filter(opens_first=True).update(opens_first=False)
        if view is not None:
            ListLayout.objects.update_or_create(user_id=by.user_id, view=view, defaults={"opens_first": True})


def _width(given: Any) -> int | None:
    is_number = isinstance(given, int | float) and given == given
    return int(min(max(given, NARROWEST), WIDEST)) if is_number else None
