"""Everything that one search box finds, in groups, each thing with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from veche.campaigns.queries import campaigns_for
from veche.contacts.queries.search import marked, search_contacts
from veche.core.actor import Actor
from veche.names import fold, switch_layout
from veche.ui import registry

MOST_CAMPAIGNS = 5
MOST_COMMANDS = 6
COMMAND_SIGN = ">"


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
    """Groups that have something, and whether the search was stopped before its end."""

    groups: list[Group] = field(default_factory=list)
    incomplete: bool = False

    def add(self, title: str, options: list[Option]) -> None:
        if options:
            self.groups.append(Group(title, options))


def find(actor: Actor, text: str) -> Answer:
    """What `actor` may see of what fits `text`; for an empty text the commands, after «>» nothing but commands."""
    text = text.strip()
    answer = Answer()
    if text.startswith(COMMAND_SIGN) or not text:
        answer.add(_("Commands"), _commands(actor, text.removeprefix(COMMAND_SIGN)))
        return answer
    found = search_contacts(actor, text)
    answer.incomplete = found.incomplete
    people, organisations = [], []
    for hit in found.hits:
        icon = "building" if hit.is_organisation else "user"
        option = Option(reverse("contacts:card", args=[hit.id]), icon, hit.name, hit.reason, hit.detail)
        (organisations if hit.is_organisation else people).append(option)
    answer.add(_("People"), people)
    answer.add(_("Organisations"), organisations)
    answer.add(_("Campaigns"), _campaigns(actor, text))
    answer.add(_("Commands"), _commands(actor, text))
    return answer


def _campaigns(actor: Actor, text: str) -> list[Option]:
    if not actor.may("campaigns.view"):
        return []
    people = reverse("contacts:people")
    options = []
    for campaign in campaigns_for(actor).filter(archived_at=None):
        if words := _fitting(text, campaign.name):
            title = marked(campaign.name, words)
            options.append(
                Option(f"{people}?campaign={campaign.pk}", "flag", title, _("people of the campaign"))
            )
    return options[:MOST_CAMPAIGNS]


def _commands(actor: Actor, text: str) -> list[Option]:
    """Sections of the rail and commands of the rooms; all of them for an empty text."""
    options = []
    for item in registry.navigation.for_actor(actor):
        if not text.strip() or _fitting(text, str(item.title)):
            title = marked(str(item.title), _fitting(text, str(item.title)))
            options.append(Option(item.url, item.icon, title, _("go to")))
    for command in registry.commands.for_actor(actor):
        words = _fitting(text, f"{command.title} {command.words}")
        if not text.strip() or words:
            reason = _("add") if command.group == "add" else _("go to") if command.group == "go" else ""
            options.append(Option(command.url, command.icon, marked(str(command.title), words), reason))
    return options if not text.strip() else options[:MOST_COMMANDS]


def _fitting(text: str, name: str) -> list[str]:
    """The words of `text`, in whichever layout, if each begins a word of `name`; else nothing."""
    known = fold(name).replace("-", " ").split()
    for form in (fold(text), fold(switch_layout(text))):
        words = form.split()
        if words and all(any(each.startswith(word) for each in known) for word in words):
            return words
    return []
