"""Names inside sentences: the six cases (pytrovich) and the greeting of a letter.

A name whose gender is unknown is never declined: «вручено Саша Ким» is clumsy, «вручено Саше Киму» to a woman
is an insult.
"""

from functools import cache, lru_cache
from typing import Literal

from veche.names import text
from veche.names.parsed import ParsedName
from veche.names.tables.greetings import GREETINGS
from veche.names.tables.words import DAUGHTER_WORDS, PARTICLES, SON_WORDS

Case = Literal["nominative", "genitive", "dative", "accusative", "instrumental", "prepositional"]
_PARTS = {"surname": "LASTNAME", "given_name": "FIRSTNAME", "patronymic": "MIDDLENAME"}


@cache
def _maker():
    from pytrovich.maker import PetrovichDeclinationMaker

    return PetrovichDeclinationMaker()


@lru_cache(maxsize=32768)
def _inflect(part: str, word: str, gender: str, case: str) -> str:
    from pytrovich.enums import Case as PytrovichCase
    from pytrovich.enums import Gender, NamePart

    if (
        case == "nominative"
        or not gender
        or not text.has_cyrillic(word)
        or text.has_latin(word)
        or len(word) < 2
    ):
        return word
    if word.endswith(".") or not word.replace("-", "").replace("'", "").isalpha():
        return word
    titled = text.title_case(word) if word.isupper() else word
    made = _maker().make(
        NamePart[part], Gender.MALE if gender == "m" else Gender.FEMALE, PytrovichCase[case.upper()], titled
    )
    return made.upper() if word.isupper() and len(word) > 1 else made


def decline_part(
    part: Literal["surname", "given_name", "patronymic"], value: str, gender: str, case: Case
) -> str:
    """One part in a case; particles stay, and so does an eastern patronymic («Гасан оглы»)."""
    words = value.split(" ")
    if words[-1].lower() in SON_WORDS or words[-1].lower() in DAUGHTER_WORDS:
        return value
    return " ".join(
        word if word.lower() in PARTICLES else _inflect(_PARTS[part], word, gender, case) for word in words
    )


def decline(
    name: ParsedName, case: Case, *, parts: tuple[str, ...] = ("surname", "given_name", "patronymic")
) -> str:
    """The name in a case, its parts in the order given: `decline(name, "dative")` -> «Иванову Ивану
    Ивановичу».
    """
    values = ((part, getattr(name, part)) for part in parts)
    return " ".join(decline_part(part, value, name.gender, case) for part, value in values if value)


def greeting(name: ParsedName, *, formal: bool = True, language: str = "ru") -> str:
    """How a letter begins, without the mark after it: «Уважаемая Мария Ивановна», «Здравствуйте, Саша».

    Formal needs a known gender and more than an initial; everything else gets the neutral form. `language` is
    the contact's.
    """
    table = GREETINGS.get(language, GREETINGS["en"])
    given = name.given_name if not name.given_name.endswith(".") else ""
    patronymic = name.patronymic if given and not name.patronymic.endswith(".") else ""
    if name.kind == "family" and name.surname:
        return table["family"] % decline_family(name.surname)
    if not name.is_person:
        return table["nobody"]
    if formal and name.gender:
        if given:
            return table[f"formal_{name.gender}"] % " ".join(filter(None, (given, patronymic)))
        if name.surname and not name.surname.endswith("."):
            return table[f"surname_{name.gender}"] % name.surname
    if given:
        return table["neutral"] % " ".join(filter(None, (given, patronymic if formal else "")))
    return table["nobody"]


def decline_family(surname: str) -> str:
    """«Ивановы» -> «Ивановых»; other surnames stay."""
    lower = surname.lower()
    if lower.endswith(("овы", "евы", "ёвы", "ины", "ыны")):
        return surname[:-1] + "ых"
    if lower.endswith(("ские", "цкие")):
        return surname[:-1] + "х"
    return surname
