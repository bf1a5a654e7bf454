"""Suggested households: who is asked about whom, what a decision makes, how it is taken back, and the rule for all."""

import pytest

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.contacts.actions.households import gather_household
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.relations import relate
from veche.contacts.models import Contact, Household, HouseholdMember, Relation
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import published
from veche.dedupe.actions.deciding import decide, say_relations, undo_decision
from veche.dedupe.actions.household_sweeping import start_household_sweep, start_household_sweep_undo
from veche.dedupe.actions.households import (
    decide_household,
    take_next_household,
    take_up_skipped_households,
    undo_household_decision,
)
from veche.dedupe.actions.searching import start_search
from veche.dedupe.actions.storing_households import forget_stale_households, store_households
from veche.dedupe.kinship import Living
from veche.dedupe.models import HouseholdSweep, Search, SuggestedHousehold, SuggestedMember
from veche.dedupe.queries.households import get_suggestion, plain_figures, progress, ties_of
from veche.dedupe.queries.rules import rules_in_use
from veche.dedupe.testing import make_group, make_suggestion
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db

HOME = {"addresses": ["г. Тверь, ул. Мира, д. 5, кв. 8"]}


def family():
    """Father, mother and son."""
    return [
        make_person("Берёзов Игорь Олегович", fields={"birth_year": 1970}, **HOME),
        make_person("Берёзова Вера Романовна", fields={"birth_year": 1973}, **HOME),
        make_person("Берёзов Роман Игоревич", fields={"birth_year": 1998}, **HOME),
    ]


def relations_of(people):
    ties = Relation.objects.filter(one__in=people, other__in=people)
    return set(ties.values_list("kind__code", "one__given_name", "other__given_name"))


def ids(people):
    return [each.pk for each in people]


def of_homes():
    return set(HouseholdMember.objects.values_list("contact_id", flat=True))


def test_one_press_gathers_them_with_who_is_what_and_one_undo_takes_it_back():
    by, people = actor_of("coordinator"), family()
    asked = make_suggestion(*people)
    assert take_next_household(by=by) == asked.pk
    ties = ties_of(by, get_suggestion(by, asked.pk).ids)
    assert [tie.ticked for tie in ties] == [True] * 3
    done = decide_household(
        by=by,
        suggestion_id=asked.pk,
        verdict="gathered",
        contact_ids=ids(people),
        relations=[t.key for t in ties],
    )
    assert of_homes() == set(ids(people))
    assert HouseholdMember.objects.get(is_head=True).contact_id == people[0].pk
    kinds = {(each.one_id, each.other_id, each.kind.code) for each in Relation.objects.select_related("kind")}
    father, mother, son = ids(people)
    assert kinds == {(father, mother, "spouse"), (father, son, "parent"), (mother, son, "parent")}
    assert take_next_household(by=by) is None
    assert published("dedupe.household_decided")

    undo_household_decision(by=by, decision_id=done.pk)
    assert not Household.objects.exists()
    assert not Relation.objects.exists()
    assert take_next_household(by=by) == asked.pk
    with pytest.raises(Stale):
        undo_household_decision(by=by, decision_id=done.pk)


def test_somebody_is_taken_out_before_and_only_offered_relations_are_said():
    by, people = actor_of("coordinator"), family()
    asked, stranger = make_suggestion(*people), make_person("Посторонний Пётр")
    keys = [f"{people[0].pk}-spouse-{stranger.pk}", f"{people[2].pk}-spouse-{people[1].pk}"]
    decide_household(
        by=by, suggestion_id=asked.pk, verdict="gathered", contact_ids=ids(people[:2]), relations=keys
    )
    assert of_homes() == set(ids(people[:2]))
    assert not Relation.objects.exists()
    for wrong in ([people[0].pk], [people[0].pk, stranger.pk]):
        again = make_suggestion(*(make_person(f"Соло {n}") for n in range(2)))
        with pytest.raises(Refusal):
            decide_household(by=by, suggestion_id=again.pk, verdict="gathered", contact_ids=wrong)
    assert Household.objects.count() == 1


def test_no_is_remembered_for_the_same_people_and_for_some_of_them():
    by, people = actor_of("coordinator"), family()
    decide_household(by=by, suggestion_id=make_suggestion(*people).pk, verdict="apart")
    search = Search.objects.create(state="failed")
    store_households(
        search, [Living(tuple(ids(people)), {"flat": 3}), Living(tuple(ids(people[:2])), {"flat": 2})]
    )
    assert take_next_household(by=by) is None
    newcomer = make_person("Берёзова Нина Игоревна", **HOME)
    wider = make_suggestion(*people, newcomer)
    assert take_next_household(by=by) == wider.pk


