"""Without a mouse and in the Russian layout: commands of the palette, the sheet of keys, twenty people from paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from config.tests.journeys.test_finding import press_in_russian_layout
from veche.contacts.models import Contact, ContactPoint
from veche.contacts.testing import make_person
from veche.names import fold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = [
    f"{surname} {given}, 8 904 000-{n:02}-{n + 40}, ул. Ленина, {n}, {remark}"
    for n, (surname, given, remark) in enumerate(
        zip(
            "Иванов Петрова Сидоров Кузнецова Попов Соколова Лебедев Козлова Новиков Морозова Волков Зайцева Павлов"
            " Семёнова Голубев Виноградова Богданов Воробьёва Фёдоров Михайлова".split(),
            "Иван Мария Пётр Анна Олег Ольга Юрий Нина Сергей Вера Денис Ирина Артём Алла Борис Дарья Егор Юлия Лев"
            " Зоя".split(),
            ["подписала петицию", "придёт на субботник", "звонить вечером", "есть машина"] * 5,
            strict=True,
        ),
        start=1,
    )
]


def command(page: Page, typed: str) -> None:
    """Open the palette, type, and take what stands first."""
    press_in_russian_layout(page, "KeyK", "л", control=True)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.locator("#found [aria-selected=true]")).to_be_visible()
    expect(page.locator("#found [data-forms]")).to_have_attribute("data-forms", re.compile(fold(typed)))
    page.keyboard.press("Enter")


def test_twenty_people_are_typed_from_paper(journey_page, picture):
    page = journey_page("operator", language="ru")
    go(page, "/")
    command(page, ">строк")
    page.wait_for_url(f"**{reverse('contacts:quick_add')}")
    box = page.locator("#quick-text")
    expect(box).to_be_focused()
    for line in PAPER:
        page.keyboard.type(line)
        press_in_russian_layout(page, "Enter", "Enter")
        assert box.input_value() == ""  # free for the next one at once, however slow the server is
        assert page.evaluate("document.activeElement.id") == "quick-text"
    expect(page.locator("#quick-added [data-id]")).to_have_count(20, timeout=60_000)
    picture(page, "quick.ru")
    assert Contact.objects.count() == 20
    assert ContactPoint.objects.filter(kind="phone", value__regex=r"^\+7904000\d{4}$").count() == 20
    assert set(Contact.objects.values_list("surname", flat=True)) == {line.split()[0] for line in PAPER}


def test_what_was_understood_is_corrected_by_tab_and_taken_back_by_the_toast(journey_page):
    page = journey_page("operator")
    go(page, "/people/quick/")
    page.keyboard.type("Дарт Вейдер, 89999999999, Москва, ул. Красная Площадь, дом 1, сторонник Империи")
    name = page.get_by_label("Name")
    expect(name).to_have_value("Дарт Вейдер")
    expect(page.get_by_label("Address")).to_have_value("Москва, ул. Красная Площадь, дом 1")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Who is it?")).to_be_visible()
    for _n in range(12):
        if page.evaluate("document.activeElement.name") == "0-name":
            break
        page.keyboard.press("Tab")
    expect(name).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Иванов Пётр Лукич")
    press_in_russian_layout(page, "Enter", "Enter", control=True)
    expect(page.locator("#quick-added [data-id]")).to_contain_text("Иванов Пётр Лукич")
    expect(page.locator("#quick-text")).to_be_focused()
    page.locator(".v-toast [data-undo-button]").press("Enter")
    expect(page.locator("#quick-added [data-id]")).to_have_count(0)
    assert Contact.objects.get().removed_at


def test_a_wrong_line_stays_to_be_mended_while_the_next_is_typed(journey_page):
    page = journey_page("operator")
    go(page, "/people/quick/")
    page.keyboard.type("Органа Лея, 31.12.1980")
    expect(page.get_by_label("Birthday")).to_have_value("31.12.1980")
    page.get_by_label("Birthday").fill("31.02.1980")
    page.keyboard.press("Enter")
    kept = page.locator(".pq-kept")
    expect(kept).to_contain_text("is not a birthday")
    page.keyboard.type("Иванов Пётр")
    page.keyboard.press("Enter")
    expect(page.locator("#quick-added [data-id]")).to_contain_text("Иванов Пётр")
    kept.get_by_label("Birthday").fill("28.02.1980")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#quick-added [data-id]")).to_have_count(2)
    expect(kept).to_have_count(0)


def test_a_pasted_list_is_shown_whole_and_added_in_one_go(journey_page):
    known = make_person("Петрова Мария", phone="8 904 000-02-42")
    for width, height in ((1440, 900), (390, 844)):
        page = journey_page("coordinator", width=width, height=height)
        go(page, "/people/quick/")
        page.locator("#quick-text").fill("\n".join(PAPER))
        expect(page.locator(".pq-row")).to_have_count(20)
        expect(page.locator(".pq-row").nth(1).get_by_role("link", name=str(known))).to_be_visible()
        fits(page)
    page.locator("#quick").get_by_role("button", name="Add").click()
    expect(page.locator("#quick-added [data-id]")).to_have_count(20, timeout=60_000)
    assert Contact.objects.count() == 21


def test_the_palette_knows_the_pages_own_commands_and_the_frames(journey_page):
    leia = make_person("Органа Лея", phone="8 904 000-27-40", email="leia@example.org")
    page = journey_page("coordinator", language="ru")
    go(page, f"/people/{leia.pk}/")
    command(page, ">тёмн")
    page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
    command(page, ">измен")
    expect(page.get_by_label("Фамилия")).to_be_focused()
    page.keyboard.press("Escape")
    go(page, "/")
    press_in_russian_layout(page, "KeyK", "л", control=True)
    expect(page.locator("#found").get_by_role("option").first).to_contain_text("Органа Лея")
    page.keyboard.type(">выйт")
    expect(page.locator("#found [aria-selected=true]")).to_contain_text("Выйти")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")


def test_the_sheet_tells_the_keys_of_each_page(journey_page):
    leia = make_person("Органа Лея", phone="8 904 000-27-40")
    page = journey_page("coordinator", language="ru")
    go(page, f"/people/{leia.pk}/")
    press_in_russian_layout(page, "Digit7", "?")
    sheet = page.locator(".v-sheet-of-keys")
    expect(sheet).to_be_visible()
    expect(sheet.locator("[data-page]")).to_contain_text("Позвонить")
    page.keyboard.press("Escape")
    go(page, "/people/quick/")
    page.locator("h1").click()
    press_in_russian_layout(page, "Digit7", "?")
    expect(sheet.locator("[data-page]")).to_contain_text("Добавить и ждать следующего")
    expect(sheet.locator("[data-page]")).not_to_contain_text("Позвонить")
