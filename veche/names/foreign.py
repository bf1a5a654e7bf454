"""Whether Latin letters are a Russian name at all: «Ivanov Ivan» is one, typed by sound; «Bdfyjd» is one, typed in the
wrong layout; «John Smith» and «Darth Vader» are neither and stay as they are written.

A base of Russian names is taken to hold Russian names: it takes a sign of another language to leave a word alone.
"""

import re
from functools import lru_cache

from veche.names import lexicon
from veche.names.transliteration import to_cyrillic

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_VOWEL = re.compile("[aeiouy]")
_LAYOUT_SIGNS = re.compile("[;{}~`]|\\[|\\]|[a-z],[a-z]")  # keys of the letters ж, х, ъ, ё, б
_LISTED = 0.75  # a word of the dictionary, or with a surname's ending that leaves no doubt

# Latin letters that Russian is not written with, wherever they stand, unless the word ends as Russian surnames do.
_OTHER_LETTERS = re.compile(
    r"th|ck|ph|gh|wh|wr|wn|tw|aw|q|ee|oo|ou|j[bcdfghklmnpqrstvwxz]|hn|ll$|ss$|[aeo]in$|[^aeiou]e$|son$|^mc|^mac|^o'"
)
_RUSSIAN_END = re.compile(
    r"(?:[^aeo](?:in|ina|yn|yna)|[oe](?:v|va|w|wa|ff)|(?:sk|ck|tsk)(?:y|i|iy|ii|ij|oy|oi|oj|aya|aia|aja|aa)|enko"
    r"|[vw]ich|[vw]itch|[vw]na|chna|chuk|iuk|yuk|[yi]an|ianc|yants|dze|shvili|ykh|ikh)$"
)
# Given names that others bear too, in the same letters: beside one of them an unknown surname is taken for foreign.
_BORNE_ELSEWHERE = frozenset(
    """
    ada adam agata albert albina alex alexander alexandra alfred alice alina alisa alla alma amalia angela
    angelina anita anna anton antonio arnold arthur artur aurora barbara bella boris carolina christina
    clara claudia daniel david denis diana dina dora edgar eduard edward elena eleonora elina eliza
    elizabeth ella elsa elvira emil emilia emma eric erik ernest eva felix frida gabriel george german
    gloria gustav hans hermann hugo ida inga irena irina irma isabella jan julia julian karina karl
    karolina katarina katya kira klara konrad kristina lana lara laura leia leo leon leonard lia lidia
    lilia lina linda lisa liza lucia ludwig luisa luka maria marina mario mark marta martin matilda max
    maxim maya mila milana milena mira monica monika nadia natalia natasha nicolas nicole nika nikita
    nikolas nina nora olga oliver olivia oscar patricia philip ralph regina renata richard rita robert
    roberto roman rosa roza rudolf sabina sandra sara sarah sasha silvia simon sofia sonia sophia stefan
    stella susanna tamara tanya teresa thomas tim tina valentin valentina valeria vanessa vera veronica
    veronika victor victoria vincent viola violetta viviana walter wilhelm william
    """.split()
)
# Names of another language that only mean the same: «Michael» is not how «Михаил» is written by sound.
_TRANSLATED = frozenset("andrew catherine eugene helen mary michael paul peter john james joseph".split())


def is_foreign(cell: str) -> bool:
    """Whether a cell of Latin letters names somebody whose name is not Russian, as far as its letters show."""
    words = [word.lower() for word in _WORD.findall(cell)]
    known = [_known(word) for word in words]
    if any(each.patronymic >= 0.8 for each in known):
        return False
    given = [word for word, each in zip(words, known, strict=True) if each.given >= 0.9]
    others = [(word, each) for word, each in zip(words, known, strict=True) if each.given < 0.9]
    if any(_OTHER_LETTERS.search(word) and not _RUSSIAN_END.search(word) for word, _known in others):
        return True
    if any(word in _TRANSLATED for word in given):
        return not any(_RUSSIAN_END.search(word) for word, _known in others)
    if not given or all(word in _BORNE_ELSEWHERE for word in given):
        return any(max(each.surname, each.given) < 0.5 for _word, each in others)
    return False


def is_typed_blindly(cell: str, switched: str) -> bool:
    """Whether a cell is Russian typed in the Latin layout: a word comes out that is surely a name, or what stands
    there could be said in no language.
    """
    known = [lexicon.known(word.strip(".,")) for word in switched.split()]
    if any(max(each.given, each.surname, each.patronymic) >= _LISTED for each in known):
        return True
    return bool(_LAYOUT_SIGNS.search(cell)) or not all(
        _VOWEL.search(word.lower()) for word in _WORD.findall(cell)
    )


@lru_cache(maxsize=16384)
def _known(latin: str) -> lexicon.Word:
    return lexicon.known(to_cyrillic(latin)[0])
