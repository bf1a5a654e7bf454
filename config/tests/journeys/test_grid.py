"""The list as Excel has taught people: columns stretched and dragged, ranges copied and pasted, cells edited.

And a saved view, whose link is sent to a colleague who may see less.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from config.tests.journeys.pages import fits, go
from veche.accounts.models import Team
from veche.accounts.testing import member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact, SavedView, Tag
from veche.contacts.testing import make_own_field, make_person
from veche.core.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLUMNS = "document.querySelector('people-grid').columns()"
WIDTHS = (
    "[...document.querySelectorAll('.nm > .fitting > .less')].map((each) => Math.round(each.clientWidth))"
)


@pytest.fixture
def grid_page(journey_page):
    """`grid_page("coordinator")`: the list, its grid built."""

    def open_page(role: str = "coordinator", address: str = "/people/", **options) -> Page:
        page = journey_page(role, **options)
        open_grid(page, address)
        return page

    return open_page


def open_grid(page: Page, address: str) -> None:
    go(page, address)
    page.locator("people-grid.built .tabulator-row").first.wait_for()


def cell(page: Page, row: int, key: str) -> Locator:
    return page.locator(".tabulator-row").nth(row).locator(f"[tabulator-field='{key}']")


def drag(page: Page, start: Locator, end: Locator, *, hold: int = 0) -> None:
    first, last = start.bounding_box(), end.bounding_box()
    page.mouse.move(first["x"] + 12, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(hold)
    page.mouse.move(last["x"] + 12, last["y"] + last["height"] / 2, steps=8)
    page.mouse.up()


def paste(page: Page, text: str) -> None:
    """As Ctrl+V does it, without asking the browser for its clipboard."""
    page.evaluate(
        """text => {
            const held = new DataTransfer();
            held.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def copied(page: Page) -> str:
    return page.evaluate(
        """() => {
            const held = new DataTransfer();
            const event = new ClipboardEvent("copy", { clipboardData: held, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
            return held.getData("text/plain");
        }"""
    )


def test_columns_stay_as_they_were_stretched_and_dragged(grid_page):
    make_person("Скайуокер Лука", phone="8 904 000-27-40")
    page = grid_page()
    head = page.locator(".tabulator-col[tabulator-field='phone']")
    before = head.bounding_box()["width"]
    edge = head.bounding_box()
    with page.expect_response("**/people/layout/"):
        page.mouse.move(edge["x"] + edge["width"], edge["y"] + 18)
        page.mouse.down()
        page.mouse.move(edge["x"] + edge["width"] + 60, edge["y"] + 18, steps=5)
        page.mouse.up()
    with page.expect_response("**/people/layout/"):
        drag(page, page.locator(".tabulator-col[tabulator-field='source']"), head, hold=400)
    open_grid(page, "/people/")
    assert (
        abs(page.locator(".tabulator-col[tabulator-field='phone']").bounding_box()["width"] - before - 60)
        <= 8
    )
    keys = page.evaluate(COLUMNS)
    assert keys.index("source") < keys.index("address")
    with page.expect_response("**/people/layout/"):
        page.locator(".tabulator-col[tabulator-field='tags']").click(button="right")
    expect(page.locator(".tabulator-col.tabulator-frozen-left")).to_have_attribute("tabulator-field", "tags")
    assert page.evaluate(COLUMNS)[:2] == ["name", "tags"]
    open_grid(page, "/people/")
    assert page.evaluate(COLUMNS)[:2] == ["name", "tags"]


def test_columns_are_found_moved_and_put_in_sight_by_the_keyboard(grid_page):
    make_person("Скайуокер Лука")
    for n in range(3):
        make_own_field(f"Отряд {n}")
    page = grid_page()
    page.get_by_role("button", name="Columns", exact=True).press("Enter")
    expect(page.get_by_role("searchbox", name="Find by name")).to_be_focused()
    page.keyboard.type("отряд 2")
    expect(page.locator(".columns-list .v-choice:visible")).to_have_text("Отряд 2")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.get_by_role("checkbox", name="Phone", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("checkbox", name="Phone", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.wait_for_load_state()
    open_grid(page, "/people/")
    shown = page.evaluate(COLUMNS)
    assert (shown[:2], shown[-1].startswith("own.")) == (["phone", "name"], True)


def test_a_range_is_copied_and_a_column_pasted(grid_page):
    for name in ("Антиллес Ведж", "Биггс Дарклайтер", "Скайуокер Лука"):
        make_person(name, phone="", email="")
    page = grid_page(address="/people/?columns=surname,caution,birthday")
    cell(page, 0, "caution").click()
    paste(page, "громкий\r\nтихий\r\n31.02.1980\r\n")
    left, toast = page.locator("cell-ranges .v-note"), page.locator(".v-toast")
    expect(toast).to_contain_text("3 cells have been changed.")
    expect(left).to_have_count(0)
    drag(page, cell(page, 0, "surname"), cell(page, 1, "caution"))
    assert copied(page) == "\n".join(
        f"{cell(page, n, 'surname').inner_text()}\t{word}" for n, word in enumerate(("громкий", "тихий"))
    )
    cell(page, 0, "birthday").click()
    paste(page, "03.11.1980\n31.02.1980\n")
    expect(toast).to_contain_text("1 cell has been changed.")
    expect(left).to_contain_text("“31.02.1980”")
    expect(cell(page, 0, "birthday")).to_have_text("03.11.1980")
    assert Contact.objects.filter(birth_year=1980).count() == 1


def test_a_paste_of_a_range_is_undone_by_one_press(grid_page):
    people = [
        make_person(name, phone="", email="") for name in ("Антиллес Ведж", "Дарклайтер Биггс", "Органа Лея")
    ]
    Tag.objects.create(name="Пилот")
    page = grid_page(address="/people/?columns=surname,caution,birthday,tags")
    cell(page, 0, "caution").click()
    paste(page, "громкий\t1980\tпилот\nтихий\t03.11\t\nтихий\t31.02.1980\tситх\n")
    expect(page.locator(".v-toast")).to_contain_text("6 cells have been changed.")
    left = page.locator("cell-ranges .v-note li")
    expect(left).to_have_count(2)
    expect(cell(page, 0, "tags")).to_contain_text("Пилот")
    change_fields(by=Actor.system(), contact_id=people[1].pk, fields={"caution": "чужое"})
    cell(page, 0, "caution").click()
    paste(page, "а\nб\nв\n")
    expect(left).to_have_count(1)
    page.get_by_role("button", name="Put mine over theirs").click()
    expect(cell(page, 1, "caution")).to_have_text("б")
    page.locator(".v-toast").get_by_role("button", name="Undo").click()
    expect(cell(page, 1, "caution")).to_have_text("чужое")


def test_a_column_longer_than_what_was_looked_at_is_pasted_whole_and_cleared(grid_page):
    for n in range(130):
        make_person(f"Дроид {n:03}", phone="", email="")
    page = grid_page(address="/people/?columns=surname,caution")
    cell(page, 0, "caution").click()
    paste(page, '"в две\nстроки"\r\n' + "".join(f"знак {n}\r\n" for n in range(131)))
    expect(page.locator(".v-toast")).to_contain_text("130 cells have been changed.")
    expect(page.locator("cell-ranges .v-note")).to_contain_text("found no row: 2")
    assert Contact.objects.filter(caution="в две строки").count() == 1
    assert Contact.objects.filter(caution__startswith="знак").count() == 129
    cell(page, 0, "caution").click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    expect(page.locator(".v-toast")).to_contain_text("2 cells have been changed.")
    assert Contact.objects.filter(caution="").count() == 2
    page.locator(".v-toast").get_by_role("button", name="Undo").click()
    expect(cell(page, 0, "caution")).to_have_text("в две строки")


def test_tags_are_chosen_in_the_cell_by_keyboard(grid_page):
    luke = make_person("Скайуокер Лука")
    for name in ("Джедай", "Лётчик", "Ситх"):
        Tag.objects.create(name=name)
    page = grid_page(address="/people/?columns=name,tags,caution")
    cell(page, 0, "tags").click()
    page.keyboard.press("Enter")
    editor = page.locator(".grid-edit")
    expect(editor.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("лёт")
    expect(editor.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(cell(page, 0, "tags")).to_contain_text("+1")
    expect(editor.locator("[name=caution]")).to_be_focused()  # Tab went on to the right
    assert set(luke.tagged.values_list("tag__name", flat=True)) == {"Джедай", "Лётчик"}
    page.keyboard.press("Escape")
    page.locator(".v-toast").get_by_role("button", name="Undo").click()
    expect(cell(page, 0, "tags")).to_have_text("—")
    assert not luke.tagged.exists()


def test_a_cell_is_edited_by_keyboard_and_a_conflict_loses_nothing(grid_page):
    luke = make_person("Скайуокер Лука", email="luka@example.org")
    page = grid_page(address="/people/?columns=name,caution,email")
    cell(page, 0, "caution").click()
    page.keyboard.press("Enter")
    editor = page.locator(".grid-edit")
    editor.locator("textarea, input[type=text]").first.fill("стреляет")
    page.keyboard.press("Tab")
    expect(cell(page, 0, "caution")).to_have_text("стреляет")
    expect(editor.locator("input[name=value]")).to_have_value("luka@example.org")  # Tab went on to the right
    page.keyboard.press("Escape")
    expect(editor).to_be_hidden()
    cell(page, 0, "caution").dblclick()
    editor.locator("[name=caution]").fill("моё")
    change_fields(by=Actor.system(), contact_id=luke.pk, fields={"caution": "чужое"})
    page.keyboard.press("Control+Enter") if editor.locator("textarea").count() else page.keyboard.press(
        "Enter"
    )
    expect(editor).to_contain_text("стреляет")
    expect(editor).to_contain_text("чужое")
    expect(editor.locator("[name=caution]")).to_have_value("моё")
    editor.get_by_role("button", name="Put mine").click()
    expect(cell(page, 0, "caution")).to_have_text("моё")
    assert Contact.objects.get(pk=luke.pk).caution == "моё"


def test_people_are_chosen_with_shift_and_all_at_once(grid_page):
    for n in range(120):
        make_person(f"Дроидов {chr(1072 + n % 32)}{n}")
    page = grid_page()
    boxes = page.locator(".tabulator-row input[name=ids]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    bar = page.locator("#selection")
    expect(bar.locator(".num[data-count]")).to_have_text("4")
    bar.get_by_role("button", name=re.compile("Choose all")).click()
    expect(bar.locator("[data-bar] #bulk")).to_have_attribute("data-count", "120")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    holder = page.locator(".tabulator-tableholder")
    for _turn in range(4):
        holder.evaluate("holder => { holder.scrollTop = holder.scrollHeight }")
        page.wait_for_timeout(400)
    ids = page.evaluate("document.querySelector('people-grid').grid.getData().map(row => row.id)")
    assert len(ids) == len(set(ids)) == 120


def test_a_saved_view_opens_for_a_colleague_within_their_rights(grid_page):
    team = Team.objects.create(name="Двор")
    member("operator").teams.add(team)
    make_person("Наш Иван", campaign=make_campaign(teams=[team]))
    make_person("Чужой Иван")
    page = grid_page(address="/people/?q=иван&columns=name,phone&sort=-name")
    page.get_by_role("link", name="Save the view").click()
    drawer = page.locator("#filter dialog")
    drawer.get_by_label("Name").fill("Иваны")
    drawer.get_by_label("Everyone").check()
    drawer.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".v-tab.on")).to_contain_text("Иваны")
    view = SavedView.objects.get()
    assert (view.query, view.columns) == ("q=%D0%B8%D0%B2%D0%B0%D0%BD&sort=-name", ["name", "phone"])
    colleague = grid_page("operator", address=re.sub(r"^https?://[^/]+", "", page.url))
    expect(colleague.locator(".tabulator-row")).to_have_count(1)
    expect(colleague.locator(".v-tab.on")).to_contain_text("Иваны")
    assert colleague.evaluate("document.querySelector('people-grid').columns()") == ["name", "phone"]


def test_a_phone_has_cards_and_no_grid(journey_page):
    make_person("Скайуокер Лука", phone="8 904 000-27-40")
    make_person("Преображенская Александра Константиновна")
    page = journey_page(width=390, height=844)
    go(page, "/people/")
    expect(page.locator(".v-rows a")).to_have_count(2)
    assert page.locator(".tabulator").count() == 0
    fits(page)
    long, short = page.evaluate(WIDTHS)
    assert (long > 200, short) == (True, 0)  # a long name gives way to “Преображенская Александра К.”
