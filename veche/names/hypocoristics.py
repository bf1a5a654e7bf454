"""Whose a home form of a given name is: by the table, by its suffix («Глебка», «Русланчик»), or misspelt («Виатля»)."""

from __future__ import annotations

from functools import cache, lru_cache

from veche.names.known_names import first_names, fold_word, short_names
from veche.names.slips import Slips

SHORTEST_STEM = 3
"""Letters. «Лерка» is Лера's; of less than that a suffix leaves anybody's name."""
SHORTEST_CUT = 4
"""Letters of a beginning that tells whose name was cut: «Русл» + «ик»."""
SHORTEST_MISSPELT = 3
_MOST_OWNERS = 3
# The suffixes by which Russian makes diminutives of given names, the longest first, and what a name may have lost
# before them.
_SUFFIXES = tuple(
    sorted(
        "ка ька ик чик ьчик ок ек очка ечка ушка юшка ишка енька онька уша юша уля юля уня юня уся юся уха юха ха ша "
        "он ян аня".split(),
        key=len,
        reverse=True,
    )
)
_LOST_ENDINGS = ("", "а", "я", "й", "ь", "ий", "ия", "ья")


@lru_cache(maxsize=16384)
def made_by_suffix(key: str) -> tuple[str, ...]:
    """The full names of which a folded word is a home form by its suffix; none for any other word."""
    for suffix in _SUFFIXES:
        stem = key.removesuffix(suffix)
        if stem == key or len(stem) < SHORTEST_STEM:
            continue
        if owners := dict.fromkeys(name for end in _LOST_ENDINGS for name in _owners(stem + end)):
            return tuple(owners)
        cut = _begin_with(stem) if len(stem) >= SHORTEST_CUT else ()
        if 0 < len(cut) <= _MOST_OWNERS:
            return cut
    return ()


@lru_cache(maxsize=16384)
def meant_names(name: str) -> frozenset[str]:
    """The full names that a word which is nobody's name may have been meant for: those one slip away from it, and those
    whose short form is. «Виатля» is «Виталя», who is Виталий.
    """
    key = fold_word(name.strip())
    if len(key) < SHORTEST_MISSPELT or _owners(key):
        return frozenset()
    return frozenset(owner for near in _slips().near(key) for owner in _owners(near))


def full_forms(name: str) -> tuple[str, ...]:
    """The full names a given name may stand for: «Саша» -> («Александр», «Александра»); a full name stands
    for itself, and so does a word that is no name we know.
    """
    key = fold_word(name.strip())
    full = tuple(dict.fromkeys(_owners(key))) or made_by_suffix(key)
    return full or ((name.strip(),) if name.strip() else ())


def _owners(key: str) -> tuple[str, ...]:
    full = (first_names()[key][0],) if key in first_names() else ()
    return (*full, *(owner for owner, _gender in short_names().get(key, ())))


@lru_cache(maxsize=4096)
def _begin_with(stem: str) -> tuple[str, ...]:
    return tuple(name for key, (name, _gender) in first_names().items() if key.startswith(stem))


@cache
def _slips() -> Slips:
    return Slips({*first_names(), *short_names()})
