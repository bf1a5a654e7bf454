"""Users: adding, changing, switching off; what an actor then is."""

import pytest

from veche.accounts import actions, queries
from veche.accounts.models import User
from veche.accounts.roles import Role
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.core.actor import Actor, actor_of_user
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db


def test_the_cast_has_the_reach_of_its_roles():
    assert (
        actor_of("administrator").sees_all
        and actor_of("coordinator").sees_all
        and actor_of("auditor").sees_all
    )
    assert member("operator").reach == User.Reach.TEAMS
    assert member("volunteer").reach == User.Reach.OWN
    assert actor_of("administrator").may("accounts.manage")
    assert not actor_of("coordinator").may("accounts.manage")


def test_a_new_user_has_no_password_and_a_ledger_row_without_their_name():
    user = actions.add_user(
        by=actor_of("administrator"), email=" Anna@Example.org ", name="  Анна   Ким ", role="auditor"
    )
    assert (user.email, user.name, user.reach) == ("anna@example.org", "Анна Ким", User.Reach.EVERYTHING)
    assert not user.has_usable_password()
    row = published("accounts.user_added")[-1]
    assert (row.object_id, row.actor_id, row.data) == (
        user.pk,
        member("administrator").pk,
        {"role": "auditor"},
    )


@pytest.mark.parametrize("email", ["", "anna", "ADMINISTRATOR@example.org"])
def test_an_address_that_is_none_or_taken_is_refused(email):
    with pytest.raises(Refusal) as refused:
        actions.add_user(by=actor_of("administrator"), email=email, name="Анна", role="operator")
    assert "email" in refused.value.fields


def test_only_administrators_manage_users():
    for role in ("coordinator", "operator", "volunteer", "auditor"):
        with pytest.raises(Refusal) as refused:
            actions.add_user(by=actor_of(role), email="a@example.org", name="А", role="operator")
        assert refused.value.status == 403
        with pytest.raises(Refusal):
            queries.users_for(actor_of(role))


def test_the_last_administrator_stays():
    administrator = actor_of("administrator")
    with pytest.raises(Refusal) as refused:
        actions.deactivate_user(by=administrator, user=member("administrator"))
    assert refused.value.code == "accounts.self"
    with pytest.raises(Refusal) as refused:
        actions.change_user(by=administrator, user=member("administrator"), role="operator")
    assert refused.value.code == "accounts.self"
    with pytest.raises(Refusal) as refused:
        actions.deactivate_user(by=Actor.system(), user=member("administrator"))
    assert refused.value.code == "accounts.last_administrator"
    second = make_user("Бейл Органа", Role.ADMINISTRATOR)
    actions.change_user(by=actor_of(second), user=member("administrator"), role="operator", reach="teams")
    row = published("accounts.role_changed")[-1].data
    assert (row["role_before"], row["role"]) == ("administrator", "operator")


def test_nothing_changed_leaves_no_row():
    user = make_user("Люк")
    actions.change_user(by=actor_of("administrator"), user=user, name="Люк", role=user.role)
    assert published("accounts.user_changed") == []


def test_switching_off_ends_the_sessions_at_once_and_for_good():
    user = make_user("Люк")
    client = signed_in_client(user)
    assert client.get("/account/").status_code == 200
    actions.deactivate_user(by=actor_of("administrator"), user=user)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    actions.activate_user(by=actor_of("administrator"), user=user)
    assert client.get("/account/")["Location"].startswith("/sign-in/")


def test_a_changed_role_counts_in_the_running_session():
    user = make_user("Люк", Role.ADMINISTRATOR)
    client = signed_in_client(user)
    assert client.get("/users/").status_code == 200
    actions.change_user(by=actor_of("administrator"), user=user, role="operator", reach="teams")
    assert client.get("/users/").status_code == 403


def test_a_job_acts_with_todays_rights():
    user = make_user("Люк", Role.COORDINATOR)
    assert actor_of_user(user.pk, via="job").may("exchange.import")
    actions.deactivate_user(by=actor_of("administrator"), user=user)
    late = actor_of_user(user.pk, via="job")
    assert not late.may("exchange.import") and not late.sees_all
    assert not actor_of_user(user.pk + 1000, via="job").may("desk.use")


def test_a_territory_never_hangs_under_itself_nor_goes_with_parts():
    by = actor_of("administrator")
    root = actions.add_territory(by=by, name="Корусант")
    part = actions.add_territory(by=by, name="Округ 16", parent=root)
    with pytest.raises(Refusal) as refused:
        actions.change_territory(by=by, territory=root, name="Корусант", parent=part)
    assert "parent" in refused.value.fields
    with pytest.raises(Refusal) as refused:
        actions.remove_territory(by=by, territory=root)
    assert refused.value.code == "accounts.territory_used"
    assert [(depth, each.name) for depth, each in queries.territory_lines(by)] == [
        (0, "Корусант"),
        (1, "Округ 16"),
    ]


def test_a_name_is_taken_without_regard_to_case():
    by = actor_of("administrator")
    team = actions.add_team(by=by, name="Обход", members=[member("operator")])
    with pytest.raises(Refusal):
        actions.add_team(by=by, name="обход")
    actions.change_team(by=by, team=team, members=[])
    assert published("accounts.team_changed")[-1].data == {"fields": ["members"]}


def test_who_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        queries.user_of(actor_of("administrator"), 10**9)


def test_the_form_says_what_is_wrong_in_its_field():
    client = signed_in_client("administrator")
    member("operator")
    response = client.post("/users/new/", {"name": "А", "email": "operator@example.org", "role": "operator"})
    assert response.status_code == 422
    assert "Somebody else signs in with this address already." in response.content.decode()


def test_the_list_asks_as_often_for_thirty_as_for_three():
    team = actions.add_team(by=Actor.system(), name="Обход")
    client = signed_in_client("administrator")
    assert_same_queries(
        client, "/users/", lambda count: [make_user(f"Человек {n}", teams=[team]) for n in range(count)]
    )
    assert_same_queries(
        client,
        "/teams/",
        lambda count: [
            actions.add_team(by=Actor.system(), name=f"Команда {count} {n}") for n in range(count)
        ],
    )
