"""What decisions teach: the right way, no further than they can vouch for, and never against the model by much."""

import random

import pytest

from veche.dedupe.finding import Lesson, Rules, find, learn, read_evidence
from veche.dedupe.finding.learning import ENOUGH, MOST, correction, slack

SAME_HOUSE = {"surname": "same", "given": "same", "place": "same_house"}
SLIP = {"surname": "slip", "given": "same", "phone": "other"}


def lessons(number, clues, is_one, *, weight=0.0):
    return [Lesson(weight, clues, is_one)] * number


def test_consistent_decisions_move_each_kind_its_own_way():
    learned = learn(lessons(60, SAME_HOUSE, True) + lessons(60, SLIP, False))
    assert (learned.decisions, learned.one, learned.agreed) == (120, 60, 0.5)
    assert correction(learned.bits, SAME_HOUSE) > 1
    assert correction(learned.bits, SLIP) < -1
    assert learned.bits["place.same_house"] > 0 > learned.bits["surname.slip"]


@pytest.mark.parametrize(
    "few",
    [[], lessons(20, SAME_HOUSE, True) + lessons(20, SLIP, False), lessons(200, SAME_HOUSE, True)],
)
def test_too_few_or_all_of_one_kind_teach_nothing(few):
    learned = learn(few)
    assert not learned.is_enough
    assert learned.missing >= (10 if few else ENOUGH)


def test_decisions_that_agree_with_the_model_leave_it_as_it_is():
    """As often one person as the weight says: one bit is two to one."""
    right = [
        Lesson(weight, clues, place < one)
        for weight, one in ((1.0, 40), (-1.0, 20))
        for clues in (SAME_HOUSE, SLIP)
        for place in range(60)
    ]
    assert all(abs(bits) < 0.15 for bits in learn(right).bits.values())


def test_the_fewer_decisions_the_nearer_to_the_model():
    moved = [
        abs(correction(learn(lessons(n, SAME_HOUSE, True) + lessons(n, SLIP, False)).bits, SAME_HOUSE))
        for n in (25, 50, 100, 400)
    ]
    assert moved == sorted(moved)
    assert moved[0] < 0.9 * moved[-1]


def test_one_odd_decision_changes_next_to_nothing_however_odd():
    usual = lessons(30, SAME_HOUSE, True, weight=1.5) + lessons(30, SLIP, False, weight=-1.0)
    before = learn(usual).bits
    for weight in (2.0, 8.0, 20.0):
        after = learn([*usual, Lesson(weight, SAME_HOUSE, False)]).bits
        assert abs(correction(after, SAME_HOUSE) - correction(before, SAME_HOUSE)) < 0.4


def test_whatever_is_decided_moves_a_pair_by_no_more_than_the_bound():
    clues = dict.fromkeys(("surname", "given", "patronymic", "birthday", "phone", "email"), "same")
    wrong = lessons(3000, clues, False, weight=6.0) + lessons(3000, SLIP, True, weight=-6.0)
    bits = learn(wrong).bits
    assert correction(bits, clues) == pytest.approx(-MOST, abs=0.5)
    assert abs(correction(bits, clues)) <= MOST
    assert 0 <= slack(bits) <= MOST


def test_a_decision_about_four_cards_counts_once():
    pairs = [Lesson(0.0, SAME_HOUSE, True, 1 / 6)] * 6 * 10
    assert learn(pairs + lessons(5, SLIP, False)).decisions == 15


# --- in a search


def village(seed=4):
    """A list where the model is unsure of two kinds of pairs, and of each kind all are alike: who shares name and house
    is one person; sisters-in-law with one given name and patronymic in one flat are two."""
    chance = random.Random(seed)
    rows, one_person, two_people = [], [], []

    def row(name, **known):
        rows.append(read_evidence(str(len(rows) + 1), name=name, **known))
        return str(len(rows))

    def phone():
        return f"8 9{chance.randint(10, 49)} {chance.randint(1000000, 9999999)}"

    given = [f"{one} {two}" for one in "Вера Лидия Ирина Полина Алиса Жанна Нина Рита".split()
             for two in "Олеговна Романовна Глебовна Захаровна Тимуровна Игоревна".split()]  # fmt: skip
    roots = [
        f"{a}{b}"
        for a in "Берёз Калин Рябин Ольхов Ясен Клён Лип Верес".split()
        for b in "ова икова цева".split()
    ]
    for place in range(120):
        house = f"г. Калязин, ул. Полевая, д. {place + 1}"
        who = chance.choice(given)
        if place % 2:
            surname, full = roots[place % len(roots)], who.split()
            names = f"{surname} {who}", f"{surname} {full[0][0]}. {full[1][0]}."
            one_person.append(tuple(row(name, address=house, phones=phone()) for name in names))
        else:
            names = tuple(f"{surname} {who}" for surname in chance.sample(roots, 2))
            flat = f"{house}, кв. {place + 1}"
            two_people.append(tuple(row(name, address=flat, phones=phone()) for name in names))
    for _n in range(200):
        row(f"{chance.choice(roots)} {chance.choice(given)}", phones=phone())
    return rows, set(one_person), set(two_people)


def searched(rows, folder, **rules):
    folder.mkdir()
    return {(pair.low, pair.high): pair for pair in find(rows, folder=folder, rules=Rules(**rules)).pairs}


def test_a_list_of_consistent_decisions_asks_fewer_and_better_questions(tmp_path):
    rows, one_person, two_people = village()
    careful = {"automatic": 0.98, "ask": 0.5}
    before = searched(rows, tmp_path / "before", **careful)
    asked = {key for key, pair in before.items() if not pair.is_joined}
    assert len(asked & one_person) > 40 < len(asked & two_people)
    decided = sorted(asked & (one_person | two_people), key=lambda pair: int(pair[0]))[:90]
    learned = learn([Lesson(before[key].plain, before[key].clues, key in one_person) for key in decided])

    after = searched(rows, tmp_path / "after", learned=learned.bits, **careful)
    still = {key for key, pair in after.items() if not pair.is_joined}
    assert len(still) < 0.6 * len(asked)
    joined = {key for key, pair in after.items() if pair.is_joined}
    assert len((still | joined) & one_person) == len(one_person), "also those about whom nobody was asked"
    assert not (joined - {key for key, pair in before.items() if pair.is_joined}) & two_people
    assert all(abs(pair.weight - pair.plain) <= MOST for pair in after.values())
    assert all(pair.weight > pair.plain for key, pair in after.items() if key in one_person)


def test_a_comparison_may_count_less_or_more(tmp_path):
    rows, _one_person, two_people = village()
    flats = {}
    for name, weights in (("usual", {}), ("less", {"place": 0.5}), ("more", {"place": 2.0})):
        pairs = searched(rows, tmp_path / name, ask=0.02, weights=weights)
        flats[name] = [pairs[key].weight for key in sorted(two_people) if key in pairs]
    mean = {name: sum(weights) / len(weights) for name, weights in flats.items()}
    assert mean["less"] < mean["usual"] - 1
    assert mean["more"] > mean["usual"] + 1
    with pytest.raises(ValueError, match="a weight is one of"):
        Rules(weights={"place": 7})
