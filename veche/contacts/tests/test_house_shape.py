"""How flats lie: even and uneven houses, what is typed, what is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.contacts.house_shape import (
    BadRanges,
    Hint,
    Shape,
    entrances_of,
    guess,
    in_short,
    numbers_of,
    place_of,
    ranges_of,
    read_ranges,
    written_ranges,
)

FIVE = Shape(4, 5, 1, 80)


@pytest.mark.parametrize(
    ("shape", "ranges"),
    [
        (FIVE, ((1, 20), (21, 40), (41, 60), (61, 80))),
        (Shape(3, 9, 1, 100), ((1, 36), (37, 72), (73, 100))),
        (Shape(2, 5, 41, 80), ((41, 60), (61, 80))),
        (Shape(4, 9, 1, 10), ((1, 3), (4, 6), (7, 9), (10, 10))),
        (Shape(2, 9, 1, 70, ranges=((1, 36), (37, 70))), ((1, 36), (37, 70))),
    ],
)
def test_flats_by_entrance(shape, ranges):
    assert ranges_of(shape) == ranges


@pytest.mark.parametrize(
    ("shape", "flat", "place"),
    [
        (FIVE, 1, (1, 1)),
        (FIVE, 20, (1, 5)),
        (FIVE, 21, (2, 1)),
        (FIVE, 80, (4, 5)),
        (FIVE, 81, None),
        (Shape(1, 9, 1, 32, first_floor=2), 1, (1, 2)),  # shops below
        (Shape(1, 9, 1, 35), 3, (1, 1)),  # the lowest floor has one flat less
        (Shape(1, 9, 1, 35), 4, (1, 2)),
    ],
)
def test_where_a_flat_lies(shape, flat, place):
    assert place_of(entrances_of(shape), flat) == place


@given(st.integers(1, 12), st.integers(1, 25), st.integers(1, 200), st.integers(0, 400), st.integers(1, 3))
def test_every_flat_lies_somewhere_and_once(entrances, floors, first, more, first_floor):
    shape = Shape(entrances, floors, first, first + more, min(first_floor, floors))
    cells = [flat for each in entrances_of(shape) for floor in reversed(each.floors) for flat in floor.flats]
    assert cells == numbers_of(shape) == list(range(first, first + more + 1))
    assert shape.flats == more + 1


def test_ranges_as_people_type_them():
    assert read_ranges(" 1-36, 37–70; 71 ") == ((1, 36), (37, 70), (71, 71))
    assert read_ranges("1 - 20\n21 до 40") == ((1, 20), (21, 40))
    assert read_ranges("") == ()
    assert written_ranges([(1, 36), (37, 37)]) == "1–36, 37"


@pytest.mark.parametrize(
    ("text", "code"),
    [("первый", "text"), ("1-36x", "text"), ("36-1", "order"), ("0", "order"), ("1-36, 30-40", "overlap")],
)
def test_ranges_that_cannot_be(text, code):
    with pytest.raises(BadRanges) as caught:
        read_ranges(text)
    assert caught.value.code == code


def test_numbers_in_short():
    assert in_short([15, 3, 7, 8, 9, 8]) == "3, 7–9, 15"
    assert in_short([]) == ""


@pytest.mark.parametrize(
    ("hints", "shape"),
    [
        ([Hint(3), Hint(60)], Shape(3, 5, 1, 60)),
        ([Hint(71)], Shape(2, 9, 1, 72)),
        ([Hint(178)], Shape(5, 9, 1, 180)),
        ([Hint(45, 2, 3), Hint(58)], Shape(2, 9, 1, 72)),  # the third floor of the second entrance
        ([Hint(0)], None),
    ],
)
def test_a_guess_is_a_usual_house_that_contradicts_no_address(hints, shape):
    assert guess(hints) == shape
