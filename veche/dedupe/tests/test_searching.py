"""A search from the base into the queue, with the real finder."""

import pytest
from django.utils import timezone

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user
from veche.contacts.models import Contact, ContactPoint, Origin
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor
from veche.core.background import cancel_job, run_job
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.dedupe.actions.deciding import decide
from veche.dedupe.actions.rules import remove_rules, save_rules
from veche.dedupe.actions.searching import cancel_search, folder_of, start_search
from veche.dedupe.actions.storing import forget_stale
from veche.dedupe.jobs.searching import search_at_night
from veche.dedupe.models import Group, Member, RuleSet, Search
from veche.dedupe.queries.evidence import everybody, portion_after
from veche.dedupe.queries.rules import rules_in_use
from veche.dedupe.testing import make_group

pytestmark = pytest.mark.django_db

SURNAMES = (
    "Органа Соло Калриссиан Винду Амидала Мотма Тано Эрсо Андор Дэмерон Рен Хакс Фетт Акбар Антиллес".split()
)


def search(**asked) -> Search:
    started = start_search(by=actor_of("coordinator"), rules=rules_in_use(), **asked)
    run_job(job_id=started.job_id)
    started.refresh_from_db()
    assert started.state == Search.State.DONE, Job.objects.get(pk=started.job_id).error
    return started


def a_base():
    """Twice the same person beyond doubt, among people who have nothing in common."""
    known = {
        "phone": "8 904 000-27-40",
        "email": "luka@example.org",
        "addresses": ["г. Тверь, ул. Мира, д. 5, кв. 8"],
    }
    born = {"birth_year": 1977, "birth_month": 5, "birth_day": 19}
    one = make_person("Скайуокер Лука Анакинович", fields=born, **known)
    other = make_person("Скайуокер Лука Анакинович", fields=born, **known)
    for place, surname in enumerate(SURNAMES):
        make_person(f"{surname} Павел Петрович", phone=f"8 904 111-{place:02}-4{place % 10}")
    make_organisation()
    return one, other


def test_the_same_person_twice_is_found_and_nothing_of_the_base_stays_on_the_disk():
    one, other = a_base()
    found = search()
    asked = {tuple(sorted(group.members.values_list("contact", flat=True))) for group in Group.objects.all()}
    assert (one.pk, other.pk) in asked
    assert found.figures["people"] == len(SURNAMES) + 2
    assert found.figures["asked"] + found.figures["certain"] == len(asked)
    assert not folder_of(found).exists()


def test_a_dry_search_only_counts():
    a_base()
    found = search(dry=True)
    assert found.figures["asked"] + found.figures["certain"] >= 1
    assert not Group.objects.exists()


def test_a_search_around_an_import_leaves_other_questions_alone():
    one, other = a_base()
    elsewhere = make_group(make_person("Фетт Боба"), make_person("Фетт Джанго"))
    Origin.objects.filter(contact=other).update(batch=7)
    search(scope="import", batch=7)
    assert Group.objects.filter(pk=elsewhere.pk).exists()
    assert {one.pk, other.pk} in [
        set(group.members.values_list("contact", flat=True)) for group in Group.objects.all()
    ]
    with pytest.raises(Refusal):
        start_search(by=actor_of("coordinator"), rules=rules_in_use(), scope="import", batch=8)


def test_a_base_of_nobody_is_searched_too():
    assert search().figures == {"people": 0, "asked": 0, "certain": 0, "spare": 0, "households": 0}


def test_one_search_at_a_time_which_can_be_stopped():
    by = actor_of("coordinator")
    first = start_search(by=by, rules=rules_in_use())
    with pytest.raises(Refusal) as refused:
        start_search(by=by, rules=rules_in_use())
    assert refused.value.status == 409
    cancel_search(by=by, search=first)
    first.refresh_from_db()
    assert first.state == Search.State.CANCELLED
    with pytest.raises(Stale):
        cancel_search(by=by, search=first)
    second = start_search(by=by, rules=rules_in_use())
    cancel_job(Job.objects.get(pk=second.job_id))  # in the tray
    run_job(job_id=second.job_id)
    cancel_search(by=by, search=second)
    assert start_search(by=by, rules=rules_in_use()).is_busy


def test_only_who_sees_the_whole_base_searches():
    for actor in (actor_of("operator"), actor_of(make_user("Рей", "coordinator", reach=User.Reach.OWN))):
        with pytest.raises(Refusal) as refused:
            start_search(by=actor, rules=rules_in_use())
        assert refused.value.status == 403


def test_every_night_what_has_changed_is_looked_at():
    done = Search.objects.create(state=Search.State.DONE, begun_at=timezone.now())
    search_at_night()
    search_at_night()  # it is under way
    started = Search.objects.get(state=Search.State.RUNNING)
    assert (started.scope, started.since, started.by) == (Search.Scope.CHANGED, done.begun_at, None)


def test_rules_that_want_no_nights_have_none():
    save_rules(
        by=Actor.system(), rules=RuleSet(), name="Днём", automatic=0.9, ask=0.2, nightly=False, in_use=True
    )
    search_at_night()
    assert not Search.objects.exists()


def test_one_rule_set_is_in_use():
    by = actor_of("coordinator")
    one = save_rules(by=by, rules=RuleSet(), name="Одни", automatic=0.9, ask=0.2, in_use=True)
    two = save_rules(
        by=by, rules=RuleSet(), name="Другие", automatic=0.95, ask=0.3, left_out=["place"], in_use=True
    )
    assert rules_in_use() == two
    one.refresh_from_db()
    assert not one.in_use
    for wrong in ({"name": "ОДНИ"}, {"ask": 0.99}, {"in_use": False}):
        told = {"name": "Другие", "automatic": 0.95, "ask": 0.3, "in_use": True} | wrong
        with pytest.raises(Refusal):
            save_rules(by=by, rules=RuleSet.objects.get(pk=two.pk), **told)
    with pytest.raises(Refusal):
        remove_rules(by=by, rules=two)
    remove_rules(by=by, rules=one)
    assert RuleSet.objects.get() == two


def test_evidence_comes_in_portions_and_without_what_does_not_work():
    people = [
        make_person(f"Соло {n}", phone=f"8 904 000-27-4{n}", email=f"s{n}@example.org") for n in range(3)
    ]
    ContactPoint.objects.filter(contact=people[1], kind="phone").update(validity="invalid")
    assert [each.id for each in portion_after(0, portion=2)] == [str(people[0].pk), str(people[1].pk)]
    assert [each.id for each in portion_after(people[1].pk, portion=2)] == [str(people[2].pk)]
    rows = [row for portion in everybody() for row in portion]
    assert [bool(row.phones) for row in rows] == [True, False, True]
    assert rows[0].emails == "s0@example.org"


def test_a_search_of_everybody_forgets_questions_that_it_did_not_find_again():
    people = [make_person(f"Соло {n}") for n in range(5)]
    old, decided, part = make_group(*people[:2]), make_group(*people[1:3]), make_group(*people[2:])
    decide(by=Actor.system(), group_id=decided.pk, verdict="apart")
    merged = [people[2].pk, people[3].pk]
    decide(by=Actor.system(), group_id=part.pk, verdict="merged", kept_id=people[2].pk, contact_ids=merged)
    forget_stale(Search.objects.create(), whole=True)
    assert set(Group.objects.values_list("pk", "state")) == {(decided.pk, "decided"), (part.pk, "decided")}
    assert not Member.objects.filter(group=old.pk).exists()
    assert Contact.objects.count() == 4
