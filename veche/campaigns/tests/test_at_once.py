"""Two coordinators in the same instant."""

import pytest

from veche.accounts.testing import actor_of
from veche.campaigns.actions import add_campaign, change_campaign
from veche.campaigns.models import Campaign
from veche.core.refusal import Refusal
from veche.core.testing import in_the_same_instant

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_slower_of_two_who_name_a_campaign_is_told_so():
    by = actor_of("coordinator")
    outcome = in_the_same_instant(
        lambda: add_campaign(by=by, name="Наш двор"), lambda: add_campaign(by=by, name="НАШ ДВОР")
    )
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code == "campaigns.name_taken"
    assert Campaign.objects.count() == 1


def test_the_slower_of_two_who_rename_a_campaign_is_told_so():
    by = actor_of("coordinator")
    one, other = add_campaign(by=by, name="Один"), add_campaign(by=by, name="Другой")
    outcome = in_the_same_instant(
        lambda: change_campaign(by=by, campaign=one, changes={"name": "Двор"}),
        lambda: change_campaign(by=by, campaign=other, changes={"name": "двор"}),
    )
    assert isinstance(outcome, Refusal), outcome
