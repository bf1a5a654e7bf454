"""Whom the live channel's hub tells once a reach has changed, and how many streams one user holds. Without sockets."""

import json

from veche.core.actor import Actor
from veche.core.testing import run_async
from veche.desk.live.hub import LOOKING, MOST_OF_USER, Hub

PERSON, LIST = 7, 3


class Asked:
    """The database as the hub asks it: one session of a volunteer, who sees whoever stands on a list of his."""

    def __init__(self) -> None:
        self.lists = frozenset({LIST})

    async def admitted(self, session_keys):
        actor = Actor(user_id=5, permissions=frozenset({"contacts.view"}), scopes={"list": self.lists})
        return dict.fromkeys(session_keys, actor)

    async def visible_among(self, actor, contact_ids):
        return set(contact_ids) if LIST in actor.scope("list") else set()

    async def changed_among(self, request_id, contact_ids):
        return set(contact_ids)


def ledger(kind: str, *contacts: int) -> str:
    told = {"about": "ledger", "kinds": [kind], "contacts": contacts, "many": False, "users": [], "by": 1}
    return json.dumps({**told, "request": "0"})


async def heard(hub: Hub, *whispers: str) -> None:
    for whisper in whispers:
        hub.hear(whisper)
    facts = [hub.new.get_nowait() for _whisper in whispers]
    await hub._settle(facts)


def test_a_list_that_was_taken_back_ends_the_watch_at_once():
    async def story():
        asked = Asked()
        hub = Hub(asked)
        browser = await hub.join("session", 0)
        await hub.watch(browser, {PERSON: (LOOKING, 2**62)}, None)
        browser.outbox.waiting.clear()
        await heard(hub, ledger("contacts.changed", PERSON))
        assert ("contact", PERSON) in browser.outbox.waiting

        browser.outbox.waiting.clear()
        asked.lists = frozenset()
        await heard(hub, ledger("contacts.list_revoked"))
        await heard(hub, ledger("contacts.changed", PERSON))
        assert browser.outbox.waiting == {} and browser.watched == {}
        await hub.watch(browser, {PERSON: (LOOKING, 0)}, None)
        assert browser.outbox.waiting == {} and browser.watched == {}

    run_async(story())


def test_one_user_does_not_take_all_streams():
    async def story():
        hub = Hub(Asked())
        first = await hub.join("session", 0)
        for _n in range(MOST_OF_USER):
            last = await hub.join("session", 0)
        assert len(hub.browsers) == MOST_OF_USER
        assert first.gone and first.token not in hub.browsers and last.token in hub.browsers

    run_async(story())
