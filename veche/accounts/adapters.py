"""Our ways with django-allauth: throttling per account, our own records of what happened, our own sentences."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from veche.accounts import actions, queries, sealing, showing, signing_in
from veche.accounts.models import User
from veche.core.actor import Actor

SENTENCES = {
    "email_password_mismatch": gettext_lazy("The address and the password do not fit each other. Try again."),
    "too_many_login_attempts": gettext_lazy("Too many tries in a row. Wait five minutes and try again."),
    "rate_limited": gettext_lazy("Too many tries in a row. Wait five minutes and try again."),
    "incorrect_code": gettext_lazy(
        "This code is not right. Look at the app: the code changes every half a minute."
    ),
    "incorrect_password": gettext_lazy("This is not your password."),
    "enter_current_password": gettext_lazy("This is not your present password."),
    "cannot_generate_recovery_codes": gettext_lazy(
        "Add a second factor first: recovery codes stand in for it."
    ),
}


def pause_in_words(seconds: int) -> str:
    """Why no password is looked at now, and for how long."""
    if seconds <= 90:
        return ngettext(
            "Too many wrong passwords. Wait %(n)s second and try again, or ask an administrator for a sign-in link.",
            "Too many wrong passwords. Wait %(n)s seconds and try again, or ask an administrator for a sign-in link.",
            seconds,
        ) % {"n": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many wrong passwords. Wait %(n)s minute and try again, or ask an administrator for a sign-in link.",
        "Too many wrong passwords. Wait %(n)s minutes and try again, or ask an administrator for a sign-in link.",
        minutes,
    ) % {"n": minutes}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; every sign-in and every failed try leaves its rows."""

    error_messages = {**DefaultAccountAdapter.error_messages, **SENTENCES}
    # allauth tells people by mail of these changes; we keep them in the ledger.
    CHANGES = {
        "mfa/email/totp_activated": (signing_in.TOTP, "added"),
        "mfa/email/totp_deactivated": (signing_in.TOTP, "removed"),
        "mfa/email/webauthn_added": (signing_in.PASSKEY, "added"),
        "mfa/email/webauthn_removed": (signing_in.PASSKEY, "removed"),
        "mfa/email/recovery_codes_generated": (signing_in.CODE, "made"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # no address at all: half of an IPv6 one
            return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """One try at a time per address, so that a hundred at once count as a hundred."""
        email = credentials.get("email", "")
        with queries.one_try_at_a_time(email):
            if seconds := queries.pause_left(email):
                raise ValidationError(pause_in_words(seconds), code="pause")
            return super().authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        record_failure(request, credentials.get("email", ""), signing_in.PASSWORD)

    def code_refused(self, request: HttpRequest, user: User) -> None:
        """A wrong code of a second factor; the forms call it, since allauth has no hook for it."""
        record_failure(request, user.email, signing_in.TOTP)

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        response = super().post_login(request, user, **hooks)
        actions.record_sign_in(
            by=queries.actor_for(user),
            method=signing_in.way_of(request, user),
            address=signing_in.address_of(request),
            agent=signing_in.agent_of(request),
        )
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            if request.session.get(showing.SEES_AS):
                actions.end_sight(by=request.own_actor, user_id=request.session[showing.SEES_AS])
            actions.record_sign_out(by=request.own_actor)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        user.password = actions.set_own_password(by=queries.actor_for(user), password=password).password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **options: Any) -> None:
        """Only what went wrong is said this way; what went right is seen on the page."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **options)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **options: Any) -> None:
        if template_prefix in self.CHANGES:
            factor, change = self.CHANGES[template_prefix]
            actions.record_second_factor(by=queries.actor_for(user), factor=factor, change=change)

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from the app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP, passkeys and recovery codes."""

    error_messages = {**DefaultMFAAdapter.error_messages, **SENTENCES}

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        agent = signing_in.agent_of(context.request)
        return signing_in.browser_in_words(agent) or _("Passkey")


def record_failure(request: HttpRequest, email: str, method: str) -> None:
    """A failed try, with where it came from."""
    actions.record_failure(
        by=Actor.anonymous(),
        email=email,
        method=method,
        address=signing_in.address_of(request),
        agent=signing_in.agent_of(request),
    )
