"""Keys that a page declares: pressed by their place, written in the sheet, shown under Alt, silent while one types."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.urls("veche.ui.tests.urls")]
PAGE = """
<p id="heard"></p>
<button type="button" data-key="KeyT Insert">Task <kbd>T</kbd></button>
<a href="#next" data-key="Ctrl+ArrowRight" aria-label="Next record"></a>
<button type="button" data-key="KeyV" hidden>Unseen</button>
<button type="button" data-key="KeyD" disabled>Disabled</button>
<label for="text" data-key="KeyN">Note</label>
<form id="own" data-saves>
  <textarea id="text"></textarea>
  <button>Plainly</button>
  <button name="then" value="stay" data-saves="stay">Staying</button>
  <button name="then" value="new" data-saves="new">Going on</button>
</form>
<template data-keys><dt><kbd>↑</kbd></dt><dd>Move between cells</dd></template>
"""


@pytest.fixture
def page(signed_in_page) -> Page:
    page = signed_in_page("coordinator")
    page.goto("/look/")
    page.evaluate("""Promise.all([...document.querySelectorAll(":not(:defined)")]
        .map(element => customElements.whenDefined(element.localName)))""")
    page.evaluate(
        """(html) => {
        const main = document.querySelector("main");
        main.innerHTML = html;
        const hear = (words) => { document.getElementById("heard").textContent += `${words};`; };
        main.addEventListener("click", (event) => {
            const said = event.target.closest("[data-key]")?.dataset.key;
            if (said) hear(said);
        });
        main.addEventListener("submit", (event) => {
            event.preventDefault();
            hear(event.submitter?.value || "saved");
        });
    }""",
        PAGE,
    )
    return page


def press(page: Page, code: str, letter: str, modifiers: int = 0) -> None:
    """A key as the Russian layout sends it."""
    keyboard = page.context.new_cdp_session(page)
    for kind in ("rawKeyDown", "keyUp"):
        keyboard.send(
            "Input.dispatchKeyEvent", {"type": kind, "code": code, "key": letter, "modifiers": modifiers}
        )
    keyboard.detach()


def heard(page: Page, words: str) -> None:
    expect(page.locator("#heard")).to_have_text(words)


def test_keys_are_pressed_by_their_place(page):
    press(page, "KeyT", "е")
    page.keyboard.press("Insert")
    heard(page, "KeyT Insert;KeyT Insert;")
    press(page, "ArrowRight", "ArrowRight", 2)
    expect(page).to_have_url("/look/#next")
    for code in ("KeyV", "KeyD"):  # what cannot be clicked has no key
        page.keyboard.press(code)
    heard(page, "KeyT Insert;KeyT Insert;Ctrl+ArrowRight;")


def test_what_stands_in_the_page_goes_before_the_frame(page):
    press(page, "KeyN", "т")  # the frame's "Add" has N too
    expect(page.locator("#text")).to_be_focused()


def test_nothing_but_saving_and_searching_is_heard_while_one_types(page):
    page.locator("#text").focus()
    page.keyboard.type("tнT?/")
    page.keyboard.press("Control+ArrowRight")
    expect(page.locator("#text")).to_have_value("tнT?/")
    heard(page, "")
    page.keyboard.press("Control+Slash")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("KeyT")
    heard(page, "")


def test_three_ways_to_save(page):
    page.locator("#text").focus()
    press(page, "Enter", "Enter", 2)
    press(page, "KeyS", "ы", 2)
    press(page, "Enter", "Enter", 3)
    heard(page, "saved;stay;new;")


def test_the_sheet_says_what_the_page_declares_and_nothing_else(page):
    press(page, "Digit7", "?", 8)  # "?" of the Russian layout
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    own = sheet.locator("[data-page]")
    for words in ("Task", "Next record", "Note", "Move between cells"):
        expect(own).to_contain_text(words)
    expect(own).not_to_contain_text("Unseen")
    expect(own).not_to_contain_text("Disabled")
    expect(own.locator("dt").nth(2)).to_have_text("Ctrl →")
    expect(sheet.get_by_text("Next row, previous row")).to_be_hidden()
    expect(sheet.get_by_text("Save and begin the next one")).to_be_visible()


def test_keys_stand_on_their_controls_while_alt_is_held(page):
    page.keyboard.down("Alt")
    hints = page.locator("key-hints")
    expect(hints).to_contain_text("T")
    box = page.get_by_role("button", name="Task").bounding_box()
    badge = hints.locator("span").first.bounding_box()
    assert abs(badge["x"] + badge["width"] / 2 - box["x"] - box["width"] / 2) < 5
    page.keyboard.press("KeyT")
    heard(page, "KeyT Insert;")
    expect(hints).to_be_hidden()
    page.keyboard.up("Alt")
    page.keyboard.press("Alt+KeyT")  # not held: the browser's own
    heard(page, "KeyT Insert;")


def test_single_keys_can_be_turned_off(page):
    page.keyboard.press("Shift+Slash")
    page.get_by_label("Turn single-key shortcuts off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyT")
    page.keyboard.press("Control+ArrowRight")
    heard(page, "Ctrl+ArrowRight;")
