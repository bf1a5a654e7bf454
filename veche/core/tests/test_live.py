"""Whispers: sent with the commit, never without it, and small."""

import json

import pytest
from django.db import transaction

from veche.core import live
from veche.core.actor import Actor
from veche.core.background import job_kind, run_job, start_job
from veche.core.events import JobCancelled, JobDismissed
from veche.core.ledger import publish, publish_set
from veche.core.worker import listening_connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard():
    """What one listener has heard since the last question, as a list of whispers."""
    with listening_connection() as listener:
        listener.execute(f"LISTEN {live.CHANNEL}")
        yield lambda: [json.loads(each.payload) for each in listener.notifies(timeout=0.3)]


def test_an_event_is_whispered_after_its_commit(heard):
    with transaction.atomic():
        publish(JobDismissed(object_id=3, contact_id=7), by=Actor(user_id=5))
        assert heard() == []
    [whisper] = heard()
    assert (whisper["about"], whisper["kinds"], whisper["contacts"]) == (
        "ledger",
        ["core.job_dismissed"],
        [7],
    )
    assert (whisper["by"], whisper["many"], whisper["users"]) == (5, False, [])


def test_what_was_rolled_back_is_not_whispered(heard):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(JobDismissed(object_id=3), by=Actor.system())
        raise ZeroDivisionError
    assert heard() == []


def test_a_set_is_one_small_whisper(heard):
    numbers = "SELECT n, n, NULL::jsonb FROM generate_series(1, 5000) AS n"
    assert publish_set(JobCancelled(), by=Actor(user_id=5), select=numbers) == 5000
    [whisper] = heard()
    assert (whisper["many"], whisper["contacts"]) == (True, [])


def test_too_many_contacts_for_one_whisper_are_counted_as_many(heard):
    publish(*(JobDismissed(contact_id=10**9 + n) for n in range(live.MOST_CONTACTS + 1)), by=Actor.system())
    [whisper] = heard()
    assert (whisper["many"], whisper["contacts"]) == (True, [])


def test_as_many_as_may_be_named_fit_into_a_notify(heard):
    publish(*(JobDismissed(contact_id=10**9 + n) for n in range(live.MOST_CONTACTS)), by=Actor.system())
    assert len(heard()[0]["contacts"]) == live.MOST_CONTACTS
    live.tell_of_notices(range(10**9, 10**9 + live.MOST_USERS + 1))
    assert [len(whisper["users"]) for whisper in heard()] == [live.MOST_USERS, 1]


def test_a_job_is_whispered_at_every_step_and_leaves_its_end_in_the_ledger(heard):
    @job_kind("core.test_whispering", label="x")
    def work(run):
        run.checkpoint(done=1, total=2)

    job = start_job("core.test_whispering", by=Actor(user_id=5))
    run_job(job_id=job.pk)
    whispers = heard()
    assert [each["job"] for each in whispers if each["about"] == "job"] == [job.pk] * 4
    assert all(each["users"] == [5] for each in whispers if each["about"] == "job")
    assert [each["kinds"] for each in whispers if each["about"] == "ledger"] == [["core.job_ended"]]
