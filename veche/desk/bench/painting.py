"""`veche bench painting`: from a key or a click to the next frame, in Chromium, on the real server.

`interaction` is what the browser itself says of the event (`PerformanceEventTiming.duration`: waiting, our handlers,
the frame), the longest of each gesture, and `handlers` our part of it. `shown` is until what was asked for stands
there, and `server` how much of that the browser waited for answers. Chromium rounds to 8 ms and tells nothing of what
is quicker than 16. It takes Playwright and a Chromium, as the browser tests do; without them nothing is measured.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from veche.accounts.testing import signed_in_client
from veche.contacts.models import Contact
from veche.core.measuring import Figure, bench_group, percentile
from veche.desk.bench.serving import server

BAR = 200  # ms: issue 4
ROUNDS = 20
QUICK = 16  # ms: what is told of no event was at most this
PATIENCE = 60_000  # ms until something stands there: it is measured, so it need not be quick
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WATCH = """() => {
    window.events = [];
    window.waits = [];
    new PerformanceObserver((list) => window.events.push(...list.getEntries()))
        .observe({ type: "event", durationThreshold: 16, buffered: false });
    new PerformanceObserver((list) => window.waits.push(...list.getEntries()))
        .observe({ type: "resource", buffered: false });
}"""
# what is told late of an earlier gesture is not of this one
FORGET = "() => { window.events.length = 0; window.waits.length = 0; window.since = performance.now(); }"
TOLD = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
    const ours = window.events.filter((each) => each.interactionId && each.startTime >= window.since);
    const told = ours.sort((a, b) => b.duration - a.duration)[0];
    done({
        event: told?.duration ?? 0,
        handlers: told ? told.processingEnd - told.processingStart : 0,
        server: Math.max(0, ...window.waits.map((each) => each.responseStart - each.requestStart)),
    });
}, 150)))"""
FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()[0].startTime))
    .observe({ type: "paint", buffered: true }))"""
AWAKE = """() => Promise.all([...document.querySelectorAll(":not(:defined)")]
    .map((element) => customElements.whenDefined(element.localName)))"""


@dataclass(frozen=True)
class Gesture:
    """What a hand does; `make` gets the number of the round. `layer`: what it opened, which Esc closes, unmeasured."""

    name: str
    make: Callable[[int], None]
    layer: str = ""


@dataclass
class Times:
    """Milliseconds of one gesture, made many times."""

    interaction: list[float] = field(default_factory=list)
    handlers: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)


@bench_group("painting")
def painting(contacts: int) -> Iterator[Figure]:
    """The list, the quick view, the card and the palette under the hand."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None or find_spec("playwright") is None:
        print("painting: neither Playwright nor Chromium here, nothing is measured", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    session = signed_in_client("administrator").cookies["sessionid"].value
    person = Contact.objects.exclude(surname="").latest("pk")  # Playwright's loop lets no query through later
    with server() as address, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="en")
        context.set_default_timeout(PATIENCE)
        cookies = {"sessionid": session, "django_language": "en"}
        context.add_cookies([{"name": key, "value": cookies[key], "url": address} for key in cookies])
        page = context.new_page()
        for gesture in _gestures(page, person.pk):
            yield from _figures(gesture.name, _measured(page, gesture))
        for name, link in (
            ("list: open a card", ".tabulator-row a.mid"),
            ("list: sort", "[tabulator-field=name] a"),
        ):
            yield Figure(
                name=f"{name}, first paint of the page, p95", value=_page_painted(page, link), unit="ms"
            )
        browser.close()


def _gestures(page: Any, contact_id: int) -> Iterator[Gesture]:
    yield from _of_rows(page)
    yield from _of_the_quick_view(page)
    yield from _of_the_line_above(page)
    yield from _of_the_card(page, contact_id)
    yield from _of_the_palette(page)


def _of_rows(page: Any) -> Iterator[Gesture]:
    _open_list(page)

    def select(round_: int) -> None:
        page.locator(".tabulator-row input[name=ids]").nth(round_).click()

    yield Gesture("list: choose a row", select)
    page.keyboard.press("Escape")
    page.locator("people-selection").wait_for(state="hidden")

    def walk(round_: int) -> None:
        page.keyboard.press("ArrowUp" if round_ % 2 else "ArrowDown")

    _cell(page, "phone").click()
    yield Gesture("list: walk between cells", walk)

    def open_cell(_round: int) -> None:
        page.keyboard.press("Enter")
        page.locator(".grid-edit :focus").wait_for()

    _cell(page, "phone").click()
    yield Gesture("list: open a cell", open_cell, ".grid-edit")


