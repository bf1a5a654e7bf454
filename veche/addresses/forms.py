"""Shape of what is said of a territory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts import queries as accounts
from veche.addresses.models import Coverage
from veche.core.actor import Actor
from veche.ui.action_form import ActionForm

EXAMPLE = "ул. Ленина, дома 1–25 (нечётные), 30, 32/1; ул. Мира — полностью"


class DescriptionForm(ActionForm):
    kind = forms.ChoiceField(label=_("Kind of territory"), choices=Coverage.Kind.choices)
    number = forms.CharField(
        label=pgettext_lazy("of a precinct", "Number"),
        max_length=20,
        required=False,
        help_text=_("As the commission numbers it."),
    )
    town = forms.CharField(
        label=_("Town or village"), max_length=200, required=False,
        help_text=_("Where its streets are, unless a text names another."),
    )  # fmt: skip
    leads = forms.BooleanField(
        label=_("People who live here belong to it"), required=False,
        help_text=_("Otherwise only its houses are counted, and nobody’s territory changes."),
    )  # fmt: skip


def _one_kind_of_line_end(form: ActionForm) -> str:
    """A browser sends line ends in two letters: places in the text count one."""
    return form.cleaned_data["text"].replace("\r\n", "\n").replace("\0", " ")


class TextForm(ActionForm):
    clean_text = _one_kind_of_line_end
    text = forms.CharField(
        label=_("Streets and houses"), strip=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": EXAMPLE}),
        help_text=_("Paste what the commission has published, as it is."),
    )  # fmt: skip
    instead = forms.BooleanField(
        label=_("Instead of all houses it has now"), required=False,
        help_text=_("What is there now is kept and comes back when this text is taken back."),
    )  # fmt: skip


class RuleForm(ActionForm):
    text = forms.CharField(
        label=_("Houses"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "placeholder": EXAMPLE}),
        help_text=_("As in a commission’s text; numbers alone stay on the same street."),
    )  # fmt: skip


class PrecinctsForm(ActionForm):
    clean_text = _one_kind_of_line_end
    kind = forms.ChoiceField(label=_("Kind of territory"), choices=Coverage.Kind.choices)
    town = forms.CharField(label=_("Town or village"), max_length=200, required=False)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=None, required=False, empty_label=_("It is not a part of anything")
    )
    text = forms.CharField(
        label=_("Text of the resolution"), strip=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 14, "placeholder": "Избирательный участок № 1201\nул. Ленина, 1–25…"}),
        help_text=_("Each heading with the number of a precinct becomes a territory."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        parent.queryset = accounts.territories_for(actor)
        parent.choices = [("", parent.empty_label), *accounts.territory_choices(actor)]
