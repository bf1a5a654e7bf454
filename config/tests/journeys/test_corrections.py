"""A dirty file is put right on the page of its check, and the next one like it is laid out by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from veche.contacts.models import Contact
from veche.exchange.models import Correction, Import
from veche.exchange.testing import xlsx_file

pytestmark = pytest.mark.browser
CAPTIONS = ["ФИО", "Телефон", "Дата рождения", "Отряд", "Статус"]
IMPOSSIBLE = "29.02.1970"
ROWS = [
    ["Органа Лея Бейловна", "8 904 000-27-40", IMPOSSIBLE, "штаб", "Активист"],
    ["Скайуокер Люк Энакинович", "8 904 000-27-41", IMPOSSIBLE, "двор", "актив."],
    ["Соло Хан", "8 904 000-27-42", "31.04.1960", "двор", "актив."],
    ["Калриссиан Лэндо", "8 904 000-27-43", "01.02.1965", "двор", "Активист"],
]
LATER = [["Эрсо Джин", "8 904 000-27-48", "05.06.1980", "двор", "актив."]]


def upload(page: Page, site: str, path: Path) -> None:
    page.goto(f"{site}/imports/new/")
    page.set_input_files("input[type=file]", str(path))
    expect(page.locator(".x-sheet")).to_be_visible(timeout=20_000)  # the worker has looked it through
    page.goto(page.url.replace("table", "columns"))


def check(page: Page) -> None:
    page.click("#go")
    expect(page.locator("#standing")).to_be_visible(timeout=20_000)


def mended(page: Page) -> None:
    """The corrections are in force."""
    expect(page.get_by_text("being applied")).to_have_count(0, timeout=20_000)
    expect(page.locator("#go")).to_be_enabled()


def test_a_value_and_a_cell_are_corrected_by_keyboard(journey_page, live_server, tmp_path):
    page = journey_page(language="en")
    upload(page, live_server.url, xlsx_file(tmp_path / "отряд.xlsx", [CAPTIONS, *ROWS]))
    check(page)
    field = page.get_by_label(f"What “{IMPOSSIBLE}” should be")
    field.fill("30.02.1970")
    field.press("Enter")
    expect(page.locator(".x-correct .error")).to_be_visible()
    field.fill("28.02.1970")
    field.press("Enter")
    expect(page.locator(".x-fix.done")).to_contain_text("28.02.1970")
    other = page.get_by_label("What “31.04.1960” should be")
    expect(other).to_be_focused()
    other.fill("30.04.1960")
    other.press("Enter")
    expect(page.locator(".x-fix.done")).to_have_count(2)
    mended(page)
    page.reload()
    expect(page.locator(".x-made tbody tr")).to_have_count(2)
    expect(page.locator(".x-made")).to_contain_text("30.04.1960")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/load/")
    expect(page.get_by_text("The file is in the base")).to_be_visible(timeout=20_000)
    born = Contact.objects.values_list("surname", "birth_day", "birth_month")
    assert set(born) == {("Органа", 28, 2), ("Скайуокер", 28, 2), ("Соло", 30, 4), ("Калриссиан", 1, 2)}


def test_one_row_of_several_is_corrected_and_taken_back(journey_page, live_server, tmp_path):
    page = journey_page(language="en")
    upload(page, live_server.url, xlsx_file(tmp_path / "отряд.xlsx", [CAPTIONS, *ROWS]))
    check(page)
    page.get_by_label("in all 2 rows").uncheck()
    field = page.get_by_label(f"What “{IMPOSSIBLE}” should be")
    field.fill("27.02.1970")
    field.press("Enter")
    expect(page.locator(".x-fix.done")).to_contain_text("row 2")
    mended(page)
    page.reload()
    assert Correction.objects.get().rows == 1
    page.locator(".x-made").get_by_role("button", name="Take back").click()
    expect(page.get_by_label("in all 2 rows")).to_be_visible(timeout=20_000)
    assert not Correction.objects.exists()


def test_words_are_matched_and_the_next_file_remembers_it(journey_page, live_server, tmp_path):
    page = journey_page(language="en")
    upload(page, live_server.url, xlsx_file(tmp_path / "ноябрь.xlsx", [CAPTIONS, *ROWS]))
    check(page)
    page.get_by_role("link", name="Статус", exact=True).click()
    page.get_by_label("What “актив.” becomes").fill("Активист")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/check/")
    mended(page)
    page.click("#go")
    expect(page.get_by_text("The file is in the base")).to_be_visible(timeout=20_000)
    upload(page, live_server.url, xlsx_file(tmp_path / "декабрь.xlsx", [CAPTIONS, *LATER]))
    expect(page.get_by_text("laid out as in the file “ноябрь.xlsx”")).to_be_visible()
    check(page)
    assert Import.objects.latest("pk").rows.get().draft["status"] == "Активист"
    upload(page, live_server.url, tmp_path / "ноябрь.xlsx")
    expect(page.get_by_text("This very file was loaded on")).to_be_visible()
    page.get_by_role("button", name="Lay out afresh").click()
    expect(page.get_by_text("laid out as in the file")).to_have_count(0)


def test_the_page_is_mended_on_a_phone(journey_page, live_server, tmp_path):
    page = journey_page(width=390, language="ru", theme="dark")
    upload(page, live_server.url, xlsx_file(tmp_path / "отряд.xlsx", [CAPTIONS, *ROWS]))
    check(page)
    page.get_by_role("button", name="Взять как есть").first.tap()
    expect(page.locator(".x-fix.done")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
