"""Patronymics made of the common men's names, and which of them a misspelt word was meant to be."""

from functools import cache, lru_cache

from veche.names.known_names import first_names, fold_word
from veche.names.slips import Slips

SHORTEST = 7
"""Letters. One letter away from a shorter patronymic are too many other words."""
_VOWELS = "аеиоуыэюя"
_LOST_VOWEL = {"павел": "павл", "лев": "льв"}
_SON_BY_A = {"илья": "ильич", "никита": "никитич", "фома": "фомич", "лука": "лукич", "кузьма": "кузьмич",
             "савва": "саввич"}  # fmt: skip


def _of_father(name: str) -> tuple[str, str]:
    """Son's and daughter's patronymic, folded: -ович, after й and ь -евич; -ий gives -ьевич or -иевич."""
    if son := _SON_BY_A.get(name):
        return son, f"{son[:-2]}инична" if son in ("ильич", "фомич", "лукич", "кузьмич") else f"{son}на"
    if name.endswith("ий"):
        stem = name[:-2]
        soft = stem.endswith("нт") or not (stem[-1] in "гкхц" or stem[-2] not in _VOWELS)
        return f"{stem}{'ь' if soft else 'и'}евич", f"{stem}{'ь' if soft else 'и'}евна"
    if name.endswith(("й", "ь")):
        return f"{name[:-1]}евич", f"{name[:-1]}евна"
    stem = _LOST_VOWEL.get(name, name)
    return f"{stem}ович", f"{stem}овна"


@lru_cache(maxsize=4096)
def patronymics_of(given_name: str) -> frozenset[str]:
    """The folded patronymics of the sons and daughters of a man called so; both where two are in use («Валерьевич»,
    «Валериевич»), none of a name that no man bears."""
    name = fold_word(given_name)
    if name[-1:] in ("", *"аяоеиую") and name not in _SON_BY_A:
        return frozenset()
    found = set(_of_father(name))
    if name.endswith("ий"):
        found |= {f"{name[:-2]}{vowel}{end}" for vowel in "ьи" for end in ("евич", "евна")}
    return frozenset(found)


@cache
def patronymics() -> frozenset[str]:
    """Folded patronymics of the men's names of our table."""
    fathers = (key for key, (_name, gender) in first_names().items() if gender != "f")
    return frozenset(
        each for father in fathers if father[-1] not in "аяоеиую" or father in _SON_BY_A
        for each in _of_father(father)
    )  # fmt: skip


@cache
def _slips() -> Slips:
    return Slips(patronymics())


@lru_cache(maxsize=16384)
def meant_patronymic(word: str) -> str:
    """The folded patronymic that a word is, or is one slip away from (a letter lost, added, changed, or two swapped).

    "" where there is none, or where several are as near. «Александрвич» → «александрович».
    """
    key = fold_word(word)
    if key in patronymics():
        return key
    if len(key) < SHORTEST:
        return ""
    near = _slips().near(key)
    return next(iter(near)) if len(near) == 1 else ""
