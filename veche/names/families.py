"""What a family is called by its surnames: «Иванов», «Иванова» → «Ивановы», to whom a letter goes «семье Ивановых».

Only where the form is sure: a surname in -ов, -ев, -ин, -ский and its woman's form, or one that is never declined.
Everybody else's letter goes to the head by name.
"""

from __future__ import annotations

from collections.abc import Iterable

from veche.names.declension import decline_family

_MEN = ("ов", "ев", "ёв", "ин", "ын")
_WOMEN = tuple(f"{ending}а" for ending in _MEN)
_LONG = {"ский": "ские", "ская": "ские", "цкий": "цкие", "цкая": "цкие"}
_NEVER = ("о", "е", "и", "у", "ю", "э", "их", "ых")


def family_of(surname: str, gender: str = "") -> str:
    """«Иванова» → «Ивановы»; «Шевченко» stays; empty where nobody can be sure of the form."""
    lower = surname.lower()
    if not lower.replace("-", "").isalpha() or not "а" <= lower[:1] <= "я":
        return ""
    for ending, family in _LONG.items():
        if lower.endswith(ending):
            return surname[: -len(ending)] + family
    if lower.endswith(_NEVER):
        return surname
    if gender != "f" and lower.endswith(_MEN):
        return f"{surname}ы"
    if gender != "m" and lower.endswith(_WOMEN if gender else _WOMEN[:3]):
        return f"{surname[:-1]}ы"
    return ""


def common_family(people: Iterable[tuple[str, str]]) -> str:
    """The one name of the family of all these (surname, gender); empty when they have several."""
    families = {family_of(surname, gender) for surname, gender in people}
    return families.pop() if len(families) == 1 else ""


def title_of(people: Iterable[tuple[str, str]]) -> str:
    """What people are called together: «Ивановы», or by their surnames: «Ивановы, Ким», «Петров, Сидорова»."""
    named = [(family_of(surname, gender) or surname, surname) for surname, gender in people if surname]
    families = [family for family, _surname in named]
    return ", ".join(
        dict.fromkeys(family if families.count(family) > 1 else surname for family, surname in named)
    )


def to_family(family: str) -> str:
    """To whom a letter goes: «Семье Ивановых»."""
    return f"Семье {decline_family(family)}"
