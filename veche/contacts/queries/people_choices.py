"""What the filters of the list offer this viewer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.models import Kind, Origin, OwnField
from veche.contacts.queries.choices import (
    campaigns_for,
    colleagues,
    role_kinds,
    statuses,
    tags_for,
    territories,
)
from veche.contacts.queries.own import own_field, own_labels
from veche.contacts.queries.people_filters import LABELS, MINE, NO, NONE, YES, Asked, Query, asked_of, is_any
from veche.contacts.queries.people_places import local_time_options, understood_options
from veche.contacts.queries.people_readers import FILLED, HEAD, READERS, Unknown, people_or_more
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

LATEST_IMPORTS = 20
SELECTS = (  # in the order of the form
    "responsible", "tag", "campaign", "status", "role", "territory", "kind", "household", "phone", "email", "reach",
    "batch", "understood", "local_time",
)  # fmt: skip
SEVERAL = frozenset({"tag", "campaign", "role", "batch"})  # one contact may have several of them
YES_OR_NO = frozenset({"household", "phone", "email", "reach", "kind", "finding", "understood", "local_time"})


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """A question of the form: its parameter and label, its answers and its ways of asking, as they are now."""

    key: str
    label: Any
    options: list[Option]
    ways: list[Option]

    @property
    def is_asked(self) -> bool:
        return any(each.chosen for each in self.options) or any(each.chosen for each in self.ways[1:])


def choices(actor: Actor, query: Query | None = None) -> dict[str, Any]:
    """Questions in the order of the form, those with nothing to choose left out; and the team's own fields."""
    asked = {each.key: each for each in asked_of(query or {})}
    offered = {key: options for key in SELECTS if (options := _with_asked(actor, key, asked.get(key)))}
    selects = [_choice(key, LABELS[key], options, asked.get(key)) for key, options in offered.items()]
    return {
        "selects": selects,
        "own": own_labels(),
        "times": [time_of(key, asked.get(key)) for key in ("created", "changed")],
        "birthday": _options(_birthdays(), asked.get("birthday")),
        "texts": [(key, LABELS[key], _first(asked.get(key), "has")) for key in ("address", "caution")],
        "places": [(key, LABELS[key], _first(asked.get(key), "any"), hint) for key, hint in _places()],
        "kept": _kept(asked, set(SELECTS)),
        "any": is_any(query or {}),
    }


def choice_of(actor: Actor, key: str, asked: Asked | None) -> Choice:
    """One question of the form by itself."""
    return _choice(key, LABELS[key], _with_asked(actor, key, asked), asked)


@dataclass(frozen=True)
class OwnQuestion:
    """How an own field is asked, by its type: `kind` is "choice", "date", "number" or "text"."""

    field: OwnField
    kind: str
    options: list[Option]
    ways: list[Option]


def own_question(key: str) -> OwnQuestion:
    """The question about the field under this key; `NotFound` where there is none in use."""
    field, types = own_field(key), OwnField.Type
    standing = [("empty", _("is empty")), ("filled", _("is filled in"))]
    several = [("any", _("any of these")), ("not", _("none of these"))]
    match field.type:
        case types.CHOICE | types.MANY_CHOICES:
            answers = [(each["id"], each["label"]) for each in field.choices]
            if field.type == types.MANY_CHOICES:
                several.insert(1, ("all", _("all of these")))
            kind, ways = "choice", several
        case types.YES_NO:
            kind, answers, ways = "choice", [(YES, _("yes")), (NO, _("no"))], several[:1]
        case types.USER:
            kind, answers, ways = "choice", _named(colleagues()), several
        case types.DATE:
            kind, answers, ways = "date", _stretches(), [("any", _("on these days"))]
        case types.NUMBER | types.MONEY:
            kind, answers, ways = "number", [], [("any", _("within these bounds"))]
        case _:
            texts = [
                ("has", _("contains")),
                ("starts", _("begins with")),
                ("any", _("equals")),
                ("not", _("is not")),
            ]
            kind, answers, ways = "text", [], texts
    return OwnQuestion(
        field, kind, *([Option(*pair) for pair in pairs] for pairs in (answers, ways + standing))
    )


def _with_asked(actor: Actor, key: str, asked: Asked | None) -> list[tuple[str, str]]:
    """What is offered, and what the address asks besides (one household, an import of long ago), so that the form
    keeps it."""
    options = _offered(actor, key)
    values = (
        {value for way, values in asked.ways.items() if way != "is" for value in values} if asked else set()
    )
    for value in sorted(values - {value for value, _words in options}):
        with suppress(Unknown, KeyError):
            options.append((value, READERS[key](actor, value)[0]))
    return options


