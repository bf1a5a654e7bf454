"""Whom the live channel's hub tells once a reach has changed, and how many streams one user holds. Without sockets."""

import json

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, cast, member, signed_in_client
from veche.contacts.queries.scope import contacts_for
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.testing import run_async
from veche.desk.live.hub import EDITING, LOOKING, MOST_OF_USER, MOST_WATCHED, Hub
from veche.desk.live.outbox import moment, written
from veche.desk.queries.watching import Onlooker, admitted

PERSON, LIST = 7, 3


class Asked:
    """The database as the hub asks it: one session of a volunteer, who sees whoever stands on a list of his."""

    def __init__(self) -> None:
        self.lists = frozenset({LIST})

    async def admitted(self, session_keys):
        actor = Actor(user_id=5, permissions=frozenset({"contacts.view"}), scopes={"list": self.lists})
        return dict.fromkeys(session_keys, Onlooker(actor, 5))

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


class Meanwhile(Asked):
    """Something happens while the database is asked who may be seen."""

    happens = None

    async def visible_among(self, actor, contact_ids):
        if self.happens:
            deed, self.happens = self.happens, None
            await deed()
        return await super().visible_among(actor, contact_ids)


def test_a_browser_that_leaves_while_it_comes_to_a_card_is_not_seen_there_for_ever():
    async def story():
        asked = Meanwhile()
        hub = Hub(asked)
        browser = await hub.join("session", 0)

        async def leave():
            hub.part(browser)

        asked.happens = leave
        await hub.watch(browser, {PERSON: (EDITING, 2**62)}, None)
        assert not hub.watchers and not browser.watched

    run_async(story())


def test_what_a_browser_said_last_counts_however_long_the_answer_took():
    async def story():
        asked = Meanwhile()
        hub = Hub(asked)
        browser = await hub.join("session", 0)

        async def go_on():
            await hub.watch(browser, {PERSON + 1: (LOOKING, 2**62)}, None)

        asked.happens = go_on
        await hub.watch(browser, {PERSON: (EDITING, 2**62)}, None)
        assert browser.watched == {PERSON + 1: LOOKING} and set(hub.watchers) == {PERSON + 1}

    run_async(story())


def test_a_card_that_is_opened_while_rights_are_looked_at_stays_watched():
    async def story():
        asked = Meanwhile()
        hub = Hub(asked)
        browser = await hub.join("session", 0)
        await hub.watch(browser, {PERSON: (LOOKING, 2**62)}, None)

        async def open_another():
            await hub.watch(browser, {PERSON: (LOOKING, 2**62), PERSON + 1: (LOOKING, 2**62)}, None)

        asked.happens = open_another
        await hub.admit_again([browser])
        assert set(browser.watched) == {PERSON, PERSON + 1}

    run_async(story())


def test_a_browser_watches_no_more_cards_than_its_pages_show():
    async def story():
        hub = Hub(Asked())
        browser = await hub.join("session", 0)
        await hub.watch(browser, dict.fromkeys(range(MOST_WATCHED + 9), (LOOKING, 2**62)), None)
        assert len(browser.watched) == MOST_WATCHED

    run_async(story())


def test_a_list_hears_of_what_others_did_to_people_whom_its_reader_sees():
    async def story():
        asked = Asked()
        hub = Hub(asked)
        browser = await hub.join("session", 0)
        for who, concerned in (({5}, False), ({1}, True), ({1, 5}, True)):
            assert await hub._list_concerned(browser, {PERSON: who}) is concerned
        asked.lists = frozenset()
        await hub.admit_again([browser])
        assert not await hub._list_concerned(browser, {PERSON: {1}})

    run_async(story())


def test_after_a_silence_every_page_asks_anew_and_whoever_was_away_longer_is_told_of_everything():
    async def story():
        hub = Hub(Asked())
        browser = await hub.join("session", moment())
        await hub.watch(browser, {PERSON: (LOOKING, 2**62)}, 2**62)
        browser.outbox.waiting.clear()
        hub.hears_again()
        told = {event for event, _about in browser.outbox.waiting}
        assert told == {"jobs", "notices", "contact", "people"}
        late, fresh = await hub.join("session", 1), await hub.join("session", moment())
        assert {event for event, _about in late.outbox.waiting} == {"jobs", "notices"}
        assert not fresh.outbox.waiting

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


