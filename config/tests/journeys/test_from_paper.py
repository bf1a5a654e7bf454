"""Twenty people typed from paper by keyboard only: by lines, in no more presses than a spreadsheet, and by the form."""

import time

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import go
from config.tests.journeys.test_keyboard import PAPER
from veche.contacts.models import Contact, ContactPoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHIFTED = frozenset(',!"№;%:?*()_+')  # in the Russian layout


def presses(text: str) -> int:
    """Keys that a hand presses to type it, Shift too."""
    return len(text) + sum(letter.isupper() or letter in SHIFTED for letter in text)


def cells(line: str) -> list[str]:
    """The same person as a spreadsheet has them: surname, name, phone, street with house, remark."""
    name, phone, street, house, remark = line.split(", ")
    return [*name.split(), phone.translate(str.maketrans("", "", " -")), f"{street} {house}", remark]


def in_spreadsheet(line: str) -> int:
    """Presses in a spreadsheet: every cell, Tab between two, Enter at the end of the row."""
    row = cells(line)
    return sum(map(presses, row)) + len(row) - 1 + 1


def test_a_line_needs_no_more_presses_than_a_row_of_a_spreadsheet(journey_page):
    page = journey_page("operator", language="ru")
    go(page, "/people/quick/")
    box = page.locator("#quick-text")
    lines = [" ".join(cells(line)).lower() for line in PAPER]
    ours = [presses(line) + 1 for line in lines]
    theirs = [in_spreadsheet(line) for line in PAPER]
    assert all(our <= their for our, their in zip(ours, theirs, strict=True))
    began = time.monotonic()
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        assert box.input_value() == "" and page.evaluate("document.activeElement.id") == "quick-text"
    typed = time.monotonic() - began
    expect(page.locator("#quick-added [data-id]")).to_have_count(20, timeout=60_000)
    print(
        f"presses a person: {sum(ours) / 20:.1f}, in a spreadsheet {sum(theirs) / 20:.1f}; {typed / 20:.2f} s each"
    )
    known = Contact.objects.order_by("pk").values_list(
        "name", "points__value", "addresses__text", "notes__text"
    )
    assert sorted(known)[0] == ("Богданов Егор", "+79040001757", "ул. ленина 17", "подписала петицию")
    assert {name for name, *_rest in known} == {" ".join(cells(line)[:2]) for line in PAPER}


def typed_into_the_form(page: Page, line: str) -> None:
    """Name, phone, address and note; Tab from field to field."""
    surname, given, phone, address, remark = cells(line)
    for text, tabs in ((f"{surname} {given}", 1), (phone, 4), (address, 4), (remark, 0)):
        page.keyboard.type(text)
        for _n in range(tabs):
            page.keyboard.press("Tab")


def test_the_form_goes_on_to_the_next_by_a_key(journey_page):
    page = journey_page("operator", language="ru")
    go(page, "/people/new/")
    name = page.locator("#new-contact [name=name]")
    expect(name).to_be_focused()
    page.locator("#new-contact [name=origin_words]").fill("Субботник")
    name.focus()
    for number, line in enumerate(PAPER):
        typed_into_the_form(page, line)
        page.keyboard.press("Control+Enter" if number % 2 else "Control+Alt+Enter")
        assert name.input_value() == "" and page.evaluate("document.activeElement.name") == "name"
    expect(page.locator("[data-added] [data-id]")).to_have_count(20, timeout=60_000)
    assert ContactPoint.objects.filter(kind="phone").count() == 20
    assert set(Contact.objects.values_list("origins__words", flat=True)) == {"Субботник"}
    assert set(Contact.objects.values_list("notes__text", flat=True)) >= {"есть машина", "звонить вечером"}


# The key, and the next person's name before the answer comes however soon: both in one turn of the page.
BEGINS_THE_NEXT = """(field, words) => {
    field.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true}));
    document.execCommand("insertText", false, words);
}"""


def test_one_who_is_refused_comes_back_into_the_form(journey_page):
    page = journey_page("operator")
    go(page, "/people/new/")
    name, birthday = page.locator("#new-contact [name=name]"), page.locator("#new-contact [name=birthday]")
    name.fill("Органа Лея")
    birthday.fill("31.02.1980")
    page.keyboard.press("Control+Enter")
    line = page.locator("[data-added] > div").first
    expect(line).to_contain_text("Органа Лея")
    expect(birthday).to_have_value("31.02.1980")  # nothing else was begun: it is back by itself
    expect(birthday).to_be_focused()
    birthday.fill("30.02.1980")
    birthday.evaluate(BEGINS_THE_NEXT, "Иванов Пётр")
    again = page.get_by_role("button", name="Put right")
    expect(again).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-added] [data-id]")).to_contain_text("Иванов Пётр")
    again.press("Enter")
    expect(name).to_have_value("Органа Лея")
    birthday.fill("28.02.1980")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-added] [data-id]")).to_have_count(2)
    page.locator(".v-toast [data-undo-button]").press("Enter")
    expect(page.locator("[data-added] [data-id]")).to_have_count(1)
    assert Contact.objects.filter(removed_at=None).count() == 1
