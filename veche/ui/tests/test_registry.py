"""What rooms add to the frame: order, permissions, doors."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from veche.core.actor import Actor
from veche.ui import registry
from veche.ui.icons import icon_svg


def item(key: str, order: int = 1, permission: str | None = None, **more) -> registry.NavItem:
    return registry.NavItem(
        key=key, title=key, icon="users", url_name="ui:jobs", order=order, permission=permission, **more
    )


@pytest.fixture
def navigation():
    return registry.Registry("navigation")


def test_entries_come_in_order_and_ties_by_key(navigation):
    for key, order in (("c", 2), ("b", 1), ("a", 2)):
        navigation.add(item(key, order))
    assert [entry.key for entry in navigation] == ["b", "a", "c"]


def test_an_actor_sees_what_he_may_and_a_stranger_nothing(navigation):
    navigation.add(item("open"))
    navigation.add(item("closed", permission="x.see"))
    keys = lambda actor: [entry.key for entry in navigation.for_actor(actor)]  # noqa: E731
    assert keys(Actor(user_id=1)) == ["open"]
    assert keys(Actor(user_id=1, permissions=frozenset({"x.see"}))) == ["closed", "open"]
    assert keys(Actor.anonymous()) == []
    assert keys(None) == []


def test_a_key_is_taken_once(navigation):
    navigation.add(item("a"))
    with pytest.raises(ImproperlyConfigured, match="'a' is taken"):
        navigation.add(item("a"))


def test_a_section_is_lit_on_its_own_pages_only():
    people = item("people", under="/people/")
    assert people.is_current("/people/7/")
    assert not people.is_current("/peoples/")
    home = item("home", under="/")
    assert home.is_current("/")
    assert not home.is_current("/people/")


def test_doors_open_once_and_only_known_ones():
    doors = registry.Doors()
    assert doors["search"] is None
    doors.open("search", "ui:jobs")
    assert doors["search"] == "/jobs/tray/"
    for name in ("search", "cellar"):
        with pytest.raises(ImproperlyConfigured):
            doors.open(name, "ui:jobs")


def test_every_registered_address_and_icon_exists():
    for entry in [*registry.navigation, *registry.commands]:
        assert entry.url.startswith("/")
        assert icon_svg(entry.icon)
    for panel in registry.panels:
        assert panel.url(1).startswith("/")
    for name in registry.Doors.NAMES:
        assert registry.doors[name] is None or registry.doors[name].startswith("/")
