"""The frame around a page: what the actor may see of it, the policy of the browser, the switches."""

import json
import re

import pytest
from django.test import Client, RequestFactory

from veche.core.actor import Actor
from veche.ui import registry
from veche.ui.frame import Frame
from veche.ui.islands import island_files
from veche.ui.testing import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("veche.ui.tests.urls")]


def frame_of(path: str, actor: Actor | None, **cookies: str) -> Frame:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.actor = actor or Actor.anonymous()
    return Frame(request)


@pytest.fixture
def filled(monkeypatch):
    """A navigation of three sections, a list of campaigns and two things to add."""
    navigation, sections = registry.Registry("navigation"), registry.Registry("rail_sections")
    commands = registry.Registry("commands")
    common = {"icon": "users", "url_name": "ui:jobs"}
    navigation.add(registry.NavItem(key="a", title="A", order=1, under="/a/", phone=True, **common))
    navigation.add(
        registry.NavItem(key="b", title="B", order=2, under="/a/b/", count=lambda actor: 48210, **common)
    )
    navigation.add(registry.NavItem(key="c", title="C", order=3, permission="c.see", **common))
    park = registry.RailLink(title="Park", url="/p/", colour=5)
    sections.add(
        registry.RailSection(
            key="s", title="Campaigns", order=1, links=lambda request: [park],
            add_url_name="ui:jobs", add_title="New campaign", add_permission="s.add",
        )
    )  # fmt: skip
    commands.add(registry.Command(key="x", title="Person", group="add", order=1, **common))
    for name, value in (("navigation", navigation), ("rail_sections", sections), ("commands", commands)):
        monkeypatch.setattr(registry, name, value)


def test_the_closest_section_is_lit_and_the_forbidden_one_is_missing(filled):
    lines = frame_of("/a/b/7/", Actor(user_id=1)).navigation
    assert [(line["item"].key, line["on"], line["count"]) for line in lines] == [
        ("a", False, None),
        ("b", True, 48210),
    ]


def test_a_list_of_the_rail_is_added_to_by_those_who_may(filled):
    def may_add(*permissions: str) -> bool:
        actor = Actor(user_id=1, permissions=frozenset(permissions))
        return frame_of("/", actor).rail_sections[0]["may_add"]

    assert not may_add()
    assert may_add("s.add")


def test_the_frame_shows_what_the_registries_hold(filled, client_of):
    text = client_of("volunteer").get("/look/").content.decode()
    assert "48,210" in text
    assert 'class="v-dot c5"' in text
    assert "New campaign" not in text
    assert 'data-key="KeyN" title="Person"' in text


def test_a_stranger_has_no_navigation(filled):
    frame = frame_of("/a/", None)
    assert (frame.actor, frame.navigation, frame.add_commands, frame.initials) == (None, [], [], "")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_every_role_has_a_title_under_the_name(role):
    assert frame_of("/", Actor(user_id=1, role=role)).role


def test_initials_are_of_surname_and_name():
    assert frame_of("/", Actor(user_id=1, name="Органова Лея Бейловна")).initials == "ОЛ"


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [("light", "light"), ("dark", "dark"), ("system", "light"), ("<script>", "light"), (None, "light")],
)
def test_the_theme_is_on_the_page_before_any_script(client_of, cookie, attribute):
    client = client_of("volunteer")
    if cookie:
        client.cookies["veche_theme"] = cookie
    text = client.get("/look/").content.decode()
    chosen = cookie if cookie in ("light", "dark") else "system"
    assert f'data-bs-theme="{attribute}" data-theme="{chosen}"' in text


@pytest.mark.parametrize(("name", "value", "cookie"), [
    ("theme", "dark", "veche_theme"), ("density", "roomy", "veche_density"), ("language", "en", "django_language"),
])  # fmt: skip
def test_a_switch_is_kept_and_leads_back(name, value, cookie):
    response = Client().post(f"/preferences/{name}/", {name: value, "next": "/look/?a=1"})
    assert (response.status_code, response.url) == (302, "/look/?a=1")
    assert response.cookies[cookie].value == value


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_switch_never_leads_to_another_site(evil):
    assert Client().post("/preferences/theme/", {"theme": "dark", "next": evil}).url == "/"


def test_a_switch_takes_nothing_else():
    response = Client().post("/preferences/theme/", {"theme": "pink"})
    assert response.status_code == 400
    assert "veche_theme" not in response.cookies


def test_a_switch_needs_the_token():
    response = Client(enforce_csrf_checks=True).post("/preferences/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "too old" in response.content.decode() or "устарела" in response.content.decode()


def test_both_languages(client_of):
    client = client_of("volunteer")
    client.cookies["django_language"] = "ru"
    russian = client.get("/look/").content.decode()
    assert '<html lang="ru"' in russian
    assert "Сочетания" in russian or "Клавиши" in russian
    client.cookies["django_language"] = "en"
    assert "Keyboard shortcuts" in client.get("/look/").content.decode()


def test_the_policy_lets_our_scripts_in_and_no_inline_ones(client_of):
    response = client_of("volunteer").get("/look/")
    text, policy = response.content.decode(), response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r'<script type="importmap" nonce="([^"]+)">', text).group(1)
    assert f"'nonce-{nonce}'" in policy
    inline = re.findall(r"<script(?![^>]*(?:src=|type=\"importmap\"))[^>]*>", text)
    assert inline == []
    assert not re.search(r"\sstyle=", text)


def test_the_import_map_names_every_island(client_of):
    text = client_of("volunteer").get("/look/").content.decode()
    imports = json.loads(re.search(r"importmap[^>]*>(.*?)</script>", text).group(1))["imports"]
    assert {f"islands/{name}" for name in island_files()} <= imports.keys()
    assert "toast-stack" in island_files()