def _offered(actor: Actor, key: str) -> list[tuple[str, str]]:
    """The answers to a question, as (value, words)."""
    match key:
        case "responsible":
            return [(MINE, _("Me")), (NONE, _("Nobody")), *_named(colleagues())]
        case "tag":
            return _named(tags_for(actor))
        case "campaign":
            return [*_named(campaigns_for(actor)), (NONE, _("Outside all campaigns"))]
        case "status":
            return _named(statuses())
        case "role":
            return _named(role_kinds())
        case "territory":
            return _named(territories())
        case "kind":
            return [(value, str(label)) for value, label in Kind.choices]
        case "household":
            sizes = [(f"{least}-", _("Of %(size)s") % {"size": people_or_more(least)}) for least in (3, 4, 5)]
            return [(YES, _("Has one")), (NO, _("Has none")), (HEAD, _("Is the head")), *sizes]
        case "phone":
            return [(YES, _("Has a phone")), (NO, _("Has no phone"))]
        case "email":
            return [(YES, _("Has an e-mail")), (NO, _("Has no e-mail"))]
        case "understood":
            return understood_options()
        case "local_time":
            return local_time_options()
        case "reach":
            return [(YES, _("By a phone, an e-mail or a messenger")), (NO, _("By nothing"))]
    return _imports(actor)


def _places() -> list[tuple[str, str]]:
    """Parts of an address to ask by, each with an example."""
    return [
        ("street", _("Malysheva 1-25 odd, or Yekaterinburg, Malysheva")),
        ("town", _("Yekaterinburg")),
        ("region", _("Sverdlovsk Oblast")),
    ]


def _kept(asked: dict[str, Asked], selects: set[str]) -> list[tuple[str, str]]:
    """What the address asks and the form does not show: it goes along unchanged."""
    shown = {"q": {"any"}, "birthday": {"any"}, "address": {"has"}, "caution": {"has"}}
    shown |= {key: {"any"} for key, _hint in _places()}
    shown |= {key: {"any", "from", "to"} for key in ("created", "changed")}
    shown |= {key: {next(iter(each.ways))} for key, each in asked.items() if key in selects}
    return [
        pair
        for key, each in asked.items()
        for way in each.ways
        if way not in shown.get(key, ())
        for pair in each.params(way)
    ]


def _choice(key: str, label: Any, options: list[tuple[str, str]], asked: Asked | None) -> Choice:
    ways = [("any", _("any of these"))]
    if key in SEVERAL:
        ways.append(("all", _("all of these")))
    if key not in YES_OR_NO:
        ways.append(("not", _("none of these")))
    if key in FILLED and key not in YES_OR_NO:
        ways += [("empty", _("is empty")), ("filled", _("is filled in"))]
    now = _way(asked)
    return Choice(
        key, label, _options(options, asked, now), [Option(way, words, way == now) for way, words in ways]
    )


def _way(asked: Asked | None) -> str:
    """The way of asking that the form shows: the address may have several, the form changes the first."""
    if asked is None:
        return "any"
    way = next(iter(asked.ways))
    return asked.ways["is"][0] if way == "is" else way


def _options(options: list[tuple[str, str]], asked: Asked | None, way: str = "any") -> list[Option]:
    values = asked.ways.get(way, []) if asked else []
    return [Option(value, words, value in values) for value, words in options]


def time_of(key: str, asked: Asked | None) -> dict[str, Any]:
    return {
        "key": key,
        "label": LABELS[key],
        "options": _options(_stretches(), asked),
        "first": _first(asked, "from"),
        "last": _first(asked, "to"),
    }


def _first(asked: Asked | None, way: str) -> str:
    return asked.ways.get(way, [""])[0] if asked else ""


def _stretches() -> list[tuple[str, str]]:
    return [
        ("today", _("today")),
        ("yesterday", _("yesterday")),
        ("7d", _("last 7 days")),
        ("30d", _("last 30 days")),
        ("90d", _("last 90 days")),
        ("this_month", _("this month")),
        ("last_month", _("last month")),
        ("this_year", _("this year")),
    ]


def _birthdays() -> list[tuple[str, str]]:
    return [("today", _("today")), ("7d", _("within 7 days")), ("30d", _("within 30 days"))]


def _named(things: Any) -> list[tuple[str, str]]:
    return [(str(thing.pk), str(thing)) for thing in things]


def _imports(actor: Actor) -> list[tuple[str, str]]:
    """The latest imports that brought somebody whom the actor may see, found by one look into the index each."""
    found, below = [], None
    while len(found) < LATEST_IMPORTS:
        earlier = Origin.objects.filter(batch__isnull=False, **({"batch__lt": below} if below else {}))
        latest = earlier.order_by("-batch").values_list("batch", "batch_name").first()
        if latest is None:
            break
        below, name = latest
        if actor.sees_all or contacts_for(actor).filter(origins__batch=below).exists():
            found.append((str(below), name or f"№ {below}"))
    return found
