"""What kind of file an export makes. Its columns come as they stand, in their order, beside the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from veche.exchange.exporting.making import COMMA, SEMICOLON
from veche.exchange.models import Export
from veche.exchange.queries import orders
from veche.ui.action_form import ActionForm

ROWS_OF_A_FILE = 10_000


class ExportForm(forms.Form):
    """`cleaned_data` is what `order_export` takes besides the view and the columns."""

    # not "form": an input of that name would hide the form of its form from scripts
    format = forms.ChoiceField(label=_("Format"), choices=Export.TABLES, widget=forms.RadioSelect)
    delimiter = forms.ChoiceField(
        label=_("Between the columns of a CSV"),
        choices=[(SEMICOLON, _("Semicolon: for Excel in Russian")), (COMMA, _("Comma"))],
        required=False,
    )
    apart = forms.ChoiceField(
        label=_("Several phones or e-mails"),
        choices=[("", _("In one cell")), ("yes", _("In columns of their own"))],
        required=False,
    )
    split = forms.ChoiceField(
        label=_("Split into files"),
        choices=[
            ("", _("One file for all")),
            ("campaign", _("A file for each campaign")),
            ("responsible", _("A file for each responsible colleague")),
            ("rows", _("Files of so many rows")),
        ],
        required=False,
        help_text=_("Several files come in one archive."),
    )
    split_rows = forms.IntegerField(
        label=_("Rows of a file"), min_value=orders.FEWEST_ROWS, max_value=1_000_000, required=False
    )

    def clean_delimiter(self) -> str:
        return self.cleaned_data["delimiter"] or SEMICOLON

    def clean_apart(self) -> bool:
        return bool(self.cleaned_data["apart"])

    def clean_split_rows(self) -> int:
        return self.cleaned_data["split_rows"] or 0


class HousesForm(ActionForm):
    """What kind of file the list of houses becomes."""

    # not "form": an input of that name would hide the form of its form from scripts
    format = forms.ChoiceField(label=_("Format"), choices=Export.TABLES, widget=forms.RadioSelect)

    def arguments(self) -> dict[str, Any]:
        return {"form": self.cleaned_data["format"]}


def starting_values(last: Export | None) -> dict[str, Any]:
    """The last order's, or the usual ones."""
    options = last.options if last else {}
    return {
        "format": last.form if last else Export.Form.XLSX,
        "delimiter": options.get("delimiter", SEMICOLON),
        "apart": "yes" if options.get("apart") else "",
        "split": options.get("split", ""),
        "split_rows": options.get("split_rows") or ROWS_OF_A_FILE,
    }
