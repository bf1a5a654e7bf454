"""A list is looked through without leaving it: by the keyboard at a desk, by the thumb on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from veche.accounts.testing import member
from veche.contacts.events import PhoneRevealed
from veche.contacts.models import Contact, Note
from veche.contacts.testing import make_person
from veche.core.ledger import history

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CREW = ("Антонова Анна", "Белов Иван", "Органа Лея")
SMALL = """(layer) => [...layer.querySelectorAll("a.btn, button, summary")]
    .filter((each) => each.checkVisibility() && !each.closest(".pc-dots"))
    .map((each) => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 100)])
    .filter(([height]) => height < 43.5)"""


@pytest.fixture
def crew() -> list[Contact]:
    to = {"responsible": member("volunteer").pk}
    return [
        make_person(name, phone=f"8 904 000-27-4{n}", fields=to | {"caution": "Злая собака" if n else ""})
        for n, name in enumerate(CREW)
    ]


def quick(page: Page):
    return page.locator("quick-view dialog")


def shows(page: Page, name: str) -> None:
    expect(quick(page).get_by_role("heading", level=1)).to_have_text(name)


def open_list(page: Page) -> None:
    go(page, "/people/?kind=person")
    page.locator("people-grid.built .tabulator-row").first.wait_for()


def test_a_list_is_looked_through_by_the_keyboard(journey_page, crew):
    page = journey_page("coordinator", language="ru")
    open_list(page)
    page.locator(".tabulator-row").first.locator("[tabulator-field=phone]").click()
    page.keyboard.press("Space")
    shows(page, CREW[0])
    expect(quick(page).get_by_role("button", name="Предыдущий в списке")).to_be_disabled()
    page.keyboard.press("ArrowDown")
    shows(page, CREW[1])
    expect(quick(page).locator(".pc-caution")).to_contain_text("Злая собака")
    page.keyboard.press("ArrowDown")
    shows(page, CREW[2])
    page.keyboard.press("ArrowDown")  # there is nobody behind her
    page.keyboard.press("ArrowUp")
    shows(page, CREW[1])

    page.keyboard.press("F2")
    surname = quick(page).get_by_label("Фамилия")
    expect(surname).to_be_focused()
    surname.fill("Беловский")
    page.keyboard.press("ArrowDown")  # the arrow is the field's while one types
    page.keyboard.press("Enter")
    shows(page, "Беловский Иван")
    expect(page.locator(".tabulator-row").nth(1)).to_contain_text("Беловский Иван")
    page.keyboard.press("n")
    page.keyboard.type("Перезвонить в среду")
    page.keyboard.press("Control+Enter")
    expect(quick(page).locator("#quick-lines")).to_contain_text("Перезвонить в среду")
    assert Note.objects.get().contact_id == crew[1].pk

    page.keyboard.press("Escape")
    expect(quick(page)).to_be_hidden()
    page.keyboard.press("Space")  # the list has the keyboard, in the row that was looked at
    shows(page, "Беловский Иван")
    page.keyboard.press("Space")
    expect(quick(page)).to_be_hidden()
    page.keyboard.press("Space")
    shows(page, "Беловский Иван")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/people/{crew[1].pk}/\?list=kind%3Dperson$"))
    expect(page.locator("#card-steps")).to_contain_text("2 из 3")


def test_the_button_of_a_row_opens_it_and_a_masked_phone_is_shown_in_it(journey_page, crew):
    page = journey_page("volunteer")
    open_list(page)
    row = page.locator(".tabulator-row").nth(2)
    row.hover()
    row.get_by_role("button", name=f"Quick view: {CREW[2]}").click()
    shows(page, CREW[2])
    expect(quick(page).locator("#card-points")).to_contain_text("•••-27-42")
    quick(page).get_by_role("button", name=re.compile("^Show")).click()
    expect(quick(page).get_by_role("link", name="+7 904 000-27-42")).to_be_visible()
    assert [entry.kind for entry in history(contact_id=crew[2].pk)].count(PhoneRevealed.kind) == 1
    page.mouse.click(300, 500)  # beside it
    expect(quick(page)).to_be_hidden()


def test_a_sheet_over_the_list_on_a_phone(journey_page, crew):
    page = journey_page("coordinator", width=390, height=844)
    go(page, "/people/?kind=person")
    page.get_by_role("button", name=f"Quick view: {CREW[0]}").tap()
    shows(page, CREW[0])
    assert quick(page).bounding_box()["y"] > 60  # the list stays in sight above it
    fits(page)
    assert quick(page).evaluate(SMALL) == []
    quick(page).get_by_role("button", name="Next in the list").tap()
    shows(page, CREW[1])
    page.keyboard.press("F2")
    quick(page).get_by_label("Surname").fill("Беловский")
    page.keyboard.press("Enter")
    shows(page, "Беловский Иван")
    expect(page.locator(".pick-row").nth(1)).to_contain_text("Беловский Иван")  # the row goes along
    quick(page).get_by_role("button", name="Close").tap()
    expect(quick(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Quick view: Беловский Иван")).to_be_focused()
