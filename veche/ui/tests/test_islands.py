"""The islands in a real browser, by keyboard as much as by mouse. Any script error or breach of the policy fails."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.urls("veche.ui.tests.urls")]


@pytest.fixture
def page(signed_in_page, monkeypatch):
    """The style page, with the palette asking its sample answers."""
    from veche.ui import registry

    monkeypatch.setitem(registry.doors._url_names, "search", "ui:look_found")
    page = signed_in_page("coordinator")
    page.goto("/look/")
    page.evaluate("""Promise.all([...document.querySelectorAll(":not(:defined)")]
        .map(element => customElements.whenDefined(element.localName)))""")
    return page


def test_the_palette_opens_by_the_key_in_any_layout_and_gives_the_focus_back(page):
    button = page.get_by_role("button", name="Tag")
    button.focus()
    page.evaluate("""document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "л", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true}))""")  # Ctrl+K in the Russian layout
    asks = page.get_by_role("combobox", name="What to find")
    expect(asks).to_be_focused()
    asks.press_sequentially("Ива")
    expect(page.locator("#found mark")).to_have_text("Ива")
    first = page.locator("#found [role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#found [role=option]").last).to_have_attribute("aria-selected", "true")
    assert asks.get_attribute("aria-activedescendant") == page.locator(
        "#found [role=option]"
    ).last.get_attribute("id")
    page.keyboard.press("Escape")
    expect(asks).to_be_hidden()
    expect(button).to_be_focused()


def test_the_palette_says_in_its_own_words_that_an_answer_failed(page):
    palette = page.locator("command-palette")
    asks = palette.get_attribute("src")
    palette.evaluate("palette => palette.setAttribute('src', '/nobody/lives/here/')")  # a whole page says 404
    page.keyboard.press("Control+KeyK")
    found = page.locator("#found")
    expect(found).to_have_text("The search does not answer. Try again in a minute.")
    expect(found.locator("h1, form")).to_have_count(0)
    palette.evaluate("(palette, src) => palette.setAttribute('src', src)", asks)
    page.get_by_role("combobox", name="What to find").fill("Ива")
    expect(found.locator("mark")).to_have_text("Ива")


def test_the_palette_opens_what_is_chosen(page):
    page.keyboard.press("Control+KeyK")
    expect(page.locator("#found [aria-selected=true]")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/look/#2")


def test_a_toast_waits_under_the_pointer_undoes_and_leaves(page):
    page.clock.install()
    page.get_by_role("button", name="Tag").click()
    toast = page.locator(".v-toast")
    expect(toast).to_contain_text("The tag has been added")
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    with page.expect_response("**/look/toast/") as undone:
        page.get_by_role("button", name="Undo").click()
    assert undone.value.request.method == "POST"
    page.mouse.move(10, 10)
    expect(toast).to_have_count(1)
    page.clock.run_for(9_000)
    expect(toast).to_have_count(0)


def test_a_refusal_stays_in_the_form_with_what_was_typed(page):
    page.get_by_label("Phone").first.fill("+7 911")
    page.get_by_role("button", name="Be refused").click()
    expect(page.locator("#look-form [data-refusals]")).to_contain_text("Nobody may do this")
    expect(page.locator("#look-form #id_phone")).to_have_value("+7 911")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#look-form .error").first).to_contain_text("One digit is missing")
    expect(page.locator("#look-form [data-refusals]")).to_be_empty()


def test_ctrl_s_saves_the_form_one_types_in(page):
    page.locator("#look-form #id_phone").fill("+7 911 000-82-30")
    page.get_by_label("later").last.check()
    page.locator("#look-form #id_phone").press("Control+KeyS")
    expect(page.locator(".v-toast")).to_contain_text("Saved.")


def test_single_keys_walk_the_rows_and_rest_while_typing(page):
    page.keyboard.press("KeyJ")
    expect(page.locator("tr.is-cur")).to_contain_text(
        "Second"
    )  # the page marks the first as the keyboard's row
    page.keyboard.press("KeyK")
    expect(page.locator("tr.is-cur")).to_contain_text("First")
    page.locator("#look-form #id_phone").focus()
    page.keyboard.press("KeyJ")
    expect(page.locator("tr.is-cur")).to_contain_text("First")
    page.locator("body").evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+Slash")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    keys.get_by_label("Turn single-key shortcuts off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyJ")
    expect(page.locator("tr.is-cur")).to_contain_text("First")


def test_what_cannot_be_undone_asks_for_the_number(page):
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete 312 people for good?")
    expect(dialog.get_by_role("button", name="Do not delete")).to_be_focused()
    last = dialog.get_by_role("button", name="Delete for good")
    expect(last).to_be_disabled()
    dialog.get_by_label("Type 312 to confirm").fill("31")
    expect(last).to_be_disabled()
    dialog.get_by_label("Type 312 to confirm").fill("312")
    expect(last).to_be_enabled()


def test_the_theme_changes_at_once_and_is_kept(page):
    page.get_by_role("button", name="You and your preferences").click()
    with page.expect_response("**/preferences/theme/"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_the_system_theme_is_followed(signed_in_page):
    page = signed_in_page("volunteer", color_scheme="dark")
    page.goto("/look/")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_a_menu_is_walked_with_arrows_and_left_with_escape(page):
    button = page.get_by_role("button", name="You and your preferences")
    button.press("ArrowDown")
    menu = page.locator("#me-menu")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    first = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.outerHTML") != first
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_a_value_is_edited_where_it_stands(page):
    value = page.locator("edit-in-place")
    value.get_by_role("button", name="12").press("Enter")
    field = value.get_by_label("Sum")
    expect(field).to_be_focused()
    field.fill("13")
    page.keyboard.press("Escape")
    expect(value.get_by_role("button", name="12")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    field.fill("")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")  # refused: the field stays
    expect(field).to_be_focused()
    field.fill("14")
    page.keyboard.press("Enter")
    expect(value.get_by_role("button", name="14")).to_be_focused()


def test_a_form_in_place_waits_with_its_answer(page):
    held, waits, value = [], [True], page.locator("edit-in-place")
    value.get_by_role("button", name="12").press("Enter")
    field = value.get_by_label("Sum")
    expect(field).to_be_focused()
    page.route("**/look/value/", lambda route: held.append(route) if waits else route.continue_())
    field.fill("")
    page.keyboard.press("Enter")
    expect(value.locator("form")).to_have_attribute("aria-busy", "true")
    page.keyboard.type("5")  # neither lost in a form that goes away, nor sent a second time
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    assert len(held) == 1
    waits.clear()
    held.pop().continue_()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_editable()
    page.keyboard.type("14")
    page.keyboard.press("Enter")
    expect(value.get_by_role("button", name="14")).to_be_focused()


def test_a_form_in_place_can_be_sent_again_when_all_of_it_was_refused(page):
    value = page.locator("edit-in-place")
    value.get_by_role("button", name="12").press("Enter")
    field = value.get_by_label("Sum")
    expect(field).to_be_focused()
    page.route("**/look/value/", lambda route: route.fulfill(status=403, headers={"X-Veche-Refusal": "x"}))
    page.keyboard.type("14")
    page.keyboard.press("Enter")
    expect(field).to_be_editable()
    expect(field).to_have_value("14")
    page.unroute("**/look/value/")
    page.keyboard.press("Enter")
    expect(value.get_by_role("button", name="14")).to_be_focused()


def test_a_drawer_shows_a_thing_and_gives_the_focus_back(page):
    link = page.get_by_role("link", name="Second")
    link.press("Enter")
    drawer = page.get_by_role("dialog", name="Details")
    expect(drawer).to_contain_text("Import a spreadsheet")
    assert page.url.endswith("/look/")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(link).to_be_focused()


def test_on_a_phone_everything_is_one_tap_away(signed_in_page):
    page = signed_in_page("coordinator", width=390, height=844, has_touch=True)
    page.goto("/look/")
    expect(page.locator(".v-rail-body")).to_be_hidden()
    page.get_by_role("button", name="More").tap()
    sheet = page.locator("#more-sheet")
    expect(sheet.get_by_role("button", name="Dark")).to_be_visible()
    small = sheet.evaluate("""sheet => [...sheet.querySelectorAll("a, button")]
        .filter(it => it.getBoundingClientRect().height < 40).map(it => it.outerHTML)""")
    assert small == []


def test_a_chosen_file_shows_its_name_and_size(page):
    page.set_input_files(
        "input[type=file]", {"name": "люди.csv", "mimeType": "text/csv", "buffer": b"x" * 5000}
    )
    expect(page.locator("[data-name]")).to_have_text("люди.csv")
    expect(page.locator("[data-size]")).to_have_text("5 kB")


def test_nothing_sticks_out_sideways(signed_in_page):
    page = signed_in_page("coordinator", language="ru")
    page.goto("/look/")
    for width, height in [(1440, 900), (1100, 800), (800, 900), (390, 844), (320, 640)]:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("""[...document.querySelectorAll("main .v-scroll, body, .v-top, .v-abar, .v-rail")]
            .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.className)""")
        assert wide == [], f"at {width} px"


def test_every_control_has_a_name(page):
    nameless = page.evaluate("""[...document.querySelectorAll("button, a[href], input, select, textarea")]
        .filter(it => it.type !== "hidden" && !it.closest("template"))
        .filter(it => !(it.textContent.trim() || it.ariaLabel || it.labels?.length || it.title))
        .map(it => it.outerHTML)""")
    assert nameless == []
