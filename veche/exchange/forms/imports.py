"""Shape of what the wizard's pages send."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from veche.accounts.queries import colleagues_for
from veche.campaigns.queries import campaigns_for
from veche.core.actor import Actor
from veche.exchange.models import MATCH_KEYS, Import
from veche.exchange.queries import asked_way, importable_of, kinds_for
from veche.exchange.queries.problems import Group, group_of

ENCODINGS = (
    ("utf-8", "UTF-8"), ("cp1251", "Windows-1251"), ("koi8-r", "KOI8-R"), ("cp866", "CP866 (DOS)"),
    ("utf-16", "UTF-16"),
)  # fmt: skip
DELIMITERS = ((";", _("Semicolon ;")), (",", _("Comma ,")), ("\t", _("Tab")), ("|", _("Bar |")))
MATCH_LABELS = {
    "external_id": _("Number in another system"),
    "phone": _("Phone, when the names do not contradict"),
    "email": _("E-mail, when the names do not contradict"),
    "name_birthday": _("Name and full birthday"),
}
NAME_ORDERS = (
    ("", _("Decide row by row")),
    ("surname_first", _("Surname first")),
    ("given_first", _("Given name first")),
)


class TableForm(forms.Form):
    """How the file is read, and what each of its rows is."""

    kind = forms.ChoiceField(label=_("What a row is"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"))
    encoding = forms.ChoiceField(label=_("Encoding"))
    delimiter = forms.ChoiceField(label=_("Separator"), choices=DELIMITERS)
    header_row = forms.IntegerField(label=_("Row of the captions"), min_value=0, required=False)
    repair = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, imported: Import, actor: Actor) -> None:
        read_as, asked, kind = imported.source, {}, importable_of(imported)
        if imported.state == Import.State.LOOKING:
            asked = asked_way(imported)
        super().__init__(
            data,
            initial={
                name: read_as.get(name) for name in ("sheet", "encoding", "delimiter", "header_row", "repair")
            }
            | {"kind": kind.key}
            | asked,
        )
        self.fields["kind"].choices = [(each.key, each.label) for each in kinds_for(actor)]
        self.fields["kind"].help_text = kind.hint
        self.fields["sheet"].choices = [(sheet["name"], sheet["name"]) for sheet in read_as.get("sheets", [])]
        found = read_as.get("encoding") or "utf-8"
        known = dict(ENCODINGS)
        self.fields["encoding"].choices = (
            ENCODINGS if found in known else [(found, found.upper()), *ENCODINGS]
        )
        for name in self._meaningless(read_as.get("kind", "")):
            del self.fields[name]

    @staticmethod
    def _meaningless(kind: str) -> tuple[str, ...]:
        """Only texts have a separator, and only they and web pages an encoding to choose; a text is its only sheet."""
        if kind == "text":
            return ("sheet",)
        return ("delimiter",) if kind == "html" else ("encoding", "delimiter")

    def chosen(self, imported: Import) -> dict[str, Any]:
        """Keyword arguments of `choose_table`; a row of captions is kept only where the sheet stays the same."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if data.get("sheet", imported.source.get("sheet")) != imported.source.get("sheet"):
            data.pop("header_row", None)
        return data