class Sessions(Asked):
    """The same with sessions of our own: who sits there, and whose eyes they have."""

    def __init__(self, **onlookers: Onlooker) -> None:
        super().__init__()
        self.onlookers = onlookers

    async def admitted(self, session_keys):
        return {key: self.onlookers[key] for key in session_keys if key in self.onlookers}

    async def visible_among(self, actor, contact_ids):
        return set(contact_ids) if actor.sees_all else await super().visible_among(actor, contact_ids)


def a_colleague(user_id: int, *, everything: bool = True) -> Actor:
    scopes = {} if everything else {"list": frozenset({LIST})}
    return Actor(
        user_id=user_id, permissions=frozenset({"contacts.view"}), sees_all=everything, scopes=scopes
    )


def test_whoever_looks_as_a_colleague_hears_what_that_one_would_and_is_at_no_card():
    async def story():
        leia, rey = a_colleague(1), a_colleague(5, everything=False)
        asked = Sessions(looks=Onlooker(rey, 1), herself=Onlooker(leia, 1), other=Onlooker(a_colleague(3), 3))
        hub = Hub(asked)
        looks, herself, other = [await hub.join(key, 2**62) for key in ("looks", "herself", "other")]
        for browser in (looks, herself, other):
            await hub.watch(browser, {PERSON: (EDITING, 2**62)}, None)
        assert other.outbox.waiting["presence", PERSON].data["who"] == [[1, EDITING]], "no volunteer is there"
        hub.part(herself)
        assert other.outbox.waiting["presence", PERSON].data["who"] == []
        looks.outbox.waiting.clear()
        for kind in ("job", "notice"):
            await heard(hub, json.dumps({"about": kind, "users": [1]}))
        assert looks.outbox.waiting == {}, "what is told to the administrator is not the volunteer's"
        await heard(hub, json.dumps({"about": "notice", "users": [5]}))
        assert ("notices", 0) in looks.outbox.waiting

        asked.onlookers["looks"] = Onlooker(leia, 1)
        await heard(hub, ledger("accounts.sight_ended"))
        assert looks.gone, "the page that stands there now opens a line of its own"

    run_async(story())


@pytest.mark.django_db
def test_a_session_is_admitted_with_the_eyes_it_has():
    cast()
    mine = make_person("Соло Хан", fields={"responsible": member("volunteer").pk})
    make_person("Чубакка")
    client = signed_in_client("administrator")
    key = client.session.session_key
    assert admitted([key])[key].is_oneself
    client.post(reverse("accounts:sight", args=[member("volunteer").pk]))
    onlooker = admitted([key])[key]
    assert (onlooker.actor.user_id, onlooker.own_id) == (member("volunteer").pk, member("administrator").pk)
    assert list(contacts_for(onlooker.actor)) == [mine]
    client.post(reverse("accounts:sight_end"))
    assert admitted([key])[key].actor.user_id == actor_of("administrator").user_id
    client.post(reverse("accounts:presentation"))
    assert admitted([key])[key].is_oneself


def test_nothing_but_numbers_and_codes_goes_over_the_line():
    """So that neither a presentation nor whoever looks as another hears a name, whatever happens."""

    async def story():
        hub = Hub(Sessions(one=Onlooker(a_colleague(1), 1), two=Onlooker(a_colleague(3), 3)))
        one, two = await hub.join("one", 0), await hub.join("two", 0)
        for browser in (one, two):
            await hub.watch(browser, {PERSON: (EDITING, 0)}, 0)
        whisper = json.loads(ledger("contacts.changed", PERSON))
        await heard(hub, json.dumps(whisper | {"name": "Органа Лея", "many": True, "users": [1, 3]}))
        for kind in ("job", "notice"):
            await heard(hub, json.dumps({"about": kind, "users": [1], "name": "Органа Лея"}))
        said = {news.event: news.data for news in one.outbox.waiting.values()}
        assert said.keys() == {"contact", "people", "jobs", "notices", "presence"}
        assert written(list(one.outbox.waiting.values()), 0).isascii()
        assert all(isinstance(each, int) or each in (LOOKING, EDITING) for each in leaves(said))

    run_async(story())


def leaves(said: object) -> list[object]:
    if isinstance(said, dict):
        return [leaf for value in said.values() for leaf in leaves(value)]
    if isinstance(said, list):
        return [leaf for value in said for leaf in leaves(value)]
    return [said] if said is not None else []
