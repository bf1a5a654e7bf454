"""With the keyboard alone: after every edit in place the focus is where it was, or next to what went away."""

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import go
from veche.accounts.testing import actor_of
from veche.contacts.actions.belonging import put_tag
from veche.contacts.models import Contact
from veche.contacts.testing import make_own_field, make_person, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leia() -> Contact:
    make_own_field("Размер футболки")
    return make_person("Органа Лея Бейловна", phone="8 904 000-27-40", email="leia@example.org")


def enter(page: Page, inside: str, name: str) -> None:
    """Press a button found as a person with a screen reader does, by its name."""
    button = page.locator(inside).get_by_role("button", name=name, exact=False).first
    button.focus()
    page.keyboard.press("Enter")


def saved(page: Page, inside: str) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(f"{inside} form")).to_have_count(0)


def focused_place(page: Page) -> str:
    """The address of the edit in place around the focus, or the focused element itself."""
    page.wait_for_function("document.activeElement !== document.body")
    return page.evaluate(
        "document.activeElement.closest('edit-in-place')?.getAttribute('src') ?? document.activeElement.outerHTML"
    )


@pytest.mark.parametrize(
    ("inside", "button", "typed", "place"),
    [
        ("#card-head", "Edit", "Соло", "/fields/who/"),
        ("#card-points", "Edit: +7 904 000-27-40", "+7 904 000-27-41", "/points/{point}/"),
        ("#card-addresses", "Add an address", "Мос-Эйсли, 94", "/addresses/"),
        ("#card-standing", "Edit", "", "/fields/standing/"),
    ],
)
def test_the_focus_stays_at_the_part_that_was_edited(journey_page, leia, inside, button, typed, place):
    page = journey_page("coordinator")
    go(page, f"/people/{leia.pk}/")
    enter(page, inside, button)
    page.wait_for_selector(f"{inside} form")
    if typed:
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        saved(page, inside)
    else:
        page.locator(f"{inside} form select").first.select_option(index=1)
        page.locator(f"{inside} form").get_by_role("button", name="Save").press("Enter")
        expect(page.locator(f"{inside} form")).to_have_count(0)
    point = leia.points.get(kind="phone").pk
    assert focused_place(page).endswith(place.format(point=point))


def test_after_a_removal_the_focus_is_in_the_same_part(journey_page, leia):
    for name in ("донор", "юрист"):
        put_tag(by=actor_of("coordinator"), contact_id=leia.pk, tag_id=make_tag(name).pk)
    page = journey_page("coordinator")
    go(page, f"/people/{leia.pk}/")
    enter(page, "#card-tags", "Take off the tag “донор”")
    expect(page.locator("#card-tags")).not_to_contain_text("донор")
    focused_place(page)
    assert page.evaluate("document.activeElement.closest('#card-tags') !== null")

    enter(page, "#card-points", "Edit: leia@example.org")
    page.locator("#card-points form").get_by_role("button", name="Remove").press("Enter")
    expect(page.locator("#card-points")).not_to_contain_text("leia@example.org")
    focused_place(page)
    assert page.evaluate("document.activeElement.closest('#card-points') !== null")


def test_a_refused_edit_keeps_the_focus_in_its_field(journey_page, leia):
    page = journey_page("coordinator")
    go(page, f"/people/{leia.pk}/")
    enter(page, "#card-points", "Edit: +7 904 000-27-40")
    page.wait_for_selector("#card-points form")
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#card-points form [aria-invalid=true]")).to_be_focused()
