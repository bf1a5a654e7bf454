"""Everything that one search box finds, in groups, each thing with its reason in words.

A sign in front asks for one kind: `>` commands, `@` staff, `#` tags. What the page itself offers (`data-key`,
`data-command`) the palette finds in the page, by the `forms` of the text that the answer tells it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from veche.campaigns.queries import running_for
from veche.contacts.queries.choices import colleagues, tags_for
from veche.contacts.queries.search import Hit, marked, recent_contacts, search_contacts
from veche.contacts.queries.viewing import address_of, views_for
from veche.core.actor import Actor
from veche.names import fold, switch_layout
from veche.ui import registry

MOST = {"campaigns": 5, "views": 4, "commands": 6, "staff": 3, "tags": 3}  # beside other groups
ALONE = 20  # of a kind that was asked for by its sign
COMMANDS, STAFF, TAGS = ">", "@", "#"


@dataclass(frozen=True)
class Option:
    """A line of the answer. `title` is cut into (text, whether it matched)."""

    url: str
    icon: str
    title: tuple[tuple[str, bool], ...]
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    options: list[Option]


@dataclass
class Answer:
    """Groups that have something, and whether the search was stopped before its end.

    `forms`: the text folded, in both keyboard layouts, by which the palette picks commands of the page; None when
    something else than commands was asked for, or nothing is left of the text.
    """

    groups: list[Group] = field(default_factory=list)
    incomplete: bool = False
    forms: list[str] | None = None

    def add(self, title: str, options: list[Option]) -> None:
        if options:
            self.groups.append(Group(title, options))


def find(actor: Actor, text: str, recent: Iterable[int] = ()) -> Answer:
    """What `actor` may see of what fits `text`; for an empty text the people of `recent` and the commands."""
    text = text.strip()
    sign, rest = (text[:1], text[1:].strip()) if text[:1] in (COMMANDS, STAFF, TAGS) else ("", text)
    if sign == STAFF:
        return Answer([Group(_("Staff"), found)] if (found := _staff(actor, rest, ALONE)) else [])
    if sign == TAGS:
        return Answer([Group(_("Tags"), found)] if (found := _tags(actor, rest, ALONE)) else [])
    forms = dict.fromkeys([fold(rest), fold(switch_layout(rest))])
    # an empty form would fit every command
    answer = Answer(forms=[form for form in forms if form or not rest] or None)
    if sign == COMMANDS or not text:
        known = recent_contacts(actor, list(recent)).hits if not text and recent else []
        answer.add(_("Recently opened"), [_person(hit) for hit in known])
        answer.add(_("Commands"), _commands(actor, rest, ALONE))
        answer.add(_("Saved views"), _views(actor, rest, ALONE if rest else MOST["views"]))
        return answer
    found = search_contacts(actor, text)
    answer.incomplete = found.incomplete
    answer.add(_("People"), [_person(hit) for hit in found.hits if not hit.is_organisation])
    answer.add(_("Organisations"), [_person(hit) for hit in found.hits if hit.is_organisation])
    answer.add(_("Campaigns"), _campaigns(actor, text))
    answer.add(_("Saved views"), _views(actor, text, MOST["views"]))
    answer.add(_("Tags"), _tags(actor, text, MOST["tags"]))
    answer.add(_("Staff"), _staff(actor, text, MOST["staff"]))
    answer.add(_("Commands"), _commands(actor, text, MOST["commands"]))
    return answer


def _person(hit: Hit) -> Option:
    icon = "building" if hit.is_organisation else "user"
    return Option(reverse("contacts:card", args=[hit.id]), icon, hit.name, hit.reason, hit.detail)


def _campaigns(actor: Actor, text: str) -> list[Option]:
    if not actor.may("campaigns.view"):
        return []
    named = {campaign.name: campaign.pk for campaign in running_for(actor)}
    return _people_of(text, named, "campaign", "flag", _("people of the campaign"))[: MOST["campaigns"]]


def _views(actor: Actor, text: str, most: int) -> list[Option]:
    """Views of the list of people that the actor sees, opened by their name."""
    people = reverse("contacts:people")
    return [
        Option(f"{people}?{address_of(view)}", "bookmark", marked(view.name, words), _("view of the list"))
        for view in views_for(actor)
        if (words := _fitting(text, view.name)) or not text
    ][:most]


def _tags(actor: Actor, text: str, most: int) -> list[Option]:
    if not actor.may("contacts.view"):
        return []
    named = {
        f"{name} ({campaign})" if campaign else name: pk
        for pk, name, campaign in tags_for(actor).values_list("pk", "name", "campaign__name")
    }
    return _people_of(text, named, "tag", "tag", _("people with the tag"))[:most]


def _staff(actor: Actor, text: str, most: int) -> list[Option]:
    if not actor.may("contacts.view"):
        return []
    named = {name or email: pk for pk, name, email in colleagues().values_list("pk", "name", "email")}
    return _people_of(text, named, "responsible", "user-check", _("people in their care"))[:most]


def _people_of(text: str, named: dict[str, int], key: str, icon: str, reason: str) -> list[Option]:
    """Links to the list of people under a filter, for each name that fits; for an empty text all."""
    people = reverse("contacts:people")
    return [
        Option(f"{people}?{key}={pk}", icon, marked(name, words), reason)
        for name, pk in named.items()
        if (words := _fitting(text, name)) or not text
    ]


def _commands(actor: Actor, text: str, most: int) -> list[Option]:
    """Sections of the rail and commands of the rooms; all of them for an empty text."""
    options = []
    for item in registry.navigation.for_actor(actor):
        words = _fitting(text, str(item.title))
        if not text or words:
            options.append(Option(item.url, item.icon, marked(str(item.title), words), _("go to")))
    for command in registry.commands.for_actor(actor):
        words = _fitting(text, f"{command.title} {command.words}")
        if not text or words:
            reason = _("add") if command.group == "add" else _("go to") if command.group == "go" else ""
            options.append(Option(command.url, command.icon, marked(str(command.title), words), reason))
    return options[:most]


def _fitting(text: str, name: str) -> list[str]:
    """The words of `text`, in whichever layout, if each begins a word of `name`; else nothing."""
    known = fold(name).replace("-", " ").split()
    for form in (fold(text), fold(switch_layout(text))):
        words = form.split()
        if words and all(any(each.startswith(word) for each in known) for word in words):
            return words
    return []
