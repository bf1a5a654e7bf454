"""The headquarters that fictional people belong to: colleagues, teams, campaigns, tags, own fields, lists given.

All of it by the actions that a person's click calls; what is there already by its name is left as it is.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from veche.accounts.actions import add_team, add_territory, add_user
from veche.accounts.models import Team, Territory, User
from veche.campaigns.actions import add_campaign, change_campaign
from veche.campaigns.models import Campaign
from veche.contacts.actions.giving import MOST, give_list
from veche.contacts.actions.shape import add_own_field, add_tag
from veche.contacts.models import GivenList, OwnField, RoleKind, Status, Tag
from veche.contacts.queries.people_found import found as found_by
from veche.core.actor import SHELL, Actor, actor_of_user
from veche.desk.fiction import tables
from veche.desk.fiction.past import World

MAIL = "naboo.example"


def found(by: Actor) -> World:
    """Make what is missing and say where everything is."""
    people = {word: _colleague(by, name, word, role) for name, word, role in tables.COLLEAGUES}
    territories = {name: _territory(by, name, whole) for name, whole in tables.TERRITORIES}
    campaigns = [_campaign(by, name, kind, colour) for name, kind, colour, _share in tables.CAMPAIGNS]
    for name, words, names in tables.TEAMS:
        _team(by, name, [people[word] for word in words], [each for each in campaigns if each.name in names])
    return World(
        now=timezone.now(),
        campaigns=[campaign.pk for campaign in campaigns],
        tags=[_tag(by, name, colour) for name, colour, _share in tables.TAGS],
        colleagues=[user.pk for user in people.values() if user.role in ("coordinator", "operator")],
        territories=[each.pk for name, each in territories.items() if each.parent_id],
        statuses=dict(Status.objects.exclude(code="").values_list("code", "pk")),
        roles=dict(RoleKind.objects.exclude(code="").values_list("code", "pk")),
        own={label: _own_field(by, label, type_, choices) for label, type_, choices in tables.OWN_FIELDS},
    )


def give_lists(world: World) -> None:
    """The coordinator gives one list to a volunteer and one to a team, unless any was ever given."""
    if GivenList.objects.exists():
        return
    by = actor_of_user(User.objects.get(email=f"padme@{MAIL}").pk, via=SHELL)
    until = timezone.localdate() + dt.timedelta(days=21)
    rey, yard = User.objects.get(email=f"rey@{MAIL}"), Team.objects.get(name=tables.TEAMS[1][0])
    wanted = (("Обзвон наблюдателей", rey, f"campaign={world.campaigns[4]}"),
              ("Двор: участок 1601", yard, f"territory={world.territories[0]}"))  # fmt: skip
    for name, to, asked in wanted:
        if found_by(by, asked).exact_count() > MOST // 2:  # of a large base only the artists among them
            asked = f"{asked}&tag={world.tags[tables.ARTIST]}"
        give_list(by=by, name=name, to=to, until=until, asked=asked, grows=True)


def _colleague(by: Actor, name: str, word: str, role: str) -> User:
    email = f"{word}@{MAIL}"
    return User.objects.filter(email=email).first() or add_user(by=by, email=email, name=name, role=role)


def _territory(by: Actor, name: str, whole: str) -> Territory:
    there = Territory.objects.filter(name=name).first()
    return there or add_territory(by=by, name=name, parent=Territory.objects.filter(name=whole).first())


def _campaign(by: Actor, name: str, kind: str, colour: int) -> Campaign:
    there = Campaign.objects.filter(name=name).first()
    return there or add_campaign(by=by, name=name, kind=kind, colour=colour)


def _team(by: Actor, name: str, members: list[User], campaigns: list[Campaign]) -> None:
    if not Team.objects.filter(name=name).exists():
        team = add_team(by=by, name=name, members=members)
        for campaign in campaigns:
            change_campaign(by=by, campaign=campaign, changes={}, teams=[*campaign.teams.all(), team])


def _tag(by: Actor, name: str, colour: int) -> int:
    there = Tag.objects.filter(name=name, campaign=None).first()
    return (there or add_tag(by=by, name=name, colour=colour)).pk


def _own_field(by: Actor, label: str, type_: str, choices: tuple[str, ...]) -> str:
    there = OwnField.objects.filter(label=label, archived_at=None).first()
    return (there or add_own_field(by=by, label=label, type=type_, choices=choices)).key
