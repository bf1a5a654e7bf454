"""Forms for finding and comparing; nothing here is ever shown."""

from functools import lru_cache

from veche.names import lexicon, text
from veche.names.transliteration import to_cyrillic


def name_key(surname: str, given_name: str = "", patronymic: str = "") -> str:
    """One key for all spellings of a full name: case, ё/е, look-alikes, hyphens, Наталья/Наталия,
    София/Софья.

    Short names are not resolved (Саша is two names): compare `full_forms` for that. Empty for an empty name.
    """
    return "|".join((_folded(surname), _folded_given(given_name), _folded(patronymic))).strip("|")


_folded = lru_cache(maxsize=32768)(text.fold)


@lru_cache(maxsize=8192)
def _folded_given(name: str) -> str:
    return " ".join(lexicon.canonical_spellings().get(word, word) for word in text.fold(name).split())


def search_forms(query: str) -> tuple[str, ...]:
    """What somebody may have meant by a query: as typed, in the other keyboard layout, read from Latin
    letters; all folded.
    """
    typed = text.fold(query)
    forms = [typed, text.fold(text.switch_layout(query))]
    if text.has_latin(typed) and not text.has_cyrillic(typed) and "@" not in typed and len(typed) <= 80:
        read = [to_cyrillic(word)[0] or word for word in typed.split()]
        forms.append(text.fold(" ".join(read)))
    return tuple(form for form in dict.fromkeys(forms) if form)
