"""A list is taken home, edited in a spreadsheet, and comes back into a base that has moved on meanwhile."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.testing import make_person

pytestmark = pytest.mark.browser
SLOW = 60_000  # milliseconds; a job is done in between


@pytest.fixture
def people(transactional_db):
    admin = actor_of("administrator")
    names = ["Органа Лея Бейловна", "Скайуокер Лука Энакинович", "Тано Асока Антоновна"]
    found = [make_person(name, by=admin, phone=f"8 904 000-27-4{n}") for n, name in enumerate(names)]
    return {person.surname: person for person in found}


def home(page: Page, folder: Path) -> Path:
    """The list as it lies on somebody's own machine."""
    page.get_by_role("link", name="Править в Excel").click()
    page.get_by_role("button", name="Скачать в XLSX").click()
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_role("link", name="Скачать", exact=True).click(timeout=SLOW)
    path = folder / "дома.xlsx"
    download.value.save_as(path)
    return path


def edit(path: Path, changes: dict[str, dict[str, str]]) -> None:
    book = load_workbook(path)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        surname = page.cell(row, places["Фамилия"]).value
        for caption, text in changes.get(surname, {}).items():
            page.cell(row, places[caption]).value = text
    book.save(path)


def at(page: Page, name: str):
    return page.get_by_role("region", name=name)


def test_a_list_comes_back_with_a_conflict(journey_page, live_server, people, tmp_path, picture):
    page = journey_page("coordinator", language="ru")
    page.goto(f"{live_server.url}/people/")
    path = home(page, tmp_path)
    edit(path, {
        "Органа": {"Отчество": "Падмеевна", "Телефон": "+7 904 000-27-40; 8 904 111-22-33"},
        "Скайуокер": {"Отчество": "Бенович"},
        "Тано": {"День рождения": "41.13.1980"},
    })  # fmt: skip
    luke, lea = people["Скайуокер"], people["Органа"]
    admin = actor_of("administrator")
    change_fields(by=admin, contact_id=luke.pk, fields={"patronymic": "Энакинов"})
    page.set_input_files("input[type=file]", path)
    expect(at(page, "Органа Лея Бейловна").locator("del")).to_have_text("Бейловна", timeout=SLOW)
    expect(at(page, "Органа Лея Бейловна").locator("ins").first).to_have_text("Падмеевна")
    conflict = at(page, "Скайуокер Лука Энакинов").locator(".conflict")
    for value in ("Энакинович", "Бенович", "Энакинов"):
        expect(conflict.locator("dd").filter(has_text=value).first).to_be_visible()
    expect(at(page, "Тано Асока Антоновна")).to_contain_text("не дата рождения")
    expect(page.locator("#b-bar")).to_contain_text("1 конфликт не решён")
    picture(page, "bridge.ru")
    page.get_by_role("button", name="Внести 2 изменения").click()
    expect(page.get_by_text("Внесено 2 изменения.")).to_be_visible(timeout=SLOW)
    lea.refresh_from_db()
    luke.refresh_from_db()
    assert (lea.patronymic, luke.patronymic) == ("Падмеевна", "Энакинов")
    conflict.get_by_role("button", name="Взять моё").click()
    expect(page.get_by_role("button", name="Внести 1 изменение")).to_be_enabled(timeout=SLOW)
    page.get_by_role("button", name="Внести 1 изменение").click()
    expect(page.get_by_text("Внесено 3 изменения.")).to_be_visible(timeout=SLOW)
    luke.refresh_from_db()
    assert luke.patronymic == "Бенович"
    change_fields(by=admin, contact_id=lea.pk, fields={"patronymic": "Бреховна"})
    page.get_by_role("button", name="Отменить внесённое").click()
    expect(page.get_by_text("Возвращено 2 изменения.")).to_be_visible(timeout=SLOW)
    lea.refresh_from_db()
    luke.refresh_from_db()
    assert (lea.patronymic, luke.patronymic) == ("Бреховна", "Энакинов")
    assert lea.points.count() == 1


def test_the_differences_fit_a_phone(journey_page, live_server, people, tmp_path):
    page = journey_page("coordinator", language="ru")
    page.goto(f"{live_server.url}/people/")
    path = home(page, tmp_path)
    edit(
        path,
        {"Органа": {"Отчество": "Падмеевна", "Адрес": "Альдераан, ул. Дворцовая, д. 1, корп. 2, кв. 33"}},
    )
    page.set_input_files("input[type=file]", path)
    expect(at(page, "Органа Лея Бейловна")).to_be_visible(timeout=SLOW)
    url = page.url
    small = journey_page("coordinator", width=390, height=844, language="ru", theme="dark")
    small.goto(url)
    expect(at(small, "Органа Лея Бейловна")).to_be_visible()
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    at(small, "Органа Лея Бейловна").get_by_role("button", name="Отклонить").first.click()
    expect(small.get_by_role("button", name="Внести 1 изменение")).to_be_visible()