def test_no_outlives_a_merge():
    by, people = actor_of("coordinator"), family()
    decide_household(by=by, suggestion_id=make_suggestion(*people[:2]).pk, verdict="apart")
    alias = make_person("Берёзова В. Р.")
    merge_contacts(by=Actor.system(), kept_id=alias.pk, gone_ids=[people[1].pk])
    with pytest.raises(SuggestedHousehold.DoesNotExist):
        make_suggestion(people[0], alias)


def test_later_is_for_one_reader_and_until_it_is_asked_for():
    by, other = actor_of("coordinator"), actor_of("administrator")
    asked = make_suggestion(*family())
    decide_household(by=by, suggestion_id=asked.pk, verdict="skipped")
    assert take_next_household(by=by) is None
    assert (progress(by).left, progress(by).skipped) == (0, 1)
    assert take_next_household(by=other) == asked.pk
    SuggestedHousehold.objects.update(held_by=None)
    assert take_up_skipped_households(by=by) == 1
    assert take_next_household(by=by) == asked.pk


def test_two_readers_get_two_and_the_surest_comes_first():
    first, second = family()[:2], family()[:2]
    less = make_suggestion(*first, reasons={"phone": 2})
    more = make_suggestion(*second)
    by, other = actor_of("coordinator"), actor_of("administrator")
    assert take_next_household(by=by) == more.pk
    assert take_next_household(by=other) == less.pk
    with pytest.raises(Stale):
        decide_household(by=by, suggestion_id=less.pk, verdict="apart")


def test_only_who_sees_all_of_them_is_asked():
    people = family()
    asked = make_suggestion(*people)
    rey = make_user("Рей", "operator", reach=User.Reach.OWN)
    Contact.objects.filter(pk__in=ids(people[:2])).update(responsible=rey)
    mine = actor_of(rey)
    assert take_next_household(by=mine) is None
    assert progress(mine).left == 0
    with pytest.raises(NotFound):
        decide_household(by=mine, suggestion_id=asked.pk, verdict="apart")
    Contact.objects.filter(pk=people[2].pk).update(responsible=rey)
    assert take_next_household(by=mine) == asked.pk


def test_who_is_of_one_household_already_is_no_question_and_the_rest_joins_it():
    by, people = actor_of("coordinator"), family()
    asked = make_suggestion(*people)
    home = gather_household(by=Actor.system(), contact_ids=ids(people[:2]))
    assert take_next_household(by=by) == asked.pk
    decide_household(by=by, suggestion_id=asked.pk, verdict="gathered")
    assert set(HouseholdMember.objects.values_list("household_id", flat=True)) == {home.pk}
    assert of_homes() == set(ids(people))
    with pytest.raises(SuggestedHousehold.DoesNotExist):
        make_suggestion(*people[1:])
    two = [gather_household(by=Actor.system(), contact_ids=ids(family()[:2])) for _n in range(2)]
    of_two = [home.members.first().contact for home in two]
    with pytest.raises(SuggestedHousehold.DoesNotExist):
        make_suggestion(*of_two)


def test_all_of_one_flat_and_surname_are_gathered_by_a_rule_and_that_is_taken_back_at_once():
    by, first, second, other = actor_of("coordinator"), family(), family()[:2], family()[:2]
    make_suggestion(*first), make_suggestion(*second)
    doubtful = make_suggestion(*other, reasons={"flat": 2})
    assert (plain_figures(by).households, plain_figures(by).people) == (2, 5)
    with pytest.raises(Stale):
        start_household_sweep(by=by, expected=1)
    sweep = start_household_sweep(by=by, expected=2)
    with pytest.raises(Refusal):
        start_household_sweep(by=by)
    run_job(job_id=HouseholdSweep.objects.get().job_id)
    sweep.refresh_from_db()
    assert (sweep.state, sweep.gathered, sweep.left) == ("done", 2, 0)
    assert of_homes() == set(ids(first + second))
    assert plain_figures(by).households == 0
    told = {("spouse", "Игорь", "Вера"), ("parent", "Игорь", "Роман"), ("parent", "Вера", "Роман")}
    assert relations_of(first) == told and relations_of(second) == {("spouse", "Игорь", "Вера")}
    assert not relations_of(other)

    touched = HouseholdMember.objects.get(contact=second[0]).household_id
    gather_household(by=by, contact_ids=ids(second), name="Берёзовы")
    start_household_sweep_undo(by=by, sweep=sweep)
    run_job(job_id=HouseholdSweep.objects.get().job_id)
    sweep.refresh_from_db()
    assert (sweep.state, sweep.undone) == ("undone", 1)
    assert set(HouseholdMember.objects.values_list("household_id", flat=True)) == {touched}
    assert not relations_of(first) and len(relations_of(second)) == 1, (
        "what somebody has touched stays as it is"
    )
    assert set(SuggestedHousehold.objects.filter(state="open").values_list("pk", flat=True)) == {
        SuggestedMember.objects.get(contact=first[0]).household_id,
        doubtful.pk,
    }


