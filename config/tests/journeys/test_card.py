"""One person's card, by mouse, keyboard and thumb: what is edited, undone, contested and hidden."""

import re

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import AWAKE, fits, go
from veche.accounts.models import User
from veche.accounts.testing import member
from veche.contacts.events import PhoneRevealed
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.core.ledger import history

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Controls of the card lower than 44 px; a link inside a line of text is as tall as the line.
SMALL = """[...document.querySelectorAll("main :is(a, button, summary, label.btn, input:not([type=hidden]), textarea)")]
  .filter((each) => each.checkVisibility() && !each.closest(".v-heard, .visually-hidden, .v-rail, .v-top"))
  .map((each) => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 120)])
  .filter(([height]) => height > 0 && height < 43.5)"""
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

    page.keyboard.press("F2")
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


@pytest.fixture
def contested(journey_page, leia):
    """Two browsers with one card's name open; a colleague was faster, and mine has been answered with the question."""
    mine, theirs = journey_page("coordinator"), journey_page("administrator")
    for page in (mine, theirs):
        go(page, f"/people/{leia.pk}/")
        page.evaluate(AWAKE)
        page.keyboard.press("F2")
        expect(page.get_by_label("Surname")).to_be_focused()
    theirs.get_by_label("Surname").fill("Скайуокер")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", level=1, name="Скайуокер Лея Бейловна")).to_be_visible()

    mine.get_by_label("Surname").fill("Соло")
    mine.get_by_label("First name").fill("Лейя")
    with mine.expect_response(re.compile("/fields/who/")) as answer:
        mine.keyboard.press("Enter")
    assert answer.value.status == 409
    dialog = mine.get_by_role("dialog", name="Somebody changed this while you were writing")
    expect(dialog.get_by_role("row", name=re.compile("Surname"))).to_have_text(
        re.compile("Органа.*Скайуокер.*Соло")
    )
    expect(dialog.get_by_role("row", name=re.compile("First name"))).to_have_count(0)
    assert Contact.objects.get().surname == "Скайуокер"
    return mine


def test_of_two_browsers_on_one_card_mine_is_put(contested):
    contested.get_by_role("button", name="Put mine").click()
    expect(contested.get_by_role("heading", level=1, name="Соло Лейя Бейловна")).to_be_visible()


def test_of_two_browsers_on_one_card_theirs_stays_with_what_i_typed_beside(contested):
    contested.get_by_role("button", name="Leave what is there now").click()
    expect(contested.get_by_role("heading", level=1, name="Скайуокер Лейя Бейловна")).to_be_visible()


def test_of_two_browsers_on_one_card_nothing_typed_is_lost_by_escape(contested):
    contested.keyboard.press("Escape")
    expect(contested.get_by_role("dialog", name="Somebody changed this")).to_have_count(0)
    expect(contested.get_by_label("Surname")).to_have_value("Соло")
    contested.get_by_label("Surname").fill("Скайуокер-Соло")
    contested.keyboard.press("Enter")
    expect(contested.get_by_role("heading", level=1, name="Скайуокер-Соло Лейя Бейловна")).to_be_visible()


def test_a_colleague_is_mentioned_with_the_keyboard_alone(journey_page, leia):
    named = member("administrator")
    User.objects.filter(pk=named.pk).update(name="Калриссиан Ландо")
    page = journey_page("coordinator", language="ru")
    go(page, f"/people/{leia.pk}/")
    page.evaluate(AWAKE)
    page.keyboard.press("KeyN")
    page.keyboard.insert_text("Спроси @кал")
    expect(page.get_by_role("option", name=re.compile("Калриссиан Ландо"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#id_note_text")).to_have_value("Спроси @Калриссиан Ландо ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card-line")).to_contain_text("Спроси @Калриссиан Ландо")
    assert leia.notes.get().text == f"Спроси @{{{named.pk}}}"


def test_one_walks_the_list_from_card_to_card(journey_page, leia):
    for name in ("Иванова Анна", "Яковлева Ольга"):
        make_person(name)
    page = journey_page("coordinator")
    open_from_list(page, "Органа Лея")
    expect(page.locator("#card-steps")).to_contain_text("2 of 3")
    page.keyboard.press("Control+ArrowRight")
    expect(page.get_by_role("heading", level=1, name="Яковлева Ольга")).to_be_visible()
    expect(page.locator("#card-steps")).to_contain_text("3 of 3")
    page.evaluate(AWAKE)
    page.keyboard.press("Control+ArrowLeft")
    expect(page.get_by_role("heading", level=1, name="Органа Лея")).to_be_visible()
    page.locator("#card-steps").get_by_role("link", name="2 of 3").click()
    expect(page).to_have_url(re.compile("/people/"))


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


def test_every_control_of_a_card_fits_a_thumb(journey_page, leia):
    page = journey_page("coordinator", width=390, height=844, language="ru")
    go(page, f"/people/{leia.pk}/")
    page.evaluate(AWAKE)
    small = page.evaluate(SMALL)
    assert not small, small
