"""Shape and cleaning of what people type about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts import queries
from veche.accounts.models import Territory, User
from veche.accounts.roles import Role
from veche.core.actor import Actor
from veche.ui.action_form import ActionForm


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
        territories.choices = queries.territory_choices(actor)

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
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    members = forms.ModelMultipleChoiceField(
        label=_("People"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].queryset = queries.users_for(actor).filter(is_active=True)


class TerritoryForm(ActionForm):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=None, required=False, empty_label=_("It is not a part of anything")
    )

    def __init__(self, *args: Any, actor: Actor, besides: Territory | None = None, **options: Any) -> None:
        actor.require("accounts.manage")
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        parent.queryset = queries.territories_for(actor)
        besides_id = besides.pk if besides else None
        parent.choices = [("", parent.empty_label), *queries.territory_choices(actor, besides_id=besides_id)]
