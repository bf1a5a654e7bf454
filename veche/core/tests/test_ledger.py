"""The ledger, its subscribers and the decorator that insists on a trace."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from veche.core import delivery, ledger
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.models import Cursor
from veche.core.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class Poked(ledger.Event):
    kind: ClassVar[str] = "core.poked"
    object_kind: ClassVar[str] = "test"
    strength: object = 1


@action("test.poke")
def poke(*, by: Actor, times: int) -> None:
    ledger.publish(*(Poked(contact_id=n) for n in range(times)), by=by)


@action("test.poke")
def forget_to_say(*, by: Actor) -> None:
    Cursor.objects.create(name="left behind")


@action("test.poke")
def say_nothing_changed(*, by: Actor) -> str:
    unchanged()
    return "same"


@action("test.poke")
def poke_by_another(*, by: Actor) -> None:
    poke(by=by, times=1)


@pytest.fixture
def me() -> Actor:
    return Actor(user_id=7, permissions=frozenset({"test.poke"}))


@pytest.fixture
def heard():
    """The entries that a subscriber called "test" has got so far."""
    entries: list[ledger.Entry] = []
    delivery.subscriber("test", kinds={"core.poked"}, batch=3)(entries.extend)
    yield entries
    del delivery.SUBSCRIBERS["test"]


def hear() -> int:
    count = 0
    while got := delivery.deliver(delivery.SUBSCRIBERS["test"]):
        count += got
    return count


@pytest.mark.django_db
def test_an_action_without_a_trace_is_undone_and_refused(me):
    with pytest.raises(AssertionError, match="left no ledger row"):
        forget_to_say(by=me)
    assert not Cursor.objects.filter(name="left behind").exists()


@pytest.mark.django_db
def test_many_events_are_one_statement_in_their_order(me):
    with CaptureQueriesContext(connection) as asked:
        poke(by=me, times=50)
    assert sum("core_ledger" in each["sql"] for each in asked) == 1
    with connection.cursor() as sql:
        sql.execute(f"SELECT {ledger.COLUMNS} FROM core_ledger WHERE kind = %s ORDER BY id", [Poked.kind])
        entries = ledger.entries(sql.fetchall())
    assert [each.contact_id for each in entries] == list(range(50))
    assert {(each.actor_id, each.object_kind, each.object_id, each.request_id) for each in entries} == {
        (7, "test", None, me.request_id)
    }
    assert entries[0].data == {"strength": 1}


@pytest.mark.django_db
def test_an_inner_action_traces_for_the_outer_one(me):
    poke_by_another(by=me)
    assert say_nothing_changed(by=me) == "same"
    assert len(ledger.history(contact_id=0)) == 1


def test_an_action_needs_its_permission():
    with pytest.raises(Refusal) as refused:
        poke(by=Actor(user_id=7), times=1)
    assert refused.value.status == 403


def test_an_action_takes_keywords_only():
    with pytest.raises(TypeError, match="keyword-only"):
        action("x")(lambda by: None)


@pytest.mark.parametrize("value", ["Иванов", "+7 904 000-27-40", "a@b.ru", {"name": "x"}, "x" * 65])
def test_personal_data_does_not_get_into_the_ledger(value):
    with pytest.raises(ValueError, match="only ids, amounts"):
        Poked(strength=value).data()


def test_one_change_may_touch_every_field_of_a_card():
    codes = [f"own.field_{n}" for n in range(500)]
    assert Poked(strength=tuple(codes)).data() == {"strength": codes}


@pytest.mark.django_db
def test_history_pages_by_key_newest_first(me):
    for n in range(5):
        ledger.publish(Poked(contact_id=40, strength=n), by=me)
    first = ledger.history(contact_id=40, limit=2)
    rest = ledger.history(contact_id=40, before=(first[-1].at, first[-1].id))
    assert [entry.data["strength"] for entry in first + rest] == [4, 3, 2, 1, 0]
    assert first[0].actor_id == 7 and first[0].event is Poked


@pytest.mark.django_db(transaction=True)
def test_subscribers_get_each_entry_once_and_in_order(me, heard):
    poke(by=me, times=7)
    assert hear() == 7
    assert [entry.contact_id for entry in heard] == list(range(7))
    assert hear() == 0
    with transaction.atomic():
        select = (
            "SELECT n::bigint, NULL::bigint, jsonb_build_object('row', n) FROM generate_series(8, %s) AS n"
        )
        assert ledger.publish_set(Poked(), by=me, select=select, params=[9]) == 2
    assert hear() == 2
    assert heard[-1].data == {"strength": 1, "row": 9}


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_skipped(me, heard):
    """One transaction takes its row id first and commits last; the cursor must wait for it."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ledger.publish(Poked(contact_id=1), by=me)
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    poke(by=me, times=1)  # commits while the older transaction is still open
    hear()
    early = [entry.contact_id for entry in heard]
    go_on.set()
    thread.join(10)
    hear()
    assert early == []  # held back: an older transaction might still write before it
    assert sorted(entry.contact_id for entry in heard) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_a_failing_subscriber_keeps_its_place_and_waits(me):
    def fail(entries):
        raise RuntimeError("no")

    delivery.subscriber("test", kinds={"core.poked"})(fail)
    try:
        poke(by=me, times=1)
        assert hear() == 0
        _, failures, error = next(row for row in delivery.lagging() if row[0] == "test")
        assert failures == 1 and "RuntimeError: no" in error
        heard: list[ledger.Entry] = []
        del delivery.SUBSCRIBERS["test"]
        delivery.subscriber("test", kinds={"core.poked"})(heard.extend)
        assert hear() == 0  # not before its pause is over
        Cursor.objects.filter(name="test").update(retry_at=None)
        assert hear() == 1
        assert delivery.lagging() == []
    finally:
        del delivery.SUBSCRIBERS["test"]


