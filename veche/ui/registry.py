"""What rooms above may add to the frame. Filled only in `apps.py` (`ready()`), read on every page.

    from veche.ui import registry

    registry.navigation.add(registry.NavItem(
        key="people", title=_("People"), icon="users", url_name="contacts:people", order=20, permission="contacts.view",
        phone=True))

The registries:

| name            | item          | shown                                                                     |
|-----------------|---------------|---------------------------------------------------------------------------|
| `navigation`    | `NavItem`     | rail; `phone=True`: bottom bar too (the first four by order, then "More") |
| `rail_sections` | `RailSection` | rail, under the navigation: campaigns                                     |
| `panels`        | `Panel`       | contact card; each loads itself from its own URL                          |
| `commands`      | `Command`     | command palette and the "Add" button (`group="add"`)                      |
| `doors`         | a URL name    | places the frame links to and a room above serves                         |
| `role_titles`   | a title       | what an actor's role is called under his name: `role_titles.update(…)`    |
| `banners`       | `Banner`s     | lines above every page; functions of a request: `banners.append(…)`       |

Rules: titles are lazy translations; `permission` is asked of the actor (`actor.may`), None means everyone who is signed
in; order ascends, ties go by key; a key used twice stops the start. `count` is called on every page: it must be one
cheap indexed query or a cached number, and may return None to show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from veche.core.actor import Actor

    Text = str | _StrPromise  # a sentence, or a lazy translation of one


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A section of the rail. `under`: a URL prefix that keeps the item lit; by default its own address."""

    key: str
    title: Text
    icon: str
    url_name: str
    order: int
    permission: str | None = None
    count: Callable[[Actor], int | None] | None = None
    phone: bool = False
    under: str | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_current(self, path: str) -> bool:
        """Whether a page at `path` belongs to this section."""
        prefix = self.under or self.url
        return path == prefix if prefix == "/" else path.startswith(prefix)


@dataclass(frozen=True, kw_only=True)
class RailLink:
    """A line of a rail section. `colour` 1 to 6 draws a dot of that data colour, otherwise `icon`."""

    title: Text
    url: str
    count: int | None = None
    colour: int | None = None
    icon: str = "database"
    on: bool = False


@dataclass(frozen=True, kw_only=True)
class RailSection:
    """A captioned list in the rail. `links` gets the request (actor, path, query), so that it knows what is chosen."""

    key: str
    title: Text
    links: Callable[[HttpRequest], Sequence[RailLink]]
    order: int
    permission: str | None = None
    add_url_name: str | None = None
    add_title: Text = ""
    add_permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the contact card: `url_name` takes the contact's id and answers a fragment."""

    key: str
    title: Text
    url_name: str
    order: int
    column: str = "right"
    permission: str | None = None

    def url(self, contact_id: int) -> str:
        return reverse(self.url_name, args=[contact_id])


@dataclass(frozen=True, kw_only=True)
class Command:
    """An entry of the palette: `words` are more things people type for it, `group` is "go", "add" or "do"."""

    key: str
    title: Text
    icon: str
    url_name: str
    order: int
    group: str = "go"
    words: Text = ""
    permission: str | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Banner:
    """A line above every page while something is out of the ordinary; its button posts to `url`."""

    icon: str
    text: str
    url: str
    button: str


class Entry(Protocol):
    key: str
    order: int
    permission: str | None


T = TypeVar("T", bound=Entry)


class Registry(Generic[T]):
    """An ordered collection of one kind of entry that shows each actor what he may see."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def add(self, entry: T) -> T:
        """Puts an entry in; a second one under the same key raises ImproperlyConfigured."""
        if entry.key in self._entries:
            raise ImproperlyConfigured(f"{self.name}: the key {entry.key!r} is taken")
        self._entries[entry.key] = entry
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.key)))

    def for_actor(self, actor: Actor | None) -> list[T]:
        """Entries in order that this actor may see; a stranger (None) sees none."""
        if actor is None or actor.user_id is None:
            return []
        return [entry for entry in self if entry.permission is None or actor.may(entry.permission)]


class Doors:
    """Places the frame links to: name to URL name. An unfilled door is not shown.

    Known doors: home, search (palette results, `?q=`), jobs (job tray), profile, security, sign_in, sign_out (POST),
    help, notifications, bell (its fragment), notice_choices, presence (`?contact=&who=`), territories.
    """

    NAMES = frozenset(
        {
            "home",
            "search",
            "jobs",
            "profile",
            "security",
            "sign_in",
            "sign_out",
            "help",
            "notifications",
            "bell",
            "notice_choices",
            "presence",
            "presentation",
            "territories",
        }
    )

    def __init__(self) -> None:
        self._url_names: dict[str, str] = {}

    def open(self, name: str, url_name: str) -> None:
        """Says which URL name stands behind a door."""
        if name not in self.NAMES or name in self._url_names:
            raise ImproperlyConfigured(f"doors: {name!r} is unknown or open already")
        self._url_names[name] = url_name

    def url(self, name: str) -> str | None:
        """The address behind a door, None while no room has opened it."""
        if name not in self.NAMES:
            raise ImproperlyConfigured(f"doors: {name!r} is unknown")
        url_name = self._url_names.get(name)
        return reverse(url_name) if url_name else None

    def __getitem__(self, name: str) -> str | None:
        return self.url(name)


navigation: Registry[NavItem] = Registry("navigation")
rail_sections: Registry[RailSection] = Registry("rail_sections")
panels: Registry[Panel] = Registry("panels")
commands: Registry[Command] = Registry("commands")
doors = Doors()
role_titles: dict[str, Text] = {}
unread: list[Callable[[Actor], int]] = []  # numbers that light up at the bell, each a cheap indexed query
banners: list[Callable[[HttpRequest], Sequence[Banner]]] = []
