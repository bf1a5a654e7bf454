"""Joining pairs: no person contradicts himself, whatever the pairs, and the order of rows does not matter."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.dedupe.finding.clustering import Clusters, Edge
from veche.dedupe.finding.contradictions import Names, Person, within

COUNTS = {
    "мария": 400,
    "марина": 300,
    "маоия": 2,
    "риат": 1,
    "риоа": 1,
    "игорь": 500,
    "олег": 300,
    "игоревич": 300,
    "олегович": 300,
}


def person(given="", patronymic="", gender="", born=(0, 0, 0)) -> Person:
    forms = frozenset(given.split("|")) if len(given) > 1 else frozenset()
    initials = frozenset(form[0] for form in (forms or given))
    return Person(forms, initials, patronymic, gender, *born)


def contradict(one, other):
    return Names(COUNTS).contradict(one, other)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (person("мария"), person("маоия"), ""),
        (person("мария"), person("марина"), "given"),  # a slip apart, but both are names
        (person("риат"), person("риоа"), ""),  # two slips apart, and neither is a name
        (person("мария"), person("м"), ""),
        (person("мария"), person("н"), "given"),
        (person("игорь", "олегович"), person("игорь", "игоревич"), "patronymic"),
        (person("игорь", "олегович"), person("игорь", "о"), ""),
        (person("игорь", "о", born=(1960, 5, 7)), person("игорь", "н", born=(1960, 5, 7)), ""),
        (person("игорь", "о", born=(1960, 5, 7)), person("игорь", "н", born=(1980, 5, 7)), ""),
        (person("игорь", "о", born=(1960, 5, 7)), person("олег", "н", born=(1960, 5, 7)), "given"),
        (person("игорь", "о", born=(1960, 5, 7)), person("игорь", "н"), "patronymic"),
        (person("саша|александр"), person("саша|александра"), ""),
        (person("игорь", gender="m"), person("игорь", gender="f"), "gender"),
        (
            person("игорь", born=(1960, 5, 7)),
            person("игорь", born=(1988, 2, 7)),
            "birthday",
        ),  # father and son
        (person("игорь", born=(1960, 5, 7)), person("игорь", born=(1960, 7, 5)), ""),
        (person("игорь", born=(1960, 5, 7)), person("игорь", born=(1961, 5, 7)), ""),
        (person("игорь", born=(1960, 0, 0)), person("игорь", born=(1988, 2, 7)), "birthday"),
    ],
)
def test_what_sets_two_rows_apart(one, other, why):
    assert contradict(one, other) == contradict(other, one) == why


@pytest.mark.parametrize(
    ("one", "other", "slips", "is_within"),
    [("олег", "олег", 0, True), ("олег", "оелг", 1, True), ("олег", "оле", 1, True), ("олег", "ольга", 1, False),
     ("абвгд", "вгд", 2, True), ("", "аб", 1, False)],
)  # fmt: skip
def test_slips_are_counted(one, other, slips, is_within):
    assert within(one, other, slips) is within(other, one, slips) is is_within


def grouped(people, edges):
    clusters = Clusters(Names(COUNTS), people)
    clusters.join(edges)
    return {row: clusters.group_of(row) for row in people}


def test_a_row_that_may_be_the_fathers_or_the_sons_is_nobodys():
    people = {
        1: person("игорь", "игоревич", born=(1960, 5, 7)),
        2: person("игорь", "игоревич", born=(1988, 2, 9)),
        3: person("игорь", "игоревич"),
    }
    both = [Edge(1, 3, 12.0, True), Edge(2, 3, 11.0, True), Edge(1, 2, 5.0, True)]
    assert grouped(people, both) == {1: 1, 2: 2, 3: 3}
    clearly = [Edge(1, 3, 22.0, True), Edge(2, 3, 11.0, True), Edge(1, 2, 5.0, True)]
    assert grouped(people, clearly) == {1: 1, 2: 2, 3: 1}


def test_a_row_with_a_proven_mistake_speaks_against_nobody():
    people = {1: person("игорь"), 2: person("олег"), 3: person("игорь")}
    proven = Edge(1, 2, 2.0, True, is_proven=True)  # one document, two names
    assert grouped(people, [proven, Edge(1, 3, 9.0, True)]) == {1: 1, 2: 1, 3: 1}
    assert grouped(people, [proven, Edge(2, 3, 9.0, True)]) == {1: 1, 2: 1, 3: 3}


def test_an_edge_that_does_not_join_claims_only():
    people = {1: person("игорь"), 2: person("игорь")}
    assert grouped(people, [Edge(1, 2, 9.0, False)]) == {1: 1, 2: 2}


_PEOPLE = st.lists(
    st.builds(
        person,
        st.sampled_from(["", "м", "мария", "марина", "маоия", "игорь", "олег"]),
        st.sampled_from(["", "и", "игоревич", "олегович"]),
        st.sampled_from(["", "m", "f"]),
        st.sampled_from([(0, 0, 0), (1960, 5, 7), (1960, 7, 5), (1961, 5, 7), (1988, 2, 9), (1988, 0, 0)]),
    ),
    min_size=2,
    max_size=9,
)


@given(_PEOPLE, st.data())
def test_no_group_contradicts_itself_and_the_order_of_pairs_does_not_matter(people, data):
    rows = dict(enumerate(people))
    ends = list(combinations(rows, 2))
    chosen = data.draw(st.lists(st.sampled_from(ends), unique=True, max_size=20))
    edges = [
        Edge(*pair, data.draw(st.sampled_from([4.0, 8.0, 9.5, 20.0])), data.draw(st.booleans()))
        for pair in chosen
    ]
    found = grouped(rows, edges)
    for one, other in ends:
        if found[one] == found[other]:
            assert contradict(rows[one], rows[other]) == ""
    assert all(found[name] == name for name in set(found.values()))
    assert grouped(rows, data.draw(st.permutations(edges))) == found
