"""Who listens, who looks at what, which whisper concerns whom. All in one event loop, nothing of it stored."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import secrets
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error

from veche.core.actor import Actor
from veche.core.live import JOB, LEDGER, MOST_CONTACTS, NOTICE
from veche.desk.live.asking import Asking
from veche.desk.live.outbox import SECOND, Outbox, moment
from veche.desk.queries.watching import Onlooker

log = logging.getLogger(__name__)

LOOKING, EDITING = "looking", "editing"
REACHES = (
    "accounts.",
    "campaigns.",
    "contacts.list_",
)  # events after which somebody may see others than before
MOST_OF_USER = 1000  # streams of one user, so that nobody takes all places
REMEMBERED = 300  # seconds for which a browser may come back and be told what it missed
MOST_REMEMBERED = 5_000  # whispers
MOST_WATCHED = 50  # cards of one browser
ADMIT_EVERY = 60.0  # seconds between two looks at whether everybody is still signed in
LISTS_EVERY = 2.0  # seconds: how often at most a list hears that it is stale
JOBS_EVERY = 1.0
SPREAD = 3.0  # seconds over which browsers ask again when everything counts as changed


@dataclass(eq=False)
class Browser:
    """One open stream. `watched` says what its pages show of whom; `lists` whether one of them shows a list.

    Whoever looks as another user hears what that one would, and is at no card: neither as that one nor as himself.
    """

    session_key: str
    onlooker: Onlooker
    since: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    outbox: Outbox = field(default_factory=Outbox)
    watched: dict[int, str] = field(default_factory=dict)
    lists: bool = False
    watches: int = 0  # how often it has said so
    gone: bool = False

    @property
    def actor(self) -> Actor:
        return self.onlooker.actor

    @property
    def user_id(self) -> int:
        return self.actor.user_id or 0

    @property
    def own_id(self) -> int:
        return self.onlooker.own_id

    def leave(self) -> None:
        """End the stream: whoever has signed out, or lost the right to be here."""
        self.gone = True
        self.outbox.put("bye", {}, after=0)


@dataclass(frozen=True)
class Fact:
    at: int
    whisper: dict[str, Any]


class Hub:
    def __init__(self, asking: Asking):
        self.asking = asking
        self.browsers: dict[str, Browser] = {}
        self.watchers: dict[int, set[Browser]] = defaultdict(set)
        self.facts: deque[Fact] = deque(maxlen=MOST_REMEMBERED)
        self.new: asyncio.Queue[Fact] = asyncio.Queue()
        self.listening = False
        self.whole_since = moment()  # everything after this moment is among the facts
        self.settled_at = moment()
        self.stale: dict[int, set[int | None]] = {}  # contacts changed since the lists were told, and by whom
        self.stale_wholly = False
        self.busy = False

    @property
    def settled(self) -> int:
        """Up to when everything heard has found its way into the outboxes."""
        return moment() if self.new.empty() and not self.busy else self.settled_at

    # What PostgreSQL says

    def hear(self, payload: str) -> None:
        fact = Fact(moment(), json.loads(payload))
        if len(self.facts) == MOST_REMEMBERED:
            self.whole_since = self.facts[0].at + 1
        self.facts.append(fact)
        self.new.put_nowait(fact)

    def hears_again(self) -> None:
        """After a silence nobody knows what was said: every page asks anew, not all in the same instant."""
        self.listening = True
        self.facts.clear()
        self.whole_since = moment()
        for browser in self.browsers.values():
            self._everything_changed(browser)

    def deaf(self) -> None:
        self.listening = False

    def _everything_changed(self, browser: Browser) -> None:
        after = random.uniform(0.2, SPREAD)
        for event in ("jobs", "notices"):
            browser.outbox.put(event, {}, after=after)
        for contact_id in browser.watched:
            browser.outbox.put("contact", {"id": contact_id}, about=contact_id, after=after)
        if browser.lists:
            browser.outbox.put("people", {}, after=after)

    async def settle_for_ever(self) -> None:
        """Bring what was heard to whom it concerns."""
        while True:
            facts = [await self.new.get()]
            self.busy = True
            while not self.new.empty() and len(facts) < 500:
                facts.append(self.new.get_nowait())
            try:
                await self._settle(facts)
            except Error:
                log.warning("the database is away: %d whispers count as changes of everything", len(facts))
                self.hears_again()
            except Exception:
                log.exception("a whisper was not understood")
            self.settled_at = facts[-1].at
            self.busy = False

    async def _settle(self, facts: list[Fact]) -> None:
        contacts: dict[int, set[int | None]] = defaultdict(set)
        suspects: set[int] = set()
        for whisper in (fact.whisper for fact in facts):
            match whisper["about"]:
                case "job":
                    self._tell_users(whisper["users"], "jobs", every=JOBS_EVERY)
                case "notice":
                    self._tell_users(whisper["users"], "notices")
                case "ledger":
                    await self._of_ledger(whisper, contacts)
                    if any(kind.startswith(REACHES) for kind in whisper["kinds"]):
                        suspects |= set(whisper["users"]) or {each.own_id for each in self.browsers.values()}
        if suspects:
            await self.admit_again(
                [each for each in self.browsers.values() if suspects & {each.user_id, each.own_id}]
            )
        await self._tell_watchers(contacts)
        for contact_id, by in contacts.items():
            self.stale.setdefault(contact_id, set()).update(by)

    async def _of_ledger(self, whisper: dict[str, Any], contacts: dict[int, set[int | None]]) -> None:
        if whisper["many"]:
            self.stale_wholly = True
            found = (
                await self.asking.changed_among(whisper["request"], list(self.watchers))
                if self.watchers
                else ()
            )
        else:
            found = whisper["contacts"]
        for contact_id in found:
            contacts[contact_id].add(whisper["by"])

    def _tell_users(self, user_ids: Iterable[int], event: str, *, every: float = 0) -> None:
        wanted = set(user_ids)
        for browser in self.browsers.values():
            if browser.user_id in wanted:
                browser.outbox.put(event, {}, every=every)

    async def _tell_watchers(self, contacts: dict[int, set[int | None]]) -> None:
        for contact_id in [each for each in contacts if each in self.watchers]:
            by = contacts[contact_id]
            data = {"id": contact_id, "by": next(iter(by)) if len(by) == 1 else None}
            for browser in list(self.watchers.get(contact_id, ())):
                if await self._may_see(browser, [contact_id]):
                    browser.outbox.put("contact", data, about=contact_id)

    async def _may_see(self, browser: Browser, contact_ids: Collection[int]) -> bool:
        if browser.actor.sees_all and browser.actor.may("contacts.view"):
            return True
        return bool(await self.asking.visible_among(browser.actor, contact_ids))

    async def tell_lists_for_ever(self) -> None:
        """Every few seconds, open lists hear that somebody in them was changed; it does not say who."""
        while True:
            await asyncio.sleep(LISTS_EVERY)
            stale, wholly = self.stale, self.stale_wholly
            self.stale, self.stale_wholly = {}, False
            if not stale and not wholly:
                continue
            try:
                for browser in [each for each in self.browsers.values() if each.lists]:
                    if wholly or await self._list_concerned(browser, stale):
                        browser.outbox.put("people", {}, after=0)
            except Error:
                self.stale_wholly = True

    async def _list_concerned(self, browser: Browser, stale: dict[int, set[int | None]]) -> bool:
        others = [number for number, by in stale.items() if by != {browser.user_id}]
        return bool(others) and (
            len(others) > MOST_CONTACTS * 10 or await self._may_see(browser, others[: MOST_CONTACTS * 10])
        )

    # Who listens

    async def join(self, session_key: str, since: int) -> Browser | None:
        """A browser's stream begins; None when nobody is signed in there."""
        onlooker = (await self.asking.admitted([session_key])).get(session_key)
        if onlooker is None:
            return None
        browser = Browser(session_key, onlooker, since)
        own = [each for each in self.browsers.values() if each.own_id == browser.own_id]
        for oldest in own[: len(own) - MOST_OF_USER + 1] if len(own) >= MOST_OF_USER else ():
            self.part(oldest)
            oldest.leave()
        self.browsers[browser.token] = browser
        for event, about in (("jobs", JOB), ("notices", NOTICE)):
            if self._missed(
                since, lambda w, about=about: w["about"] == about and browser.user_id in w["users"]
            ):
                browser.outbox.put(event, {})
        return browser

    def _missed(self, since: int, concerns: Any) -> bool:
        """Whether something that `concerns` a browser was said after `since`, or may have been."""
        if since < self.whole_since:
            return True
        return any(fact.at > since and concerns(fact.whisper) for fact in self.facts)

    def part(self, browser: Browser) -> None:
        """Its stream has ended; its user is no longer seen at any card through it."""
        self.browsers.pop(browser.token, None)
        for contact_id in list(browser.watched):
            self._unwatch(browser, contact_id)

    async def admit_again(self, browsers: Collection[Browser]) -> None:
        """Look again who is signed in and what they may see; who is not, leaves."""
        onlookers = await self.asking.admitted({browser.session_key for browser in browsers})
        for browser in browsers:
            onlooker = onlookers.get(browser.session_key)
            if (
                onlooker is None or onlooker.actor.user_id != browser.user_id
            ):  # the latter comes back as the other
                self.part(browser)
                browser.leave()
                continue
            browser.onlooker = onlooker
            if browser.watched and not browser.actor.sees_all:
                asked = set(browser.watched)
                kept = await self.asking.visible_among(browser.actor, asked)
                for contact_id in (asked - kept) & browser.watched.keys():
                    self._unwatch(browser, contact_id)

    async def admit_for_ever(self) -> None:
        while True:
            await asyncio.sleep(ADMIT_EVERY)
            try:
                await self.admit_again(list(self.browsers.values()))
            except Error as error:
                log.warning("sessions could not be looked at: %s", str(error).strip())

    # Who looks at what

    async def watch(self, browser: Browser, contacts: dict[int, tuple[str, int]], lists: int | None) -> None:
        """What the browser's pages show now: state and age of each card, and of the lists (None: there is none).

        What changed after a page was made is told at once.
        """
        browser.watches += 1
        this = browser.watches
        wanted = dict(list(contacts.items())[:MOST_WATCHED])
        new = [contact_id for contact_id in wanted if contact_id not in browser.watched]
        seen = await self.asking.visible_among(browser.actor, new) if new else set()
        if browser.watches != this or browser.token not in self.browsers:
            return  # it has said something else since, or its stream has ended: nobody would take it off the card
        for contact_id in [each for each in browser.watched if each not in wanted]:
            self._unwatch(browser, contact_id)
        for contact_id, (state, since) in wanted.items():
            if contact_id in seen:
                self._catch_up(browser, contact_id, since)
            if contact_id in seen or contact_id in browser.watched:
                changed = browser.watched.get(contact_id) != state
                browser.watched[contact_id] = state
                self.watchers[contact_id].add(browser)
                if changed:
                    self._show_presence(contact_id)
        if lists is not None and not browser.lists and self._missed(lists, _touches_people):
            browser.outbox.put("people", {})
        browser.lists = lists is not None

    def _catch_up(self, browser: Browser, contact_id: int, since: int) -> None:
        if self._missed(since, lambda w: w["about"] == LEDGER and (w["many"] or contact_id in w["contacts"])):
            browser.outbox.put("contact", {"id": contact_id}, about=contact_id)

    def _unwatch(self, browser: Browser, contact_id: int) -> None:
        browser.watched.pop(contact_id, None)
        self.watchers[contact_id].discard(browser)
        if self.watchers[contact_id]:
            self._show_presence(contact_id)
        else:
            del self.watchers[contact_id]

    def _show_presence(self, contact_id: int) -> None:
        """Everybody at this card hears who else is there: ids and states."""
        states: dict[int, str] = {}
        for browser in self.watchers[contact_id]:
            state = browser.watched[contact_id] if browser.onlooker.is_oneself else ""
            if state in (LOOKING, EDITING) and states.get(browser.user_id) != EDITING:
                states[browser.user_id] = state
        for browser in self.watchers[contact_id]:
            who = [[user, state] for user, state in sorted(states.items()) if user != browser.user_id]
            browser.outbox.put("presence", {"id": contact_id, "who": who}, about=contact_id)

    def forget_old(self) -> None:
        """Facts older than anybody may come back for go."""
        oldest = moment() - REMEMBERED * SECOND
        while self.facts and self.facts[0].at < oldest:
            self.whole_since = self.facts.popleft().at + 1


def _touches_people(whisper: dict[str, Any]) -> bool:
    return whisper["about"] == LEDGER and (whisper["many"] or bool(whisper["contacts"]))
