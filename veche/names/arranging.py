"""Which word is the surname, which the given name, which the patronymic: every sensible layout is scored, the
best wins.
"""

from typing import NamedTuple

from veche.names.lexicon import Word

# S surname, G given name, P patronymic. Doubled letters are double names without a hyphen.
_LAYOUTS = {
    1: ("S", "G", "P"),
    2: ("SG", "GS", "GP", "SP", "GG"),
    3: ("SGP", "GPS", "SGG", "GGS", "SSG", "GSS", "GSP"),
    4: ("SSGP", "GPSS", "SGGP", "GGPS", "SSGG", "GGSS"),
}
_USUAL = {"SGP": 0.4, "GPS": 0.3, "GP": 0.2, "SG": 0.1, "GS": 0.1, "SP": -0.2, "GG": -3.4, "GSP": -0.4}
_DOUBLED = -0.8
_HINT = 1.3


class Arrangement(NamedTuple):
    """The best layout, by how much it beats the best one of the other order (`margin`), and how many words it
    reads.
    """

    roles: str
    margin: float


def _as_given(word: Word) -> float:
    score = word.given * 3 if word.given else 0.4
    if word.patronymic >= 0.9:
        score -= 2
    if word.surname >= 0.75 and word.given < 0.9:
        score -= 0.6 if word.surname >= 0.9 else 0.3
    return score


def _as_surname(word: Word) -> float:
    score = 0.4 + word.surname * 1.6
    if word.given >= 0.9:
        score -= 1.5 if word.given_gender == "f" else 0.7
    elif word.given >= 0.6:
        score -= 0.2
    if word.patronymic >= 0.9:
        score -= 0.5
    return score


def _as_patronymic(word: Word, *, may_lack_ending: bool) -> float:
    if word.patronymic:
        return word.patronymic * 4
    return -1.2 if word.given >= 0.6 and may_lack_ending else -5.0


def _agreement(one: str, other: str, weight: float) -> float:
    if not one or not other:
        return 0.0
    return weight if one == other else -weight


def _score(roles: str, words: tuple[Word, ...], order: str | None) -> float:
    score = _USUAL.get(roles, _DOUBLED)
    genders = {"S": "", "G": "", "P": ""}
    for role, word in zip(roles, words, strict=True):
        if role == "S":
            score += _as_surname(word)
            genders["S"] = word.surname_gender or genders["S"]
        elif role == "G":
            score += _as_given(word)
            genders["G"] = genders["G"] or word.given_gender
        else:
            score += _as_patronymic(word, may_lack_ending=roles == "SGP")
            genders["P"] = word.patronymic_gender
    score += _agreement(genders["S"], genders["G"], 0.25) + _agreement(genders["P"], genders["G"], 0.3)
    if order and len(roles) > 1:
        score += _HINT if order_of(roles) == order else 0.0
    return score


def order_of(roles: str) -> str:
    """`surname_first`, `given_first`, or "" for a layout that says nothing about it."""
    if "S" not in roles or "G" not in roles:
        return ""
    return "surname_first" if roles[0] == "S" else "given_first"


def _default_order(words: tuple[Word, ...]) -> str:
    """Without any sign: two given names are a list's «Роман Александр»; two unknown words a foreign «Дарт
    Вейдер».
    """
    return "surname_first" if all(word.given >= 0.9 for word in words) else "given_first"


def arrange(words: tuple[Word, ...], order: str | None) -> Arrangement:
    """The best layout of one to four words; `order` is what the column is known to follow."""
    scored = sorted(
        ((_score(roles, words, order), roles) for roles in _LAYOUTS[len(words)]),
        key=lambda pair: pair[0],
        reverse=True,
    )
    best_score, best = scored[0]
    if len(words) == 1 and best == "S" and order == "given_first" and words[0].surname <= 0.35:
        best = "G"
    best_order = order_of(best)
    other = next((score for score, roles in scored[1:] if order_of(roles) != best_order), best_score - 5)
    margin = best_score - other
    if len(words) == 2 and margin < 0.05 and best in ("SG", "GS"):
        best = "SG" if _default_order(words) == "surname_first" else "GS"
    return Arrangement(best, margin)
