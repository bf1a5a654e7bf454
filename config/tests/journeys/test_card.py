"""One person's card, by mouse, keyboard and thumb: what is edited, undone, contested and hidden."""

import re

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import AWAKE, fits, go
from veche.accounts.testing import member
from veche.contacts.events import PhoneRevealed
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.core.ledger import history

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("width, height", [(1440, 900), (390, 844)], ids=["desk", "phone"])


@pytest.fixture
def leia() -> Contact:
    return make_person(
        "Органа Лея Бейловна", phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk}
    )


def open_from_list(page: Page, name: str) -> None:
    go(page, "/people/")
    page.get_by_role("main").get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile(name))).to_be_visible()
    page.evaluate(AWAKE)


def head_form(page: Page):
    return page.locator("#card-head form")


@SIZES
def test_a_card_is_edited_in_place_and_undone(journey_page, leia, width, height):
    page = journey_page("coordinator", width=width, height=height)
    open_from_list(page, "Органа Лея")
    fits(page)

    page.locator("#card-head [data-edit]").first.click()
    surname = page.get_by_label("Surname")
    expect(surname).to_be_focused()
    fits(page)
    surname.fill("Соло")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1, name="Органа Лея Бейловна")).to_be_visible()
    expect(page.locator("#card-head [data-edit]").first).to_be_focused()

    page.keyboard.press("KeyE")
    surname.fill("Соло")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Соло Лея Бейловна")).to_be_visible()
    expect(page.locator("#card-line")).to_contain_text("Соло")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1, name="Органа Лея Бейловна")).to_be_visible()
    expect(page.get_by_text("It is as it was before.")).to_be_visible()
    assert Contact.objects.get().surname == "Органа"


@SIZES
def test_a_wrong_phone_says_so_and_a_note_is_one_key_away(journey_page, leia, width, height):
    page = journey_page("coordinator", width=width, height=height)
    go(page, f"/people/{leia.pk}/")
    page.locator("#card-points").get_by_role("button", name="Phone").click()
    phone = page.locator("#card-points form").get_by_label("Phone")
    phone.fill("904")
    page.keyboard.press("Enter")
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(phone).to_be_focused()
    expect(phone).to_have_value("904")
    said = page.locator(f"#{phone.get_attribute('aria-describedby').split()[0]}")
    expect(said).to_be_visible()
    assert said.inner_text().endswith(".")
    fits(page)
    phone.fill("+7 904 000 27 41")
    page.keyboard.press("Enter")
    expect(page.locator("#card-points")).to_contain_text("+7 904 000-27-41")
    assert leia.points.count() == 2

    page.keyboard.press("KeyN")
    expect(page.locator("#id_note_text")).to_be_focused()
    page.keyboard.type("Просила позвонить вечером")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card-line")).to_contain_text("Просила позвонить вечером")
    expect(page.locator("#id_note_text")).to_have_value("")
    assert leia.notes.get().author == member("coordinator")


def test_two_pages_on_one_card_see_each_other(journey_page, leia):
    mine, theirs = journey_page("coordinator"), journey_page("administrator")
    for page in (mine, theirs):
        go(page, f"/people/{leia.pk}/")
        page.keyboard.press("KeyE")
    theirs.get_by_label("Surname").fill("Скайуокер")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", level=1, name="Скайуокер Лея Бейловна")).to_be_visible()

    mine.get_by_label("Surname").fill("Соло")
    with mine.expect_response(re.compile("/fields/who/")) as answer:
        mine.keyboard.press("Enter")
    assert answer.value.status == 409
    expect(head_form(mine)).to_contain_text("Now: Скайуокер")
    expect(head_form(mine)).to_contain_text("Yours: Соло")
    assert Contact.objects.get().surname == "Скайуокер"
    mine.get_by_label("Surname").press("Enter")
    expect(mine.get_by_role("heading", level=1, name="Соло Лея Бейловна")).to_be_visible()


@SIZES
def test_a_volunteer_opens_a_phone_and_it_is_written_down(journey_page, leia, width, height):
    page = journey_page("volunteer", width=width, height=height, language="ru")
    open_from_list(page, "Органа Лея")
    points = page.locator("#card-points")
    expect(points).to_contain_text("+7 904 •••-27-40")
    assert "9040002740" not in page.content() and "904 000-27-40" not in page.content()
    points.get_by_role("button", name="Показать").click()
    expect(points).to_contain_text("+7 904 000-27-40")
    expect(page.locator("toast-stack")).to_contain_text("15 минут")
    [row] = history(contact_id=leia.pk, kinds=[PhoneRevealed.kind])
    assert (row.contact_id, row.actor_id) == (leia.pk, member("volunteer").pk)
    fits(page)
