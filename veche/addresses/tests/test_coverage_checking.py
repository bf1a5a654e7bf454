"""Rules laid beside each other on one street: numbers that nobody has, houses that two have; against counting."""

import time

from hypothesis import given
from hypothesis import strategies as st

from veche.addresses.coverage.checking import doubles, missing
from veche.addresses.coverage.naming import NOWHERE
from veche.addresses.coverage.reading import read_one
from veche.addresses.coverage.rules import Rule


def rules(text):
    return read_one(f"г. Тверь, ул. Мира, {text}", NOWHERE).rules


def claims(*texts):
    return [(whose, rule) for whose, text in enumerate(texts, 1) for rule in rules(text)]


def test_numbers_between_the_smallest_and_the_greatest_are_missing_on_their_side():
    told = missing(rules("1-9 (нечётные), 15, 2-10 (чётные), 14, 16А"))
    assert [(hole.side, hole.first, hole.last) for hole in told] == [("odd", 11, 13), ("even", 12, 12)]
    assert (
        not missing(rules("1-9, 10-20"))
        and not missing(rules("полностью"))
        and not missing(rules("с 5, 1, 3"))
    )
    assert not missing(rules("чётные дома, 1, 3"))
    assert [hole[1:] for hole in missing(rules("до 5, 11"))] == [(7, 9)]


def test_the_more_exact_rule_wins_and_alike_ones_are_a_tie():
    told = doubles(claims("1-9", "5", "полностью (кроме 5)", "5, 7"))
    found = {(each.one, each.other, each.house, each.first, each.last): each.winner for each in told}
    assert found == {
        (1, 2, "5", None, None): 2, (2, 4, "5", None, None): None, (1, 4, "5", None, None): 4,
        (1, 4, "7", None, None): 4, (3, 4, "7", None, None): 4, (1, 3, "", 1, 9): 1,
    }  # fmt: skip


def test_a_part_may_share_the_houses_of_its_whole():
    both = claims("1-9", "5")
    assert doubles(both) and not doubles(both, frozenset({(2, 1)}))


def test_a_long_street_gives_a_short_list():
    assert len(doubles([(n, Rule(street_key="мира", house="5")) for n in range(60)])) == 300


def test_a_description_as_long_as_a_page_takes_is_laid_beside_another_in_no_time():
    spans = [Rule(street_key="мира", first=n % 90 + 1, last=n % 9000 + 100) for n in range(8_000)]
    odd, even = ([rule._replace(side=side) for rule in spans] for side in ("odd", "even"))
    houses = [Rule(street_key="мира", house=str(n)) for n in range(10_000, 20_000)]
    began = time.process_time()
    assert not doubles((1, rule) for rule in (*spans, *houses))
    assert len(doubles((whose, rule) for rule in spans for whose in (1, 2))) == 300
    assert not doubles([*((1, rule) for rule in odd), *((2, rule) for rule in even)])
    assert not doubles([*((1, rule) for rule in odd), *((2, rule) for rule in houses)])
    assert time.process_time() - began < 5  # seconds; each beside each takes a minute


SPANS = st.builds(
    lambda side, ends: Rule(street_key="мира", side=side, first=min(ends), last=max(ends)),
    st.sampled_from(["", "odd", "even"]),
    st.lists(st.integers(1, 30), min_size=2, max_size=2),
)
HOUSES = st.builds(lambda n: Rule(street_key="мира", house=str(n)), st.integers(1, 30))


@given(st.lists(st.one_of(SPANS, HOUSES), max_size=6))
def test_missing_numbers_are_those_that_counting_finds(told):
    for side in ("odd", "even"):
        mine = [n for n in range(1, 31) if n % 2 == (side == "odd")]
        has = [n for n in mine if any(rule.covers(n, str(n)) for rule in told)]
        holes = [n for n in mine if has and has[0] < n < has[-1] and n not in has]
        found = [
            n for hole in missing(told) if hole.side == side for n in range(hole.first, hole.last + 1, 2)
        ]
        assert found == holes


@given(st.one_of(SPANS, HOUSES), st.one_of(SPANS, HOUSES))
def test_two_claim_a_house_exactly_when_counting_finds_one(one, other):
    shared = [n for n in range(1, 31) if one.covers(n, str(n)) and other.covers(n, str(n))]
    told = doubles([(1, one), (2, other)])
    found = [
        n
        for each in told
        for n in range(1, 31)
        if Rule("", "", "", "", "x", "", *each[2:6]).covers(n, str(n))
    ]
    assert sorted(set(found)) == shared


@given(st.lists(st.tuples(st.integers(1, 3), st.one_of(SPANS, HOUSES)), max_size=7))
def test_a_walk_along_the_street_meets_all_pairs(told):
    pairs = {
        (min(a, b), max(a, b), n)
        for n in range(1, 31)
        for a, one in told
        for b, other in told
        if a != b and one.covers(n, str(n)) and other.covers(n, str(n))
    }
    found = {
        (each.one, each.other, n)
        for each in doubles(told)
        for n in range(1, 31)
        if Rule("", "", "", "", "x", "", *each[2:6]).covers(n, str(n))
    }
    assert found == pairs
