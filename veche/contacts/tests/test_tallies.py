"""Kept numbers: they equal the lists whatever happened, and heal when they were wrong."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, counting, points
from veche.contacts.actions.contacts import remove_contact, restore_contact
from veche.contacts.models import CampaignTally, Contact, Figure, NameWord
from veche.contacts.queries.people import people
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.tallies import base_figures, tallies
from veche.contacts.subscribers import learn_words, refresh_home, tally_campaigns
from veche.contacts.testing import make_organisation, make_person
from veche.core.ledger import COLUMNS, entries

pytestmark = pytest.mark.django_db


def deliver():
    """Hand all that happened to the room's subscribers, twice: a second delivery must change nothing."""
    from django.db import connection

    with connection.cursor() as sql:
        sql.execute(f"SELECT {COLUMNS} FROM core_ledger WHERE kind LIKE 'contacts.%%' ORDER BY id")
        happened = entries(sql.fetchall())
    for _again in range(2):
        tally_campaigns(happened)
        refresh_home(happened)
        learn_words(happened)


def listed(**query):
    return people(actor_of("administrator"), read_filters(actor_of("administrator"), query)).count


def assert_equal_to_lists(*campaigns):
    kept = tallies(actor_of("administrator"))
    for campaign in campaigns:
        assert kept.by_campaign[campaign.pk] == listed(campaign=str(campaign.pk))
    assert kept.outside == listed(campaign="none")
    assert kept.total == listed()


def test_the_rail_says_what_the_lists_say():
    by = actor_of("administrator")
    first, second = make_campaign(), make_campaign()
    luke, leia = make_person("Скайуокер Лука", campaign=first), make_person("Органа Лея", campaign=first)
    make_person("Соло Хан")
    belonging.join_campaign(by=by, contact_id=luke.pk, campaign_id=second.pk)
    deliver()
    assert_equal_to_lists(first, second)
    belonging.leave_campaign(by=by, contact_id=luke.pk, campaign_id=first.pk)
    remove_contact(by=by, contact_id=leia.pk)
    deliver()
    assert_equal_to_lists(first, second)
    assert tallies(by).by_campaign == {first.pk: 0, second.pk: 1}
    restore_contact(by=by, contact_id=leia.pk)
    deliver()
    assert_equal_to_lists(first, second)


def test_a_recount_heals_what_went_wrong():
    campaign = make_campaign()
    make_person(campaign=campaign)
    deliver()
    CampaignTally.objects.update(contacts=99)
    Figure.objects.update(value={"count": 99})
    counting.recount_campaigns()
    assert_equal_to_lists(campaign)
    assert CampaignTally.objects.filter(campaign=None).count() == 1


def test_who_sees_a_part_is_told_of_no_other():
    team = Team.objects.create(name="Округ")
    member("operator").teams.add(team)
    ours, foreign = make_campaign(teams=[team]), make_campaign()
    make_person(campaign=ours)
    make_person(campaign=foreign)
    deliver()
    kept = tallies(actor_of("operator"))
    assert (kept.by_campaign, kept.total, kept.outside) == ({ours.pk: 1}, None, None)
    assert base_figures(actor_of("operator")).total == 0


def test_home_figures_count_whom_we_can_reach():
    by = actor_of("administrator")
    luke = make_person("Скайуокер Лука", phone="8 904 000-27-40", email="l@example.org", telegram="luka_s")
    make_person("Органа Лея")
    make_organisation("Альянс", email="a@example.org")
    gone = make_person("Соло Хан", phone="8 904 000-27-41")
    remove_contact(by=by, contact_id=gone.pk)
    deliver()
    figures = base_figures(by)
    assert figures.kinds == {"person": 2, "organisation": 1}
    assert figures.channels == {"phone": 1, "email": 2, "messenger": 1}
    assert (figures.total, figures.reachable) == (3, 2)
    assert figures.total - figures.reachable == listed(reach="no")
    assert figures.growth == {timezone.localdate(): 3}
    assert figures.sources == {"by_hand": 3}
    points.add_points(by=by, contact_id=luke.pk, kind="phone", text="8 904 000-27-42")
    deliver()
    assert base_figures(by).channels["phone"] == 1


def test_a_large_base_is_counted_now_and_then(monkeypatch):
    make_person()
    deliver()
    monkeypatch.setattr(counting, "SMALL", 0)
    make_person()
    deliver()
    assert base_figures(actor_of("administrator")).total == 1
    assert Figure.objects.get(name=counting.HOME).stale_since
    Figure.objects.filter(name=counting.HOME).update(counted_at=timezone.now() - dt.timedelta(minutes=2))
    assert counting.refresh_home()
    assert base_figures(actor_of("administrator")).total == 2
    assert not counting.refresh_home()


def test_words_of_names_are_learnt():
    make_person("Семёнова-Ким Анна Ян")
    deliver()
    assert set(NameWord.objects.values_list("word", flat=True)) == {"семенова", "ким", "анна"}
    assert Contact.objects.get().name_key.startswith("семенова ким|анна")
