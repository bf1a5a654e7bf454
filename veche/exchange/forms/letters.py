"""What letters are printed on, and who sends them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from veche.exchange.letters.postlist import KINDS
from veche.exchange.letters.sheets import ENVELOPES, LABELS
from veche.exchange.models import Export

WHAT = [
    ("labels", _("Labels on A4 sheets")),
    ("envelopes", _("Envelopes")),
    ("post", _("A list for Russian Post")),
]


class LettersForm(forms.Form):
    """`asked()` is what `order_letters` takes besides the view."""

    what = forms.ChoiceField(label=_("What to make"), choices=WHAT, widget=forms.RadioSelect)
    sheet = forms.ChoiceField(
        label=_("Sheet of labels"),
        choices=[(key, each.label) for key, each in LABELS.items()],
        required=False,
    )
    first = forms.IntegerField(
        label=_("Begin at label"), min_value=1, max_value=24, required=False,
        help_text=_("If some labels of the first sheet are used already."),
    )  # fmt: skip
    envelope = forms.ChoiceField(
        label=_("Size of the envelope"),
        choices=[(key, each.label) for key, each in ENVELOPES.items()],
        required=False,
    )
    stamp = forms.BooleanField(label=_("Draw the postcode in digits for the post's machines"), required=False)
    mail = forms.ChoiceField(
        label=_("What is sent"), choices=[(key, each.label) for key, each in KINDS.items()], required=False
    )
    grams = forms.IntegerField(label=_("Weight of one, grams"), min_value=1, max_value=20_000, required=False)
    table = forms.ChoiceField(label=_("Format"), choices=Export.TABLES, required=False)
    sender = forms.CharField(label=_("From whom"), max_length=200, required=False)
    sender_address = forms.CharField(label=_("Address of the sender"), max_length=300, required=False)
    sender_postcode = forms.RegexField(
        r"^[1-9]\d{5}$", label=_("Postcode of the sender"), required=False,
        error_messages={"invalid": _("A postcode has six digits.")},
    )  # fmt: skip
    only_sure = forms.BooleanField(
        label=_("Leave out addresses read with doubts or without a house"), required=False
    )
    one_for_home = forms.BooleanField(
        label=_("One letter for a household"), required=False,
        help_text=_("To the family or to its head, as the household says."),
    )  # fmt: skip
    one_for_flat = forms.BooleanField(
        label=_("One letter for a flat: to the first of the list"), required=False
    )
    by_postcode = forms.BooleanField(
        label=_("In the order of postcodes, as the post likes it"), required=False
    )

    def clean_first(self) -> int:
        return self.cleaned_data["first"] or 1

    def clean_grams(self) -> int:
        return self.cleaned_data["grams"] or 20

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        sheet = LABELS.get(given.get("sheet") or "")
        if sheet and given.get("what") == "labels" and given.get("first", 1) > sheet.on_sheet:
            self.add_error("first", _("A sheet has fewer labels."))
        return given

    def asked(self) -> dict[str, Any]:
        """With the first choice of each list that was left open."""
        given = dict(self.cleaned_data)
        del given["table"]
        given["sheet"] = given["sheet"] or next(iter(LABELS))
        given["envelope"] = given["envelope"] or next(iter(ENVELOPES))
        given["mail"] = given["mail"] or next(iter(KINDS))
        return given

    @property
    def form(self) -> str:
        """The form of the file."""
        if self.cleaned_data["what"] != "post":
            return Export.Form.PDF
        return self.cleaned_data["table"] or Export.Form.XLSX


def starting_values(last: dict[str, Any] | None) -> dict[str, Any]:
    """The last order's, or the usual ones."""
    usual = {
        "what": "labels",
        "first": 1,
        "grams": 20,
        "stamp": True,
        "one_for_home": True,
        "table": Export.Form.XLSX,
    }
    return usual | (last or {}) | {"first": 1}
