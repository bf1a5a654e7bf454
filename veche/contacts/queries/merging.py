"""Cards that may be one person side by side; merges that were made; where the number of a card that is gone leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts import naming
from veche.contacts.fields import LABELS
from veche.contacts.merging_choice import codes_of, is_empty, is_settled, suggested, value_of
from veche.contacts.models import (
    Contact,
    FieldChange,
    Merge,
    Origin,
    OtherValue,
    OwnField,
    Status,
)
from veche.contacts.queries.alongside import memberships, roles, tags, with_parts
from veche.contacts.queries.card import Card
from veche.contacts.queries.merged_away import merged_into
from veche.contacts.queries.scope import contacts_for
from veche.contacts.queries.telling import Narrator
from veche.contacts.queries.timeline import Line as HistoryLine
from veche.contacts.queries.timeline import counts
from veche.core import presenting
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.ui import formats

__all__ = [
    "Comparison",
    "choices_of",
    "comparison",
    "get_merge",
    "merged_into",
    "merges",
    "merges_for",
    "other_values",
]

PAGE = 50
CHOICE = "choice."  # and a field code: the name of a radio button
ALIKE = 0.5  # the share of common letters from which marking those that differ helps a reader
CHOOSE, STRICT, ALL = "choose", "strict", "all"
Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Side:
    """One of the people compared."""

    contact: Contact
    origin: str

    @cached_property
    def entries(self) -> int:
        """How much its timeline holds; counted when it is asked for."""
        return counts(self.contact)["all"]

    @property
    def id(self) -> int:
        return self.contact.pk

    @property
    def initials(self) -> str:
        return naming.initials(self.contact.name)

    @property
    def number(self) -> str:
        return formats.count(self.contact.pk)


@dataclass(frozen=True)
class Value:
    """What one of them says in a line: a text (its `pieces` with what differs marked), or several `items`."""

    contact_id: int
    text: str
    is_empty: bool
    pieces: Pieces = ()
    items: tuple[tuple[str, bool], ...] = ()  # text, and whether the one that stays has it not
    wins: bool = False  # a stricter mark, which stays whatever is chosen


@dataclass(frozen=True)
class ComparedLine:
    """`kind`: of a choice one value stays, of the strict the stricter, of all each."""

    code: str
    label: str
    kind: str
    values: list[Value]
    same: bool
    conflict: bool
    suggested: int | None
    result: str = ""  # what adds up stands on lines of its own

    @property
    def is_quiet(self) -> bool:
        """Whether a small screen may fold it away: nobody has to decide anything."""
        return not self.conflict and self.kind != STRICT


@dataclass
class Comparison:
    """People beside each other, the one that stays first."""

    people: list[Side]
    lines: list[ComparedLine]

    @cached_property
    def conflicts(self) -> list[ComparedLine]:
        return [line for line in self.lines if line.conflict]

    @property
    def quiet(self) -> int:
        return sum(line.is_quiet for line in self.lines)

    @property
    def entries(self) -> int:
        return sum(side.entries for side in self.people)

    @property
    def gone_ids(self) -> list[int]:
        return [side.id for side in self.people[1:]]


def comparison(actor: Actor, contact_ids: Sequence[int]) -> Comparison:
    """These people side by side, in this order; `NotFound` when one of them is not `actor`'s to see."""
    ids = list(dict.fromkeys(contact_ids))
    rows = (
        with_parts(contacts_for(actor), actor)
        .filter(pk__in=ids)
        .prefetch_related(
            "points", "addresses", Prefetch("origins", Origin.objects.order_by("made_at", "id"))
        )
    )
    found = {each.pk: each for each in rows}
    if len(found) < len(ids):
        raise NotFound
    people = [found[each] for each in ids]
    if len({each.kind for each in people}) > 1:
        sentence = _("A person and an organisation cannot become one. Link them instead.")
        raise Refusal("contacts.merge_kinds", sentence)
    lines = [*_chosen_lines(actor, people), *_whole_lines(actor, people)]
    return Comparison([_side(each) for each in people], lines)


def _side(contact: Contact) -> Side:
    origin = next(iter(contact.origins.all()), None)
    day = formats.plain_day(origin.made_at if origin else contact.made_at)
    words = (origin.words or str(origin.get_channel_display())) if origin else ""
    return Side(contact, ", ".join(filter(None, (words, day))))


def _chosen_lines(actor: Actor, people: list[Contact]) -> list[ComparedLine]:
    codes = codes_of(people)
    statuses = dict(Status.objects.values_list("pk", "code")) if "status" in codes else {}
    labels = _own_labels(codes)
    said = {code: [value_of(each, code) for each in people] for code in codes}
    if any(each.caution for each in people):
        said["caution"] = [each.caution for each in people]
    words = _words(actor, said)
    lines = []
    for code, values in said.items():
        if all(is_empty(value) for value in values):
            continue
        whose = suggested(people, code, statuses) if code != "caution" else None
        strict = code == "caution" or is_settled(people, code, statuses)
        different = {repr(value) for value in values if not is_empty(value)}
        texts = [words(code, value) for value in values]
        best = texts[people.index(whose)] if whose else "; ".join(dict.fromkeys(filter(None, texts)))
        conflict = len(different) > 1 and not strict
        lines.append(
            ComparedLine(
                code,
                labels.get(code) or str(LABELS.get(code, code)),
                STRICT if strict else CHOOSE,
                [
                    Value(
                        each.pk,
                        text,
                        is_empty(value),
                        _pieces(text, best) if conflict else ((text, False),),
                        wins=strict and not is_empty(value) and whose in (None, each),
                    )
                    for each, text, value in zip(people, texts, values, strict=True)
                ],
                same=len({repr(value) for value in values}) == 1,
                conflict=conflict,
                suggested=whose and whose.pk,
                result=best,
            )
        )
    return lines


