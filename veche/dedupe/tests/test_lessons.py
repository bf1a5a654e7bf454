"""Which decisions of the queue count as lessons, and what a rule set shows of them."""

import pytest

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.dedupe.actions.deciding import decide, undo_decision
from veche.dedupe.actions.rules import save_rules
from veche.dedupe.actions.searching import start_search
from veche.dedupe.models import Decision, Group, RuleSet, Search, Verdict
from veche.dedupe.queries.lessons import learned_by, taught
from veche.dedupe.queries.rules import as_told, rules_in_use
from veche.dedupe.testing import make_group

pytestmark = pytest.mark.django_db
USUAL = {"name": "Обычные", "automatic": 0.9, "ask": 0.2}


def two():
    return make_person("Скайуокер Лука"), make_person("Скайуокеров Лука")


def decided(number, verdict, clues, *, probability=0.5):
    """As many decisions as somebody made in a long evening."""
    search = make_group(*two()).search
    asked = [
        Group(
            search=search, mark=f"{verdict}{place}", probability=probability, state=Group.State.DECIDED,
            reasons=[{"low": 1, "high": 2, "probability": probability, "clues": clues}],
        )
        for place in range(number)
    ]  # fmt: skip
    said = [Decision(group=group, verdict=verdict) for group in Group.objects.bulk_create(asked)]
    Decision.objects.bulk_create(said)


def test_what_stands_counts_and_what_was_taken_back_does_not():
    han, (one, other) = actor_of("administrator"), two()
    merged = decide(by=han, group_id=make_group(one, other).pk, verdict="merged", kept_id=one.pk)
    decide(by=han, group_id=make_group(*two()).pk, verdict="family")
    apart = decide(by=han, group_id=make_group(*two()).pk, verdict="apart")
    decide(by=han, group_id=make_group(*two()).pk, verdict="skipped")
    learned = learned_by(rules_in_use())
    assert (learned.decisions, learned.one) == (3, 1)
    assert not learned.is_enough
    undo_decision(by=han, decision_id=apart.pk)
    assert learned_by(rules_in_use()).decisions == 2
    unmerge(by=Actor.system(), merge_id=merged.merge)  # on the card, not in the queue
    assert learned_by(rules_in_use()).one == 0


def test_a_part_that_was_merged_is_no_clear_word_about_the_whole():
    han, (one, other), third = actor_of("administrator"), two(), make_person("Скайуокер Лея")
    group = make_group(one, other, third)
    decide(by=han, group_id=group.pk, verdict="merged", kept_id=one.pk, contact_ids=[one.pk, other.pk])
    assert learned_by(rules_in_use()).decisions == 0
    decide(by=han, group_id=group.pk, verdict="apart")
    assert learned_by(rules_in_use()).decisions == 0


def test_a_search_begins_with_what_was_learned_unless_its_rules_do_not_learn():
    decided(40, Verdict.MERGED, {"surname": "same", "place": "same_house"})
    decided(40, Verdict.APART, {"surname": "slip", "phone": "other"})
    system = Actor.system()
    rules = save_rules(by=system, rules=RuleSet(), in_use=True, **USUAL)
    search = start_search(by=system, rules=rules)
    told = as_told(search.rules)
    assert told.learned["place.same_house"] > 0 > told.learned["surname.slip"]
    Search.objects.filter(pk=search.pk).update(state=Search.State.DONE)

    save_rules(by=system, rules=rules, in_use=True, learns=False, **USUAL)
    assert as_told(start_search(by=system, rules=rules).rules).learned == {}
    assert taught(rules).learned.is_enough, "the page still says what there would be to learn"


def test_other_weights_begin_to_learn_anew():
    decided(40, Verdict.MERGED, {"surname": "same", "place": "same_house"})
    decided(40, Verdict.APART, {"surname": "slip", "phone": "other"})
    rules = save_rules(by=Actor.system(), rules=RuleSet(), weights={"place": 2, "phone": 1}, **USUAL)
    assert rules.weights == {"place": 2.0}
    assert learned_by(rules).decisions == 0
    with pytest.raises(Refusal):
        save_rules(by=Actor.system(), rules=rules, weights={"place": 9}, **USUAL)


def test_the_page_of_rules_says_what_was_learned_and_takes_weights_in_words():
    decided(40, Verdict.MERGED, {"surname": "same", "place": "same_house"})
    decided(40, Verdict.APART, {"surname": "slip", "phone": "other"})
    client = signed_in_client("administrator")
    page = client.get("/doubles/rules/new/").content.decode()
    assert "Learned from 80 decisions" in page and "the same house" in page
    kinds = dict.fromkeys(("patronymic", "birthday", "phone", "email", "social"), "1") | {"place": "0.5"}
    told = {f"weight_{kind}": factor for kind, factor in kinds.items()} | {"weight_social": "0"}
    told |= {"name": "Осторожные", "automatic": 95, "ask": 30, "learns": "on"}
    assert client.post("/doubles/rules/new/", told).status_code == 302
    rules = RuleSet.objects.get()
    assert (rules.weights, rules.left_out, rules.learns) == ({"place": 0.5}, ["social"], True)
    page = client.get(f"/doubles/rules/{rules.pk}/").content.decode()
    assert "0 decisions were made under these weights so far" in page
    assert client.post("/doubles/rules/new/", told | {"weight_place": "9"}).status_code == 422
