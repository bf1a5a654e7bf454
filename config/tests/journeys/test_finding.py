"""Somebody is found: in the one box by whatever is typed, and in the list by filters, campaigns and pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import awake, fits, go
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import put_tag
from veche.contacts.queries.people import PAGE
from veche.contacts.testing import make_person, make_tag
from veche.core.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def everybody() -> None:
    make_person("Иванов Хан", phone="8 904 000-27-41")
    make_person("Скайуокер Лука", phone="8 904 000-13-57", email="luke@example.org")
    make_person("Органа Лея", phone="8 904 000-27-40")


def press_in_russian_layout(page: Page, code: str, letter: str, *, control: bool = False) -> None:
    """A key as the Russian layout sends it: the place on the keyboard is `code`, the letter is Cyrillic."""
    keyboard = page.context.new_cdp_session(page)
    key = {"code": code, "key": letter, "modifiers": 2 if control else 0}
    for kind in ("rawKeyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, **key})
    keyboard.detach()


def test_one_box_finds_whatever_is_typed(journey_page, everybody):
    page = journey_page("coordinator", language="ru")
    go(page, "/")
    press_in_russian_layout(page, "KeyK", "л", control=True)
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    found = page.locator("#found")
    for typed, name in [
        ("bdfyjd", "Иванов Хан"),
        ("скайуокир", "Скайуокер Лука"),
        ("1357", "Скайуокер Лука"),
        ("8(904)000 27-40", "Органа Лея"),
        ("luke@ex", "Скайуокер Лука"),
    ]:
        box.fill(typed)
        expect(found.get_by_role("option").first).to_contain_text(name)
    box.fill("904000")
    expect(found.get_by_role("option", name=re.compile("Иванов|Органа|Скайуокер"))).to_have_count(3)
    second = found.get_by_role("option").nth(1)
    name = re.match(r"\s*(\S+ \S+)", second.inner_text())[1]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    awake(page)
    press_in_russian_layout(page, "KeyK", "л", control=True)
    page.get_by_role("combobox").fill("эээъъъ")
    expect(page.locator("#found")).to_contain_text("эээъъъ")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_be_hidden()


def test_the_box_on_a_phone(journey_page, everybody):
    page = journey_page("coordinator", width=390, height=844)
    go(page, "/people/")
    page.locator(".v-search").tap()
    page.get_by_role("combobox").fill("bdfyjd")
    page.locator("#found").get_by_role("option", name=re.compile("Иванов Хан")).tap()
    expect(page.get_by_role("heading", level=1, name="Иванов Хан")).to_be_visible()


def test_filters_stand_in_the_address_and_counts_agree(journey_page, everybody):
    park = make_campaign("Парк на Беспине")
    tag = make_tag("водитель")
    for name in ("Соло Иван", "Кеноби Пётр"):
        made = make_person(name, campaign=park)
    put_tag(by=Actor.system(), contact_id=made.pk, tag_id=tag.pk)
    page = journey_page("coordinator")
    go(page, "/people/")
    count = page.locator(".v-count b")
    link = page.locator(".v-rail").get_by_role("link", name=re.compile("Парк на Беспине"))
    for _second in range(20):  # the worker beside the page keeps these counts
        if count.inner_text() == "5" and link.locator(".n").all_inner_texts() == ["2"]:
            break
        page.wait_for_timeout(1000)
        go(page, "/people/")
    expect(count).to_have_text("5")
    expect(link.locator(".n")).to_have_text("2")
    link.click()
    expect(page).to_have_url(re.compile(rf"campaign={park.pk}"))
    expect(count).to_have_text("2")
    expect(page.locator(".tabulator-row")).to_have_count(2)

    page.locator(".v-chip.add").click()
    page.get_by_role("dialog").get_by_label("водитель").check()
    page.get_by_role("dialog").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(rf"(?=.*campaign={park.pk})(?=.*tag={tag.pk})"))
    expect(count).to_have_text("1")
    expect(page.locator(".v-filters .v-chip:has(.k)")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("link", name="Кеноби Пётр")).to_be_visible()

    go(page, f"{page.url}&phone=yes")
    expect(page.get_by_role("heading", name="Nobody is like that")).to_be_visible()
    expect(page.locator(".v-empty p")).to_contain_text(re.compile("The filter “.+” cuts most"))
    page.get_by_role("link", name="Show everybody").click()
    expect(count).to_have_text("5")


def test_a_filter_at_hand_is_chosen_by_the_keyboard_and_let_go_by_its_cross(journey_page, everybody):
    for name in ("донор", "водитель", "юрист", "врач", "курьер", "связной", "повар", "пилот", "сборщик"):
        make_tag(name)
    page = journey_page("coordinator", language="ru")
    go(page, "/people/?kind=person")
    chip = page.locator("[popovertarget=at-hand-tag]")
    chip.press("Enter")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("вод")
    expect(page.locator("#at-hand-tag .v-choice:visible")).to_have_text(["водитель"])
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\?kind=person$"))
    chip.press("Enter")
    expect(search).to_be_focused()
    page.keyboard.type("вод")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"(?=.*kind=person)(?=.*tag=\d+)"))
    expect(chip).to_contain_text("водитель")
    page.get_by_role("link", name="Снять отбор «Метка»").click()
    expect(page).to_have_url(re.compile(r"\?kind=person$"))
    expect(page.locator(".v-count b")).to_have_text("3")


def test_pages_of_the_list_at_a_desk_and_on_a_phone(journey_page):
    for number in range(PAGE + 3):
        make_person("Штурмовик", phone=f"8 904 000-00-{number:02}")
    desk, phone = journey_page("coordinator"), journey_page("coordinator", width=390, height=844)
    rows = desk.locator(".tabulator-row")
    go(desk, "/people/")
    for _turn in ("opened", "reloaded"):  # further pages come into the grid as one scrolls
        expect(rows.first).to_contain_text("00-00")
        expect(desk.get_by_role("link", name="Next")).to_be_hidden()
        desk.wait_for_function(
            "count => { const holder = document.querySelector('.tabulator-tableholder');"
            " holder.scrollTop = holder.scrollHeight;"
            " return document.querySelector('people-grid').grid.getDataCount() === count }",
            arg=PAGE + 3,
        )
        ids = desk.evaluate("document.querySelector('people-grid').grid.getData().map(row => row.id)")
        assert ids == sorted(set(ids))
        expect(rows.last).to_contain_text(f"00-{PAGE + 2:02}")
        expect(rows.last).to_be_in_viewport()
        fits(desk)
        desk.reload()
    rows = phone.locator(".v-rows a")
    go(phone, "/people/")
    expect(rows).to_have_count(PAGE)
    expect(rows.first).to_be_visible()
    phone.get_by_role("link", name="Next").click()
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text(f"00-{PAGE + 2:02}")
    phone.reload()
    expect(rows).to_have_count(3)
    phone.get_by_role("link", name="Back", exact=True).click()
    expect(rows).to_have_count(PAGE)
    expect(rows.first).to_contain_text("00-00")
    fits(phone)
