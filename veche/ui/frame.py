"""What `ui/base.html` needs to know of a request: the tag `{% frame as frame %}` makes it, fragments ask nothing."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from veche.ui import fragments, registry

THEMES = ("light", "dark", "system")
DENSITIES = ("compact", "normal", "roomy")
THEME_COOKIE = "veche_theme"
DENSITY_COOKIE = "veche_density"
PHONE_ITEMS = 4


class Frame:
    """The frame around a page, for one request: `{{ frame.navigation }}` and so on."""

    doors = registry.doors

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Any:
        """The actor when somebody is signed in, else None."""
        actor = getattr(self.request, "actor", None)
        return actor if actor is not None and actor.user_id is not None else None

    @cached_property
    def initials(self) -> str:
        """At most two letters of the actor's name, for the round mark beside it."""
        words = self.actor.name.split() if self.actor else []
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def role(self) -> Any:
        """What the actor's role is called; empty until a room has named it."""
        return registry.role_titles.get(self.actor.role, "") if self.actor else ""

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """The rail's sections with `item`, `on` and `count`; of several that fit the path the longest prefix is on."""
        items = registry.navigation.for_actor(self.actor)
        fits = [item for item in items if item.is_current(self.request.path)]
        current = max(fits, key=lambda item: len(item.under or item.url), default=None)
        return [
            {"item": item, "on": item is current, "count": item.count(self.actor) if item.count else None}
            for item in items
        ]

    @cached_property
    def phone_navigation(self) -> list[dict[str, Any]]:
        """Four sections for the bottom bar; the fifth place is "More"."""
        return [line for line in self.navigation if line["item"].phone][:PHONE_ITEMS]

    @cached_property
    def rail_sections(self) -> list[dict[str, Any]]:
        """Captioned lists under the navigation, with their links and whether the actor may add to them."""
        found = []
        for section in registry.rail_sections.for_actor(self.actor):
            may_add = bool(section.add_url_name) and (
                section.add_permission is None or self.actor.may(section.add_permission)
            )
            links = section.links(self.request)
            if links or may_add:
                found.append({"section": section, "links": links, "may_add": may_add})
        return found

    @cached_property
    def banners(self) -> list[registry.Banner]:
        """What stands above the page while something is out of the ordinary."""
        return [banner for source in registry.banners for banner in source(self.request)]

    @cached_property
    def unread(self) -> int:
        """The number at the bell."""
        return sum(count(self.actor) for count in registry.unread) if self.actor else 0

    @property
    def is_live(self) -> bool:
        """Whether the server this page comes from has a live channel beside it."""
        return settings.VECHE_LIVE and self.actor is not None

    @property
    def made_at(self) -> int:
        """When this page was asked for, in microseconds: what changed later, the live channel tells."""
        return getattr(self.request, "asked_at", 0)

    @cached_property
    def add_commands(self) -> list[registry.Command]:
        """What the "Add" button offers."""
        return [command for command in registry.commands.for_actor(self.actor) if command.group == "add"]

    @cached_property
    def theme(self) -> str:
        """light, dark or system (the default)."""
        return _choice(self.request.COOKIES.get(THEME_COOKIE), THEMES, "system")

    @cached_property
    def density(self) -> str:
        """Height of rows and controls: compact (the default), normal or roomy."""
        return _choice(self.request.COOKIES.get(DENSITY_COOKIE), DENSITIES, "compact")

    @cached_property
    def toast(self) -> dict[str, Any] | None:
        """A toast left by a redirect; taking it makes the middleware drop the cookie."""
        found = fragments.waiting_toast(self.request)
        self.request.toast_is_shown = found is not None
        return found

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and own names of the languages on offer: a reader finds his own word, whatever the page speaks."""
        return [
            (code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES
        ]

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE


def _choice(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
