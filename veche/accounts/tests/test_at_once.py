"""Two administrators in the same instant, and names that differ in case alone."""

import pytest

from veche.accounts import actions
from veche.accounts.models import Team, Territory
from veche.accounts.roles import Role
from veche.accounts.testing import actor_of
from veche.core.refusal import Refusal
from veche.core.testing import in_the_same_instant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by():
    return actor_of("administrator")


def test_the_slower_of_two_who_name_a_team_is_told_so(by):
    outcome = in_the_same_instant(
        lambda: actions.add_team(by=by, name="Штаб Юг"), lambda: actions.add_team(by=by, name="штаб юг")
    )
    assert isinstance(outcome, Refusal), outcome
    assert (outcome.code, list(outcome.fields)) == ("accounts.name_taken", ["name"])
    assert Team.objects.count() == 1


def test_the_slower_of_two_who_rename_a_team_is_told_so(by):
    one, other = actions.add_team(by=by, name="Один"), actions.add_team(by=by, name="Другой")
    outcome = in_the_same_instant(
        lambda: actions.change_team(by=by, team=one, name="Юг"),
        lambda: actions.change_team(by=by, team=other, name="ЮГ"),
    )
    assert isinstance(outcome, Refusal), outcome
    assert set(Team.objects.values_list("name", flat=True)) == {"Юг", "Другой"}


@pytest.mark.parametrize("depth", [0, 1], ids=["at the top", "within another"])
def test_the_slower_of_two_who_name_a_territory_is_told_so(by, depth):
    parent = actions.add_territory(by=by, name="Область") if depth else None
    outcome = in_the_same_instant(
        lambda: actions.add_territory(by=by, name="Юг", parent=parent),
        lambda: actions.add_territory(by=by, name="юг", parent=parent),
    )
    assert isinstance(outcome, Refusal), outcome
    assert Territory.objects.filter(parent=parent).count() == 1


def test_the_slower_of_two_who_add_one_user_is_told_so(by):
    def add():
        return actions.add_user(by=by, email="luke@example.org", name="Люк", role=Role.OPERATOR)

    outcome = in_the_same_instant(add, add)
    assert isinstance(outcome, Refusal), outcome
    assert list(outcome.fields) == ["email"]
