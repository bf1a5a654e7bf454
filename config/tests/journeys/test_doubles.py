"""Likely doubles decided on by keyboard: one person, different people, and the last one taken back."""

import re

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import fits, go
from veche.contacts.models import Contact, Merge
from veche.contacts.testing import make_person
from veche.dedupe.testing import make_group

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def questions() -> None:
    """Two: the Skywalkers, likelier, differ in the surname, the Organas in the first name."""
    luke = make_person("Скайуокеров Лука Анакинович", phone="8 904 000-27-40")
    make_group(luke, make_person("Скайвокеров Лука Анакинович", phone="8 904 000-27-40"), probability=0.84)
    leia = make_person("Органа Лея Бейловна", phone="8 904 000-27-41")
    clues = {"phone": "same_home", "given": "other", "surname": "same"}
    make_group(
        leia, make_person("Органа Бреха Петровна", phone="8 904 000-27-41"), probability=0.4, clues=clues
    )


def test_the_queue_by_keyboard(journey_page, picture):
    questions()
    page = journey_page("coordinator")
    go(page, "/doubles/")
    expect(page.get_by_text("2 to decide")).to_be_visible()
    expect(page.get_by_text("the same mobile phone")).to_be_visible()
    fits(page)
    picture(page, "doubles.en")

    surname = page.get_by_role("row", name="Surname").locator("output")
    chosen = surname.text_content()
    other = {"Скайуокеров": "Скайвокеров", "Скайвокеров": "Скайуокеров"}[chosen]
    page.keyboard.press("1" if other == "Скайуокеров" else "2")  # the other surname
    expect(surname).to_have_text(other)
    page.keyboard.press("0")  # the card that was made later stays
    page.keyboard.press("m")
    expect(page.get_by_text("1 to decide")).to_be_visible()
    expect(page.get_by_text("the same home phone")).to_be_visible()
    luke = Contact.objects.get(given_name="Лука")
    assert (luke.surname, luke.pk) == (other, Merge.objects.get().contact_id)
    assert luke.pk > Merge.objects.get().gone.get().former_id

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Nothing to decide")).to_be_visible()
    expect(page.get_by_text(re.compile("decided today: 2"))).to_be_visible()

    page.keyboard.press("z")  # they are not different people after all, but a family
    expect(page.get_by_text("the same home phone")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_text(re.compile("family 1"))).to_be_visible()
    assert Contact.objects.count() == 3


def test_the_queue_fits_a_thumb(journey_page, picture):
    questions()
    page = journey_page("coordinator", width=390, height=844)
    go(page, "/doubles/")
    expect(page.get_by_role("button", name="Merge")).to_be_in_viewport()
    fits(page)
    page.get_by_role("button", name="Later").click()
    expect(page.get_by_text("the same home phone")).to_be_visible()
    page.get_by_role("button", name="Different people").click()
    page.get_by_role("button", name=re.compile("Ask again")).click()
    expect(page.get_by_text("the same mobile phone")).to_be_visible()
