"""Who may open what of accounts; run by config/tests/test_access_matrix.py."""

from veche.accounts import actions
from veche.accounts.testing import actor_of, make_user
from veche.core.actor import Actor
from veche.ui.testing import Access

ONLY_ADMINISTRATORS = {"administrator": 200, "everyone": 403}
DONE_BY_ADMINISTRATORS = {"administrator": 302, "everyone": 403}


def a_user():
    return {"user_id": make_user("Люк Скайуокер").pk}


def a_team():
    return {"team_id": actions.add_team(by=Actor.system(), name="Обход").pk}


def a_territory():
    return {"territory_id": actions.add_territory(by=Actor.system(), name="Округ 1").pk}


def a_link():
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=make_user("Люк Скайуокер"))
    return {"token": token}


def new_user():
    return {"name": "Лэндо", "email": "lando@example.org", "role": "operator"}


# Pages of allauth that change how one signs in: for people who have neither password nor factor, as the cast is.
OWN = [
    Access("mfa_index", everyone=200),
    Access("account_set_password", everyone=200),
    Access("account_set_password", "POST", data={"password1": "x"}, everyone=200),
    Access("account_change_password", everyone=302),  # no password yet: to setting one
    Access("account_reauthenticate", everyone=403),  # nothing to confirm with
    Access("mfa_reauthenticate", everyone=403),
    Access("mfa_reauthenticate_webauthn", everyone=403),
    Access("mfa_activate_totp", everyone=200),
    Access("mfa_deactivate_totp", everyone=404),
    Access("mfa_view_recovery_codes", everyone=404),
    Access("mfa_generate_recovery_codes", everyone=200),
    Access("mfa_list_webauthn", everyone=302),
    Access("mfa_add_webauthn", everyone=200),
    Access("mfa_edit_webauthn", kwargs={"pk": 1}, everyone=404),
    Access("mfa_remove_webauthn", kwargs={"pk": 1}, everyone=404),
    Access("account_logout", everyone=200),
    Access("account_logout", "POST", everyone=302),
    Access("accounts:profile", everyone=200),
    Access("accounts:profile", "POST", data={"name": "Имя", "language": "en"}, everyone=302),
    Access("accounts:end_sessions", "POST", everyone=302),
    Access("accounts:presentation", everyone=200),
    Access("accounts:presentation", "POST", everyone=302),
    Access("accounts:sight_end", "POST", everyone=302),
]

ACCESS = [
    Access("account_login", everyone=302, anonymous=200),
    Access("account_inactive", everyone=200, anonymous=200),
    Access("account_reset_password", everyone=200, anonymous=200),
    Access("mfa_authenticate", everyone=302),
    Access("mfa_login_webauthn", everyone=302),
    Access("accounts:sign_in_link", kwargs=a_link, everyone=200, anonymous=200),
    Access("accounts:sign_in_link", kwargs={"token": "made-up"}, everyone=410, anonymous=410),
    Access("accounts:sign_in_link", "POST", kwargs={"token": "made-up"}, everyone=410, anonymous=410),
    *OWN,
    Access("accounts:users", **ONLY_ADMINISTRATORS),
    Access("accounts:user_new", **ONLY_ADMINISTRATORS),
    Access("accounts:user_new", "POST", data=new_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:user", kwargs=a_user, **ONLY_ADMINISTRATORS),
    Access("accounts:user", "POST", kwargs=a_user, data=new_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:user_access", kwargs=a_user, **ONLY_ADMINISTRATORS),
    Access("accounts:sight", "POST", kwargs=a_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:user_link", "POST", kwargs=a_user, **ONLY_ADMINISTRATORS),
    Access("accounts:user_deactivate", "POST", kwargs=a_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:user_activate", "POST", kwargs=a_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:user_unguard", "POST", kwargs=a_user, **DONE_BY_ADMINISTRATORS),
    Access("accounts:teams", **ONLY_ADMINISTRATORS),
    Access("accounts:team_new", **ONLY_ADMINISTRATORS),
    Access("accounts:team_new", "POST", data={"name": "Штаб"}, **DONE_BY_ADMINISTRATORS),
    Access("accounts:team", kwargs=a_team, **ONLY_ADMINISTRATORS),
    Access("accounts:team", "POST", kwargs=a_team, data={"name": "Штаб"}, **DONE_BY_ADMINISTRATORS),
    Access("accounts:team_remove", "POST", kwargs=a_team, **DONE_BY_ADMINISTRATORS),
    Access("accounts:territories", **ONLY_ADMINISTRATORS),
    Access("accounts:territory_new", **ONLY_ADMINISTRATORS),
    Access("accounts:territory_new", "POST", data={"name": "Округ 2"}, **DONE_BY_ADMINISTRATORS),
    Access("accounts:territory", kwargs=a_territory, **ONLY_ADMINISTRATORS),
    Access(
        "accounts:territory", "POST", kwargs=a_territory, data={"name": "Округ 2"}, **DONE_BY_ADMINISTRATORS
    ),
    Access("accounts:territory_remove", "POST", kwargs=a_territory, **DONE_BY_ADMINISTRATORS),
]
