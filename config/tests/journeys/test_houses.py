"""A house from the list to its passport: a guess is confirmed, a flat leads to its people, a problem is solved."""

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import awake, fits, go
from veche.contacts.actions.houses import keep_all_houses
from veche.contacts.models import Contact, House, HouseEntry
from veche.contacts.testing import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MIRA = "г. Тверь, ул. Мира, д. 5, кв. {}"


@pytest.fixture
def house() -> House:
    crew = (("Антонова Анна", 3), ("Белов Иван", 17), ("Органа Лея", 58), ("Соло Хан", "7Б"))
    for number, (name, flat) in enumerate(crew):
        make_person(name, phone=f"8 904 000-27-4{number}", addresses=[MIRA.format(flat)])
    make_person("Соседов Пётр", addresses=["г. Тверь, ул. Мира, 7, кв. 1"])
    keep_all_houses()
    return House.objects.get(number="5")


def test_a_house_is_described_walked_and_put_right(journey_page, house):
    page = journey_page("coordinator", language="ru")
    go(page, "/houses/?sort=-people")
    page.get_by_role("link", name="Тверь, ул. Мира, 5", exact=True).click()
    awake(page)
    page.get_by_role("link", name="Проверить догадку").click()
    awake(page)
    expect(page.get_by_label("Подъезды")).to_have_value("3")
    page.get_by_label("Управляющая компания").fill("ТСЖ «Мир»")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("link", name="Квартира 17: есть телефон")).to_be_visible()
    expect(page.locator(".hs-entrance")).to_have_count(3)
    expect(page.locator(".hs-empty")).to_have_text("1–2, 4–16, 18–57, 59–60")
    expect(page.locator(".hs-people")).to_contain_text("7Б")

    page.get_by_role("link", name="Квартира 58: есть телефон").press("Enter")
    expect(page.locator("#flat-58")).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollTop") == 0, "only the column scrolls"

    page.keyboard.press("n")
    page.get_by_label("Что произошло").fill("Не работает лифт")
    page.get_by_role("button", name="Записать").click()
    problem = page.locator("#house-entries li.open")
    expect(problem).to_contain_text("Не работает лифт")
    problem.get_by_role("button", name="Решено").click()
    expect(page.locator("#house-entries")).to_contain_text("решено")
    assert HouseEntry.objects.get().closed_at is not None

    page.get_by_role("link", name="Квартира 4: никого не знаем").click()
    awake(page)
    page.locator("[name=name]").fill("Новосёлов Пётр")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/people/*/")
    new = Contact.objects.get(surname="Новосёлов")
    assert new.address_readings.get().house_mark == house.mark
    page.get_by_role("link", name="Паспорт дома").click()
    expect(page.get_by_role("link", name="Квартира 4: кого-то знаем")).to_be_visible()


def test_a_house_on_a_phone_fits_and_prints(journey_page, house):
    page = journey_page("coordinator", width=390, height=844, language="ru")
    for address in ("/houses/", "/houses/filter/", f"/houses/{house.pk}/", f"/houses/{house.pk}/form/"):
        go(page, address)
        fits(page)
    go(page, f"/houses/{house.pk}/print/?phones=1")
    expect(page.locator(".p-table")).to_contain_text("Органа Лея")
    page.emulate_media(media="print")
    expect(page.locator(".p-bar")).to_be_hidden()
