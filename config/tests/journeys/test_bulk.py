"""Some people are chosen in the list and tagged, which the toast undoes; all found get a status by a job, undone from
the journal, where what somebody changed since stays.
"""

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from veche.accounts.testing import actor_of
from veche.contacts.actions import mass_changes
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact, MassChange, Status, TagAssignment
from veche.contacts.testing import make_person, make_tag

pytestmark = pytest.mark.browser
CREW = ("Антиллес Пётр", "Дарклайтер Борис", "Калриссиан Иван")


@pytest.fixture
def crew():
    by = actor_of("coordinator")
    return [make_person(name, by=by) for name in CREW]


def tick(page: Page, person: Contact) -> None:
    page.locator(f'.tabulator input[name=ids][value="{person.pk}"]').click()


@pytest.mark.parametrize(("language", "theme"), [("ru", "light"), ("en", "dark")])
def test_two_are_tagged_and_the_toast_takes_it_back(journey_page, live_server, crew, language, theme):
    tag = make_tag("пилот")
    page = journey_page(language=language, theme=theme)
    go(page, f"{live_server.url}/people/")
    tick(page, crew[0])
    tick(page, crew[1])
    page.locator("#bulk[data-count='2'] [data-opens=bulk-tag]").click()
    page.locator("#bulk-tag button[value=tag_put]:visible").click()
    toast = page.locator(".v-toast")
    expect(toast).to_contain_text("пилот")
    expect(page.locator("#selection")).to_be_hidden()
    expect(page.locator(".tabulator .v-tag", has_text="пилот")).to_have_count(2)
    assert set(TagAssignment.objects.values_list("contact", flat=True)) == {crew[0].pk, crew[1].pk}
    toast.locator("[data-undo-button]").click()
    expect(page.locator(".tabulator .v-tag", has_text="пилот")).to_have_count(0)
    assert not TagAssignment.objects.filter(tag=tag).exists()


def test_all_found_get_a_status_in_the_background_and_it_is_undone(
    journey_page, live_server, crew, monkeypatch
):
    monkeypatch.setattr(mass_changes, "AT_ONCE", 0)
    active, moved = Status.objects.get(code="active"), Status.objects.get(code="moved")
    page = journey_page()
    go(page, f"{live_server.url}/people/")
    tick(page, crew[0])
    page.locator("#selection [data-all]").click()
    page.locator("#bulk[data-count='3'] [popovertarget=bulk-more]").click()
    page.locator("#bulk-more [data-opens=bulk-status]").click()
    page.locator("#bulk-status select").select_option(str(moved.pk))
    page.locator("#bulk-status button[value=status]:visible").click()
    expect(page.locator(".v-toast")).to_be_visible()
    mass = MassChange.objects.get()
    go(page, f"{live_server.url}/people/changes/{mass.pk}/")
    expect(page.locator("#change .v-badge.ok")).to_be_visible(timeout=20_000)
    assert set(Contact.objects.values_list("status", flat=True)) == {moved.pk}
    change_fields(by=actor_of("administrator"), contact_id=crew[2].pk, fields={"status": active.pk})
    page.locator("#change form[action$='/undo/'] button").click()
    expect(page.locator(".b-reasons a[href='?why=kept']")).to_be_visible(timeout=20_000)
    expect(page.locator(".b-entry .mid")).to_have_text(["Калриссиан Иван"])
    fits(page)
    assert list(Contact.objects.order_by("pk").values_list("status", flat=True)) == [None, None, active.pk]


def test_two_are_chosen_by_taps_on_a_phone_and_tagged(journey_page, live_server, crew):
    make_tag("пилот")
    page = journey_page(width=390, height=844, language="ru")
    go(page, f"{live_server.url}/people/")
    choose, rows = page.get_by_role("button", name="Выбрать", exact=True), page.locator(".pick-row")
    choose.tap()
    for row in (0, 1, 2, 2):  # a second tap lets go
        rows.nth(row).locator("a").tap()
    expect(page.locator("#selection span[data-count]")).to_have_text("2")
    fits(page)
    page.locator("#bulk[data-count='2'] [data-opens=bulk-tag]").tap()
    put = page.locator("#bulk-tag button[value=tag_put]:visible")
    assert put.bounding_box()["height"] >= 44
    put.tap()
    expect(page.locator(".v-toast")).to_contain_text("пилот")
    expect(page.locator(".pick-row", has_text="пилот")).to_have_count(2)
    assert set(TagAssignment.objects.values_list("contact", flat=True)) == {crew[0].pk, crew[1].pk}
    rows.first.locator("a").tap()  # nobody is being chosen any more: a tap opens the card
    expect(page.get_by_role("heading", level=1, name=CREW[0])).to_be_visible()


def test_without_javascript(live_server, crew, signed_in_page):
    """The boxes of the plain table lead to the page of forms, and its button changes them."""
    tag = make_tag("пилот")
    page = signed_in_page("coordinator")
    without = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = without.new_page()
    plain.goto(f"{live_server.url}/people/")
    for person in crew[:2]:
        plain.locator(f'input[name=ids][value="{person.pk}"]').first.check()
    plain.locator("button[form=picked]").click()
    plain.locator("select[name=tag]").first.select_option(str(tag.pk))
    plain.locator("button[value=tag_put]:visible").click()
    expect(plain.locator("#change .v-badge.ok")).to_be_visible()
    assert TagAssignment.objects.filter(tag=tag).count() == 2
    without.close()