@pytest.mark.django_db(transaction=True)
def test_a_quiet_ledger_is_asked_once_and_news_of_a_pass_reach_those_after(me, heard):
    delivery.subscriber("test echo", kinds={"core.poked"})(lambda _entries: poke(by=me, times=1))
    first = delivery.SUBSCRIBERS.pop("test")
    try:
        poke(by=me, times=2)
        delivery.SUBSCRIBERS["test"] = first  # now after the echo
        while delivery.deliver(delivery.SUBSCRIBERS["test"]):
            pass
        assert len(heard) == 2
        assert delivery.deliver_all() == 3, "two for the echo, and what it said for the other"
        assert len(heard) == 3
    finally:
        del delivery.SUBSCRIBERS["test echo"]
    delivery.deliver_all()
    with CaptureQueriesContext(connection) as asked:
        assert delivery.deliver_all() == 0
    assert len(asked) == 1


@pytest.mark.django_db
def test_the_ledger_has_a_partition_for_this_month_and_the_next():
    with connection.cursor() as sql:
        sql.execute(
            "SELECT to_regclass('core_ledger_' || to_char(now() AT TIME ZONE 'UTC' + make_interval(months => n),"
            " 'YYYYMM')) IS NOT NULL FROM generate_series(0, 1) AS n"
        )
        assert sql.fetchall() == [(True,), (True,)]
        sql.execute(
            "SELECT core_ensure_ledger_months(date '2031-01-01', 2), core_ensure_ledger_months('2031-01-01', 2)"
        )
        assert sql.fetchone() == (2, 0)


@pytest.mark.django_db
def test_a_month_made_late_takes_in_the_rows_that_came_before_it(me):
    def months(count: int) -> int:
        sql.execute("SELECT core_ensure_ledger_months('2090-05-01', %s)", [count])
        return sql.fetchone()[0]

    with connection.cursor() as sql:
        poke(by=me, times=2)
        sql.execute("UPDATE core_ledger SET at = '2090-05-31 23:30+00' WHERE contact_id = 1")
        assert (months(2), months(2)) == (2, 0)
        poke(by=me, times=1)
        sql.execute("SELECT tableoid::regclass::text, contact_id FROM core_ledger WHERE at > '2090-01-01'")
        assert sql.fetchall() == [("core_ledger_209005", 1)]
        sql.execute("SELECT count(*) FROM core_ledger")
        assert sql.fetchone() == (3,)
