"""Letters of a whole cell put right before it is read: wrong keyboard layout, look-alikes, Latin letters,
lost spaces.
"""

import re
from itertools import groupby

from veche.names import lexicon, text
from veche.names.foreign import is_foreign, is_typed_blindly
from veche.names.known_names import first_names
from veche.names.reasons import Change
from veche.names.transliteration import to_cyrillic

_LATIN_RUN = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*'?")
_MIXED_WORD = re.compile(r"[\w'-]+")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.|\.(?:ru|com|net|org|su)\b)\S*", re.IGNORECASE)
_INITIAL = re.compile(r"(?:(?<![A-Za-z])[A-Za-z]|(?<!\S)[^\w\s.])\.(?=\s|$|[A-Za-z]\.)")
_GLUED_INITIAL = re.compile(r"(?<=[а-яёa-z]{2})(?=[А-ЯЁA-Z]\.)")
_LATIN_CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_CAMEL = re.compile(r"[А-ЯЁ][а-яё]{2,}(?:[А-ЯЁ][а-яё]{2,}){1,2}")
_MAC = re.compile("Мак[А-ЯЁ]")
_CAMEL_PART = re.compile(r"[А-ЯЁ][а-яё]+")
_LONG_WORD = re.compile(r"[А-Яа-яЁё]{7,30}")
_FOREIGN_PARTICLES = frozenset(["von", "van", "de", "der", "di", "la", "bin", "ibn", "al", "el"])


# As initials these mostly begin «Юрий», «Сергей», «Юлия».
_INITIALS = {"Y": "Ю", "C": "С", "J": "Ю"}


def knowledge(word: str) -> float:
    """How well a Cyrillic word is known as any part of a name, 0..1."""
    known = lexicon.word(lexicon.fold_word(word))
    return max(known.given, known.surname, known.patronymic)


def _average_knowledge(words: list[str]) -> float:
    long = [word.strip(".,") for word in words if len(word.strip(".,")) > 1]
    return sum(map(knowledge, long)) / len(long) if long else 0.0


def _in_russian(latin: str) -> str:
    """One Latin word in Cyrillic, its capitals kept in kind."""
    if len(latin) == 1:
        return _INITIALS.get(latin.upper()) or to_cyrillic(latin)[0].upper()
    if latin.lower() in _FOREIGN_PARTICLES:
        return {"von": "фон", "van": "ван", "bin": "бин"}.get(latin.lower()) or to_cyrillic(latin)[0]
    read, _sure = to_cyrillic(latin)
    if not read:
        return latin
    return text.title_case(read) if latin != latin.lower() else read


def _switch(cell: str) -> str:
    """The other layout, but the dots of initials stay dots: «Bdfyjd B. B.» is typed both with «.» and with
    «/».
    """
    pieces, start = [], 0
    for initial in _INITIAL.finditer(cell):
        pieces += [text.switch_layout(cell[start : initial.start()]), text.switch_layout(initial[0][0]) + "."]
        start = initial.end()
    return "".join([*pieces, text.switch_layout(cell[start:])])


def _read_latin(cell: str) -> tuple[str, str]:
    """A cell without one Cyrillic letter: (its Russian reading, code of the change), or ("", "") if neither
    way makes sense: «John Smith» stays as he is written.
    """
    switched = _switch(cell)
    by_layout = _average_knowledge(re.findall(r"[\w'-]+", switched))
    cell = _LATIN_CAMEL.sub(" ", cell)
    transliterated = _LATIN_RUN.sub(lambda match: _in_russian(match[0]), cell)
    by_sound = 0.0
    if not text.has_latin(transliterated):
        by_sound = _average_knowledge(re.findall(r"[\w'-]+", transliterated))
    if by_layout >= 0.4 and by_layout > by_sound and is_typed_blindly(cell, switched):
        return switched, "layout"
    if by_sound >= 0.4 and not is_foreign(cell):
        return transliterated, "transliterated"
    return "", ""