class RulesForm(forms.Form):
    """How people are recognised, what happens to known ones, and what all of them get."""

    policy = forms.ChoiceField(
        label=_("People who are in the base already"), choices=Import.Policy.choices, widget=forms.RadioSelect
    )
    match_by = forms.MultipleChoiceField(
        label=_("How we recognise them"),
        choices=[(key, MATCH_LABELS[key]) for key in MATCH_KEYS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("With nothing chosen everybody is new."),
    )
    campaign = forms.ModelChoiceField(label=_("Campaign for all"), queryset=None, required=False)
    tags = forms.CharField(
        label=_("Tags for all"),
        max_length=500,
        required=False,
        help_text=_("Several are separated by commas."),
    )
    responsible = forms.ModelChoiceField(label=_("Responsible for all"), queryset=None, required=False)
    name_order = forms.ChoiceField(label=_("Order in full names"), choices=NAME_ORDERS, required=False)
    default_city_code = forms.CharField(
        label=_("City code of short phone numbers"),
        max_length=5,
        required=False,
        help_text=_("For example 495."),
    )

    def __init__(self, data: QueryDict | None, imported: Import, actor: Actor) -> None:
        options = imported.options
        super().__init__(
            data,
            initial={
                "policy": imported.policy,
                "match_by": imported.match_by,
                "campaign": imported.campaign_id,
                "tags": ", ".join(imported.tags),
                "responsible": imported.responsible_id,
                "name_order": options.get("name_order", ""),
                "default_city_code": options.get("default_city_code", ""),
            },
        )
        self.fields["campaign"].queryset = campaigns_for(actor)
        self.fields["responsible"].queryset = colleagues_for(actor)
        self.fields["campaign"].empty_label = _("No campaign")
        self.fields["responsible"].empty_label = _("Nobody")

    def clean_tags(self) -> list[str]:
        return [tag.strip() for tag in re.split(r"[,;\n]", self.cleaned_data["tags"]) if tag.strip()]

    def clean_default_city_code(self) -> str:
        code = self.cleaned_data["default_city_code"].strip(" ()+")
        if code and not code.isdigit():
            raise forms.ValidationError(_("A city code is digits only, for example 495."))
        return code


def columns_of(data: QueryDict, imported: Import) -> list[dict[str, Any]]:
    """What the page of columns says of each column, as `map_columns` takes it."""
    given = []
    for column in imported.mapping:
        index = column["index"]
        if (target := data.get(f"target-{index}")) is None:
            continue
        said: dict[str, Any] = {"index": index, "target": target}
        if target == "field:new":
            said["label"] = data.get(f"label-{index}", "")[:100]
            said["field_type"] = data.get(f"type-{index}", "")
        if (order := data.get(f"dates-{index}")) in ("day", "month"):
            said["day_first"] = order == "day"
        given.append(said)
    return given


class AskedForm(forms.Form):
    """Which values with a problem a page shows; with `value`, the single rows that have it."""

    code = forms.CharField(max_length=60)
    column = forms.IntegerField(min_value=0, max_value=20_000, required=False)
    value = forms.CharField(max_length=400, required=False, strip=False)
    after = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def asked(self) -> dict[str, Any]:
        """Keyword arguments of `problems.asked_problem`; nonsense asks for nothing."""
        found = self.cleaned_data if self.is_valid() else {}
        names = {"code": "", "column": None, "value": "", "after": None}
        return {name: found.get(name, none) for name, none in names.items()} | {
            "after": found.get("after") or 0
        }


class CorrectionForm(forms.Form):
    """A line of the check: which problem, column and row, and what is to become of the cell."""

    code = forms.CharField(max_length=60)
    column = forms.IntegerField(min_value=-1, max_value=20_000)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("replace", "empty", "reject", "accept", "person")], required=False
    )
    replacement = forms.CharField(max_length=5000, required=False)
    all_rows = forms.BooleanField(required=False)
    person = forms.CharField(max_length=20, required=False)  # a contact's number or "new"

    def line(self, imported: Import) -> Group | None:
        """The line that is corrected, None when it is gone or was never there."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        return group_of(imported, said["code"], said["number"], said["column"])

    def person_chosen(self) -> dict[str, Any] | None:
        """Keyword arguments of `choose_person`; None when it is a cell that is corrected."""
        said = self.cleaned_data
        if not said["person"]:
            return None
        who = int(said["person"]) if said["person"].isdecimal() else None
        return {"row": said["number"], "contact_id": who, "alike": said["all_rows"]}

    def chosen(self, line: Group) -> dict[str, Any]:
        """Keyword arguments of `correct_cells`."""
        said = self.cleaned_data
        alone = line.column < 0 or not said["all_rows"]
        return {
            "column": line.column, "kind": said["kind"], "replacement": said["replacement"],
            "row": line.number if alone else None, "value": "" if alone else line.key,
        }  # fmt: skip


def typed_words(data: QueryDict) -> dict[str, str]:
    """Word of the file → what was typed beside it."""
    words, typed = data.getlist("word"), data.getlist("to")
    return {word[:100]: " ".join(text.split())[:100] for word, text in zip(words, typed, strict=False)}
