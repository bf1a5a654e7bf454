"""Shape and cleaning of what people type about accounts."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from veche.accounts import adapters, queries, signing_in
from veche.accounts.models import Territory, User
from veche.accounts.roles import Role
from veche.core.actor import Actor
from veche.ui.forms import ActionForm

INDENT = "\u2003"  # em space: the depth of a territory in a list of choices


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
            adapters.record_failure(context.request, self.user.email, signing_in.TOTP)
            raise


class CodeForm(Counted, factor_forms.AuthenticateForm):
    pass


class CodeConfirmForm(Counted, factor_forms.ReauthenticateForm):
    pass


class TotpForm(Plain, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


class PasskeyForm(Plain, webauthn_forms.AddWebAuthnForm):
    labels = {"name": _("Name of the passkey")}


class PasskeyNameForm(Plain, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name of the passkey")}


class ProfileForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


ROLES = [
    (Role.ADMINISTRATOR, _("Administrator: everything, and who signs in here")),
    (Role.COORDINATOR, _("Coordinator: campaigns, imports, exports and deletion")),
    (Role.OPERATOR, _("Operator: adds and edits people of their teams")),
    (Role.VOLUNTEER, _("Volunteer: sees the people given to them and adds notes")),
    (Role.AUDITOR, _("Auditor: looks at everything and changes nothing")),
]


class UserForm(ActionForm):
    """A user, new or not; a user who is there has `reach` and `role` chosen already."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("The address they sign in with."))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
    reach = forms.ChoiceField(
        label=_("What they see"),
        choices=[("", _("As usual for the role")), *User.Reach.choices],
        required=False,
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    territories = forms.ModelMultipleChoiceField(
        label=_("Territories"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["teams"].queryset = queries.teams_for(actor)
        territories = self.fields["territories"]
        territories.queryset = queries.territories_for(actor)
        territories.choices = territory_choices(actor)

    @classmethod
    def of(cls, user: User, *args: Any, actor: Actor) -> UserForm:
        """The form filled with a user."""
        initial = {
            "name": user.name,
            "email": user.email,
            "role": user.role,
            "reach": user.reach,
            "teams": user.teams.all(),
            "territories": user.territories.all(),
        }
        form = cls(*args, actor=actor, initial=initial)
        form.fields["reach"].choices = User.Reach.choices
        return form


class TeamForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    members = forms.ModelMultipleChoiceField(
        label=_("People"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].queryset = queries.users_for(actor).filter(is_active=True)


class TerritoryForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=None, required=False, empty_label=_("Nothing")
    )

    def __init__(self, *args: Any, actor: Actor, besides: Territory | None = None, **options: Any) -> None:
        actor.require("accounts.manage")
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        parent.queryset = queries.territories_for(actor)
        besides_id = besides.pk if besides else None
        parent.choices = [("", parent.empty_label), *territory_choices(actor, besides_id=besides_id)]


def territory_choices(actor: Actor, *, besides_id: int | None = None) -> list[tuple[int, str]]:
    """Ids and names of territories as an indented tree, without `besides_id`."""
    lines = queries.territory_lines(actor)
    return [(each.pk, INDENT * depth + each.name) for depth, each in lines if each.pk != besides_id]
