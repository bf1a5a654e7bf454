"""From the words of one name to a judgement: roles, order, gender, how sure, what is doubtful.

A judgement depends only on what the words are known to be, not on their letters, so a few hundred cached ones
serve an
import of any size.
"""

from functools import lru_cache
from typing import NamedTuple

from veche.names.arranging import arrange, order_of
from veche.names.lexicon import Word
from veche.names.parsed import Confidence
from veche.names.reasons import Doubt


class Judgement(NamedTuple):
    """`roles` has a letter (S, G, P) for each word; `confidence` is that of the weakest part there."""

    roles: str
    order: str
    gender: str
    confidence: float
    confidences: Confidence
    doubts: tuple[Doubt, ...]


@lru_cache(maxsize=16384)
def judge(
    words: tuple[Word, ...], order: str | None, initials: int = 0, initials_first: bool = False
) -> Judgement:
    """Judges one to four known words and a number of initials beside them."""
    roles, margin = _roles(words, order, initials, initials_first)
    by_role = {
        role: tuple(word for place, word in enumerate(words) if roles[place] == role) for role in "SGP"
    }
    found_order = order_of(roles)
    if initials and by_role["S"] and not found_order:
        found_order = "given_first" if initials_first else "surname_first"
    genders = _genders(by_role)
    gender = genders["P"] or (genders["S"] if _outweighs(by_role) else genders["G"]) or genders["S"]
    sure = _sure(by_role, margin, len(words))
    if gender and genders["S"] not in ("", gender):
        sure["S"] = min(sure["S"], 0.6)
    _initials_sure(sure, roles, initials)
    confidences = Confidence(sure["S"], sure["G"], sure["P"], _gender_sure(genders, gender))
    weakest = min((part for part in confidences[:3] if part), default=0.0)
    doubts = _doubts(by_role, genders, gender, margin, bool(initials))
    return Judgement(roles, found_order, gender, round(weakest, 2), confidences, doubts)


def _roles(
    words: tuple[Word, ...], order: str | None, initials: int, initials_first: bool
) -> tuple[str, float]:
    """The role of each word and the margin by which that layout won."""
    if not words:
        return "", 1.0
    if initials and len(words) == 1:
        return ("G", 1.0) if words[0].given >= 0.9 and initials == 1 else ("S", 2.0)
    if initials_first and len(words) == 2 and words[1].patronymic:
        return "GP", 1.0
    return arrange(words, order)


def _genders(by_role: dict[str, tuple[Word, ...]]) -> dict[str, str]:
    """The gender that each part shows by itself."""
    return {
        "P": next((word.patronymic_gender or word.given_gender for word in by_role["P"]), ""),
        "G": next((word.given_gender for word in by_role["G"] if word.given_gender), ""),
        "S": next((word.surname_gender for word in reversed(by_role["S"])), ""),
    }


def _outweighs(by_role: dict[str, tuple[Word, ...]]) -> bool:
    """Whether a woman's surname outweighs a rare man's name: «Ириан Козлова» is a misspelt Ирина."""
    if not (by_role["S"] and by_role["G"]):
        return False
    surname, given = by_role["S"][-1], by_role["G"][0]
    return surname.surname >= 0.75 and surname.surname_gender == "f" and given.given <= 0.6


def _sure(by_role: dict[str, tuple[Word, ...]], margin: float, count: int) -> dict[str, float]:
    """A part is as sure as its word is known; a known neighbour lends an unknown surname its certainty."""
    fields = {"S": "surname", "G": "given", "P": "patronymic"}
    sure = {
        role: max(0.3, min(getattr(word, fields[role]) for word in words)) if words else 0.0
        for role, words in by_role.items()
    }
    if count > 1:
        if by_role["S"] and (sure["G"] >= 0.9 or sure["P"] >= 0.9):
            sure["S"] = max(sure["S"], 0.8)
        if by_role["G"] and (sure["P"] >= 0.9 or sure["S"] >= 0.9):
            sure["G"] = max(sure["G"], 0.7)
    if margin < 0.5 and by_role["S"] and by_role["G"]:
        sure["S"], sure["G"] = min(sure["S"], 0.5), min(sure["G"], 0.5)
    return sure


def _initials_sure(sure: dict[str, float], roles: str, initials: int) -> None:
    """Parts of which there is only an initial are half sure."""
    for role in initials_go_to(roles, initials):
        sure[role] = 0.5


def initials_go_to(roles: str, initials: int) -> str:
    """The roles that initials fill, in their order: given name, patronymic, surname; a lone given name takes
    a surname.
    """
    if roles == "G" and initials == 1:
        return "S"
    return "".join(role for role in "GPS" if role not in roles)[:initials]


def _gender_sure(genders: dict[str, str], gender: str) -> float:
    if not gender:
        return 0.0
    if any(shown not in ("", gender) for shown in genders.values()):
        return 0.5
    agreeing = sum(shown == gender for shown in genders.values())
    return 1.0 if genders["P"] or agreeing > 1 else 0.9 if genders["G"] else 0.7


def _doubts(
    by_role, genders: dict[str, str], gender: str, margin: float, initials: bool
) -> tuple[Doubt, ...]:
    words = [word for role in by_role.values() for word in role]
    doubts = []
    if _mismatch(by_role, genders):
        doubts.append(Doubt("gender_mismatch"))
    if words and all(max(word.given, word.surname, word.patronymic) <= 0.35 for word in words):
        doubts.append(Doubt("unknown_words"))
    if margin < 0.5 and by_role["S"] and by_role["G"]:
        doubts.append(Doubt("order_guessed"))
    if initials and not by_role["G"]:
        doubts.append(Doubt("initials"))
    if not gender and any(word.given >= 0.9 for word in by_role["G"]):
        doubts.append(Doubt("ambiguous_short_name"))
    return tuple(doubts)


def _mismatch(by_role, genders: dict[str, str]) -> bool:
    """A surname says its gender only by an ending that changes (-ов/-ова); given names only if known well."""
    if genders["P"] and genders["G"] and genders["P"] != genders["G"] and by_role["P"][0].patronymic:
        return True
    certain = (
        genders["P"] or (genders["G"] if by_role["G"][0].given >= 0.6 else "")
        if by_role["G"]
        else genders["P"]
    )
    return (
        bool(certain)
        and bool(by_role["S"])
        and by_role["S"][-1].surname >= 0.75
        and genders["S"] not in ("", certain)
    )