def _words(actor: Actor, said: dict[str, list[Any]]) -> Callable[[str, Any], str]:
    """How the card's history words these values, all names looked up at once."""
    changes = [FieldChange(field=code, after=value) for code, values in said.items() for value in values]
    narrator = Narrator(actor, [HistoryLine((timezone.now(), 2, 0), changes=changes)])
    return lambda code, value: "" if is_empty(value) else narrator.value(code, value)


def _own_labels(codes: Iterable[str]) -> dict[str, str]:
    keys = [code.removeprefix("own.") for code in codes if code.startswith("own.")]
    return {f"own.{field.key}": field.label for field in OwnField.objects.filter(key__in=keys)}


def _pieces(text: str, other: str) -> Pieces:
    """The text cut where it differs from the suggested one; whole where they have little in common."""
    matcher, pieces = SequenceMatcher(None, text, other, autojunk=False), []
    if matcher.ratio() < ALIKE:
        return ((text, False),)
    for what, first, last, _from, _to in matcher.get_opcodes():
        if last > first:
            pieces.append((text[first:last], what != "equal"))
    return tuple(pieces)


def _whole_lines(actor: Actor, people: list[Contact]) -> list[ComparedLine]:
    """What adds up: each once."""
    cards = [Card(actor, each) for each in people]
    parts: list[tuple[str, Any, list[list[str]]]] = []
    kinds = dict.fromkeys(point.point.kind for card in cards for point in card.points)
    for kind in kinds:
        texts = [[shown.text for shown in card.points if shown.point.kind == kind] for card in cards]
        parts.append((kind, LABELS[kind], texts))
    parts += [
        ("address", LABELS["address"], [[row.text for row in each.addresses.all()] for each in people]),
        ("role", _("Roles"), [[str(row.role) for row in roles(each)] for each in people]),
        ("tag", _("Tags"), [[str(row.tag) for row in tags(each)] for each in people]),
        ("campaign", _("Campaigns"), [[str(row.campaign) for row in memberships(each)] for each in people]),
        ("external_id", LABELS["external_id"], [
            [f"{row['system']} {row['value']}".strip() for row in each.elsewhere] for each in people
        ]),
    ]  # fmt: skip
    lines = []
    for code, label, texts in parts:
        if not any(texts):
            continue
        first = set(texts[0])
        values = [
            Value(
                each.pk, ", ".join(mine), not mine,
                items=tuple((text, place > 0 and text not in first) for text in mine),
            )
            for place, (each, mine) in enumerate(zip(people, texts, strict=True))
        ]  # fmt: skip
        union = "\n".join(dict.fromkeys(text for mine in texts for text in mine))
        same = len({tuple(sorted(mine)) for mine in texts}) == 1
        lines.append(ComparedLine(code, str(label), ALL, values, same, False, None, union))
    return lines


def choices_of(posted: QueryDict, people: Sequence[int]) -> dict[str, int]:
    """Whose value was chosen in each line of a form with the comparison in it."""
    chosen = {key.removeprefix(CHOICE): value for key, value in posted.items() if key.startswith(CHOICE)}
    numbers = {str(each): each for each in people}
    if not numbers.keys() >= set(chosen.values()):
        raise Refusal("contacts.merge_choice", _("Choose a value of one of these cards in each line."))
    return {code: numbers[value] for code, value in chosen.items()}


# --- what was merged


def merges_for(actor: Actor) -> QuerySet[Merge]:
    """Merges of cards that `actor` may see."""
    if not actor.may("contacts.merge"):
        return Merge.objects.none()
    merges = Merge.objects.select_related("contact", "by", "undone_by").prefetch_related("gone")
    return merges if actor.sees_all else merges.filter(contact__in=contacts_for(actor))


def get_merge(actor: Actor, merge_id: int) -> Merge:
    """One of them, else `NotFound`."""
    merge = merges_for(actor).filter(pk=merge_id).first()
    if merge is None:
        raise NotFound
    return merge


def merges(actor: Actor, *, after: int | None = None) -> tuple[list[Merge], int | None]:
    """The newest merges, older than the number `after`; and the number to go on from."""
    found = merges_for(actor)
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def other_values(actor: Actor, contact: Contact) -> list[tuple[str, str, int | None]]:
    """What merges did not choose of this contact, in words: (label, value, number of the card that had it).

    Nothing in a presentation: nobody invents further names for who has an invented one.
    """
    if presenting.is_on():
        return []
    rows = (
        list(OtherValue.objects.filter(contact=contact)) if getattr(contact, "has_other_values", True) else []
    )
    said: dict[str, list[Any]] = {}
    for row in rows:
        said.setdefault(row.field, []).append(row.value)
    if not rows:
        return []
    words, labels = _words(actor, said), _own_labels(said)
    return [
        (
            labels.get(row.field) or str(LABELS.get(row.field, row.field)),
            words(row.field, row.value),
            row.former_id,
        )
        for row in rows
    ]