def _mend_word(word: str) -> tuple[str, str]:
    """A word with Latin letters in a cell that has Cyrillic too: (mended, code) or (word, "")."""
    if text.has_cyrillic(word):
        mended = text.mend_look_alikes(word)
        return mended, "look_alikes" if mended != word else ""
    drawn = text.all_look_alikes(word)
    if len(word) == 1:
        return (drawn, "look_alikes") if drawn else (word, "")
    if drawn and knowledge(drawn) >= 0.6:
        return drawn, "look_alikes"
    read, code = _read_latin(word)
    return (read, code) if code else (word, "")


def _split_glued(word: str) -> str:
    """«ИвановИван» or «иваниванович» with its space back, else the word itself."""
    if _CAMEL.fullmatch(word) and not _MAC.match(word):
        parts = _CAMEL_PART.findall(word)
        if any(knowledge(part) >= 0.6 for part in parts):
            return " ".join(parts)
    if not _LONG_WORD.fullmatch(word):
        return word
    key = lexicon.fold_word(word)
    known = lexicon.word(key)
    if known.given or known.surname >= 0.6 or (known.patronymic and lexicon.is_listed_patronymic(key)):
        return word
    names = first_names()
    for cut in range(3, len(key) - 2):
        left, right = key[:cut], key[cut:]
        # Whether it is a name is asked first: that costs nothing, and nearly never is it one.
        if (right in names and lexicon.word(left).surname >= 0.75) or (
            left in names and (lexicon.word(right).surname == 0.9 or lexicon.is_listed_patronymic(right))
        ):
            return f"{word[:cut]} {word[cut:]}"
    return word


def mend(cell: str) -> tuple[str, tuple[Change, ...]]:
    """A cleaned cell with its letters put right, and what was done to it. Addresses and links are left alone."""
    changes: list[Change] = []
    if text.has_latin(cell) and not text.has_cyrillic(cell):
        russian, code = ("", "") if _ADDRESS.search(cell) else _read_latin(cell)
        if code:
            changes.append(Change(code, cell, russian))
            cell = russian
    elif not cell.isascii() and _foreign_inside(cell):
        cell = _mend_mixed(cell, changes)
    cell = _GLUED_INITIAL.sub(" ", cell)
    unglued = _MIXED_WORD.sub(lambda match: _split_glued(match[0]) if len(match[0]) >= 6 else match[0], cell)
    if unglued != cell:
        changes.append(Change("glued", cell, unglued))
    return unglued, tuple(changes)


def _foreign_inside(cell: str) -> bool:
    return text.has_latin(cell) or any(digit in cell for digit in "03")


def _mend_mixed(cell: str, changes: list[Change]) -> str:
    """Word by word; one change a code, with all the words it touched."""
    done: dict[str, list[tuple[str, str]]] = {}
    pieces = []
    for is_latin, run in groupby(cell.split(" "), key=lambda piece: _is_latin(piece)):
        run = list(run)
        latin = " ".join(run)
        # After the last word of the run a comma divides; before another it may be the letter «б».
        bare = latin.rstrip(",;")
        read, code = _read_latin(bare) if is_latin and len(run) > 1 else ("", "")
        if code:
            done.setdefault(code, []).append((bare, read))
            pieces.append(read + latin[len(bare) :])
            continue
        for piece in run:
            kept = _ADDRESS.fullmatch(piece)
            pieces.append(piece if kept else _MIXED_WORD.sub(lambda match: _note(match[0], done), piece))
    for code, pairs in done.items():
        changes.append(
            Change(code, " ".join(before for before, _ in pairs), " ".join(after for _, after in pairs))
        )
    return " ".join(pieces)


def _is_latin(piece: str) -> bool:
    return text.has_latin(piece) and not text.has_cyrillic(piece) and not _ADDRESS.fullmatch(piece)


def _note(word: str, done: dict[str, list[tuple[str, str]]]) -> str:
    if word.isdigit() or not (text.has_latin(word) or "0" in word or "3" in word):
        return word
    mended, code = _mend_word(word)
    if code:
        done.setdefault(code, []).append((word, mended))
    return mended
