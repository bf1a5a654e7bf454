"""Users: adding, changing, switching off."""

import pytest

from veche.accounts.models import User
from veche.accounts.testing import actor_of, member

pytestmark = pytest.mark.django_db


def test_cast_has_the_reach_of_its_roles():
    assert member("administrator").reach == User.Reach.EVERYTHING
    assert member("operator").reach == User.Reach.TEAMS
    assert member("volunteer").reach == User.Reach.OWN
    assert actor_of("administrator").may("accounts.manage")
    assert not actor_of("coordinator").may("accounts.manage")
