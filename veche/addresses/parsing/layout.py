"""The best way to cut a shape into pieces: a search from left to right that keeps the few cheapest readings.

The answer depends on the shape alone and is kept: a list of ten thousand addresses has a few hundred shapes.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from veche.addresses.parsing.pieces import pieces_at
from veche.addresses.parsing.shape import Piece, Shape, at

_WIDTH = 12
_NARROW = 5
_HASTY = 2
_LONG = 32
EFFORT = 250  # steps: a shape that people write seldom takes two hundred, a made-up one might take thousands
_MARGIN = 1.3
_GUESS = 0.45

_ORDER = {
    "country": 1, "postcode": 1, "code": 1, "region": 2, "district": 3, "commune": 4, "city": 4,
    "settlement": 5, "area": 6, "island": 7, "street": 7, "kilometre": 8, "house": 9, "block": 10,
    "building": 11, "letter": 12,
    "entrance": 13, "floor": 13, "intercom": 14, "flat": 13, "box": 13, "phone": 15, "number": 12, "junk": 0,
}  # fmt: skip
_BIT = {label: 1 << place for place, label in enumerate(_ORDER)}
_PLACED = _BIT["street"] | _BIT["area"] | _BIT["settlement"]
_SOMEWHERE = _PLACED | _BIT["city"] | _BIT["region"]
_NUMBERED = _BIT["house"] | _BIT["flat"] | _BIT["block"] | _BIT["building"]
_INSIDE = _BIT["block"] | _BIT["building"] | _BIT["letter"] | _BIT["flat"]
_TOWN = _BIT["city"] | 1 << len(_BIT)  # also a region that is a town
_STREET, _HOUSE, _FLAT, _CITY = _BIT["street"], _BIT["house"], _BIT["flat"], _BIT["city"]
_SECOND = {
    "region": 0.2, "city": 0.35, "district": 0.2, "settlement": 0.45, "area": 0.2, "country": 0.1,
    "commune": 0.1, "flat": 0.15, "entrance": 0.2, "floor": 0.1, "intercom": 0.1, "postcode": 0.8, "code": 0.3,
    "phone": 0.0, "kilometre": 0.3, "box": 0.3, "island": 0.1,
}  # fmt: skip
_NUMBERS = frozenset({"house", "block", "building", "letter", "flat", "number"})
_ASIDE = frozenset({"entrance", "floor", "intercom", "phone", "box", "country", "postcode", "code", "island"})
_OPENS = frozenset({"size", "title"})
_PLACE_ENDS = frozenset({"toponym", "village"})
_AGAIN = frozenset({"street", "city", "settlement", "region"})
_CUT, _LINE_CUT, _TAGGED_CUT, _SURE_CUT = 1.6, 0.9, 0.6, 0.4


class Layout(NamedTuple):
    """The pieces in their order, what the reading cost, and the token at which another address begins."""

    pieces: tuple[Piece, ...]
    cost: float
    end: int


class _State(NamedTuple):
    cost: float
    mask: int
    last: str
    trail: tuple | None  # (piece, trail before)


_States = dict[tuple[int, str], _State]
_cost = attrgetter("cost")


@lru_cache(maxsize=20_000)
def lay_out(shape: Shape, effort: int = EFFORT) -> Layout:
    """The cheapest reading of a shape. After so many steps it is sought hastily, after twice as many no more.

    A well-written one is found without guesses. As every guess costs `_GUESS` or more, a reading that costs less than
    one is the cheapest of all.
    """
    plain = _search(shape, effort, guesses=False)
    if plain is not None and plain.cost < _GUESS:
        return plain
    return _search(shape, effort, guesses=True) or Layout((), 0.0, len(shape))


def _search(shape: Shape, effort: int, *, guesses: bool) -> Layout | None:
    """The cheapest reading; without guesses no word is left out and none is a name without a type or a table."""
    length = len(shape)
    width = _WIDTH if length <= _LONG else _NARROW
    states: list[_States] = [{} for _ in range(length + 1)]
    states[0][0, ""] = _State(0.0, 0, "", None)
    finished: tuple[float, int, _State] | None = None
    steps = 0
    for position in range(length):
        here = _cheapest(states[position], width if steps < effort else _HASTY)
        if not here:
            continue
        ways = _ways(shape, position, guesses=guesses) if steps < 2 * effort else []
        steps += len(ways) * (len(here) + 1)
        cut_cost = _cut_cost(shape, position)
        needed = _second_of(shape, position) if cut_cost else 0
        onward = states[position + 1]
        for state in here:
            if cut_cost and state.mask & needed and state.mask & (_NUMBERED | _STREET):
                cut = state.cost + cut_cost
                if finished is None or cut < finished[0]:
                    finished = cut, position, state
            _skip(onward, shape, position, state, guesses=guesses)
            for piece, own in ways:
                _step(states[piece.end], state, piece, own, shape)
    best = min(states[length].values(), key=_cost, default=None)
    if finished and (best is None or finished[0] < best.cost):
        return Layout(_unwind(finished[2].trail), finished[0], finished[1])
    return Layout(_unwind(best.trail), best.cost, length) if best else None


def _cheapest(states: _States, width: int) -> list[_State]:
    """The few states worth going on from."""
    if len(states) < 2:
        return list(states.values())
    here = sorted(states.values(), key=_cost)[:width]
    limit = here[0].cost + _MARGIN
    return [state for state in here if state.cost <= limit]


def _ways(shape: Shape, position: int, *, guesses: bool) -> list[tuple[Piece, float]]:
    """The pieces that may begin here with what they cost wherever they stand; of equal ones the cheapest."""
    if shape[position].form in ",.;\n":
        return []
    found: dict[tuple[str, int, bool], tuple[Piece, float]] = {}
    for piece in pieces_at(shape, position, guesses=guesses):
        cost = piece.cost + _boundary(shape, piece)
        key = piece.label, piece.end, piece.bare
        if key not in found or cost < found[key][1]:
            found[key] = piece, cost
    return list(found.values())


def _step(there: _States, state: _State, piece: Piece, own: float, shape: Shape) -> None:
    """From a state over a piece; a bare number is the house where there is none yet."""
    label = piece.label
    if label == "junk":
        _reach(there, state.cost + own, state.mask, state.last, state, piece)
        return
    cost = _transition(state, piece, shape)
    if cost is None:
        return
    if label == "number" and not state.mask & _HOUSE and state.last != "block":
        label, piece = "house", piece._replace(label="house")
    bits = _BIT[label]
    if label == "region" and "federal city" in shape[piece.name[0]].known:
        bits |= _TOWN & ~_CITY
    _reach(there, state.cost + cost + own, state.mask | bits, label, state, piece)


def _reach(there: _States, cost: float, mask: int, last: str, state: _State, piece: Piece) -> None:
    known = there.get((mask, last))
    if known is None or cost < known.cost:
        there[mask, last] = _State(cost, mask, last, (piece, state.trail))


def _cut_cost(shape: Shape, position: int) -> float:
    """What it costs to begin another address behind this sign; 0 where none may begin."""
    if not _may_cut(shape, position):
        return 0.0
    if shape[position].form in ";\n":
        return _SURE_CUT if shape[position].form == ";" else _LINE_CUT
    return _TAGGED_CUT if "tag" in shape[position + 1].known else _CUT


def _may_cut(shape: Shape, position: int) -> bool:
    """Whether another address may begin behind this sign."""
    kind = shape[position]
    form = kind.form
    if form in ";\n":
        return True
    if form == "w":
        return "tag" in kind.known and at(shape, position + 1).form == ":"  # «Ленина 5 факт: Мира 7»
    if form == "l":  # «ул. Ленина, 5 и ул. Мира, 7»
        return "join" in kind.known and bool(at(shape, position + 1).types & {"street", "city"})
    if form not in ",./-":
        return False
    after, behind = at(shape, position + 1), at(shape, position + 2)
    if behind.form == "$":
        return False
    if form in "/-":
        return bool(after.types & {"street", "city"}) and behind.form in "wo" and not kind.glued
    return (
        (after.form == "n" and after.size == 6)
        or "tag" in after.known
        or bool(after.types & _AGAIN and (behind.form == "w" or not after.marks))
        or "federal city" in after.known
        or ("region" in after.known and "region" in behind.types)
    )


def _second_of(shape: Shape, position: int) -> int:
    """What an address must have already, one of it, for another to begin behind this sign: a part that comes again."""
    after = at(shape, position + 1)
    if shape[position].form not in ",." or "tag" in after.known:
        return _SOMEWHERE
    if "region" in at(shape, position + 2).types:
        return _BIT["region"]
    needed = _BIT["postcode"] if after.form == "n" else 0
    for level in after.types & _AGAIN:
        needed |= _BIT[level]
    return needed | (_TOWN if "city" in after.types or "federal city" in after.known else 0)


def _unwind(trail: tuple | None) -> tuple[Piece, ...]:
    pieces = []
    while trail is not None:
        piece, trail = trail
        pieces.append(piece)
    return tuple(reversed(pieces))


def _skip(onward: _States, shape: Shape, position: int, state: _State, *, guesses: bool) -> None:
    """Over a token that is read as nothing: a sign costs little, a word much."""
    kind = shape[position]
    form = kind.form
    if form in ",.;\n :q()-/№#+?":
        cost = state.cost + (0.0 if form in ",.;\n " else 0.05 if form in ":q()" else 0.25)
        known_state = onward.get((state.mask, state.last))
        if known_state is None or cost < known_state.cost:
            onward[state.mask, state.last] = state if cost == state.cost else state._replace(cost=cost)
        return
    known = kind.known
    begun = bool(state.mask & _SOMEWHERE)
    numbered = bool(state.mask & _NUMBERED)
    if "tag" in known or "phone" in kind.marks:
        cost = 0.3 if begun else 0.05
    elif known & {"remark", "comment", "organisation", "person"}:
        cost = 0.3 if "city" not in known else 0.4  # «Артём»
    elif form == "n":
        cost = 0.05 if kind.size == 7 else (0.9 if numbered else 1.6)
    elif known & {"city", "region alone"}:
        cost = 1.6
    elif kind.types or kind.marks:
        cost = 0.8 if numbered or not kind.full else 1.2
    elif form == "l":
        cost = 0.7
    else:
        cost = 0.45 if numbered else (1.5 if begun else 1.0)
    if cost >= _GUESS and not guesses:
        return
    told = Piece("junk", position, position + 1, cost)
    _reach(onward, state.cost + cost, state.mask, state.last, state, told)


def _boundary(shape: Shape, piece: Piece) -> float:
    """What it costs to end a name where nothing shows its end."""
    if piece.label in _ASIDE or piece.label in _NUMBERS:
        return 0.0
    behind = at(shape, piece.end)
    if behind.form in ",.;:()$\n/" or behind.form in "no":
        return 0.0
    if behind.types or behind.marks or shape[piece.end - 1].stop:
        return 0.03
    if shape[piece.end - 1].known & _OPENS and not piece.bare and piece.end == piece.name[1]:
        return 0.5  # «кв-л Южный Академика | Королёва пер.»
    if piece.bare and piece.label in ("city", "region", "island"):
        return 0.1
    if piece.label == "settlement" and shape[piece.name[0]].known & _PLACE_ENDS:
        return 0.15
    if behind.known & {"region alone", "country", "city"} or not piece.bare:
        return 0.2
    return 0.5


def _transition(state: _State, piece: Piece, shape: Shape) -> float | None:
    """What it costs that the piece follows what was read before; None where it cannot."""
    label, mask, last = piece.label, state.mask, state.last
    bit = _BIT[label]
    if label in _NUMBERS:
        return _number_follows(state, piece, shape)
    cost = 0.0
    if mask & bit:
        second = _SECOND.get(label)
        if second is None:
            return None
        if piece.bare and label in ("settlement", "city"):
            second += 1.0
        cost += second
    if label in _ASIDE:
        return cost
    if label == "street":
        if piece.bare and not mask & (_SOMEWHERE | _BIT["district"]):
            cost += 0.15
        if piece.bare and mask & _NUMBERED:
            cost += 0.8
    elif label == "area" and piece.bare:
        if not mask & _CITY or mask & (_STREET | _HOUSE | _BIT["settlement"]):
            return None
    elif label == "settlement" and piece.bare:
        if mask & (_BIT["region"] | _BIT["district"] | _BIT["country"]):
            cost -= 0.25
            if "village" in shape[piece.name[0]].known and not mask & _TOWN:
                cost -= 0.35  # «Тульская обл., Дмитриевка, 5»
        if mask & _CITY:
            cost += 0.6
        if mask & (_STREET | _HOUSE):
            cost += 0.1
    elif label == "region" and piece.bare and mask & _SOMEWHERE:
        cost += 0.5 * ("region alone" not in shape[piece.name[0]].known)
    if last and _ORDER[last] > _ORDER[label] and last not in ("country", "postcode"):
        cost += 0.5 if not (label == "district" and last == "city") else 0.05
    return cost


def _number_follows(state: _State, piece: Piece, shape: Shape) -> float | None:
    label, mask, last = piece.label, state.mask, state.last
    if label == "number":
        return _bare_number_follows(state, piece, shape)
    if label != "flat" and mask & _BIT[label]:
        return None
    cost = 0.0
    if label == "flat":
        if mask & _FLAT:
            cost += _SECOND["flat"] + 0.5 * (not mask & _HOUSE)
    elif mask & _FLAT and mask & _HOUSE:
        cost += 0.6
    if not mask & _SOMEWHERE:
        cost += 0.1 if mask & _NUMBERED else 0.4
    elif label == "house" and not mask & _PLACED:
        cost += 0.4
    if label == "house":
        if mask & _INSIDE:
            cost += 0.1
    elif not mask & _HOUSE:
        cost += 0.35 if label in ("building", "block") else 0.45
    elif label in ("block", "building") and mask & _BIT["letter"]:
        cost += 0.1
    if last and last not in _NUMBERS and last not in _ASIDE and mask & _HOUSE:
        cost += 0.4
    return cost


def _bare_number_follows(state: _State, piece: Piece, shape: Shape) -> float | None:
    mask, last = state.mask, state.last
    if not mask & _HOUSE:
        if shape[piece.start].form == "l":
            return None
        if not piece.start and _street_behind(shape, piece.end):
            return 0.4
        if mask & _INSIDE and not mask & _PLACED:
            return 0.4 if last == "block" else 1.5
        cost = 0.1 if last in ("street", "area", "settlement", "island") else 0.4
        if not mask & _SOMEWHERE:
            cost += 1.2
        elif not mask & _PLACED:
            cost += 0.7
        return cost
    if last not in _NUMBERS:
        return 1.0
    if mask & _FLAT:
        return 0.8
    return 0.3 if not mask & _BIT["number"] else 0.35


def _street_behind(shape: Shape, position: int) -> bool:
    """«39, ул. Ленина»; «1. ул. Ленина» and «1) ул. Ленина» are numbers of a list."""
    if at(shape, position).form != ",":
        return False
    for kind in shape[position + 1 : position + 5]:
        if kind.form == ",":
            return False
        if "street" in kind.types:
            return True
    return False
