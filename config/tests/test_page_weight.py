"""What a first visit to a page sends over the line: by the real web server, as Chromium counts it."""

from pathlib import Path

import pytest
from django.urls import reverse

from config.tests.journeys.pages import AWAKE
from config.tests.test_live import START, Site, until
from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.inventing import add_made_up
from veche.contacts.models import Contact
from veche.desk.fiction import made_up
from veche.desk.fiction.founding import found
from veche.exchange.testing import make_import

pytestmark = [pytest.mark.machine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 300_000  # bytes, all that a first visit loads but for the grid's library
LIBRARY = "/vendor/tabulator/"
SETTLES = 1500  # milliseconds in which panels load what they show
PEOPLE = 150  # more than a page of the list shows at once


@pytest.fixture
def server(transactional_db, tmp_path):
    site = Site(tmp_path)
    site.collect()
    site.start("web", "127.0.0.1", str(site.port))
    try:
        until(lambda: site.status("/sign-in/") == 200, START)
        yield site
    finally:
        site.kill("web")


def weigh(chromium, server: Site, address: str, session: str) -> dict[str, int]:
    """Bytes of every answer, head and body as they were sent, by its path; a browser that has never been here."""
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1440, "height": 900}, locale="ru"
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{server.port}"}])
    page = context.new_page()
    line, paths, weights = context.new_cdp_session(page), {}, {}
    line.send("Network.enable")
    line.on(
        "Network.requestWillBeSent", lambda each: paths.update({each["requestId"]: each["request"]["url"]})
    )
    line.on(
        "Network.loadingFinished",
        lambda each: weights.update({paths[each["requestId"]]: int(each["encodedDataLength"])}),
    )
    page.goto(address, timeout=90_000)
    page.evaluate("document.fonts.ready")
    page.evaluate(AWAKE)
    page.wait_for_timeout(SETTLES)
    context.close()
    return weights


def test_no_page_weighs_more_than_three_hundred_kilobytes(chromium, server, tmp_path: Path):
    by = actor_of("administrator")
    add_made_up(by=by, people=list(made_up(found(by), PEOPLE, seed=7)))
    imported = make_import(tmp_path, [["Соло", "Хан", "", "8 904 000-27-41", "", "", ""]] * 20, by=by)
    addresses = {
        "home": "/",
        "list": reverse("contacts:people"),
        "card": reverse("contacts:card", args=[Contact.objects.latest("pk").pk]),
        "wizard": reverse("exchange:columns", args=[imported.pk]),
    }
    session = signed_in_client("administrator").cookies["sessionid"].value
    told = {}
    for name, address in addresses.items():
        weights = weigh(chromium, server, address, session)
        library = sum(size for url, size in weights.items() if LIBRARY in url)
        told[name] = sum(weights.values()) - library
        assert (library > 0) == (name == "list"), "the grid's library is loaded where the grid is"
        heavy = sorted(weights.items(), key=lambda each: -each[1])[:6]
        print(f"{name}: {told[name]} bytes in {len(weights)} answers, the library {library}; {heavy}")
        assert told[name] <= MOST, (name, told[name], heavy)
