"""From the finder's pairs to what is merged and what is asked."""

from veche.dedupe.finding.comparisons import COMPARED
from veche.dedupe.finding.rules import COMPARISONS
from veche.dedupe.grouping import Likely, grouped
from veche.dedupe.queries.reasons import DOUBT, SENTENCES, in_words, reasons_of


def pair(low, high, probability=0.5):
    return Likely(low, high, probability, {"phone": "same_mobile"})


def ids(groups, *, certain):
    return sorted(each.ids for each in groups if each.certain is certain)


def test_a_cluster_is_certain_and_other_pairs_are_asked():
    groups = grouped([pair(1, 2, 0.99), pair(2, 3, 0.6), pair(7, 8, 0.4)], {1: 1, 2: 1})
    assert ids(groups, certain=True) == [(1, 2)]
    assert ids(groups, certain=False) == [(2, 3), (7, 8)]
    assert [each.probability for each in groups] == [0.99, 0.6, 0.4]


def test_three_of_whom_each_may_be_each_are_one_question_and_a_chain_is_two():
    whole = [pair(1, 2), pair(1, 3), pair(2, 3, 0.8)]
    assert ids(grouped(whole, {}), certain=False) == [(1, 2, 3)]
    assert grouped(whole, {})[0].probability == 0.8
    assert ids(grouped([pair(1, 2), pair(2, 3)], {}), certain=False) == [(1, 2), (2, 3)]


def test_more_than_anybody_can_look_at_are_asked_pair_by_pair():
    five = [pair(low, high) for low in range(1, 6) for high in range(low + 1, 6)]
    assert len(grouped(five, {})) == 10


def test_who_was_told_apart_is_not_asked_about_and_breaks_a_cluster():
    pairs = [pair(1, 2, 0.99), pair(1, 3, 0.99), pair(4, 5)]
    groups = grouped(pairs, {1: 1, 2: 1, 3: 1}, {(1, 2), (4, 5)})
    assert ids(groups, certain=True) == []
    assert ids(groups, certain=False) == [(1, 3)]


def test_the_same_people_have_the_same_mark_however_many_they_are():
    few, many = grouped([pair(3, 9)], {})[0], grouped([], dict.fromkeys(range(10**17, 10**17 + 40), 1))[0]
    assert few.mark == "3-9"
    assert len(many.mark) == 64
    assert many.mark == grouped([], dict.fromkeys(range(10**17, 10**17 + 40), 7))[0].mark


def test_every_clue_of_the_finder_has_a_sentence():
    levels = {(each.name, level.code) for each in COMPARED for level in each.levels}
    assert levels == set(SENTENCES)
    assert {each.name for each in COMPARED} == set(COMPARISONS)


def test_what_speaks_for_it_is_said_first():
    said = in_words({"surname": "slip", "phone": "same_mobile", "birthday": ""})
    assert [str(each.text) for each in said] == ["the same mobile phone", "surname differs by one letter"]
    assert SENTENCES["surname", "slip"][0] == DOUBT


def test_reasons_follow_merged_people_and_go_when_two_became_one():
    pairs = [{"low": 1, "high": 2, "clues": {"phone": "slip"}}, {"low": 1, "high": 3, "clues": {}}]
    told = reasons_of(pairs, {1: 1, 2: 9, 3: 1})
    assert [(one, other) for one, other, _reasons in told] == [(1, 9)]
    assert reasons_of(pairs, {1: 1, 3: 1}) == []
