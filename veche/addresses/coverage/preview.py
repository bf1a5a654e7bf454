"""How a text was read, for the eye: the text itself cut into coloured pieces, and what each street comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from veche.addresses.coverage.reading import Section
from veche.addresses.coverage.rules import LIKELY, SURE, Rule, described

MANY, FEW = 1500, 12  # rules of a text that are all shown; houses of a street in a text of more
BETWEEN = " \t\r\n,;.:"
Span = tuple[int, int, str, str]  # first and last place, tone, words
DOUBTS = {
    "bare": _("no word says that it is a street"),
    "spread": _("the side stands behind several ranges, and is taken for all of them"),
    "backwards": _("the greater number came first"),
    "no_town": _("no town is named: say in which one"),
    "carried": _("the street was named before the semicolon"),
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
    more: int = 0  # others of which nothing is in doubt


@dataclass(frozen=True)
class Preview:
    """A text as it was read."""

    fragments: list[Fragment]
    streets: list[StreetRead]
    rules: int
    doubtful: int
    unread: int


def preview_of(text: str, section: Section, *, folded: bool | None = None) -> Preview:
    """The text in pieces and the streets it comes to.

    `folded`, as it is where there are very many rules: what was read without a doubt is one piece as far as it goes,
    and of a street's houses a few are shown and the others counted. Whatever is in doubt stands there all the same.
    """
    folded = len(section.rules) > MANY if folded is None else folded
    spans = [(rule.start, rule.end, tone_of(rule), _words(rule)) for rule in section.rules]
    spans += [(each.start, each.end, "remark" if each.remark else "unread", "") for each in section.unread]
    told = {start for start, *_rest in spans}
    spans += [(start, end, "head", "") for start, end in section.heads if start not in told]
    spans.sort()
    return Preview(
        fragments=list(_fragments(text, list(_joined(text, spans)) if folded else spans)),
        streets=_streets(section.rules, FEW if folded else MANY),
        rules=len(section.rules),
        doubtful=sum(tone_of(rule) != "read" for rule in section.rules),
        unread=sum(not each.remark for each in section.unread),
    )


def _joined(text: str, spans: list[Span]) -> Iterable[Span]:
    """Neighbours that were read without a doubt as one piece, with the signs between them."""
    last: Span | None = None
    for span in spans:
        start, end, tone, _told = span
        if last and tone == last[2] == "read" and not text[last[1] : start].strip(BETWEEN):
            last = (last[0], max(end, last[1]), tone, "")
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def tone_of(rule: Rule) -> str:
    return "read" if rule.sure >= SURE else ("warn" if rule.sure >= LIKELY else "stop")


def _words(rule: Rule) -> str:
    told = f"{rule.street or rule.town}: {described(rule)}"
    return f"{told} — {DOUBTS[rule.doubt]}" if rule.doubt in DOUBTS else told


def _fragments(text: str, spans: list[Span]) -> Iterable[Fragment]:
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


def _streets(rules: Iterable[Rule], most: int) -> list[StreetRead]:
    """`most`: how many houses of a street that are in no doubt are shown; the others are counted."""
    streets: dict[tuple, StreetRead] = {}
    beside: Counter[tuple] = Counter()
    for rule in rules:
        key, tone = (rule.town, *rule.place), tone_of(rule)
        street = streets.setdefault(key, StreetRead(rule.town, rule.street, []))
        if tone == "read" and not rule.excluded and len(street.houses) >= most:
            beside[key] += 1
        else:
            street.houses.append((described(rule), rule.excluded, tone, str(DOUBTS.get(rule.doubt, ""))))
    return [replace(street, more=beside[key]) for key, street in streets.items()]
