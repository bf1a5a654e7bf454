"""What journeys of every kind ask of a page."""

from playwright.sync_api import Page

AWAKE = """() => Promise.all([...document.querySelectorAll(":not(:defined)")]
    .map((element) => customElements.whenDefined(element.localName)))"""


def go(page: Page, address: str) -> None:
    """Open a page and wait until its islands are awake: a key pressed before that is nobody's."""
    page.goto(address)
    awake(page)


def awake(page: Page) -> None:
    """Wait, on a page that a link or a key has opened, until its islands are awake."""
    page.wait_for_load_state()
    page.evaluate(AWAKE)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