def _of_the_quick_view(page: Any) -> Iterator[Gesture]:
    _open_list(page)

    def look(_round: int) -> None:
        page.keyboard.press("Space")
        page.locator("#quick-parts").wait_for()

    def go_on(round_: int) -> None:
        who = page.locator("quick-view [data-who]").get_attribute("data-who")
        page.keyboard.press("ArrowUp" if round_ % 2 else "ArrowDown")
        page.wait_for_function(
            "(who) => document.querySelector('quick-view [data-who]')?.dataset.who !== who", arg=who
        )

    _cell(page, "phone").click()
    yield Gesture("list: quick view", look, "quick-view dialog")
    look(0)
    yield Gesture("quick view: the next person", go_on)
    page.keyboard.press("Escape")


def _of_the_line_above(page: Any) -> Iterator[Gesture]:
    _open_list(page)

    def chip(_round: int) -> None:
        page.locator(".people-line [popovertarget=at-hand-tag]").click()
        page.locator("#at-hand-tag input").first.wait_for()

    yield Gesture("list: a chip above it", chip, "#at-hand-tag")

    def filters(_round: int) -> None:
        page.locator(".v-chip.add").click()
        page.locator("#filter form").first.wait_for()

    yield Gesture("list: all filters", filters, "#filter dialog")


def _of_the_card(page: Any, contact_id: int) -> Iterator[Gesture]:
    _open(page, f"/people/{contact_id}/")

    def edit(_round: int) -> None:
        page.keyboard.press("F2")
        page.get_by_label("Surname").wait_for()

    yield Gesture("card: edit the name", edit, "[name=surname]")

    def write(round_: int) -> None:
        page.keyboard.press("KeyA" if round_ % 2 else "KeyB")

    page.keyboard.press("KeyN")
    page.locator("#id_note_text:focus").wait_for()
    yield Gesture("card: type a note", write)


def _of_the_palette(page: Any) -> Iterator[Gesture]:
    _open(page, "/")

    def summon(_round: int) -> None:
        page.keyboard.press("Control+KeyK")
        page.locator("#found").get_by_role("option").first.wait_for()

    yield Gesture("palette: open", summon, "#found")

    def write(round_: int) -> None:
        with page.expect_response(lambda answer: "/search/" in answer.url):
            page.keyboard.type("ивановаанн"[round_ % 10])

    page.keyboard.press("Control+KeyK")
    yield Gesture("palette: type", write)


def _page_painted(page: Any, link: str) -> float:
    """From a click that leads to another page until that page is first drawn; the answer of the server is in it."""
    times = []
    for _round in range(ROUNDS // 2):
        _open_list(page)
        with page.expect_navigation():
            page.locator(f"people-grid {link}").first.click()
        times.append(page.evaluate(FIRST_PAINT))
    return percentile(times, 95)


def _open(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state()
    page.evaluate(AWAKE)
    page.evaluate(WATCH)


def _open_list(page: Any) -> None:
    _open(page, "/people/")
    page.locator("people-grid.built .tabulator-row").nth(5).wait_for()


def _cell(page: Any, key: str) -> Any:
    return page.locator(".tabulator-row").nth(3).locator(f"[tabulator-field='{key}']")


def _measured(page: Any, gesture: Gesture) -> Times:
    times = Times()
    for round_ in range(ROUNDS):
        page.evaluate(FORGET)
        began = time.perf_counter()
        gesture.make(round_)
        shown = (time.perf_counter() - began) * 1000
        told = page.evaluate(TOLD)
        times.interaction.append(max(told["event"], QUICK))
        times.handlers.append(told["handlers"])
        times.server.append(told["server"])
        times.shown.append(shown)
        if gesture.layer:
            page.keyboard.press("Escape")
            page.locator(gesture.layer).first.wait_for(state="hidden")
    return times


def _figures(name: str, times: Times) -> Iterator[Figure]:
    yield Figure(name=f"{name}, interaction p95", value=percentile(times.interaction, 95), unit="ms", bar=BAR)
    yield Figure(name=f"{name}, of it handlers, median", value=statistics.median(times.handlers), unit="ms")
    yield Figure(name=f"{name}, shown, median", value=statistics.median(times.shown), unit="ms")
    yield Figure(name=f"{name}, of it the server, median", value=statistics.median(times.server), unit="ms")
