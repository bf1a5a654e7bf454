"""Shape of what the pages of doubles send."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.dedupe.models import RuleSet, Search, Verdict
from veche.dedupe.queries.rules import KINDS

_SEEN = re.compile(r"\A(?:\d{1,18}:\d{1,9}(?:,|\Z))*\Z")
_CHOICE = "choice-"


class DecisionForm(forms.Form):
    """The group's form: what they are, who stays, whose values, and the revisions that were shown."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    kept = forms.IntegerField(required=False, min_value=1)
    seen = forms.RegexField(_SEEN, required=False)

    def clean_seen(self) -> dict[int, int] | None:
        text = self.cleaned_data["seen"]
        if not text:
            return None
        pairs = (each.split(":") for each in text.split(",") if each)
        return {int(key): int(revision) for key, revision in pairs}

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        told: QueryDict = self.data
        choices = {
            name.removeprefix(_CHOICE): int(value)
            for name, value in told.items()
            if name.startswith(_CHOICE) and value.isdecimal() and len(value) < 19
        }
        people = [int(each) for each in told.getlist("person") if each.isdecimal() and len(each) < 19]
        return {
            "verdict": self.cleaned_data["verdict"],
            "kept_id": self.cleaned_data["kept"],
            "seen": self.cleaned_data["seen"],
            "choices": choices,
            "contact_ids": people or None,
        }


class SearchForm(forms.Form):
    scope = forms.ChoiceField(choices=Search.Scope.choices, initial=Search.Scope.WHOLE)
    batch = forms.IntegerField(required=False, min_value=1)
    rules = forms.IntegerField(required=False, min_value=1)
    dry = forms.BooleanField(required=False)


class RulesForm(forms.Form):
    """Percents, as people say them."""

    name = forms.CharField(label=pgettext_lazy("rule set", "Name"), max_length=100)
    automatic = forms.FloatField(
        label=_("Certain from, %"), min_value=1, max_value=99.9,
        help_text=_("From this probability on two cards are taken for one person without asking."),
    )  # fmt: skip
    ask = forms.FloatField(
        label=_("Ask from, %"), min_value=1, max_value=99.9,
        help_text=_("From here up to the limit above somebody is asked. Below it nothing is said."),
    )  # fmt: skip
    compared = forms.MultipleChoiceField(
        label=_("What is compared beside the name"), required=False, choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    nightly = forms.BooleanField(label=_("Look every night at what has changed"), required=False)
    merges_at_night = forms.BooleanField(
        label=_("Merge the certain ones every night, too"), required=False,
        help_text=_("What was merged at night is listed with the certain ones and can be taken back."),
    )  # fmt: skip
    in_use = forms.BooleanField(label=_("These rules are in use"), required=False)

    @classmethod
    def of(cls, rules: RuleSet) -> RulesForm:
        return cls(
            initial={
                "name": rules.name,
                "automatic": round(rules.automatic * 100, 1),
                "ask": round(rules.ask * 100, 1),
                "compared": [each for each in KINDS if each not in rules.left_out],
                "nightly": rules.nightly,
                "merges_at_night": rules.merges_at_night,
                "in_use": rules.in_use,
            }
        )

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        told = dict(self.cleaned_data)
        compared = told.pop("compared")
        return told | {
            "automatic": told["automatic"] / 100,
            "ask": told["ask"] / 100,
            "left_out": [each for each in KINDS if each not in compared],
        }
