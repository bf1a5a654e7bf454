"""A resolution becomes precincts whose people follow them; an overlap is settled; an unread piece is rewritten."""

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import awake, fits, go
from veche.contacts.testing import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = """Избирательный участок № 12
Место нахождения: школа № 3, тел. 333-22-11
ул. Мира, дома 1–9 (нечётные), 2–8 (чётные); вдоль реки
Избирательный участок № 13
ул. Мира, 9–25; ул. Гоголя (полностью)"""


def test_a_resolution_becomes_precincts_and_an_overlap_is_settled(journey_page):
    for name, house in (("Антонова Анна", "Мира 3"), ("Белов Иван", "Мира 9"), ("Органа Лея", "Гоголя 30")):
        make_person(name, addresses=[f"г. Тверь, ул. {house}, кв. 1"])
    page = journey_page("administrator", language="ru")
    go(page, "/coverage/")
    page.get_by_role("link", name="Вставить список участков").first.click()
    awake(page)
    page.get_by_label("Город или посёлок").fill("г. Тверь")
    page.get_by_label("Текст постановления").fill(TEXT)
    page.keyboard.press("Control+s")
    expect(page.locator(".terr-section")).to_have_count(2)
    expect(page.locator(".terr-piece.unread").first).to_have_text("вдоль реки")
    page.get_by_role("button", name="Сохранить 2 территории").click()
    page.wait_for_url("**/coverage/")
    row = page.get_by_role("row", name="УИК № 13")
    expect(row).to_contain_text("1 спорный дом", timeout=20_000)
    expect(page.get_by_role("row", name="УИК № 12")).to_contain_text("1 не понято")

    page.get_by_role("link", name="1 спорное пересечение").click()
    awake(page)
    expect(page.locator(".terr-rules")).to_contain_text("ул. Мира 9")
    page.locator(".terr-rules").get_by_role("link", name="УИК № 13").click()
    awake(page)
    page.get_by_role("link", name="9–25", exact=True).click()
    awake(page)
    page.get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("На эти дома претендуют и другие")).to_have_count(0, timeout=20_000)
    page.get_by_role("main").get_by_role("link", name="Территории").first.click()
    awake(page)
    page.get_by_role("link", name="УИК № 12").first.click()
    awake(page)
    expect(page.locator(".terr-sum").first).to_contain_text("2 человека", timeout=20_000)
    page.get_by_role("link", name="Записать иначе").click()
    awake(page)
    page.get_by_label("Дома").fill("ул. Речная, 1–15")
    page.keyboard.press("Control+s")
    expect(page.locator(".terr-streets")).to_contain_text("ул. Речная")
    page.get_by_role("link", name="Люди территории").click()
    expect(page.get_by_role("link", name="Белов Иван")).to_be_visible()


def test_a_text_is_pasted_on_a_phone_and_taken_back(journey_page):
    from veche.accounts.actions import add_territory
    from veche.core.actor import Actor

    territory = add_territory(by=Actor.system(), name="Округ 5")
    page = journey_page("coordinator", width=390, height=844, language="ru", theme="dark")
    go(page, f"/coverage/{territory.pk}/")
    page.get_by_role("link", name="Вставить улицы и дома").last.click()
    awake(page)
    page.get_by_label("Улицы и дома").fill("г. Тверь, ул. Мира 25-1, 30; Садовая, 5")
    page.get_by_role("button", name="Посмотреть, как прочитано").click()
    expect(page.locator(".terr-house.stop").first).to_have_text("1–25")
    fits(page)
    page.get_by_role("button", name="Сохранить эти дома").click()
    page.get_by_role("button", name="Вернуть").or_(page.get_by_role("button", name="Отменить")).first.click()
    expect(page.get_by_text("Домов пока нет")).to_be_visible()
    fits(page)
