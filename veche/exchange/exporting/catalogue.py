"""The facts of a contact that a spreadsheet can have a column for, and the SQL that tells each.

The expressions are read by `telling`, which joins the tables that `needs` names and gives the words of `Words` as
parameters. In them `contact` is the contact, `points`, `places`, `tags`… what is gathered about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from veche.contacts.models import OwnField, PointKind
from veche.exchange.writing import MOMENT, MONEY, NUMBER, TEXT

NAME, REACH, STANDING, OWN, ORIGIN, OTHER = "name", "reach", "standing", "own", "origin", "other"
GROUPS = {
    NAME: gettext_lazy("Name"),
    REACH: gettext_lazy("How to reach them"),
    STANDING: gettext_lazy("What they are to us"),
    OWN: gettext_lazy("Own fields"),
    ORIGIN: gettext_lazy("Where they came from"),
    OTHER: gettext_lazy("Other"),
}
SEVERAL = ("phone", "email")  # kinds of contact points that may get columns of their own each


@dataclass(frozen=True)
class Fact:
    """A column that can be chosen. `sql` gives a text or, for NUMBER, a number; for MOMENT a timestamp."""

    key: str
    group: str
    caption: Any
    sql: str
    type: str = TEXT
    needs: str = ""
    width: float = 0
    usual: bool = False
    is_day: bool = False  # the text may be a whole day, which a workbook gets as one


def _own_sql(field: OwnField) -> str:
    key = f"'{field.key}'"  # a slug
    text = f"contact.own ->> {key}"
    kinds = OwnField.Type
    match field.type:
        case kinds.NUMBER:
            return f"CASE WHEN {text} ~ '^-?[0-9]+([.][0-9]+)?$' THEN ({text})::numeric END"
        case kinds.MONEY:
            amount = f"contact.own -> {key} ->> 'minor'"
            return f"CASE WHEN {amount} ~ '^-?[0-9]+$' THEN round(({amount})::numeric / 100, 2) END"
        case kinds.DATE:
            return f"to_char(NULLIF({text}, '')::date, 'DD.MM.YYYY')"
        case kinds.YES_NO:
            return f"CASE {text} WHEN 'true' THEN %(yes)s WHEN 'false' THEN %(no)s END"
        case kinds.CHOICE:
            return f"COALESCE(%(own_{field.pk})s::jsonb ->> ({text}), {text})"
        case kinds.MANY_CHOICES:
            return (
                f"CASE WHEN jsonb_typeof(contact.own -> {key}) = 'array' THEN (SELECT string_agg(COALESCE("
                f"%(own_{field.pk})s::jsonb ->> one.id, one.id), ', ' ORDER BY one.place)"
                f" FROM jsonb_array_elements_text(contact.own -> {key}) WITH ORDINALITY AS one(id, place)) END"
            )
        case kinds.USER:
            return f"(SELECT u.name FROM accounts_user AS u WHERE u.id::text = {text})"
    return text


_OWN_TYPES = {OwnField.Type.NUMBER: NUMBER, OwnField.Type.MONEY: MONEY}

_BIRTHDAY = """CASE
    WHEN contact.birth_day IS NOT NULL AND contact.birth_month IS NOT NULL THEN
        lpad(contact.birth_day::text, 2, '0') || '.' || lpad(contact.birth_month::text, 2, '0') || '.'
        || COALESCE(contact.birth_year::text, '')
    WHEN contact.birth_month IS NOT NULL AND contact.birth_year IS NOT NULL THEN
        lpad(contact.birth_month::text, 2, '0') || '.' || contact.birth_year
    ELSE contact.birth_year::text END"""

_FIXED = (
    Fact("number", NAME, gettext_lazy("Number"), "contact.id", NUMBER, usual=True),
    Fact("name", NAME, gettext_lazy("Full name"), "contact.name", width=34),
    Fact("surname", NAME, gettext_lazy("Surname"), "contact.surname", usual=True),
    Fact("given_name", NAME, gettext_lazy("Given name"), "contact.given_name", usual=True),
    Fact("patronymic", NAME, gettext_lazy("Patronymic"), "contact.patronymic", usual=True),
    Fact(
        "organisation", NAME, gettext_lazy("Name or organisation"),
        "CASE WHEN contact.kind = 'organisation' OR contact.surname = '' AND contact.given_name = ''"
        " THEN contact.name END", width=26, usual=True,
    ),
    Fact("kind", NAME, gettext_lazy("Kind"), "%(kinds)s::jsonb ->> contact.kind"),
    Fact("gender", NAME, pgettext_lazy("of a person", "Gender"), "%(genders)s::jsonb ->> contact.gender"),
    Fact("birthday", NAME, gettext_lazy("Birthday"), _BIRTHDAY, width=12, usual=True, is_day=True),
    *(
        Fact(kind, REACH, PointKind(kind).label, f"array_to_string(points.{kind}, ', ')", needs="points",
             width=24 if kind in SEVERAL else 0, usual=True)
        for kind in PointKind.values
    ),
    Fact("address", REACH, gettext_lazy("Address"), "places.texts", needs="places", width=44, usual=True),
    Fact("status", STANDING, gettext_lazy("Status"), "%(statuses)s::jsonb ->> contact.status_id::text", usual=True),
    Fact("role", STANDING, gettext_lazy("Roles"), "roles.names", needs="roles", width=24),
    Fact("tag", STANDING, gettext_lazy("Tags"), "tags.names", needs="tags", width=28, usual=True),
    Fact("campaign", STANDING, gettext_lazy("Campaigns"), "campaigns.names", needs="campaigns", width=28, usual=True),
    Fact("responsible", STANDING, gettext_lazy("Responsible"), "responsible.name", needs="responsible", width=22,
         usual=True),
    Fact("territory", STANDING, gettext_lazy("Territory"), "territory.name", needs="territory", width=22),
    Fact("household", STANDING, gettext_lazy("Household"), "home.title", needs="household", width=36),
    Fact("household_size", STANDING, gettext_lazy("People of the household"), "home.people", NUMBER, needs="household"),
    Fact("household_number", STANDING, gettext_lazy("Number of the household"), "home.number", NUMBER,
         needs="household"),
    Fact("caution", STANDING, gettext_lazy("Caution"),
         "CASE WHEN contact.caution_until IS NULL OR contact.caution_until >= %(today)s::date"
         " THEN contact.caution END", width=28),
    Fact("source", ORIGIN, gettext_lazy("Source"), "origin.source", needs="origin", width=26),
    Fact("source_campaign", ORIGIN, gettext_lazy("Campaign of the source"), "origin.campaign", needs="origin",
         width=26),
    Fact("collector", ORIGIN, gettext_lazy("Collector"), "origin.collector", needs="origin", width=22),
    Fact("source_day", ORIGIN, gettext_lazy("Day of the source"), "to_char(origin.day, 'DD.MM.YYYY')", needs="origin",
         width=12, is_day=True),
    Fact("external_id", ORIGIN, gettext_lazy("Number in other systems"), "others.ids", needs="others", width=22),
    Fact("notes", OTHER, gettext_lazy("Notes"), "notes.texts", needs="notes", width=60),
    Fact("made_at", OTHER, gettext_lazy("Added"), "contact.made_at", MOMENT),
    Fact("changed_at", OTHER, pgettext_lazy("when a contact was", "Changed"), "contact.changed_at", MOMENT),
)  # fmt: skip


def facts(fields: Iterable[OwnField]) -> dict[str, Fact]:
    """Every fact by its key, in the order in which they are offered; `fields` are the team's own ones in use."""
    found = {fact.key: fact for fact in _FIXED}
    for field in fields:
        fact = Fact(
            key=f"own.{field.key}",
            group=OWN,
            caption=field.label,
            sql=_own_sql(field),
            type=_OWN_TYPES.get(field.type, TEXT),
            is_day=field.type == OwnField.Type.DATE,
            usual=True,
        )
        found[fact.key] = fact
    return found


def widened(chosen: Iterable[Fact], most: dict[str, int]) -> list[Fact]:
    """The chosen facts, those in `most` as that many columns each: Phone 1, Phone 2… The last one holds the rest."""
    wide: list[Fact] = []
    for fact in chosen:
        columns = most.get(fact.key, 1)
        if columns < 2:
            wide.append(fact)
            continue
        for n in range(1, columns + 1):
            one = (
                f"points.{fact.key}[{n}]"
                if n < columns
                else f"array_to_string(points.{fact.key}[{n}:], ', ')"
            )
            caption = _("%(fact)s %(n)d") % {"fact": fact.caption, "n": n}
            wide.append(Fact(f"{fact.key}-{n}", fact.group, caption, one, needs="points", width=19))
    return wide
