"""Campaigns: who sees them, what may be changed, the rail."""

import datetime as dt

import pytest
from django.test import RequestFactory

from veche.accounts import actions as accounts
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.campaigns import actions, queries, rail, registry
from veche.campaigns.testing import make_campaign
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db


def test_scopes_are_the_teams_campaigns_and_whole_territories():
    root = accounts.add_territory(by=Actor.system(), name="Корусант")
    part = accounts.add_territory(by=Actor.system(), name="Округ 16", parent=root)
    leaf = accounts.add_territory(by=Actor.system(), name="Дом 3", parent=part)
    accounts.add_territory(by=Actor.system(), name="Татуин")
    team = accounts.add_team(by=Actor.system(), name="Обход")
    seen, _other = make_campaign(teams=[team]), make_campaign()
    user = make_user("Люк", teams=[team], territories=[root])
    actor = actor_of(user)
    assert not actor.sees_all
    assert actor.scope("campaign") == {seen.pk}
    assert actor.scope("territory") == {root.pk, part.pk, leaf.pk}
    for role in ("volunteer", "coordinator"):
        assert not any(actor_of(role).scopes.values())


def test_a_team_sees_its_campaigns_only():
    team = accounts.add_team(
        by=Actor.system(), name="Обход", members=[member("operator"), member("volunteer")]
    )
    seen, hidden = make_campaign("Парк", teams=[team]), make_campaign("Округ 16")
    for role in ("operator", "volunteer"):
        assert list(queries.campaigns_for(actor_of(role))) == [seen]
        with pytest.raises(NotFound):
            queries.campaign_of(actor_of(role), hidden.pk)
    assert queries.campaigns_for(actor_of("auditor")).count() == 2


def test_an_operator_of_two_teams_sees_a_campaign_once():
    teams = [accounts.add_team(by=Actor.system(), name=name, members=[member("operator")]) for name in "АБ"]
    make_campaign(teams=teams)
    assert queries.campaigns_for(actor_of("operator")).count() == 1


def test_only_who_steers_changes_campaigns():
    campaign = make_campaign()
    for role in ("operator", "volunteer", "auditor"):
        with pytest.raises(Refusal) as refused:
            actions.archive_campaign(by=actor_of(role), campaign=campaign)
        assert refused.value.status == 403


def test_a_new_campaign_gets_the_rarest_colour_and_a_row():
    by = actor_of("coordinator")
    colours = [actions.add_campaign(by=by, name=f"К {n}").colour for n in range(7)]
    assert colours == [1, 2, 3, 4, 5, 6, 1]
    row = published("campaigns.campaign_added")[-1]
    assert (row.actor_id, row.data) == (member("coordinator").pk, {"campaign_kind": "project"})


def test_a_name_and_days_that_cannot_be_are_refused():
    by = actor_of("coordinator")
    actions.add_campaign(by=by, name="Парк Альдераан")
    with pytest.raises(Refusal) as refused:
        actions.add_campaign(by=by, name=" парк  альдераан ")
    assert "name" in refused.value.fields
    day = dt.date(2026, 11, 21)
    with pytest.raises(Refusal) as refused:
        actions.add_campaign(by=by, name="Округ", starts_on=day, ends_on=day - dt.timedelta(days=1))
    assert "ends_on" in refused.value.fields


def test_a_change_names_its_fields_and_no_change_leaves_no_row():
    by, campaign = actor_of("coordinator"), make_campaign("Парк")
    actions.change_campaign(by=by, campaign=campaign, changes={"name": "Парк", "goal": None}, teams=[])
    assert published("campaigns.campaign_changed") == []
    actions.change_campaign(by=by, campaign=campaign, changes={"name": "Сквер", "goal": 500})
    assert published("campaigns.campaign_changed")[-1].data == {"fields": ["name", "goal"]}


def test_the_archive_takes_and_gives_back():
    client, campaign = signed_in_client("coordinator"), make_campaign("Парк")
    client.post(f"/campaigns/{campaign.pk}/archive/")
    assert "Парк" not in client.get("/campaigns/").content.decode().split("<main")[1]
    assert "Парк" in client.get("/campaigns/archive/").content.decode()
    assert list(queries.running_for(actor_of("coordinator"))) == []
    client.post(f"/campaigns/{campaign.pk}/reopen/")
    assert list(queries.running_for(actor_of("coordinator"))) == [campaign]
    assert [len(published(f"campaigns.campaign_{verb}")) for verb in ("archived", "reopened")] == [1, 1]


def test_the_form_adds_and_says_what_is_wrong():
    client = signed_in_client("coordinator")
    made = {"name": "Парк", "kind": "petition", "colour": "5", "starts_on": "2026-12-01", "goal": "5000"}
    assert client.post("/campaigns/new/", made).status_code == 302
    campaign = queries.campaigns_for(actor_of("coordinator")).get()
    assert (campaign.colour, campaign.starts_on, campaign.goal) == (5, dt.date(2026, 12, 1), 5000)
    response = client.post("/campaigns/new/", made)
    assert response.status_code == 422
    assert "There is a campaign of this name already." in response.content.decode()


def test_the_rail_shows_what_is_chosen_and_the_kept_numbers(monkeypatch):
    campaign, other = make_campaign("Парк"), make_campaign("Округ")
    actions.archive_campaign(by=Actor.system(), campaign=make_campaign("Старая"))
    numbers = registry.Tallies(by_campaign={campaign.pk: 12480}, total=126940, outside=7)
    monkeypatch.setattr(registry, "_counter", lambda actor: numbers)
    monkeypatch.setattr(
        registry, "_people_url_name", "campaigns:campaigns"
    )  # some page of ours stands for the list
    request = RequestFactory().get("/campaigns/", {"campaign": str(campaign.pk)})
    request.actor = actor_of("administrator")
    lines = rail.links(request)
    assert [(line.count, line.on) for line in lines] == [
        (126940, False),
        (None, False),
        (12480, True),
        (7, False),
        (1, False),
    ]
    assert lines[1].title == other.name and lines[2].url.endswith(f"?campaign={campaign.pk}")


def test_the_list_asks_as_often_for_thirty_as_for_three():
    team = accounts.add_team(by=Actor.system(), name="Обход")
    client = signed_in_client("administrator")
    assert_same_queries(
        client, "/campaigns/", lambda count: [make_campaign(teams=[team]) for _ in range(count)]
    )
