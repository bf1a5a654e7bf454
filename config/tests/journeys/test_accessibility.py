"""axe looks at every kind of page in both themes: nothing that stops somebody who can't see, or can't use a mouse."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from config.running.places import ROOT
from config.tests.journeys.pages import go
from config.tests.test_access_matrix import rows
from veche.accounts.testing import actor_of, cast, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import give_role, put_tag
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.notes import add_note
from veche.contacts.models import RoleKind
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.actor import Actor
from veche.exchange.testing import make_import
from veche.ui.testing import made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async (rules) => {
    const options = { resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) };
    const found = await axe.run(document, options);
    return found.violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.any[0]?.message ?? ""}`));
}"""
THEME = """(theme) => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.dispatchEvent(new Event("theme-chosen"));
}"""
LAID_OUT = """() => [...document.querySelectorAll("people-grid:not(.built)")].every((one) => !one.grid)"""
OPTIONS = {"bypass_csp": True, "reduced_motion": "reduce"}  # the policy lets no foreign script in


def with_axe(page: Page) -> Page:
    """The same page, bringing axe along wherever it goes: told once, not handed over anew on each page."""
    page.context.add_init_script(path=AXE)
    return page


def complaints(page: Page, where: str, *, dark: bool = True) -> list[str]:
    """What is serious or critical: everything in the light, what depends on colours in the dark as well."""
    page.wait_for_function(LAID_OUT)
    page.evaluate(THEME, "light")
    found = [f"{where}: {sentence}" for sentence in page.evaluate(LOOK, [])]
    if not dark:
        return found
    page.evaluate(THEME, "dark")
    return found + [
        f"{where}, dark: {sentence}"
        for sentence in page.evaluate(LOOK, ["color-contrast", "link-in-text-block"])
    ]


@pytest.fixture
def full_card() -> int:
    """A card with every part filled."""
    by = Actor.system()
    own = make_own_field("Отряд")
    campaign = make_campaign("Парк на Беспине")
    leia = make_person(
        "Органа Лея Бейловна", phone="8 904 000-27-40", email="leia@example.org", campaign=campaign
    )
    change_fields(
        by=by, contact_id=leia.pk, fields={"caution": "Не звонить до обеда", f"own.{own.key}": "штаб"}
    )
    put_tag(by=by, contact_id=leia.pk, tag_id=make_tag("водитель").pk)
    give_role(by=by, contact_id=leia.pk, role_id=RoleKind.objects.first().pk)
    add_note(by=by, contact_id=leia.pk, text="Просила позвонить вечером")
    return leia.pk


def test_pages_are_accessible_in_both_themes(journey_page, stranger_page, full_card, tmp_path):
    cast()
    people = [
        ["Соло", "Хан", "", "8 904 000-27-41", "han@example.org", "", ""],
        ["Органа", "Лея", "", "нет", "@", "", ""],
    ]
    imported = make_import(tmp_path, people, by=actor_of("administrator"))
    outside = with_axe(stranger_page(**OPTIONS))
    go(outside, "/sign-in/")
    found = complaints(outside, "/sign-in/")
    desk = with_axe(journey_page("administrator", **OPTIONS))
    addresses = ["/", "/people/", f"/people/{full_card}/", "/people/new/", "/people/shape/", "/imports/"]
    addresses += ["/imports/new/", f"/imports/{imported.pk}/table/", f"/imports/{imported.pk}/columns/"]
    addresses += ["/campaigns/", "/users/", "/users/new/", "/account/security/", "/search/?q=лея"]
    for address in addresses:
        go(desk, address)
        found += complaints(desk, address)
    go(desk, f"/imports/{imported.pk}/columns/")
    for step, sign in (("check", ".v-abar button.btn-primary"), ("load", ".v-figures")):
        desk.locator(".v-abar .btn-primary").click()
        desk.wait_for_url(f"**/{step}/")
        desk.locator(sign).wait_for()
        found += complaints(desk, desk.url)
    phone = with_axe(journey_page("administrator", width=390, height=844, **OPTIONS))
    for address in ("/", "/people/", f"/people/{full_card}/"):
        go(phone, address)
        found += complaints(phone, f"{address} on a phone")
    assert not found, "\n".join(found)


def pages_of_the_matrix() -> Iterator[tuple[str, str]]:
    """(name, address) of every whole page that an administrator gets, with what its access row makes for it.

    A new page comes in by the row that every address must have.
    """
    client, seen = signed_in_client("administrator"), set()
    for row in rows():
        if row.method != "GET" or row.htmx or row.url in seen or row.expected("administrator") != 200:
            continue
        address = reverse(row.url, query=made(row.query), kwargs=made(row.kwargs))
        response = client.get(address)
        if response.streaming:
            response.getvalue()  # read to the end, so that its file is closed
        elif b"<!doctype html>" in response.content[:200].lower():
            seen.add(row.url)
            yield row.url, address


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_every_page_that_has_an_address_is_accessible(journey_page, transactional_db, width, height):
    cast()
    pages = list(pages_of_the_matrix())
    assert {"exchange:exports", "exchange:bridge", "contacts:quick_add"} <= dict(pages).keys()
    page, found = with_axe(journey_page("administrator", width=width, height=height, **OPTIONS)), []
    for name, address in pages:
        go(page, address)
        found += complaints(page, name, dark=width > 390)  # a phone has the same colours
    assert not found, "\n".join(found)


def test_what_opens_over_a_page_is_accessible_too(journey_page, full_card):
    page = with_axe(journey_page("administrator", **OPTIONS))
    go(page, "/people/")
    page.keyboard.press("Control+KeyK")
    page.get_by_role("combobox").fill("лея")
    page.locator("#found").get_by_role("option", name="Органа Лея").wait_for()
    found = complaints(page, "palette")
    go(page, "/people/")
    page.locator(".v-chip.add").click()
    page.get_by_role("dialog").get_by_label("Tag").wait_for()
    found += complaints(page, "filters")
    go(page, f"/people/{full_card}/")
    page.keyboard.press("F2")
    page.get_by_label("Surname").wait_for()
    found += complaints(page, "form on the card")
    page.get_by_role("button", name="You and your preferences").click()
    found += complaints(page, "menu")
    go(page, "/people/quick/?text=Органа+Лея+8+904+000-27-40%0AСоло+31.02.1980")
    page.locator(".pq-row").nth(1).wait_for()
    found += complaints(page, "lines that were read")
    page.locator("h1").click()
    page.keyboard.press("Shift+Slash")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    found += complaints(page, "sheet of keys")
    assert not found, "\n".join(found)
