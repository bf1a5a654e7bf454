"""Shape of what is typed on a card. The meaning is checked by the actions, whose refusals come back to the fields."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from veche.campaigns.queries import running_for
from veche.contacts.address_input import AddressLine, AddressLines
from veche.contacts.free_line import read_line
from veche.contacts.models import (
    Contact,
    Gender,
    House,
    HouseEntry,
    Household,
    Kind,
    MassChange,
    OwnField,
    Tag,
)
from veche.contacts.models.reach import PointKind, Purpose, Validity
from veche.contacts.queries import choices
from veche.contacts.queries.card import Card
from veche.contacts.queries.given import receivers
from veche.contacts.queries.house import Passport
from veche.contacts.queries.quick_add import Words
from veche.contacts.queries.selection import Selection
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.ui.action_form import ActionForm

HARD = {"autocomplete": "off"}


class CardForm(forms.Form):
    """A form that opens in place. It carries the revision that its reader saw."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PersonForm(CardForm):
    surname = forms.CharField(label=_("Surname"), required=False, max_length=200)
    given_name = forms.CharField(label=_("First name"), required=False, max_length=200)
    patronymic = forms.CharField(label=_("Patronymic"), required=False, max_length=200)
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=Gender.choices)
    birthday = forms.CharField(
        label=_("Birthday"),
        required=False,
        help_text=_("03.11.1980, or what you know of it: 03.11, 11.1980, 1980."),
    )


class OrganisationForm(CardForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=600)


