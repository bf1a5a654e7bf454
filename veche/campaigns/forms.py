"""Shape and cleaning of a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts import queries as accounts
from veche.campaigns.models import Campaign
from veche.core.actor import Actor
from veche.ui.action_form import ActionForm

COLOURS = [
    ("1", _("Blue")),
    ("2", _("Orange")),
    ("3", _("Grey")),
    ("4", _("Violet")),
    ("5", _("Green")),
    ("6", _("Light blue")),
]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CampaignForm(ActionForm):
    """A campaign, new or not: `changes` shapes the cleaned data for `change_campaign`."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Campaign.Kind.choices, widget=forms.RadioSelect)
    colour = forms.TypedChoiceField(
        label=_("Colour"),
        choices=COLOURS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DayInput)
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput)
    goal = forms.IntegerField(
        label=_("Goal, people"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("For example, 5000."),
    )
    about = forms.CharField(label=_("About"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams that work in it"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    territory = forms.ModelChoiceField(
        label=_("Territory"), queryset=None, required=False, empty_label=_("Not said")
    )

    def __init__(self, *args: Any, actor: Actor, changes: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.changes = changes
        self.fields["teams"].queryset = accounts.team_choices_for(actor)
        territory = self.fields["territory"]
        territory.queryset = accounts.territories_for(actor)
        territory.choices = [("", territory.empty_label), *accounts.territory_choices(actor)]

    def arguments(self) -> dict[str, Any]:
        if not self.changes:
            return super().arguments()
        changes = dict(self.cleaned_data)
        return {"teams": changes.pop("teams"), "changes": changes}