def test_the_rule_says_nothing_of_those_who_are_something_to_each_other_already():
    by, (father, mother, son) = actor_of("coordinator"), family()
    relate(by=by, one_id=mother.pk, other_id=father.pk, kind_code="sibling")
    relate(by=by, one_id=father.pk, other_id=son.pk, kind_code="parent")
    make_suggestion(father, mother, son)
    sweep = start_household_sweep(by=by)
    run_job(job_id=sweep.job_id or HouseholdSweep.objects.get().job_id)
    told = {("sibling", "Вера", "Игорь"), ("parent", "Игорь", "Роман"), ("parent", "Вера", "Роман")}
    assert relations_of([father, mother, son]) == told
    start_household_sweep_undo(by=by, sweep=HouseholdSweep.objects.get())
    run_job(job_id=HouseholdSweep.objects.get().job_id)
    assert relations_of([father, mother, son]) == told - {("parent", "Вера", "Роман")}


def test_a_search_suggests_those_who_live_together_and_forgets_those_who_do_not_any_more():
    people = family()
    for place, surname in enumerate("Органа Калриссиан Винду Амидала Мотма Тано Эрсо Андор".split()):
        make_person(f"{surname} Павел Петрович", phone=f"8 904 111-{place:02}-4{place % 10}")
    old = make_suggestion(*(make_person(f"Соло {n}") for n in ("Хан", "Лея")))
    search = start_search(by=actor_of("coordinator"), rules=rules_in_use())
    run_job(job_id=search.job_id)
    found = SuggestedHousehold.objects.get()
    assert found.pk != old.pk
    assert set(found.members.values_list("contact_id", flat=True)) == set(ids(people))
    assert (found.reasons, found.plain) == ({"flat": 3, "surname": 3}, True)


def test_a_search_around_some_keeps_the_whole_of_what_it_sees_a_part_of():
    people = family()
    asked = make_suggestion(*people)
    search = Search.objects.create(state="failed")
    store_households(search, [Living(tuple(ids(people[:2])), {"flat": 2})], whole=False)
    forget_stale_households(search, whole=True)
    assert SuggestedHousehold.objects.get().pk == asked.pk


def test_family_in_the_queue_makes_a_household_which_its_undo_takes_back():
    by, people = actor_of("coordinator"), family()
    done = decide(by=by, group_id=make_group(people[0], people[2]).pk, verdict="family")
    assert of_homes() == {people[0].pk, people[2].pk}
    key = f"{people[0].pk}-parent-{people[2].pk}"
    assert say_relations(by=by, decision_id=done.pk, relations=[key, "1-parent-2"]) == 1
    assert say_relations(by=by, decision_id=done.pk, relations=[key]) == 0
    undo_decision(by=by, decision_id=done.pk)
    assert not Household.objects.exists()
    assert not Relation.objects.exists()
    with pytest.raises(Stale):
        say_relations(by=by, decision_id=done.pk, relations=[key])


def test_people_of_two_households_are_told_apart_but_not_moved():
    by, people, others = actor_of("coordinator"), family(), family()
    for each in (people, others):
        gather_household(by=Actor.system(), contact_ids=ids(each))
    done = decide(by=by, group_id=make_group(people[0], others[0]).pk, verdict="family")
    assert done.household is None
    assert Household.objects.count() == 2
    undo_decision(by=by, decision_id=done.pk)


def test_the_page_says_why_asks_as_often_for_many_and_offers_relations_after_the_verdict():
    client, people = signed_in_client("coordinator"), family()
    make_suggestion(*people)
    page = client.get("/doubles/families/", headers={"Accept-Language": "en"}).content.decode()
    for words in ("the same flat", "Most likely one family", "the patronymic is after the father, 28 years"):
        assert words in page
    assert client.get("/doubles/families/count/").content == b"1"
    client.post("/doubles/families/1/decisions/", {"verdict": "perhaps"})
    group = make_group(people[0], people[2])
    answer = client.post(
        f"/doubles/{group.pk}/decisions/", {"verdict": "family"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert f'value="{people[0].pk}-parent-{people[2].pk}"' in answer


def test_the_list_of_plain_ones_asks_as_often_for_many():
    def make(number):
        for _n in range(number):
            make_suggestion(*family()[:2])

    assert_same_queries(signed_in_client("administrator"), "/doubles/families/plain/", make)
