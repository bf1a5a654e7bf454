"""Our own tables of given names: in full, in short, in other spellings."""

from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


def fold_word(word: str) -> str:
    """Lower case with ё as е: the key of every table here."""
    return word.lower().replace("ё", "е")


def _lines(name: str) -> list[str]:
    text = (_TABLES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def first_names() -> dict[str, tuple[str, str]]:
    """Folded full name -> (name, gender); gender is "" for a name both men and women bear."""
    known: dict[str, tuple[str, str]] = {}
    gender = ""
    for line in _lines("first_names.txt"):
        if line.startswith("["):
            gender = line[1]
            continue
        for name in line.split():
            key = fold_word(name)
            other = known.get(key)
            known[key] = (name, "" if other and other[1] != gender else gender)
    return known


@cache
def short_names() -> dict[str, tuple[tuple[str, str], ...]]:
    """Folded short form -> ((full name, gender), …), in the order of the table."""
    forms: dict[str, list[tuple[str, str]]] = {}
    for line in _lines("diminutives.txt"):
        head, shorts = line.split(":")
        full, gender = head.split()
        for short in shorts.split():
            entry = (full, gender)
            owners = forms.setdefault(fold_word(short), [])
            if entry not in owners:
                owners.append(entry)
    return {short: tuple(owners) for short, owners in forms.items()}


@cache
def canonical_spellings() -> dict[str, str]:
    """Folded spelling -> folded spelling that stands for all of its group."""
    groups = (tuple(map(fold_word, line.split())) for line in _lines("spellings.txt"))
    return {spelling: group[0] for group in groups for spelling in group}
