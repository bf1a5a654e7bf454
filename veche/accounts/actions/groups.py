"""Teams and territories: small, few, changed by administrators."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from veche.accounts import events
from veche.accounts.models import Team, Territory, User
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken


@action("accounts.manage")
def add_team(*, by: Actor, name: str, members: Collection[User] = ()) -> Team:
    """A new team; its name is unique without regard to case."""
    name = _free_team_name(name)
    with unless_taken({"accounts_team_name_once": _team_taken}):
        team = Team.objects.create(name=name)
    team.members.set(members)
    publish(events.TeamAdded(object_id=team.pk), by=by)
    return team


@action("accounts.manage")
def change_team(
    *, by: Actor, team: Team, name: str | None = None, members: Collection[User] | None = None
) -> Team:
    """Rename a team, change who is in it."""
    fields = []
    if name is not None and (new := _free_team_name(name, besides=team)) != team.name:
        team.name = new
        with unless_taken({"accounts_team_name_once": _team_taken}):
            team.save(update_fields=["name"])
        fields.append("name")
    if members is not None and set(team.members.values_list("pk", flat=True)) != {
        user.pk for user in members
    }:
        team.members.set(members)
        fields.append("members")
    if fields:
        publish(events.TeamChanged(object_id=team.pk, fields=tuple(fields)), by=by)
    else:
        unchanged()
    return team


@action("accounts.manage")
def remove_team(*, by: Actor, team: Team) -> None:
    """Remove a team; its people stay, and no longer see what only the team let them see."""
    publish(events.TeamRemoved(object_id=team.pk), by=by)
    team.delete()


@action("accounts.manage")
def add_territory(*, by: Actor, name: str, parent: Territory | None = None) -> Territory:
    """A new territory, part of `parent` if there is one."""
    name = _free_territory_name(name, parent)
    with unless_taken({"accounts_territory_once": _territory_taken}):
        territory = Territory.objects.create(name=name, parent=parent)
    publish(events.TerritoryAdded(object_id=territory.pk), by=by)
    return territory


@action("accounts.manage")
def change_territory(*, by: Actor, territory: Territory, name: str, parent: Territory | None) -> Territory:
    """Rename a territory or hang it elsewhere; never under itself."""
    if parent and territory.pk in _wholes_of(parent):
        message = _("A territory cannot be a part of itself.")
        raise Refusal("accounts.territory_loop", message, fields={"parent": message})
    name = _free_territory_name(name, parent, besides=territory)
    parent_id = parent.pk if parent else None
    fields = [
        field
        for field, old, new in (("name", territory.name, name), ("parent", territory.parent_id, parent_id))
        if old != new
    ]
    if not fields:
        unchanged()
        return territory
    territory.name, territory.parent = name, parent
    with unless_taken({"accounts_territory_once": _territory_taken}):
        territory.save(update_fields=fields)
    publish(events.TerritoryChanged(object_id=territory.pk, fields=tuple(fields)), by=by)
    return territory


@action("accounts.manage")
def remove_territory(*, by: Actor, territory: Territory) -> None:
    """Remove a territory without parts."""
    publish(events.TerritoryRemoved(object_id=territory.pk), by=by)
    try:
        territory.delete()
    except ProtectedError:
        raise Refusal(
            "accounts.territory_used", _("This territory has parts. Remove or move them first.")
        ) from None


def _wholes_of(territory: Territory) -> set[int]:
    """Ids of the territory and of everything it is a part of."""
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH RECURSIVE up(id, parent_id) AS (
                SELECT id, parent_id FROM accounts_territory WHERE id = %s
                UNION
                SELECT whole.id, whole.parent_id
                FROM accounts_territory AS whole JOIN up ON whole.id = up.parent_id
            )
            SELECT id FROM up
            """,
            [territory.pk],
        )
        return {row[0] for row in sql.fetchall()}


def _free_team_name(name: str, *, besides: Team | None = None) -> str:
    name = _written(name, _("Give the team a name."))
    if Team.objects.filter(name__iexact=name).exclude(pk=besides.pk if besides else None).exists():
        raise _team_taken()
    return name


def _team_taken() -> Refusal:
    message = _("There is a team of this name already.")
    return Refusal("accounts.name_taken", message, fields={"name": message})


def _free_territory_name(name: str, parent: Territory | None, *, besides: Territory | None = None) -> str:
    name = _written(name, _("Give the territory a name."))
    beside = Territory.objects.filter(parent=parent, name__iexact=name)
    if beside.exclude(pk=besides.pk if besides else None).exists():
        raise _territory_taken()
    return name


def _territory_taken() -> Refusal:
    message = _("There is a territory of this name here already.")
    return Refusal("accounts.name_taken", message, fields={"name": message})


def _written(name: str, message: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal("accounts.name", message, fields={"name": message})
    return name[:200]
