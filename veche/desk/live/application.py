"""The live channel as an ASGI application.

- ``GET /live/events/?since=``: the stream of `hello`, `contact`, `people`, `jobs`, `notices`, `presence`, `beat` and
  `bye`; 401 for strangers.
- ``POST /live/watch/`` with JSON ``{"token", "contacts": {id: [state, since]}, "list": since or null}``: 204, or 410
  when there is no such stream any more.
- ``GET /live/health/``: ``{"listening", "browsers"}``; only this machine reaches it.

`since` are microseconds: the `id` of the last message, or when the page was made.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import Error

from veche.desk.live.asking import Asking
from veche.desk.live.hub import EDITING, LOOKING, Browser, Hub
from veche.desk.live.listening import listen
from veche.desk.live.outbox import News, moment, written

BEAT = 20.0  # seconds: a browser that hears nothing for longer takes the line for dead
MOST_BROWSERS = 4000
LONGEST_BODY = 2**16
STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Application:
    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.tasks: list[asyncio.Task] = []

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        answers = {
            ("GET", "/live/events/"): self._events,
            ("POST", "/live/watch/"): self._watch,
            ("GET", "/live/health/"): self._health,
        }
        answer = answers.get((scope["method"], scope["path"]))
        return await (answer(scope, receive, send) if answer else _empty(send, 404))

    async def _live(self, receive: Callable, send: Callable) -> None:
        """From start to stop: one hub, and the tasks that feed it."""
        await receive()
        self.hub = Hub(Asking())
        work = (self.hub.settle_for_ever(), self.hub.tell_lists_for_ever(), self.hub.admit_for_ever())
        self.tasks = [asyncio.create_task(each) for each in (listen(self.hub), self._forget(), *work)]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self.tasks:
            task.cancel()
        for browser in list(self.hub.browsers.values()):
            browser.gone = True
            browser.outbox.bell.set()
        await send({"type": "lifespan.shutdown.complete"})

    async def _forget(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.hub.forget_old()

    async def _events(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if len(self.hub.browsers) >= MOST_BROWSERS:
            return await _empty(send, 503)
        try:
            browser = await self.hub.join(_session_key(scope), _since(scope))
        except Error:
            return await _empty(send, 503)
        if browser is None:
            return await _empty(send, 401)
        leaving = asyncio.create_task(_left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM})
            hello = News("hello", {"token": browser.token, "user": browser.user_id}, 0, 0)
            await _say(send, written([hello], browser.since or self.hub.settled))
            await self._tell(browser, send, leaving)
        finally:
            leaving.cancel()
            self.hub.part(browser)
        return await send({"type": "http.response.body", "body": b""})

    async def _tell(self, browser: Browser, send: Callable, leaving: asyncio.Task) -> None:
        leaving.add_done_callback(lambda _task: browser.outbox.bell.set())
        said_at = moment()
        while not leaving.done():
            quiet = BEAT - (moment() - said_at) / 1e6
            waiting = asyncio.create_task(browser.outbox.wait(max(quiet, 0)))
            await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            news, told_until = browser.outbox.take(self.hub.settled)
            if not news and moment() - said_at >= BEAT * 1e6:
                news = [News("beat", {}, 0, 0)]
            if news and not leaving.done():
                await _say(send, written(news, told_until))
                said_at = moment()
            if browser.gone:
                return

    async def _watch(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        try:
            said = json.loads(await _body(receive))
            browser = self.hub.browsers.get(said["token"])
            contacts = {
                int(number): (state if state in (LOOKING, EDITING) else "", int(since))
                for number, (state, since) in said["contacts"].items()
            }
            lists = None if said.get("list") is None else int(said["list"])
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return await _empty(send, 400)
        if browser is None or browser.session_key != _session_key(scope):
            return await _empty(send, 410)
        try:
            await self.hub.watch(browser, contacts, lists)
        except Error:
            return await _empty(send, 503)
        return await _empty(send, 204)

    async def _health(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        told = {"listening": self.hub.listening, "browsers": len(self.hub.browsers)}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _session_key(scope: dict[str, Any]) -> str:
    try:
        cookies = SimpleCookie(_header(scope, b"cookie"))
    except CookieError:
        return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _since(scope: dict[str, Any]) -> int:
    """The browser's own memory, or the page's; 0 is long ago."""
    given = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[0]
    marks = [
        int(text) for text in (given, _header(scope, b"last-event-id")) if text.isdecimal() and len(text) < 19
    ]
    return max(marks, default=0)


async def _left(receive: Callable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Callable) -> bytes:
    body, more = b"", True
    while more and len(body) <= LONGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _say(send: Callable, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _empty(send: Callable, status: int) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]}
    )
    await send({"type": "http.response.body", "body": b""})
