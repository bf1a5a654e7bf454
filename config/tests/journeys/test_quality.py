"""What is wrong in the base: found, put right, undone, said to be right; by mouse and thumb."""

import re
import time

import pytest
from playwright.sync_api import expect

from config.tests.journeys.pages import fits, go
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.inspecting import TALLY
from veche.contacts.models import Contact, Figure, Finding
from veche.contacts.testing import make_person
from veche.core.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def spoilt(surname: str, given_name: str, number: int) -> Contact:
    person = make_person("Иванов Иван", phone=f"8 904 000-27-{number}")
    return change_fields(
        by=Actor.system(), contact_id=person.pk, fields={"surname": surname, "given_name": given_name}
    )


def wait_for_findings(**people: int) -> None:
    """Until the worker beside the page has counted so many people by finding."""
    for _turn in range(300):
        kept = Figure.objects.filter(name=TALLY).first()
        counts = kept.value["counts"] if kept else {}
        if all(counts.get(key, [0])[0] == count for key, count in people.items()):
            return
        time.sleep(0.2)
    raise AssertionError(f"counted was {counts}")


@pytest.mark.parametrize("width, height", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_mistakes_are_found_put_right_and_put_back(journey_page, width, height):
    page = journey_page("coordinator", width=width, height=height)
    people = [spoilt("СКАЙУОКЕР", "Лука", 40), spoilt("ОРГАНА", "Лея", 41), spoilt("Мусатов", "Анна", 42)]
    wait_for_findings(name_case=2, surname_gender=1)
    go(page, "/people/quality/")
    line = page.get_by_role("link", name=re.compile("Names in capitals"))
    expect(line).to_contain_text("2")
    fits(page)
    line.click()
    expect(page.get_by_role("heading", level=1, name="Names in capitals or small letters")).to_be_visible()
    fits(page)
    row = page.get_by_role("listitem").filter(has_text="СКАЙУОКЕР")
    expect(row).to_contain_text("Скайуокер")
    row.get_by_role("button", name="Put right", exact=True).click()
    expect(row).to_have_count(0)
    assert Contact.objects.get(pk=people[0].pk).surname == "Скайуокер"
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    page.get_by_role("button", name="Put right all 2").click()
    expect(page.get_by_text("2 people were put right.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nobody has this")).to_be_visible()
    assert {Contact.objects.get(pk=each.pk).surname for each in people[:2]} == {"Скайуокер", "Органа"}

    go(page, f"/people/{people[2].pk}/")
    remarks = page.locator(".card-remarks")
    expect(remarks).to_contain_text("Surname of the other gender")
    remarks.get_by_role("button", name="This is right").click()
    expect(remarks).to_have_count(0)
    assert Finding.objects.get(contact=people[2]).dismissed
