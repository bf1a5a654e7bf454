"""Why two may be one, in words: the finder's clues as whole sentences, what speaks for it first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

FOR, DOUBT = "for", "doubt"

# (comparison, the finder's level): does it speak for one person, and what is said. What is left out says nothing that
# a reader would not see, or is left to the cards beside each other.
SENTENCES: dict[tuple[str, str], tuple[str, Any]] = {
    ("surname", "same"): (FOR, _("the same surname")),
    ("surname", "swapped"): (DOUBT, _("surname and first name have changed places")),
    ("surname", "sound"): (FOR, _("surnames that sound alike")),
    ("surname", "former"): (FOR, _("the surname of one is a former one of the other")),
    ("surname", "slip"): (DOUBT, _("surname differs by one letter")),
    ("surname", "near"): (DOUBT, _("surname differs by a few letters")),
    ("surname", "married"): (DOUBT, _("different surnames: perhaps she married")),
    ("surname", "other"): (DOUBT, _("different surnames")),
    ("given", "same"): (FOR, _("the same first name")),
    ("given", "swapped"): (DOUBT, _("surname and first name have changed places")),
    ("given", "short"): (FOR, _("one first name is short for the other")),
    ("given", "initial"): (DOUBT, _("of one first name only the initial is known")),
    ("given", "slip"): (DOUBT, _("first name differs by one letter")),
    ("given", "other"): (DOUBT, _("different first names")),
    ("patronymic", "same"): (FOR, _("the same patronymic")),
    ("patronymic", "initial"): (FOR, _("the patronymic begins with the same letter")),
    ("patronymic", "slip"): (DOUBT, _("patronymic differs by one letter")),
    ("patronymic", "other"): (DOUBT, _("different patronymics")),
    ("birthday", "same"): (FOR, _("the same birthday")),
    ("birthday", "slip"): (DOUBT, _("birthday differs in one part")),
    ("birthday", "part"): (FOR, _("what is known of the birthdays is the same")),
    ("birthday", "other"): (DOUBT, _("different birthdays")),
    ("phone", "same_mobile"): (FOR, _("the same mobile phone")),
    ("phone", "same_of_many"): (DOUBT, _("the same phone, but many people have it")),
    ("phone", "same_home"): (FOR, _("the same home phone")),
    ("phone", "slip"): (DOUBT, _("phone differs by one digit")),
    ("phone", "home_slip"): (DOUBT, _("home phone differs by one digit")),
    ("phone", "lost_digit"): (DOUBT, _("phones are the same but for a lost digit")),
    ("phone", "other"): (DOUBT, _("different phones")),
    ("email", "same"): (FOR, _("the same e-mail")),
    ("email", "slip"): (DOUBT, _("e-mail differs by one letter")),
    ("email", "same_box"): (DOUBT, _("the same name of the mailbox at different mail services")),
    ("email", "other"): (DOUBT, _("different e-mails")),
    ("social", "same_document"): (FOR, _("the same number of a document")),
    ("social", "document_slip"): (DOUBT, _("number of a document differs by one character")),
    ("social", "same"): (FOR, _("the same account in a social network")),
    ("social", "other"): (DOUBT, _("different accounts in social networks")),
    ("place", "same_flat"): (FOR, _("the same flat")),
    ("place", "same_house"): (FOR, _("the same house")),
    ("place", "numbers"): (DOUBT, _("the same house and flat numbers in different streets")),
    ("place", "same_street"): (DOUBT, _("the same street, different houses")),
    ("place", "same_town"): (DOUBT, _("the same town, different streets")),
    ("place", "other"): (DOUBT, _("different addresses")),
}  # fmt: skip
ORDER = ("phone", "email", "social", "birthday", "place", "patronymic", "given", "surname")
LIKELY, PERHAPS = 0.8, 0.5


@dataclass(frozen=True)
class Reason:
    text: Any
    speaks_for: bool


def in_words(clues: Mapping[str, str]) -> list[Reason]:
    """The reasons of one pair: those for it first, in the order of how much they say."""
    found = [
        Reason(SENTENCES[key][1], SENTENCES[key][0] == FOR)
        for key in ((each, clues.get(each, "")) for each in ORDER)
        if key in SENTENCES
    ]
    return sorted(found, key=lambda reason: not reason.speaks_for)


def reasons_of(
    pairs: Iterable[Mapping[str, Any]], found_as: Mapping[int, int]
) -> list[tuple[int, int, list[Reason]]]:
    """(one, other, reasons) of each pair that is still two, by the numbers they have now: `found_as` leads there."""
    told = []
    for pair in pairs:
        one, other = found_as.get(pair["low"]), found_as.get(pair["high"])
        if one is not None and other is not None and one != other:
            told.append((one, other, in_words(pair["clues"])))
    return told


def how_likely(probability: float) -> Any:
    """What a reader makes of the number."""
    if probability >= LIKELY:
        return _("Most likely one person")
    if probability >= PERHAPS:
        return _("Perhaps one person")
    return _("Hard to say")
