"""Patronymics made of the common men's names, and which of them a misspelt word was meant to be."""

from collections.abc import Iterator
from functools import cache, lru_cache

from veche.names.known_names import first_names, fold_word

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


def _without_a_letter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


@cache
def _shortened() -> dict[str, frozenset[str]]:
    """A patronymic with one letter left out -> those it may come from: one slip away means one such form in common."""
    found: dict[str, set[str]] = {}
    for patronymic in patronymics():
        for form in (patronymic, *_without_a_letter(patronymic)):
            found.setdefault(form, set()).add(patronymic)
    return {form: frozenset(owners) for form, owners in found.items()}


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
    near = set(_shortened().get(key, ()))
    for form in _without_a_letter(key):
        near |= _shortened().get(form, frozenset())
    near = {each for each in near if _one_slip(key, each)}
    return near.pop() if len(near) == 1 else ""


def _one_slip(one: str, other: str) -> bool:
    """Optimal string alignment distance of 1, for two words that share a form with a letter left out."""
    if len(one) != len(other):
        return True
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    first, last = places[0], places[-1]
    return len(places) == 2 and last == first + 1 and one[first] == other[last] and one[last] == other[first]
