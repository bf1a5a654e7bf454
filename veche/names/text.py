"""Letters: cleaning, look-alikes, the other keyboard layout, letter case, and the folded form by which names
are compared.

Every function takes any string and never raises; each is linear in its length.
"""

import re
import unicodedata

from veche.names.tables.words import DAUGHTER_WORDS, PARTICLES, SON_WORDS

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`/?" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё.," + "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_CYRILLIC_LAYOUT = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN_LAYOUT = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)

# Latin letters (and digits inside a word) that look like Cyrillic ones, and back.
_LATIN_TWINS = "ABCEHKMOPTXYaceopxykmnruith" + "03"
_CYRILLIC_TWINS = "АВСЕНКМОРТХУасеорхукмпгиітн" + "оз"
_LOOK_ALIKES = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TWINS = frozenset(_LATIN_TWINS + "b")
_SMALL_B = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])b")
_BACK = str.maketrans("АВСЕНКМОРТХУасеорхук", "ABCEHKMOPTXYaceopxyk")
_BACKABLE = frozenset("АВСЕНКМОРТХУасеорхук")

_BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\ud800-\udfff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4\u2032]|(?<=[А-Яа-яЁё])`")
_HAS_CYRILLIC = re.compile("[\u0400-\u04ff]")
_HAS_LATIN = re.compile("[A-Za-z]")
_NOT_WORD = re.compile(r"[^\w@.+]+|_")
_PLAIN = re.compile("[ а-яё]*")
_WORD_PARTS = re.compile(r"([-' ])")


def clean(text: str) -> str:
    """The same words with one kind of blank, dash and apostrophe, composed letters and nothing invisible."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", _BLANKS.sub(" ", text))
    return _APOSTROPHES.sub("'", _DASHES.sub("-", text)).strip()


def has_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return bool(_HAS_CYRILLIC.search(text))


def has_latin(text: str) -> bool:
    """Whether any letter is a plain Latin one."""
    return bool(_HAS_LATIN.search(text))


def switch_layout(text: str) -> str:
    """What the same keys give in the other layout: «bdfyjd» is «иванов», «шмфтщм» is «ivanov».

    The direction is the one of the majority of letters; text without letters comes back as it is.
    """
    latin = sum(1 for letter in text if "a" <= letter <= "z" or "A" <= letter <= "Z")
    cyrillic = sum(1 for letter in text if "\u0400" <= letter <= "\u04ff")
    if not latin and not cyrillic:
        return text
    return text.translate(_TO_CYRILLIC_LAYOUT if latin >= cyrillic else _TO_LATIN_LAYOUT)


def mend_look_alikes(word: str) -> str:
    """A word with letters of both alphabets, in Cyrillic if every foreign letter has a Cyrillic twin, else
    unchanged.
    """
    if not has_cyrillic(word):
        return word
    foreign = [letter for letter in word if letter.isascii() and letter.isalnum()]
    if not foreign or any(letter not in _TWINS for letter in foreign):
        return word
    return _draw(word)


def _draw(word: str) -> str:
    """A small Latin b is «ь» after a consonant («Олbга») and «в» elsewhere («bладимир» out of «BЛАДИМИР»)."""
    return _SMALL_B.sub("ь", word.translate(_LOOK_ALIKES)).replace("b", "в")


def all_look_alikes(word: str) -> str:
    """A purely Latin word drawn with Cyrillic twins («A» as «А»), or an empty string if some letter has no
    twin.
    """
    if any(letter.isalpha() and letter not in _TWINS for letter in word):
        return ""
    return _draw(word)


def latin_look_alikes(word: str) -> str:
    """The Cyrillic letters of a mostly Latin word (an e-mail) in Latin where each has a twin, else unchanged."""
    if any(letter not in _BACKABLE for letter in word if "\u0400" <= letter <= "\u04ff"):
        return word
    return word.translate(_BACK)


def fold(text: str) -> str:
    """The form for searching and comparing: lower case, ё as е, look-alikes mended, blanks and punctuation as
    one blank.

    `@`, `.` and `+` stay, so that addresses and phones can be folded by the same function.
    """
    lowered = text.lower()
    if not _PLAIN.fullmatch(lowered):
        lowered = _NOT_WORD.sub(" ", clean(lowered))
        if has_cyrillic(lowered):
            lowered = " ".join(mend_look_alikes(word) for word in lowered.split())
    return " ".join(lowered.replace("ё", "е").split())


def _cap(part: str) -> str:
    return part[:1].upper() + part[1:].lower()


def title_case(word: str) -> str:
    """A name with capitals where they belong: «ИВАНОВА-ПЕТРОВА», «д'артаньян», «кызы»; particles stay small."""
    pieces = _WORD_PARTS.split(word)
    lower = word.lower()
    if lower in SON_WORDS or lower in DAUGHTER_WORDS:
        return lower
    return "".join(
        piece.lower()
        if len(pieces) > 1 and index and piece.lower() in SON_WORDS | DAUGHTER_WORDS
        else _cap(piece)
        for index, piece in enumerate(pieces)
    )


def looks_cased(word: str) -> bool:
    """Whether the capitals of a word could be meant: «Иванов», «О'Нил», «МакКинли», «оглы», «фон»."""
    if word[:1].isupper() and word[1:].islower() and word.isalpha():
        return True
    lower = word.lower()
    if word == lower:
        return lower in PARTICLES or lower in SON_WORDS or lower in DAUGHTER_WORDS
    for piece in re.split(r"[-' ]", word):
        if not piece or (piece[0].isupper() and piece[1:].islower()) or len(piece) == 1:
            continue
        if piece.lower() in PARTICLES or piece in SON_WORDS or piece in DAUGHTER_WORDS:
            continue
        if re.fullmatch("(Мак|Mac|Mc|Мс)[А-ЯЁA-Z][а-яёa-z]+", piece):
            continue
        return False
    return True
