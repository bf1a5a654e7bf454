"""Forms of one surname: for a man, for a woman, for both."""

import re

_Pairs = tuple[tuple[str, str], ...]


def _pairs(table: str) -> _Pairs:
    return tuple((old, new) for old, _colon, new in (pair.partition(":") for pair in table.split()))


_FEMALE_OF_MALE = _pairs("ский:ская цкий:цкая ской:ская цкой:цкая ов:ова ев:ева ёв:ёва ин:ина ын:ына")
_MALE_OF_FEMALE = _pairs("ская:ский цкая:цкий ова:ов ева:ев ёва:ёв ина:ин ына:ын")
_MALE_OF_PLURAL = _pairs("ские:ский цкие:цкий овы:ов евы:ев ёвы:ёв ины:ин ыны:ын")
_NOMINATIVE_OF_GENITIVE = _pairs("ских:ские цких:цкие овых:овы евых:евы ёвых:ёвы иных:ины ыных:ыны")


def _ending(surname: str, pairs: _Pairs) -> str:
    for old, new in pairs:
        if surname.lower().endswith(old) and len(surname) > len(old):
            return surname[: -len(old)] + (new.upper() if surname.isupper() else new)
    return ""


def for_gender(surname: str, gender: str) -> str:
    """The surname as a man (m) or a woman (f) of the family bears it; unchanged if it doesn't change or
    gender is "".
    """
    halves = re.split("(-)", surname)
    return "".join(_half_for_gender(half, gender) for half in halves)


def _half_for_gender(surname: str, gender: str) -> str:
    male = _ending(surname, _MALE_OF_PLURAL) or surname
    if gender == "m":
        return _ending(male, _MALE_OF_FEMALE) or male
    if gender == "f":
        return _ending(male, _FEMALE_OF_MALE) or male
    return surname


def is_plural(surname: str) -> bool:
    """«Петровы», «Белинские»: one surname written for several people."""
    return bool(_ending(surname, _MALE_OF_PLURAL))


def plural_to_nominative(surname: str) -> str:
    """«Ивановых» (семья) -> «Ивановы»; a surname without such an ending («Черных», «Ким») stays."""
    return _ending(surname, _NOMINATIVE_OF_GENITIVE) or surname
