"""Lines as people type or paste them, read for a preview: what was understood, and whom we perhaps know already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation

from veche.contacts.free_line import MOST_LINES, FreeLine, Known, read_lines
from veche.contacts.likeness import Traits
from veche.contacts.models import Contact, Kind, RoleKind, Status, Tag
from veche.contacts.queries import choices
from veche.contacts.queries.hints import Same, day_of, same_as
from veche.contacts.queries.likely import Asked, asked_of
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.names import fold

MOST_SAME = 3  # of one line


@dataclass(frozen=True)
class Words:
    """The team's statuses, tags and roles that this actor may use, as they are offered and by their folded names."""

    statuses: list[Status]
    tags: list[Tag]
    roles: list[RoleKind]

    @property
    def known(self) -> Known:
        tags = {fold(tag.name): tag.name for tag in self.tags}
        return Known(_in_all_languages(self.statuses), tags, _in_all_languages(self.roles))

    def status(self, name: str) -> int | None:
        return next((status.pk for status in self.statuses if str(status) == name), None)

    def role(self, name: str) -> int | None:
        return next((role.pk for role in self.roles if str(role) == name), None)

    def tag(self, name: str) -> int | None:
        """The tag called so in any spelling; of several (of campaigns) the first."""
        return next((tag.pk for tag in self.tags if fold(tag.name) == fold(name)), None)


@dataclass
class Lines:
    """The lines that were read, and for each those who may be the same."""

    lines: list[FreeLine] = field(default_factory=list)
    too_many: bool = False


def _in_all_languages(named: Iterable[Status | RoleKind]) -> dict[str, str]:
    """Their names by the folded names: paper is not written in the language of whoever types it in."""
    names = {each: str(each) for each in named}
    found = {fold(name): name for name in names.values()}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found = {fold(str(each)): name for each, name in names.items()} | found
    return found


def words_for(actor: Actor) -> Words:
    tags = choices.tags_for(actor).order_by("campaign_id", "name")
    return Words(list(choices.statuses()), list(tags), list(choices.role_kinds()))


def read_for(text: str, words: Words) -> Lines:
    """At most `MOST_LINES` lines; more are a file's business."""
    lines = read_lines(text, words.known, most=MOST_LINES + 1)
    return Lines(lines[:MOST_LINES], len(lines) > MOST_LINES)


@dataclass(frozen=True)
class Clue:
    """By what a line's contact may be known: values of phones and e-mails, and all that tells of a likeness."""

    values: tuple[str, ...] = ()
    asked: Asked = field(default_factory=lambda: Asked(Traits()))


def clue_of(line: FreeLine) -> Clue:
    points = [("phone", each.value) for each in line.phones if each.value]
    points += [("email", each.value) for each in line.emails if each.value]
    parsed, name = line.parsed, (line.name if line.is_organisation else "", "", "")
    if parsed is not None and parsed.surname and parsed.given_name:
        name = (parsed.surname, parsed.given_name, parsed.patronymic)
    asked = asked_of(
        kind=Kind.ORGANISATION if line.is_organisation else Kind.PERSON, surname=name[0], given=name[1],
        patronymic=name[2], birthday=day_of(line.birthday), points=points, addresses=[line.address],
    )  # fmt: skip
    return Clue(tuple(value for _kind, value in points), asked)


def doubles(actor: Actor, clues: list[Clue]) -> list[list[Same]]:
    """For each clue the contacts who are likely to be its. A constant number of questions in all."""
    found = same_as(actor, {place: clue.asked for place, clue in enumerate(clues)})
    return [found.get(place, [])[:MOST_SAME] for place in range(len(clues))]


def repeated(clues: list[Clue]) -> list[int | None]:
    """For each line the number (from 1) of an earlier line with one of its phones or e-mails."""
    first: dict[str, int] = {}
    found = []
    for number, clue in enumerate(clues, start=1):
        found.append(next((first[value] for value in clue.values if value in first), None))
        for value in clue.values:
            first.setdefault(value, number)
    return found


def just_added(actor: Actor, ids: list[int]) -> list[Contact]:
    """These contacts with their points and addresses, in the order of their making."""
    return list(contacts_for(actor).filter(pk__in=ids).prefetch_related("points", "addresses").order_by("pk"))
