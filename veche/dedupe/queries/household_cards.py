"""A suggested household on the screen: cards of its people, and in words what they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from veche.contacts.queries.merging import Comparison, Side

SHOWN = ("birthday", "gender", "address", "phone", "email", "campaign", "role", "tag", "caution")

# what is shared → when all share it, when some do
WORDS: dict[str, tuple[Any, Any]] = {
    "flat": (_("the same flat"), _("the same flat at %(some)d of %(all)d")),
    "house": (_("the same house without flats"), _("the same house at %(some)d of %(all)d")),
    "surname": (_("the same surname"), _("the same surname at %(some)d of %(all)d")),
    "home_phone": (_("the same home phone"), _("the same home phone at %(some)d of %(all)d")),
    "phone": (_("the same mobile phone"), _("the same mobile phone at %(some)d of %(all)d")),
    "email": (_("the same e-mail"), _("the same e-mail at %(some)d of %(all)d")),
}
WHY: dict[str, Any] = {
    "patronymic": _("the patronymic is after the father, %(years)d years between them"),
    "mates_child": _("husband or wife of the parent, %(years)d years between them"),
    "same_father": _("patronymics after one father, near in age"),
    "same_parent": _("children of one parent"),
    "near_age": _("a man and a woman of near age, one flat and one surname"),
    "surname": _("one surname"),
}


@dataclass(frozen=True)
class Told:
    """A value of a card; `shared` with somebody else of them."""

    text: str
    shared: bool


@dataclass(frozen=True)
class PersonCard:
    side: Side
    name: str
    lines: list[tuple[str, list[Told]]]


def cards_of(compared: Comparison) -> list[PersonCard]:
    """The compared people as cards: the lines by which a family is known, each with what it shares marked."""
    lines = sorted(
        (line for line in compared.lines if line.code in SHOWN), key=lambda line: SHOWN.index(line.code)
    )
    cards = []
    for place, side in enumerate(compared.people):
        told = []
        for line in lines:
            texts = [_texts(value) for value in line.values]
            others = {text for n, each in enumerate(texts) if n != place for text in each}
            marked = line.code in ("address", "phone", "email")
            if texts[place]:
                told.append((line.label, [Told(text, marked and text in others) for text in texts[place]]))
        cards.append(PersonCard(side, side.contact.name, told))
    return cards


def _texts(value: Any) -> list[str]:
    if value.is_empty:
        return []
    return [text for text, _added in value.items] or [value.text]


def in_words(reasons: Mapping[str, int], everybody: int) -> list[str]:
    """What they share, as sentences; of some of them how many."""
    return [
        str(WORDS[what][0])
        if people >= everybody
        else str(WORDS[what][1]) % {"some": people, "all": everybody}
        for what, people in reasons.items()
        if what in WORDS
    ]


def why(code: str, years: int | None) -> str:
    """Why two are thought to be what is offered."""
    return str(WHY.get(code, _("one household"))) % {"years": years or 0}
