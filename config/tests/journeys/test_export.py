"""People leave the list as a spreadsheet: columns chosen by mouse and by keyboard, the file fetched from the tray."""

import os
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from veche.campaigns.testing import make_campaign
from veche.contacts.testing import make_own_field, make_person
from veche.exchange.models import Export

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("VECHE_EXPORT_PICTURES")  # a folder, when somebody wants to look


@pytest.fixture
def base():
    make_campaign("Парк")
    make_own_field("Отряд")
    for name, phone in (("Органа Лея Бейловна", "00-01"), ("Соло Хан", "00-02"), ("Тано Асока", "00-03")):
        make_person(name, phone=f"8 904 000-{phone}")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def chosen(page: Page) -> list[str]:
    return page.locator("[data-chosen] > li").evaluate_all("lines => lines.map(line => line.dataset.key)")


def test_columns_are_chosen_and_the_file_is_fetched(base, journey_page, live_server, tmp_path):
    page = journey_page("coordinator", language="en")
    go(page, f"{live_server.url}/people/?q=Органа")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", name="1 person")).to_be_visible()
    before = chosen(page)
    assert before[:2] == ["number", "surname"]

    page.get_by_role("checkbox", name="Number", exact=True).uncheck()
    page.get_by_role("checkbox", name="Full name").check()
    assert chosen(page) == [*before[1:], "name"]
    page.keyboard.press("Alt+ArrowUp")  # the box that was just pressed
    assert chosen(page)[-2:] == ["name", before[-1]]
    page.get_by_role("button", name="Move “Surname” later").press("Enter")
    assert chosen(page)[:2] == ["given_name", "surname"]
    line = page.locator('[data-key="phone"]')
    line.drag_to(page.locator('[data-key="given_name"]'), target_position={"x": 40, "y": 3})
    assert chosen(page)[0] == "phone"
    wanted = chosen(page)

    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("The file is being written.")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=20_000)
    with page.expect_download() as fetched:
        page.locator("#job-tray").get_by_role("link", name="Export: Text: Органа").click(timeout=20_000)
    path = tmp_path / "people.xlsx"
    fetched.value.save_as(path)
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert list(head)[:3] == ["Phone", "Given name", "Surname"] and rows[0][0] == "+7 904 000-00-01"
    assert len(rows) == 1 and Export.objects.get().columns == wanted

    go(page, f"{live_server.url}/exports/new/")
    assert chosen(page) == wanted  # remembered
    page.get_by_role("radio", name="CSV").check()
    expect(page.get_by_label("Between the columns of a CSV")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height", "language", "theme"), [(1440, 900, "ru", "light"), (390, 844, "ru", "dark")]
)
def test_the_pages_fit_every_screen(base, journey_page, live_server, width, height, language, theme):
    page = journey_page("administrator", width=width, height=height, language=language, theme=theme)
    for name, address in {
        "people": "/people/", "new": "/exports/new/?q=Органа", "new-all": "/exports/new/", "none": "/exports/",
    }.items():  # fmt: skip
        go(page, f"{live_server.url}{address}")
        fits(page)
        picture(page, f"{name}-{width}")
    go(page, f"{live_server.url}/exports/new/")
    page.locator("#go").click()
    page.wait_for_url("**/exports/")
    expect(page.locator("#exports a[href$='/file/']:visible")).to_be_visible(timeout=20_000)
    fits(page)
    picture(page, f"made-{width}")
