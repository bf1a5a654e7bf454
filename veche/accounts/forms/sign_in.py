"""django-allauth's forms in our words: labels instead of placeholders, and wrong codes counted (`ACCOUNT_FORMS`)."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from veche.accounts import queries


class Plain:
    """Labels instead of allauth's placeholders and its colons."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = ""


class SignInForm(Plain, account_forms.LoginForm):
    labels = {"login": _("E-mail"), "password": _("Password")}


class PasswordChangeForm(Plain, account_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }


class PasswordSetForm(Plain, account_forms.SetPasswordForm):
    labels = {"password1": _("Password"), "password2": _("Password once more")}


class PasswordConfirmForm(Plain, account_forms.ReauthenticateForm):
    labels = {"password": _("Password")}


class Counted(Plain):
    """A wrong code is a failed try like a wrong password."""

    labels = {"code": _("Code")}

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            get_adapter().code_refused(context.request, self.user)
            raise


class CodeForm(Counted, factor_forms.AuthenticateForm):
    """The second factor at sign-in; `factors` says which of them the user has: totp, webauthn, recovery_codes."""

    @cached_property
    def factors(self) -> set[str]:
        return queries.factors_of(self.user)


class CodeConfirmForm(Counted, factor_forms.ReauthenticateForm):
    pass


class TotpForm(Plain, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


# What the passkey library says to JSON that no authenticator made.
NONSENSE = (AttributeError, IndexError, KeyError, ObjectDoesNotExist, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """JSON from anybody: numbers without an end and brackets without a bottom are no JSON either."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise no_passkey() from None


class PasskeyForm(Plain, webauthn_forms.AddWebAuthnForm):
    labels = {"name": _("Name of the passkey")}
    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except NONSENSE:
            raise no_passkey() from None


class Sound:
    """A passkey's answer that is none is refused like a wrong one."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except NONSENSE:
            raise no_passkey() from None


class PasskeySignInForm(Sound, webauthn_forms.LoginWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class PasskeySecondForm(Sound, webauthn_forms.AuthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class PasskeyConfirmForm(Sound, webauthn_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


def no_passkey() -> ValidationError:
    return get_adapter().validation_error("incorrect_code")


class PasskeyNameForm(Plain, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name of the passkey")}
