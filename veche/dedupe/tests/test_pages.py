"""The pages ask the database as often for many as for few, and little enough."""

import pytest

from veche.accounts.testing import signed_in_client
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.dedupe.actions.rules import save_rules
from veche.dedupe.actions.searching import start_search
from veche.dedupe.models import RuleSet, Sweep
from veche.dedupe.queries.rules import rules_in_use
from veche.dedupe.testing import make_group
from veche.ui.testing import assert_same_queries, queries_of

pytestmark = pytest.mark.django_db


def test_four_cards_are_compared_by_twenty_questions_at_most():
    make_group(*(make_person(f"Соло {name}") for name in ("Хан", "Бен", "Лея", "Рей")))
    asked = queries_of(signed_in_client("administrator"), "/doubles/")
    assert len([each for each in asked if "SAVEPOINT" not in each]) <= 20


def test_the_list_of_certain_ones_asks_as_often_for_many():
    def make(number):
        for _n in range(number):
            make_group(make_person("Соло Хан"), make_person("Соло Хан"), certain=True)

    assert_same_queries(signed_in_client("administrator"), "/doubles/certain/", make)


def test_whoever_was_slower_is_told_so_above_the_next_ones():
    client, people = signed_in_client("coordinator"), [make_person(f"Соло {n}") for n in range(4)]
    first, second = make_group(*people[:2], probability=0.8), make_group(*people[2:], probability=0.4)
    url = f"/doubles/{first.pk}/decisions/"
    answer = client.post(url, {"verdict": "apart"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f"/doubles/{second.pk}/decisions/" in answer.content.decode()
    again = client.post(url, {"verdict": "merged", "kept": people[0].pk}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert "Somebody has decided on these meanwhile" in again.content.decode()
    assert f"/doubles/{second.pk}/decisions/" in again.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"verdict": "maybe"}, {"verdict": "merged", "kept": "x"}, {"verdict": "apart", "seen": "1;2"}],
)
def test_nonsense_is_refused(wrong):
    group = make_group(make_person("Соло Хан"), make_person("Соло Бен"))
    client = signed_in_client("coordinator")
    assert client.post(f"/doubles/{group.pk}/decisions/", wrong).status_code == 422
    for url in ("/doubles/searches/new/", "/doubles/phones/1/verdict/"):
        assert client.post(url, wrong).status_code == 422
    assert client.get("/doubles/certain/?after=x_y").status_code == 200
    assert client.post("/doubles/phones/judged/1e9/removal/").status_code == 404


def test_at_night_the_certain_ones_are_merged_when_the_rules_say_so():
    told = {"name": "Ночью", "automatic": 0.9, "ask": 0.2, "merges_at_night": True, "in_use": True}
    save_rules(by=Actor.system(), rules=RuleSet(), **told)
    known = {"phone": "8 904 000-27-40", "email": "luka@example.org"}
    born = {"birth_year": 1977, "birth_month": 5, "birth_day": 19}
    for _n in range(2):
        make_person("Скайуокер Лука Анакинович", fields=born, **known)
    for place, surname in enumerate("Органа Калриссиан Винду Амидала Мотма Тано Эрсо Андор".split()):
        make_person(f"{surname} Павел Петрович", phone=f"8 904 111-{place:02}-4{place % 10}")
    search = start_search(by=Actor.system(), rules=rules_in_use())
    run_job(job_id=search.job_id)
    search.refresh_from_db()
    assert search.figures["certain"] == 1
    assert Sweep.objects.get().groups == 1
