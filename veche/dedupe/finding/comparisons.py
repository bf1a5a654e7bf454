"""How two rows are compared: for each comparison its levels from the surest down, as Splink takes them.

A level's code is what a reviewer is told in words ("surname": "slip"). `m` is how often one person's two rows are on
the level, as far as that is known before a base was looked at; training replaces it. How often two strangers' rows are
there is always counted in the base itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from veche.dedupe.finding.evidence import DOCUMENT
from veche.dedupe.finding.rules import ALWAYS, Rules

ELSE = "ELSE"


@dataclass(frozen=True)
class Level:
    """`condition` is SQL over the columns of `compared`, with _l and _r. `frequency` is the column whose rarer values
    weigh more."""

    code: str
    condition: str
    m: float
    frequency: str | None = None


@dataclass(frozen=True)
class Comparison:
    """`unknown` says when there is nothing to compare. `reads` are the columns that a training by one of them can't
    judge."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


def _shares(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _none(*columns: str) -> str:
    return " or ".join(f"({' and '.join(f'len({c}_{side}) = 0' for c in columns)})" for side in "lr")


SHORT_WORD = 5  # letters, of which one slip may spoil the beginning and the ending


def _slip(column: str, *, slips: int, shortest: int) -> str:
    """A few slips apart; slips are counted only where a beginning or an ending is the same, as counting is slow."""
    one, other = f"{column}_bytes_l", f"{column}_bytes_r"
    return (
        f"case when least(length({one}), length({other})) >= {shortest}"
        f" and abs(length({one}) - length({other})) <= {slips}"
        f" and (left({one}, 2) = left({other}, 2) or right({one}, 3) = right({other}, 3)"
        f" or length({one}) <= {SHORT_WORD} and right({one}, 2) = right({other}, 2))"
        f" then damerau_levenshtein({one}, {other}) <= {slips} else false end"
    )


def _near(column: str, shortest: int) -> str:
    """Some two values one slip apart (a letter lost, added, changed, or two swapped).

    Slips are counted only where there may be one, as counting is slow: in the beginning it leaves the rest whole.
    """
    return (
        f"coalesce(list_min(list_transform({column}_l, lambda a: list_min(list_transform({column}_r, lambda b: "
        f"case when length(a) >= {shortest} and length(b) >= {shortest} and abs(length(a) - length(b)) <= 1 "
        f"and (left(a, 4) = left(b, 4) or right(a, length(a) - 5) = right(b, length(a) - 5)) "
        f"then damerau_levenshtein(a, b) end)))) <= 1, false)"
    )


_SAME_PARTS = (
    "coalesce((y_l = y_r and (m_l = m_r or d_l = d_r)) or (born_l is not null and born_r is not null"
    " and ((m_l = m_r and d_l = d_r) or (y_l = y_r and m_l = d_r and d_l = m_r))), false)"
)
_PART = (
    "(born_l is null or born_r is null) and coalesce(y_l = y_r, true) and coalesce(m_l = m_r, true)"
    " and coalesce(d_l = d_r, true)"
)
# Nine digits that lost one of ten. One slip leaves a half of a number or of a mailbox whole, which is asked first,
# as it costs far less than counting slips.
_LOST_DIGIT = (
    "coalesce(list_min(list_transform({one}, lambda a: list_min(list_transform({other}, lambda b: "
    "damerau_levenshtein(a, b))))) <= 1, false)"
)
# The first of each is named so that Splink, joining by it, knows that it can't judge by it.
_SHARES_PHONE = f"(ph1_l = ph1_r or {_shares('ph')})"
_SWAPPED = (
    "surname_l = given_full_r and given_full_l = surname_r"  # the given name stands before in one of them
)
_DOCUMENT = f"lambda x: left(x, 1) = '{DOCUMENT}'"
_TOWN = "coalesce(town_l = town_r or damerau_levenshtein(town_l, town_r) <= 2, true)"
_STREET_SLIP = (
    "house_l = house_r and coalesce(flat_l = flat_r, flat_l is null and flat_r is null) and length(street_l) > 6"
    f" and abs(length(street_l) - length(street_r)) <= 2 and damerau_levenshtein(street_l, street_r) <= 4 and {_TOWN}"
)

COMPARED = (
    Comparison(
        "surname",
        "surname_l is null or surname_r is null",
        (
            Level("same", "surname_l = surname_r", 0.84, "surname"),
            Level("swapped", _SWAPPED, 0.001),
            Level("sound", "sound_l = sound_r", 0.02),
            Level(
                "former",
                "list_contains(formers_l, surname_r) or list_contains(formers_r, surname_l)",
                0.01,
            ),
            Level("slip", _slip("surname", slips=1, shortest=4), 0.03),
            Level(
                "near",
                "case when left(surname_bytes_l, 2) = left(surname_bytes_r, 2)"
                " then jaro_winkler_similarity(surname_bytes_l, surname_bytes_r) > 0.9 else false end",
                0.01,
            ),
            Level("married", "gender_l = 'f' and gender_r = 'f'", 0.08),
            Level("other", ELSE, 0.01),
        ),
    ),
    Comparison(
        "given",
        "gi_l is null or gi_r is null",
        (
            Level("same", "given_full_l = given_full_r", 0.88, "given_full"),
            Level("swapped", _SWAPPED, 0.001),
            Level("short", "list_has_any(gns_l, gns_r)", 0.03),
            Level("initial", "(given_full_l is null or given_full_r is null) and gi_l = gi_r", 0.06),
            Level("slip", _slip("given", slips=1, shortest=3), 0.02),
            Level("other", ELSE, 0.01),
        ),
    ),
    Comparison(
        "patronymic",
        "pi_l is null or pi_r is null",
        (
            Level("same", "patronymic_full_l = patronymic_full_r", 0.88, "patronymic_full"),
            Level("initial", "(patronymic_full_l is null or patronymic_full_r is null) and pi_l = pi_r", 0.1),
            Level("slip", _slip("patronymic", slips=1, shortest=5), 0.01),
            Level("other", ELSE, 0.01),
        ),
    ),
    Comparison(
        "birthday",
        "coalesce((y_l is null or y_r is null) and (d_l is null or d_r is null or m_l is null or m_r is null), true)",
        (
            Level("same", "born_l = born_r", 0.88),
            Level("slip", _SAME_PARTS, 0.035),
            Level("part", _PART, 0.08),
            Level("other", ELSE, 0.005),
        ),
    ),
    Comparison(
        "phone",
        _none("ph", "ln", "br"),
        (
            Level("same_mobile", f"{_SHARES_PHONE} and not list_has_any(ph_l, ph_many_r)", 0.6),
            Level("same_of_many", _SHARES_PHONE, 0.02),
            Level("same_home", _shares("ln"), 0.1),
            Level("slip", f"{_shares('halves')} and {_near('nat', 10)}", 0.03),
            Level("home_slip", f"{_shares('line_halves')} and {_near('ln', 5)}", 0.01),
            Level(
                "lost_digit",
                f"{_shares('halves')} and (len(br_l) > 0 or len(br_r) > 0) and ({_shares('br')}"
                f" or {_LOST_DIGIT.format(one='br_l', other='nat_r')}"
                f" or {_LOST_DIGIT.format(one='br_r', other='nat_l')})",
                0.015,
            ),
            Level("other", ELSE, 0.235),
        ),
    ),
    Comparison(
        "email",
        _none("em"),
        (
            Level("same", f"em1_l = em1_r or {_shares('em')}", 0.8),
            Level("slip", f"{_shares('box_halves')} and {_near('em', 8)}", 0.03),
            Level("same_box", f"{_shares('box')} and length(box_l[1]) > 5", 0.01),
            Level("other", ELSE, 0.16),
        ),
    ),
    Comparison(
        "social",
        _none("so"),
        (
            Level(
                "same_document",
                f"{_shares('so')} and len(list_filter(list_intersect(so_l, so_r), {_DOCUMENT})) > 0",
                0.5,
            ),
            Level("same", _shares("so"), 0.35),
            Level("document_slip", f"left(so_l[1], 1) = '{DOCUMENT}' and {_near('so', 6)}", 0.02),
            Level("other", ELSE, 0.13),
        ),
    ),
    Comparison(
        "place",
        "(street_l is null or street_r is null) and (town_l is null or town_r is null)",
        (
            Level("same_flat", f"flat_key_l = flat_key_r and {_TOWN}", 0.5),
            Level("same_house", f"house_key_l = house_key_r and {_TOWN}", 0.1),
            Level("numbers", f"house_l = house_r and flat_l = flat_r or {_STREET_SLIP}", 0.04),
            Level("same_street", f"street_l = street_r and {_TOWN}", 0.02),
            Level("same_town", "town_l = town_r", 0.23),
            Level("other", ELSE, 0.11),
        ),
    ),
)


def taking_part(rules: Rules) -> tuple[Comparison, ...]:
    """The comparisons of a search."""
    return tuple(each for each in COMPARED if each.name in ALWAYS or each.name in rules.comparisons)


def code_of(name: str, gamma: int) -> str:
    """The code of a level by Splink's number for it: the surest has the highest, "other" is 0, unknown is -1."""
    levels = _BY_NAME[name].levels
    return levels[len(levels) - 1 - gamma].code if gamma >= 0 else ""


_BY_NAME = {each.name: each for each in COMPARED}
