"""A wife is added on a card, both are a household with a page, and what is taken away comes back."""

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import fits, go
from veche.contacts.models import Household, HouseholdMember, Relation
from veche.contacts.testing import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_wife_on_the_card_and_the_page_of_the_household(journey_page, picture):
    luke = make_person("Скайуокеров Лука Анакинович")
    leia = make_person("Скайуокерова Лея Бейловна")
    page = journey_page("coordinator")
    go(page, f"/people/{luke.pk}/")
    ties = page.locator("#card-ties")
    ties.get_by_role("button", name="Add a relation").click()
    ties.get_by_label("What are they to each other?").select_option("spouse")
    ties.get_by_label("Who is it?").first.fill("Лея")
    expect(ties.get_by_role("radio").first).to_be_checked()
    ties.get_by_label("They live together").check()
    page.keyboard.press("Enter")
    expect(ties.get_by_text("Wife")).to_be_visible()
    picture(page, "card-ties.en")

    ties.get_by_role("link", name="Household “Скайуокеровы”").click()
    people = page.locator("#household-people")
    expect(people.get_by_role("link")).to_have_text([str(luke), str(leia)])
    fits(page)
    people.get_by_role("button", name=f"Take out of the household: {leia}").click()
    expect(page.get_by_role("heading", name="Here will be the households")).to_be_visible()
    assert not Household.objects.exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is as it was before.")).to_be_visible()
    assert HouseholdMember.objects.count() == 2

    go(page, f"/people/{luke.pk}/")
    ties.get_by_role("button", name="Remove the relation").click()
    expect(ties.get_by_text("Wife")).to_have_count(0)
    assert not Relation.objects.exists()
    page.get_by_role("button", name="Undo").click()
    expect(ties.get_by_text("Wife")).to_be_visible()
