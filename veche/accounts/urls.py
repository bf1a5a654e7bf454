"""Signing in under the names that django-allauth reverses itself, and the room's own pages."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.http import HttpResponseBase
from django.urls import include, path
from django.views.generic import RedirectView, View

from veche.accounts.views import own, showing, sign_in, teams, territories, users


def ours(view: type[View], template: str) -> Callable[..., HttpResponseBase]:
    """A view of allauth's with a template of ours."""
    return view.as_view(template_name=f"accounts/{template}.html")


room = [
    path("sign-in/link/<str:token>/", sign_in.link, name="sign_in_link"),
    path("account/", own.profile, name="profile"),
    path("account/sessions/end/", own.end_sessions, name="end_sessions"),
    path("account/presentation/", showing.presentation, name="presentation"),
    path("sight/end/", showing.sight_end, name="sight_end"),
    path("users/", users.users, name="users"),
    path("users/<int:user_id>/sight/", showing.sight, name="sight"),
    path("users/<int:user_id>/access/", users.access, name="user_access"),
    path("users/new/", users.add, name="user_new"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/link/", users.link, name="user_link"),
    path("users/<int:user_id>/off/", users.deactivate, name="user_deactivate"),
    path("users/<int:user_id>/on/", users.activate, name="user_activate"),
    path("users/<int:user_id>/second-factor/remove/", users.remove_second_factor, name="user_unguard"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.add, name="team_new"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/remove/", teams.remove, name="team_remove"),
    path("territories/", territories.territories, name="territories"),
    path("territories/new/", territories.add, name="territory_new"),
    path("territories/<int:territory_id>/", territories.territory, name="territory"),
    path("territories/<int:territory_id>/remove/", territories.remove, name="territory_remove"),
]

urlpatterns = [
    path("", include((room, "accounts"))),
    path("sign-in/", ours(account.LoginView, "sign_in"), name="account_login"),
    path("sign-in/off/", ours(account.AccountInactiveView, "sign_in_off"), name="account_inactive"),
    path("sign-in/forgotten/", sign_in.forgotten, name="account_reset_password"),
    path("sign-in/second/", ours(factor.AuthenticateView, "sign_in_second"), name="mfa_authenticate"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-out/", ours(account.LogoutView, "sign_out"), name="account_logout"),
    path(
        "account/confirm/",
        ours(account.ReauthenticateView, "own_confirm_password"),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code/",
        ours(factor.ReauthenticateView, "own_confirm_code"),
        name="mfa_reauthenticate",
    ),
    path(
        "account/confirm/passkey/",
        ours(passkey.ReauthenticateWebAuthnView, "own_confirm_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/security/", own.security, name="mfa_index"),
    path(
        "account/password/", ours(account.PasswordChangeView, "own_password"), name="account_change_password"
    ),
    path("account/password/set/", ours(account.PasswordSetView, "own_password"), name="account_set_password"),
    path("account/app/", ours(totp.ActivateTOTPView, "own_totp"), name="mfa_activate_totp"),
    path("account/app/remove/", ours(totp.DeactivateTOTPView, "own_totp_remove"), name="mfa_deactivate_totp"),
    path("account/codes/", ours(codes.ViewRecoveryCodesView, "own_codes"), name="mfa_view_recovery_codes"),
    path(
        "account/codes/new/",
        ours(codes.GenerateRecoveryCodesView, "own_codes_new"),
        name="mfa_generate_recovery_codes",
    ),
    path("account/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("account/passkeys/new/", ours(passkey.AddWebAuthnView, "own_passkey_new"), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/", ours(passkey.EditWebAuthnView, "own_passkey"), name="mfa_edit_webauthn"
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        ours(passkey.RemoveWebAuthnView, "own_passkey_remove"),
        name="mfa_remove_webauthn",
    ),
]
