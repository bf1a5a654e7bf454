"""A misspelt street is put right for all who live there, and back; an address is suggested while it is typed."""

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import fits, go
from veche.contacts.actions.known_streets import count_streets
from veche.contacts.actions.street_slips import look_for_slips
from veche.contacts.models import AddressReading, PostalAddress
from veche.contacts.testing import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def written() -> list[str]:
    return sorted(set(AddressReading.objects.values_list("street", flat=True)))


@pytest.fixture
def town():
    for house in range(1, 16):
        make_person(addresses=[f"г. Тверь, ул. Ленина, {house}"])
    person = make_person("Ошибкин Иван", addresses=["г. Тверь, ул. Лененина, 3"])
    look_for_slips()
    count_streets()
    return person


def test_one_fix_repairs_all_and_is_taken_back(journey_page, town):
    page = journey_page("coordinator", language="ru")
    go(page, "/people/quality/")
    page.get_by_role("link", name="Улицы с описками").click()
    row = page.locator("#streets li").filter(has_text="ул. Лененина").first
    expect(row).to_contain_text("1 человек")
    row.get_by_role("button", name="Исправить").click()
    expect(page.locator("#streets")).to_contain_text("Описок в улицах не видно")
    assert written() == ["ул. Ленина"]
    fits(page)
    page.locator("toast-stack").get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("button", name="Исправить", exact=True)).to_be_visible()
    assert written() == ["ул. Лененина", "ул. Ленина"]


def test_an_address_is_suggested_and_taken_by_the_keyboard(journey_page, town):
    page = journey_page("coordinator", language="ru")
    go(page, f"/people/{town.pk}/")
    page.locator("#card-addresses .v-edit").click()
    field = page.get_by_role("combobox", name="Адрес")
    field.fill("твер лен")
    offered = page.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_text(["Тверь, ул. Ленина"])
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Тверь, ул. Ленина")
    page.keyboard.type(" 12")
    expect(offered).to_have_text(["Тверь, ул. Ленина, д. 12"])
    page.keyboard.press("Escape")  # the list only
    expect(offered).to_have_count(0)
    page.keyboard.type(", кв. 5 (Динамо)")
    expect(page.locator("#card-addresses [data-read] .stop")).to_contain_text("Динамо")
    page.locator("#card-addresses").get_by_role("button", name="Сохранить").click()
    expect(page.locator("#card-addresses")).to_contain_text("Разобран с сомнениями")
    assert PostalAddress.objects.get(contact=town).text == "Тверь, ул. Ленина 12, кв. 5 (Динамо)"