class CautionForm(CardForm):
    caution = forms.CharField(
        label=_("Caution"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Seen before anything else on the card and before any call."),
    )
    caution_until = forms.CharField(
        label=_("Until"), required=False, help_text=_("A date such as 31.12.2026.")
    )


class StandingForm(CardForm):
    status = forms.ModelChoiceField(None, label=_("Status"), required=False, empty_label="—")
    responsible = forms.ModelChoiceField(None, label=_("Responsible"), required=False, empty_label="—")
    territory = forms.ModelChoiceField(None, label=_("Territory"), required=False, empty_label="—")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["status"].queryset = choices.statuses()
        self.fields["responsible"].queryset = choices.colleagues()
        self.fields["territory"].queryset = choices.territories()


class OwnFieldForm(CardForm):
    """One own field; its control is fit for its type."""

    def __init__(self, *args: Any, field: OwnField, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"] = _control(field)


class PointForm(CardForm):
    text = forms.CharField(max_length=300, widget=forms.TextInput(HARD))
    purpose = forms.ChoiceField(label=_("What it is for"), required=False, choices=Purpose.choices)
    validity = forms.ChoiceField(label=_("Does it work?"), choices=Validity.choices, required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, kind: str, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = PointKind(kind).label
        if is_new:
            del self.fields["validity"]
            self.fields["text"].help_text = (
                _("Several at once are all right.") if kind in ("phone", "email") else ""
            )
        if kind not in ("phone", "email"):
            del self.fields["purpose"]


class AddressForm(CardForm):
    text = forms.CharField(label=_("Address"), max_length=1000, widget=AddressLines)
    purpose = forms.ChoiceField(label=_("What it is for"), required=False, choices=Purpose.choices)
    note = forms.CharField(label=_("Remark"), required=False, max_length=300)


class RoleForm(CardForm):
    role = forms.ModelChoiceField(None, label=_("Role"), empty_label="—")
    since = forms.CharField(label=_("Since"), required=False)
    until = forms.CharField(label=_("Until"), required=False)
    note = forms.CharField(
        label=_("Of what"), required=False, max_length=300, help_text=_("Which house, party or newspaper.")
    )

    def __init__(self, *args: Any, is_new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].queryset = choices.role_kinds()
        if not is_new:
            del self.fields["role"]


class TagForm(CardForm):
    tag = forms.ModelChoiceField(None, label=_("Tag"), empty_label="—")

    def __init__(self, *args: Any, card: Card, **options: Any) -> None:
        super().__init__(*args, **options)
        there = [row.tag_id for row in card.tags]
        self.fields["tag"].queryset = choices.tags_for(card.actor).exclude(pk__in=there)
        self.fields["tag"].label_from_instance = _tag_label


class MembershipForm(CardForm):
    campaign = forms.ModelChoiceField(None, label=_("Campaign"), empty_label="—")

    def __init__(self, *args: Any, card: Card, **options: Any) -> None:
        super().__init__(*args, **options)
        there = [row.campaign_id for row in card.memberships]
        self.fields["campaign"].queryset = running_for(card.actor).exclude(pk__in=there)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))


class ContactForm(forms.Form):
    """A new person or organisation: any one thing is enough."""

    kind = forms.ChoiceField(
        label=_("Who is it?"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.PERSON
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=600,
        widget=forms.TextInput(HARD),
        help_text=_("In any order, with or without a patronymic. We take it apart and keep what you typed."),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=500, widget=forms.TextInput(HARD))
    email = forms.CharField(label=_("E-mail"), required=False, max_length=500, widget=forms.TextInput(HARD))
    account_kind = forms.ChoiceField(
        label=_("Messenger or network"),
        required=False,
        choices=[choice for choice in PointKind.choices if choice[0] not in ("phone", "email")],
    )
    account = forms.CharField(
        label=_("Account"), required=False, max_length=300, widget=forms.TextInput(HARD)
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=1000, widget=AddressLine)
    birthday = forms.CharField(
        label=_("Birthday"), required=False, help_text=_("03.11.1980, or what you know of it.")
    )
    campaign = forms.ModelChoiceField(None, label=_("Campaign"), required=False, empty_label="—")
    origin_words = forms.CharField(
        label=_("Where from"),
        required=False,
        max_length=300,
        help_text=_("Meeting in the yard on Lenin street."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = running_for(actor)

    def points(self) -> dict[str, list[str]]:
        """What was typed for phones, e-mails and the account, by kind."""
        given = self.cleaned_data
        texts = {"phone": given["phone"], "email": given["email"], given["account_kind"]: given["account"]}
        return {kind: [text] for kind, text in texts.items() if kind and text}


class MassForm(forms.Form):
    """What to do with many people at once. The meaning is checked by the action."""

    kind = forms.ChoiceField(choices=MassChange.Kind.choices)
    tag = forms.ModelChoiceField(None, label=_("Tag"), required=False, empty_label=None)
    tag_held = forms.ModelChoiceField(None, label=_("Tag"), required=False, empty_label=None)
    campaign = forms.ModelChoiceField(None, label=_("Campaign"), required=False, empty_label=None)
    status = forms.ModelChoiceField(None, label=_("Status"), required=False, empty_label=_("No status"))
    responsible = forms.ModelChoiceField(
        None, label=_("Responsible"), required=False, empty_label=_("Nobody")
    )
    territory = forms.ModelChoiceField(
        None, label=_("Territory"), required=False, empty_label=_("No territory")
    )
    what = forms.ModelChoiceField(
        None, label=_("Field"), required=False, empty_label=None, to_field_name="key"
    )
    number = forms.CharField(required=False)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        tags = choices.tags_for(actor)
        for name, rows in {
            "tag": tags, "tag_held": tags, "campaign": running_for(actor), "status": choices.statuses(),
            "responsible": choices.colleagues(), "territory": choices.territories(), "what": choices.own_names(),
        }.items():  # fmt: skip
            self.fields[name].queryset = rows
        self.fields["tag"].label_from_instance = self.fields["tag_held"].label_from_instance = _tag_label

    def asked(self, selection: Selection) -> dict[str, Any]:
        """`kind`, `what` and `value` for the action; `Refusal` for what cannot be read, or isn't confirmed."""
        kind = self.data.get("kind", "")
        if kind not in MASS_FIELDS:
            raise Refusal("people.mass_kind", gettext("Choose what to do with them."))
        name = MASS_FIELDS[kind]
        value = self.data.get(name) or None if name else None
        if kind in ("tag_put", "tag_take", "campaign_put", "campaign_take") and not value:
            sentence = gettext("Choose one of the list.")
            raise Refusal("people.mass_value", sentence, fields={name: sentence})
        if selection.is_large and re.sub(r"\D", "", self.data.get("number", "")) != str(selection.count):
            sentence = gettext("Type their number to go on: %(number)s.") % {"number": selection.count}
            raise Refusal("people.mass_number", sentence, fields={"number": sentence})
        what = self.data.get("what", "") if kind == "own" else ""
        if kind == "own" and hasattr(self.data, "getlist"):
            several = self.data.getlist("value")
            value = several if len(several) > 1 else value
        return {"kind": kind, "what": what, "value": value}


MASS_FIELDS = {
    "tag_put": "tag", "tag_take": "tag_held", "campaign_put": "campaign", "campaign_take": "campaign",
    "status": "status", "responsible": "responsible", "territory": "territory", "own": "value", "remove": "",
}  # fmt: skip


def own_control(field: OwnField) -> OwnFieldForm:
    """The control for a value of the field, for whatever sets it at many people."""
    return OwnFieldForm(field=field)


class LineForm(forms.Form):
    """One line of a list as it was understood; each piece may be corrected before it is added."""

    name = forms.CharField(label=_("Name"), required=False, max_length=600)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=500)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=500)
    account = forms.CharField(label=_("Account"), required=False, max_length=300)
    birthday = forms.CharField(label=_("Birthday"), required=False, max_length=40)
    address = forms.CharField(label=_("Address"), required=False, max_length=1000)
    status = forms.ChoiceField(label=_("Status"), required=False)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=500)
    note = forms.CharField(label=_("Note"), required=False, max_length=20_000)
    kind = forms.ChoiceField(label=_("Who is it?"), choices=Kind.choices, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    role_note = forms.CharField(label=_("Of what"), required=False, max_length=300)

    def __init__(self, *args: Any, words: Words, **options: Any) -> None:
        super().__init__(*args, auto_id=False, **options)  # several forms of one page share their names
        self.words = words
        for name, offered in (("status", words.statuses), ("role", words.roles)):
            self.fields[name].choices = [("", "—"), *((each.pk, str(each)) for each in offered)]
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "class": "v-in s"}
        self.fields["tags"].widget.attrs["list"] = "known-tags"

    def clean_tags(self) -> list[int]:
        names = [name.strip(" #") for name in self.cleaned_data["tags"].split(",")]
        ids = {name: self.words.tag(name) for name in names if name}
        unknown = [name for name, pk in ids.items() if pk is None]
        if unknown:
            raise forms.ValidationError(_("There is no tag “%(name)s”.") % {"name": unknown[0]})
        return list(dict.fromkeys(ids.values()))

    def clean_account(self) -> list[tuple[str, str]]:
        typed = self.cleaned_data["account"]
        accounts = read_line(typed).accounts
        if typed.strip() and not accounts:
            raise forms.ValidationError(
                _("Write @name for Telegram, or the address of the page: vk.com/name.")
            )
        return accounts

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role_note") and not self.cleaned_data.get("role"):
            self.add_error("role", _("Choose one of the list."))
        return self.cleaned_data

    def points(self) -> dict[str, list[str]]:
        """What was typed for phones, e-mails and accounts, by kind."""
        given = self.cleaned_data
        points = {kind: [given[kind]] for kind in ("phone", "email") if given[kind]}
        for kind, text in given["account"]:
            points.setdefault(kind, []).append(text)
        return points


def own_initial(field: OwnField, value: Any) -> Any:
    """A stored own value as its control shows it."""
    if value is None:
        return None
    match field.type:
        case OwnField.Type.MONEY:
            return f"{value['minor'] // 100}.{value['minor'] % 100:02}".removesuffix(".00")
        case OwnField.Type.YES_NO:
            return "yes" if value else "no"
    return value


def _control(field: OwnField) -> forms.Field:
    options = [(choice["id"], choice["label"]) for choice in field.choices]
    match field.type:
        case OwnField.Type.CHOICE:
            return forms.ChoiceField(label=field.label, required=False, choices=[("", "—"), *options])
        case OwnField.Type.MANY_CHOICES:
            widget = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(
                label=field.label, required=False, choices=options, widget=widget
            )
        case OwnField.Type.YES_NO:
            offered = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
            return forms.ChoiceField(label=field.label, required=False, choices=offered)
        case OwnField.Type.USER:
            return forms.ModelChoiceField(
                choices.colleagues(), label=field.label, required=False, empty_label="—"
            )
        case OwnField.Type.DATE:
            return forms.CharField(
                label=field.label, required=False, help_text=_("A date such as 31.12.2026.")
            )
    return forms.CharField(label=field.label, required=False, max_length=5000)


def _tag_label(tag: Tag) -> str:
    return f"{tag.name} ({tag.campaign})" if tag.campaign_id else tag.name


class GivenListForm(ActionForm):
    """People on loan: what the list is called, who gets it, until when."""

    name = forms.CharField(label=_("What to call the list"), max_length=200)
    to = forms.ChoiceField(label=_("Who gets it"))
    until = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    grows = forms.BooleanField(
        label=_("Whoever comes to match the filter later joins the list by themselves"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, picked: bool, asked: str, **options: Any) -> None:
        super().__init__(*args, **options)
        users, teams = receivers(actor)
        self.known = {f"user-{each.pk}": each for each in users} | {f"team-{each.pk}": each for each in teams}
        self.fields["to"].choices = [
            ("", "—"),
            (_("Colleagues"), [(f"user-{each.pk}", str(each)) for each in users]),
            (_("Teams"), [(f"team-{each.pk}", str(each)) for each in teams]),
        ]
        self.fields["until"].initial = timezone.localdate() + dt.timedelta(days=14)
        if picked or not asked:
            del self.fields["grows"]

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"to": self.known[given["to"]]}


class HouseAddressForm(ActionForm):
    """A house where nobody may be known yet."""

    address = forms.CharField(
        label=_("Address of the house"),
        max_length=1000,
        widget=forms.TextInput(HARD),
        help_text=_("The town, the street and the number: “Tver, ul. Mira, 5”."),
    )


class HouseForm(ActionForm):
    """The passport of a house: everything may stay empty."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=House.Kind.choices)
    entrances = forms.IntegerField(label=_("Entrances"), required=False)
    floors = forms.IntegerField(label=_("Floors"), required=False)
    first_floor = forms.IntegerField(
        label=_("Flats begin on floor"), required=False, help_text=_("2 where there are shops below.")
    )
    first_flat = forms.IntegerField(label=_("First flat"), required=False, help_text=_("Empty means 1."))
    last_flat = forms.IntegerField(label=_("Last flat"), required=False)
    ranges = forms.CharField(
        label=_("Flats of each entrance"),
        required=False,
        max_length=600,
        widget=forms.TextInput(HARD),
        help_text=_("Only where entrances are uneven: 1–36, 37–70, 71–108."),
    )
    elder = forms.TypedChoiceField(label=_("House elder"), required=False, coerce=int, empty_value=None)
    management = forms.CharField(
        label=_("Managing company or association"),
        required=False,
        max_length=200,
        widget=forms.TextInput(HARD),
    )
    management_phone = forms.CharField(
        label=_("Their phone"), required=False, max_length=100, widget=forms.TextInput(HARD)
    )
    place = forms.CharField(
        label=_("Coordinates"),
        required=False,
        max_length=60,
        widget=forms.TextInput(HARD),
        help_text=_("Latitude and longitude: 56.838607, 60.605514."),
    )
    note = forms.CharField(
        label=_("Remark"), required=False, max_length=5000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Codes of the doors, where the meetings are, what to know before ringing."),
    )  # fmt: skip

    def __init__(self, *args: Any, passport: Passport, **options: Any) -> None:
        super().__init__(*args, **options)
        people = {each.row.id: each for each in passport.residents}
        named = [
            (key, f"{each.row.name}, {each.flat}" if each.flat else each.row.name)
            for key, each in people.items()
        ]
        if passport.elder and passport.elder.id not in people:
            named.insert(0, (passport.elder.id, passport.elder.name))
        self.fields["elder"].choices = [("", "—"), *named]

    def arguments(self) -> dict[str, Any]:
        fields = dict(self.cleaned_data)
        return {"revision": fields.pop("revision"), "fields": fields}


class HouseEntryForm(ActionForm):
    """What happened at a house or is wrong there."""

    kind = forms.ChoiceField(label=_("What it is"), choices=HouseEntry.Kind.choices)
    text = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea({"rows": 2}))
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )  # fmt: skip


class RelationForm(ActionForm):
    """Somebody found (`other`) or new, and what they are to whose card it is; or only that they live together."""

    q = forms.CharField(label=_("Who is it?"), max_length=200, required=False)
    other = forms.CharField(required=False, max_length=20)
    kind_code = forms.ChoiceField(label=_("What are they to each other?"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)
    together = forms.BooleanField(label=_("They live together: one household"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind_code"].choices = [("", "—"), *kinds]

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        other, typed = given.pop("other"), given.pop("q")
        number = int(other) if other.isascii() and other.isdecimal() else None
        return given | {"other_id": number, "new_name": typed if other == "new" else ""}


class HouseholdForm(ActionForm):
    name = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Empty: it is called after them all.")
    )
    head = forms.ChoiceField(label=_("Head of the household"))
    letter = forms.ChoiceField(label=_("How to write to it"), choices=Household.Letter.choices)

    def __init__(self, *args: Any, people: list[Contact], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["head"].choices = [(each.pk, str(each)) for each in people]
