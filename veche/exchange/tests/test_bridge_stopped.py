"""Work on an edited list that broke or was stopped: its page says so in a sentence, and offers to go on or to undo."""

import pytest
from django.urls import reverse
from django.utils import translation

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.testing import make_person
from veche.core.actions import stop_job
from veche.core.delivery import deliver_all
from veche.core.models import Job
from veche.exchange.actions import bridge_applying, bridging
from veche.exchange.jobs import bridge as bridge_jobs
from veche.exchange.models import BridgeCell, BridgeReturn
from veche.exchange.testing import run_jobs
from veche.exchange.tests.bridge_home import applied, edited, place, taken_home

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def returned(by):
    """Three people with another patronymic each, compared."""
    for surname in ("Органа", "Соло", "Тано"):
        make_person(f"{surname} Имя Отчествович", by=by)

    def rename(table):
        for row in table[1:]:
            row[place(table, "Отчество")] = "Новоотчествович"

    return edited(by, taken_home(by), rename)


def page_of(returned) -> str:
    client = signed_in_client("administrator")
    return client.get(reverse("exchange:bridge_return", args=[returned.pk])).content.decode()


@pytest.fixture
def broken_after_one(returned, by, monkeypatch):
    """Its application wrote the first row and then met a mistake of the program."""
    write, rows = bridge_applying.apply_rows, []

    def break_at_the_second(**given):
        if rows:
            raise ValueError("no sentence for people")
        rows.append(given["rows"])
        return write(**given)

    with monkeypatch.context() as patch:
        patch.setattr(bridge_jobs, "CHUNK", 1)
        patch.setattr(bridge_applying, "apply_rows", break_at_the_second)
        return applied(by, returned)


def outcomes(returned) -> list[str]:
    return sorted(BridgeCell.objects.filter(batch=returned).values_list("outcome", flat=True))


def test_a_mistake_of_the_program_is_told_in_words_and_may_be_gone_on_from(broken_after_one, by):
    returned = broken_after_one
    assert (returned.state, outcomes(returned)) == ("failed", ["", "", "applied"])
    page = page_of(returned)
    assert "Not everything was done." in page and "The program made a mistake" in page
    assert reverse("exchange:bridge_undoing", args=[returned.pk]) in page
    returned = applied(by, returned)
    assert (returned.state, outcomes(returned)) == ("applied", ["applied"] * 3)


def test_what_a_broken_application_has_written_can_be_put_back(broken_after_one, by):
    returned = run_jobs(bridging.start_return_undo(by=by, returned=broken_after_one))
    assert (returned.state, outcomes(returned)) == ("undone", ["", "", "undone"])


@pytest.mark.django_db(transaction=True)
def test_a_stopped_application_speaks_of_no_mistake(returned, by):
    returned = bridging.start_application(by=by, returned=returned)
    stop_job(by=by, job=Job.objects.get(pk=returned.job_id))
    deliver_all()
    returned = BridgeReturn.objects.get(pk=returned.pk)
    assert (returned.state, returned.error) == ("failed", "")
    page = page_of(returned)
    assert "you can go on where it was stopped" in page and "mistake" not in page
