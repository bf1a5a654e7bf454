"""What opens over a page, by the keyboard alone: reached, opened, read by axe in both themes, closed, and back."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from config.tests.journeys.pages import go
from config.tests.journeys.test_accessibility import OPTIONS, THEME, with_axe
from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import put_tag
from veche.contacts.models import SavedView
from veche.contacts.testing import make_own_field, make_person, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = """async ([layer, rules]) => {
    const found = await axe.run(layer, { resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) });
    return found.violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.any[0]?.message ?? ""}`));
}"""
WITHIN = "(layer) => layer.contains(document.activeElement) || layer === document.activeElement"
COLOURS = ["color-contrast", "link-in-text-block"]


@dataclass(frozen=True)
class Layer:
    """What opens it and what it is, as selectors."""

    name: str
    opener: str
    layer: str


EVERYWHERE = (
    Layer("filters", ".v-chip.add", "#filter dialog"),
    Layer("notices", "#bell", "#notices-drawer dialog"),
    Layer("palette", ".v-search", ".v-palette"),
)
DESK = (
    *EVERYWHERE,
    Layer("columns", "[popovertarget=people-columns]:visible", "#people-columns"),
    Layer("views", "[popovertarget=more-views]:visible", "#more-views"),
    Layer("joining", "[popovertarget=joining]:visible", "#joining"),
    Layer("a view to keep", ".v-tabs a[data-drawer=filter]:visible", "#filter dialog"),
    Layer("add", "[popovertarget=add-menu]:visible", "#add-menu"),
    Layer("me", "[popovertarget=me-menu]:visible", "#me-menu"),
    Layer("keys", ".v-top [data-opens=shortcuts]", ".v-sheet-of-keys"),
)
CHOSEN = (
    Layer("tag", "#bulk [data-opens=bulk-tag]", "#bulk-tag"),
    Layer("campaign", "#bulk [data-opens=bulk-campaign]", "#bulk-campaign"),
    Layer("more to do", "#bulk [popovertarget=bulk-more]", "#bulk-more"),
)
PHONE = (
    Layer("more", "[popovertarget=more-sheet]:visible", "#more-sheet"),
    Layer("order", "[popovertarget=people-sort]:visible", "#people-sort"),
    Layer("quick view", ".pick-row .quick-open", "quick-view dialog"),
    *EVERYWHERE,
)


@pytest.fixture
def address() -> str:
    """A list under two filters with something in every menu."""
    by = actor_of("administrator")
    tag, campaign = make_tag("водитель"), make_campaign("Парк на Беспине")
    make_own_field("Отряд")
    for n in range(6):
        SavedView.objects.create(owner_id=by.user_id, name=f"Вид {n}", query=f"tag={tag.pk}&sort=-made")
    leia = make_person("Органа Лея", by=by, phone="8 904 000-27-40", campaign=campaign)
    put_tag(by=by, contact_id=leia.pk, tag_id=tag.pk)
    return f"/people/?tag={tag.pk}&campaign={campaign.pk}"


def walked(page: Page, one: Layer) -> list[str]:
    """Open by Enter, look in both themes, close by Escape; what is wrong."""
    opener, layer = page.locator(one.opener).first, page.locator(one.layer).first
    opener.focus()
    page.keyboard.press("Enter")
    layer.wait_for()
    page.wait_for_load_state("networkidle")
    found = read(page, layer, one.name)
    if not any(layer.evaluate(WITHIN) or page.keyboard.press("Tab") for _n in range(3)):
        found.append(f"{one.name}: the keyboard does not come in")
    page.keyboard.press("Escape")
    expect(layer).to_be_hidden()
    if not page.locator(f"{one.opener}:focus").count():
        found.append(f"{one.name}: the keyboard is not back where it was")
    return found


def read(page: Page, layer: Locator, name: str) -> list[str]:
    page.evaluate(THEME, "light")
    found = [f"{name}: {sentence}" for sentence in layer.evaluate(f"(layer) => ({LOOK})([layer, []])")]
    page.evaluate(THEME, "dark")
    dark = layer.evaluate(f"(layer, rules) => ({LOOK})([layer, rules])", COLOURS)
    return found + [f"{name}, dark: {sentence}" for sentence in dark]


def test_layers_of_the_desk(journey_page, address):
    page = with_axe(journey_page("administrator", **OPTIONS))
    go(page, address)
    page.locator("people-grid.built").wait_for()
    found = [sentence for one in DESK for sentence in walked(page, one)]
    page.locator(".tabulator-row [tabulator-field=phone]").first.click()
    page.keyboard.press("Space")
    page.locator("quick-view #quick-parts").wait_for()
    found += read(page, page.locator("quick-view dialog"), "quick view")
    page.keyboard.press("Escape")
    page.locator('.tabulator input[name="ids"]').first.focus()
    page.keyboard.press("Space")
    page.locator("#bulk[data-count='1']").wait_for()
    found += read(page, page.locator("#selection"), "selection bar")
    found += [sentence for one in CHOSEN for sentence in walked(page, one)]
    assert not found, "\n".join(found)


def test_layers_of_a_phone(journey_page, address):
    page = with_axe(journey_page("administrator", width=390, height=844, **OPTIONS))
    go(page, address)
    found = [sentence for one in PHONE for sentence in walked(page, one)]
    assert not found, "\n".join(found)
