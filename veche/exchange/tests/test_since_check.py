"""A check whose numbers the base has outrun: whoever loads is told first, and says that they were."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.actions import undoing
from veche.exchange.models import Import
from veche.exchange.queries.since_check import changes_since_check
from veche.exchange.testing import checked, loaded, make_import, run_jobs
from veche.exchange.tests.test_survival import people

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def two(by, tmp_path):
    """An import of three people that is loaded, and a checked one that would only change them."""
    first = loaded(make_import(tmp_path, people(3), by=by), by=by)
    (tmp_path / "again").mkdir()
    rows = [[*row[:2], "Петрович", *row[3:]] for row in people(3)]
    return first, checked(make_import(tmp_path / "again", rows, by=by, policy="update"), by=by)


def test_a_load_goes_on_when_nothing_happened(by, two):
    assert changes_since_check(two[1], by) == []
    assert actions.start_load(by=by, imported=two[1], seen_changes=0).state == Import.State.LOADING


def test_an_edit_by_hand_is_nothing_to_ask_about(by, two):
    change_fields(by=by, contact_id=Contact.objects.first().pk, fields={"patronymic": "Ильич"})
    assert actions.start_load(by=by, imported=two[1], seen_changes=0).state == Import.State.LOADING


def test_a_load_stops_before_what_nobody_was_told_of(by, two):
    first, waiting = two
    run_jobs(actions.start_undo(by=by, imported=first))
    told = changes_since_check(waiting, by)
    assert len(told) == 1 and f"No. {first.pk}" in told[0]
    with pytest.raises(Refusal) as refused:
        actions.start_load(by=by, imported=waiting, seen_changes=0)
    assert refused.value.code == "import.base_changed" and told[0] in str(refused.value)
    waiting.refresh_from_db()
    assert waiting.state == Import.State.CHECKED, "nothing has begun"
    waiting = run_jobs(actions.start_load(by=by, imported=waiting, seen_changes=1))
    assert waiting.totals["load"]["numbers"]["created"] == 3, "they are gone, so they come as new"
    assert {one.patronymic for one in Contact.objects.all()} == {"Петрович"}


def test_a_second_change_asks_again(by, two):
    first, waiting = two
    run_jobs(actions.start_undo(by=by, imported=first))
    run_jobs(actions.start_redo(by=by, imported=first))
    assert len(changes_since_check(waiting, by)) == 2
    with pytest.raises(Refusal):
        actions.start_load(by=by, imported=waiting, seen_changes=1)
    assert actions.start_load(by=by, imported=waiting, seen_changes=2).state == Import.State.LOADING


def test_an_undo_that_is_still_at_work_is_told(by, two):
    """Before the check or after it: while it works, the numbers don't stay what they were."""
    first, waiting = two
    first = actions.start_undo(by=by, imported=first)
    (told,) = changes_since_check(waiting, by)
    assert "undo" in told and f"No. {first.pk}" in told
    waiting = checked(waiting, by=by)
    assert changes_since_check(waiting, by) == [told]
    run_jobs(first)
    (told,) = changes_since_check(waiting, by)
    assert "was undone" in told


def test_an_undo_that_was_stopped_halfway_is_told(by, two, monkeypatch):
    first, waiting = two
    monkeypatch.setattr(undoing, "CHUNK", 1)
    first, undo = actions.start_undo(by=by, imported=first), undoing.undo_chunk

    def stop_after_it(**given):
        actions.cancel_import(by=by, imported=first)
        return undo(**given)

    monkeypatch.setattr(undoing, "undo_chunk", stop_after_it)
    first = run_jobs(first)
    assert first.state == Import.State.CANCELLED
    (told,) = changes_since_check(waiting, by)
    assert "undo" in told and "was undone" not in told


def test_whoever_asks_for_no_such_care_loads(by, two):
    """The shell, and a load that goes on."""
    first, waiting = two
    run_jobs(actions.start_undo(by=by, imported=first))
    assert actions.start_load(by=by, imported=waiting).state == Import.State.LOADING


def test_a_new_check_knows_it_all(by, two):
    first, waiting = two
    run_jobs(actions.start_undo(by=by, imported=first))
    waiting = checked(waiting, by=by)
    assert changes_since_check(waiting, by) == []
    assert waiting.totals["check"]["numbers"]["created"] == 3


def test_the_page_tells_and_the_button_carries_what_it_told(by, two):
    first, waiting = two
    client = signed_in_client("coordinator")
    page = client.get(reverse("exchange:check", args=[waiting.pk])).content.decode()
    assert 'name="seen" value="0"' in page
    run_jobs(actions.start_undo(by=by, imported=first))
    load = reverse("exchange:load", args=[waiting.pk])
    answer = client.post(load, {"seen": "0"}, **HTMX)
    assert answer.status_code == 409 and f"No. {first.pk}" in answer.content.decode()
    page = client.get(reverse("exchange:check", args=[waiting.pk])).content.decode()
    assert 'name="seen" value="1"' in page and changes_since_check(waiting, by)[0] in page
    client.post(load, {"seen": "1"}, **HTMX)
    waiting.refresh_from_db()
    assert waiting.state == Import.State.LOADING
