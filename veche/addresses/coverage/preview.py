"""How a text was read, for the eye: the text itself cut into coloured pieces, and what each street comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from veche.addresses.coverage.reading import Section
from veche.addresses.coverage.rules import LIKELY, SURE, Rule, described

DOUBTS = {
    "bare": _("no word says that it is a street"),
    "spread": _("the side stands behind several ranges, and is taken for all of them"),
    "backwards": _("the greater number came first"),
    "no_town": _("no town is named: say in which one"),
    "silent": _("no houses are named: all of it"),
}


@dataclass(frozen=True)
class Fragment:
    """A piece of the text: `tone` is "read" (or "head", a name) where it was understood, "warn" or "stop" in doubt,
    "unread", "remark"."""

    text: str
    tone: str = ""
    words: str = ""


@dataclass(frozen=True)
class StreetRead:
    """What a street comes to: its houses, each with a tone and the reason of a doubt."""

    town: str
    street: str
    houses: list[tuple[str, bool, str, str]]


@dataclass(frozen=True)
class Preview:
    """A text as it was read."""

    fragments: list[Fragment]
    streets: list[StreetRead]
    rules: int
    doubtful: int
    unread: int


def preview_of(text: str, section: Section) -> Preview:
    """The text in pieces and the streets it comes to."""
    spans = [(rule.start, rule.end, tone_of(rule), _words(rule)) for rule in section.rules]
    spans += [(each.start, each.end, "remark" if each.remark else "unread", "") for each in section.unread]
    told = {start for start, *_rest in spans}
    spans += [(start, end, "head", "") for start, end in section.heads if start not in told]
    return Preview(
        fragments=list(_fragments(text, sorted(spans))),
        streets=_streets(section.rules),
        rules=len(section.rules),
        doubtful=sum(tone_of(rule) != "read" for rule in section.rules),
        unread=sum(not each.remark for each in section.unread),
    )


def tone_of(rule: Rule) -> str:
    return "read" if rule.sure >= SURE else ("warn" if rule.sure >= LIKELY else "stop")


def _words(rule: Rule) -> str:
    told = f"{rule.street or rule.town}: {described(rule)}"
    return f"{told} — {DOUBTS[rule.doubt]}" if rule.doubt in DOUBTS else told


def _fragments(text: str, spans: list[tuple[int, int, str, str]]) -> Iterable[Fragment]:
    at = 0
    for start, end, tone, words in spans:
        if start < at:  # several rules of one piece
            continue
        if start > at:
            yield Fragment(text[at:start])
        yield Fragment(text[start:end], tone, words)
        at = end
    if at < len(text):
        yield Fragment(text[at:])


def _streets(rules: Iterable[Rule]) -> list[StreetRead]:
    streets: dict[tuple, StreetRead] = {}
    for rule in rules:
        street = streets.setdefault((rule.town, *rule.place), StreetRead(rule.town, rule.street, []))
        doubt = str(DOUBTS.get(rule.doubt, ""))
        street.houses.append((described(rule), rule.excluded, tone_of(rule), doubt))
    return list(streets.values())
