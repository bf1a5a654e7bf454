"""A check in two lanes says what a check in one says, also when it was killed between them."""

import random

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.testing import make_person
from veche.core.background import run_job
from veche.exchange import actions
from veche.exchange.actions import checking, lanes
from veche.exchange.models import Import, Issue
from veche.exchange.testing import checked, make_import, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
SURNAMES = ["Органа", "Скайуокер", "Соло", "Кеноби", "Татуин", "Калриссиан", "Антиллес"]
GIVEN = ["Лея", "Люк", "Хан", "Бен", "Падме", "Лэндо"]


def rows(count: int) -> list[list[str]]:
    """People of whom many share a phone with another row or with somebody of the base, and rows of nobody."""
    chance = random.Random(7)
    made = [[*known(number), f"k{number}@example.org" if number % 2 else "", "", ""] for number in range(20)]
    for _number in range(count):
        phone = f"8 916 000-{chance.randrange(60):02}-{chance.randrange(3):02}"
        email = chance.choice(["", "", f"p{chance.randrange(40)}@example.org", "нет@"])
        name = [chance.choice(SURNAMES), chance.choice(GIVEN), ""]
        made.append([*name, phone if chance.random() < 0.7 else "", email, "", ""])
        if chance.random() < 0.05:
            made.append(["Итого", "", "", "", "", "", ""])
    return made


def known(number: int) -> list[str]:
    """Surname, given name, no patronymic, and phone of somebody of the base."""
    return [SURNAMES[number % 7], GIVEN[number % 6], "", f"+7916000{number:02}{number % 3:02}"]


@pytest.fixture
def by():
    actor = actor_of("coordinator")
    for surname, given, _none, phone in map(known, range(40)):
        make_person(f"{surname} {given}", phone=phone, by=actor)
    return actor


def found(imported: Import) -> tuple:
    """All that a check says of a file."""
    columns = ("number", "verdict", "leader", "contact_id", "matched_by", "changes", "overwritten", "doubts")
    issues = Issue.objects.filter(batch=imported).order_by("number", "column", "code", "value")
    totals = {name: value for name, value in imported.totals["check"].items() if name != "mark"}
    return (
        list(imported.rows.order_by("number").values_list(*columns)),
        list(issues.values_list("number", "column", "code", "severity", "value")),
        totals,
    )


def test_two_lanes_find_what_one_finds(tmp_path, monkeypatch, by):
    monkeypatch.setattr(checking, "CHUNK", 70)
    given = make_import(tmp_path, rows(300), by=by)
    alone = found(checked(given, by=by))
    assert {row[1] for row in alone[0]} == {"create", "update", "unchanged", "repeat", "reject"}
    monkeypatch.setattr(lanes, "WORTH_LANES", 1)
    assert found(checked(given, by=by)) == alone


def test_a_check_killed_between_its_lanes_begins_the_chunk_anew(tmp_path, monkeypatch, by):
    monkeypatch.setattr(checking, "CHUNK", 70)
    given = make_import(tmp_path, rows(300), by=by)
    alone = found(checked(given, by=by))
    monkeypatch.setattr(lanes, "WORTH_LANES", 1)
    compare, calls = checking.compare_lane, []

    class Killed(BaseException):
        pass

    def compare_until_killed(*, lane: int, **kwargs):
        calls.append(lane)
        if len(calls) > 2 and lane == 1:
            raise Killed
        return compare(lane=lane, **kwargs)

    monkeypatch.setattr(checking, "compare_lane", compare_until_killed)
    imported = actions.start_check(by=by, imported=given)
    with pytest.raises(Killed):
        run_job(job_id=imported.job_id)
    monkeypatch.setattr(checking, "compare_lane", compare)
    assert found(run_jobs(imported)) == alone
