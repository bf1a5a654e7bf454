"""Suggested families decided on by keyboard: one without a guest, none, and the last one taken back."""

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import fits, go
from veche.contacts.models import HouseholdMember, Relation
from veche.contacts.testing import make_person
from veche.dedupe.testing import make_suggestion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = {"addresses": ["г. Тверь, ул. Мира, д. 5, кв. 8"]}


def families() -> list[int]:
    """Two: parents with a son and a guest, surer, and two people of one phone."""
    born = (("Берёзов Игорь Олегович", 1970), ("Берёзова Вера Романовна", 1973),
            ("Берёзов Роман Игоревич", 1998), ("Калинин Захар Глебович", 2003))  # fmt: skip
    people = [
        make_person(name, fields={"birth_year": year}, phone=f"8 904 000-27-4{year % 10}", **HOME)
        for name, year in born
    ]
    make_suggestion(*people, reasons={"flat": 4, "surname": 3})
    two = [make_person(name, phone="8 904 000-27-49") for name in ("Органа Лея", "Соло Хан")]
    make_suggestion(*two, reasons={"phone": 2})
    return [each.pk for each in people]


def test_families_by_keyboard(journey_page, picture):
    people = families()
    page = journey_page("coordinator")
    go(page, "/doubles/families/")
    expect(page.get_by_text("2 families to look at")).to_be_visible()
    expect(page.get_by_text("the same surname at 3 of 4")).to_be_visible()
    fits(page)
    picture(page, "families.en")

    page.keyboard.press("4")  # the guest is none of them
    expect(page.get_by_label("Калинин Захар Глебович is of this family")).not_to_be_checked()
    page.keyboard.press("f")
    expect(page.get_by_text("1 family to look at")).to_be_visible()
    assert set(HouseholdMember.objects.values_list("contact_id", flat=True)) == set(people[:3])
    assert Relation.objects.count() == 3

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="No families to look at")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("the same mobile phone")).to_be_visible()


def test_families_fit_a_thumb(journey_page, picture):
    families()
    page = journey_page("coordinator", language="ru", width=390, height=844)
    go(page, "/doubles/families/")
    expect(page.get_by_role("button", name="Одна семья")).to_be_visible()
    fits(page)
    picture(page, "families.phone.ru")
