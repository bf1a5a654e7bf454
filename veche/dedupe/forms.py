"""Shape of what the pages of doubles send."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.contacts.queries.merging import CHOICE
from veche.dedupe.models import HouseholdDecision, RuleSet, Search, Verdict
from veche.dedupe.queries.rules import KINDS

_SEEN = re.compile(r"\A(?:\d{1,18}:\d{1,9}(?:,|\Z))*\Z")
_WEIGHT = "weight_"
WEIGHS = [
    ("1", pgettext_lazy("how much a comparison counts", "as usual")),
    ("2", pgettext_lazy("how much a comparison counts", "more")),
    ("0.5", pgettext_lazy("how much a comparison counts", "less")),
    ("0", pgettext_lazy("how much a comparison counts", "is not compared")),
]


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
            name.removeprefix(CHOICE): int(value)
            for name, value in told.items()
            if name.startswith(CHOICE) and value.isdecimal() and len(value) < 19
        }
        people = [int(each) for each in told.getlist("person") if each.isdecimal() and len(each) < 19]
        return {
            "verdict": self.cleaned_data["verdict"],
            "kept_id": self.cleaned_data["kept"],
            "seen": self.cleaned_data["seen"],
            "choices": choices,
            "contact_ids": people or None,
        }


class HouseholdForm(forms.Form):
    """What a suggested household is, who of it stays, and the relations that are ticked."""

    verdict = forms.ChoiceField(choices=HouseholdDecision.Verdict.choices)

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        told: QueryDict = self.data
        people = [int(each) for each in told.getlist("person") if each.isdecimal() and len(each) < 19]
        return {
            "verdict": self.cleaned_data["verdict"],
            "contact_ids": people if "people" in told else None,
            "relations": told.getlist("relation"),
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
    learns = forms.BooleanField(
        label=_("Learn from what is decided in the queue"), required=False,
        help_text=_("Decisions move the probabilities a little, never so far that what is unlikely becomes certain."),
    )  # fmt: skip
    nightly = forms.BooleanField(label=_("Look every night at what has changed"), required=False)
    merges_at_night = forms.BooleanField(
        label=_("Merge the certain ones every night, too"), required=False,
        help_text=_("What was merged at night is listed with the certain ones and can be taken back."),
    )  # fmt: skip
    in_use = forms.BooleanField(label=_("These rules are in use"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in KINDS.items():
            self.fields[f"{_WEIGHT}{kind}"] = forms.TypedChoiceField(
                label=label, choices=WEIGHS, coerce=float, empty_value=1.0, required=False, initial="1"
            )

    def weights(self) -> list[forms.BoundField]:
        """How much each of what is compared beside the name counts."""
        return [self[f"{_WEIGHT}{kind}"] for kind in KINDS]

    @classmethod
    def of(cls, rules: RuleSet) -> RulesForm:
        return cls(
            initial={
                "name": rules.name,
                "automatic": f"{rules.automatic * 100:.4g}",
                "ask": f"{rules.ask * 100:.4g}",
                "learns": rules.learns,
                "nightly": rules.nightly,
                "merges_at_night": rules.merges_at_night,
                "in_use": rules.in_use,
            }
            | {
                f"{_WEIGHT}{kind}": "0" if kind in rules.left_out else f"{rules.weights.get(kind, 1):g}"
                for kind in KINDS
            }
        )

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        told = dict(self.cleaned_data)
        weights = {kind: told.pop(f"{_WEIGHT}{kind}") for kind in KINDS}
        return told | {
            "automatic": told["automatic"] / 100,
            "ask": told["ask"] / 100,
            "left_out": [kind for kind, factor in weights.items() if not factor],
            "weights": {kind: factor for kind, factor in weights.items() if factor},
        }
