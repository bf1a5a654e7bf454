"""One segment of a cell (already cleaned and mended) -> one ParsedName."""

import re
from functools import lru_cache

from veche.names import lexicon, text
from veche.names.judging import initials_go_to, judge
from veche.names.lexicon import Word
from veche.names.parsed import Order, ParsedName
from veche.names.reasons import Change, Doubt
from veche.names.segments import Segment, is_entrepreneur, organisation_name, role_words, take_apart
from veche.names.tables.words import (
    ENTREPRENEUR_FORMS,
    FAMILY_WORDS,
    NO_PART_OF_A_NAME,
    NOT_A_NAME,
    PARTICLES,
    TITLES,
)

_MOST_WORDS = 4
_WELL_WRITTEN = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
_NO_NAME_ALONE = NOT_A_NAME | TITLES | FAMILY_WORDS | ENTREPRENEUR_FORMS
_EXTRA_WORDS = Doubt("extra_words")


def not_a_person(segment_text: str, original: str) -> ParsedName | None:
    """An answer for a text that names no person: nothing, a total, a caption, an organisation; None if it may
    name one.
    """
    words = role_words(segment_text)
    if not words:
        code = "not_a_name" if any(map(str.isalnum, original)) else "empty"
        kind = "other" if code == "not_a_name" else "empty"
        return ParsedName(original, kind=kind, rest=segment_text, doubts=(Doubt(code),))
    if all(word in _NO_NAME_ALONE or len(word) == 1 for word in words) and any(
        len(word) > 1 for word in words
    ):
        return ParsedName(original, kind="other", rest=segment_text, doubts=(Doubt("not_a_name"),))
    if is_entrepreneur(words):
        return None
    organisation, beside = organisation_name(segment_text)
    if not organisation:
        return None
    doubts = (Doubt("organisation"),)
    return ParsedName(
        original, kind="organisation", organisation=organisation, rest=beside, confidence=0.9, doubts=doubts
    )


def parse_segment(segment_text: str, original: str, order: Order | None) -> ParsedName:
    """Reads one person (or organisation) out of one segment."""
    answer = not_a_person(segment_text, original)
    if answer:
        return answer
    segment = take_apart(segment_text)
    if not segment.words and not segment.initials:
        return ParsedName(original, kind="other", rest=segment_text, doubts=(Doubt("not_a_name"),))
    if segment.former_surname and not segment.words:
        segment.words.append(segment.former_surname)
        segment.former_surname = ""
    parsed = assemble(segment, original, order)
    if is_entrepreneur(role_words(segment_text)):
        parsed = parsed._replace(kind="entrepreneur")
    return parsed


def read_well_written(cell: str, order: Order | None) -> ParsedName | None:
    """The short way for «Иванов Иван Иванович»: words of names, capitals and blanks where they belong. None for a cell
    that needs the long way, whose answer is the same.
    """
    words = cell.split(" ")
    known = tuple(map(_know_well_written, words))
    if None in known or len(words) > _MOST_WORDS:
        return None
    judgement = judge(known, order)
    parts = words if judgement.roles == "SGP" else _parts(judgement.roles, words)
    changes = ()
    if order and judgement.order not in ("", order):
        changes = (Change("swapped", cell, " ".join(filter(None, parts))),)
    surname, given_name, patronymic = parts
    return ParsedName(
        cell, surname, given_name, patronymic, judgement.gender, "person", "", "", "",
        judgement.order, judgement.confidence, judgement.confidences, changes, judgement.doubts,
    )  # fmt: skip


@lru_cache(maxsize=1 << 17)
def _know_well_written(word: str) -> Word | None:
    key = lexicon.fold_word(word)
    return None if key in NO_PART_OF_A_NAME or not _WELL_WRITTEN.fullmatch(word) else lexicon.word(key)


def read_well_written_parts(surname: str, given_name: str, patronymic: str) -> ParsedName | None:
    """The short way for three columns that hold what they are called by; None where anything needs a longer look."""
    known = (_know_well_written(surname), _know_well_written(given_name), _know_well_written(patronymic))
    if None in known:
        return None
    judgement = judge(known, "surname_first")
    if judgement.roles != "SGP":
        return None
    return ParsedName(
        f"{surname} {given_name} {patronymic}", surname, given_name, patronymic, judgement.gender, "person", "", "", "",
        judgement.order, judgement.confidence, judgement.confidences, (), judgement.doubts,
    )  # fmt: skip


def assemble(segment: Segment, original: str, order: Order | None) -> ParsedName:
    """Puts the words of a segment that has any into the parts of a name."""
    words, extra = segment.words, ()
    if len(words) > _MOST_WORDS:
        extra = (_EXTRA_WORDS,)
        segment.rest += words[_MOST_WORDS:]
        words = words[:_MOST_WORDS]
    cased = _put_capitals_right(words)
    initials = segment.initials
    judgement = judge(tuple(map(_know, cased)), order, len(initials), segment.initials_first)
    parts = _parts(judgement.roles, cased)
    if initials:
        for role, letter in zip(initials_go_to(judgement.roles, len(initials)), initials, strict=False):
            parts["SGP".index(role)] = f"{letter}."
    return ParsedName(
        original=original,
        surname=parts[0],
        given_name=parts[1],
        patronymic=parts[2],
        gender=judgement.gender,
        former_surname=text.title_case(segment.former_surname) if segment.former_surname else "",
        rest=", ".join(segment.rest),
        order=judgement.order,
        confidence=judgement.confidence,
        confidences=judgement.confidences,
        changes=_changes(segment, words, cased, bool(order) and judgement.order not in ("", order), parts),
        doubts=extra + judgement.doubts,
    )


def _parts(roles: str, words: list[str]) -> list[str]:
    """Surname, given name, patronymic; a double one with its words in their order."""
    parts = ["", "", ""]
    for role, word in zip(roles, words, strict=True):
        place = "SGP".index(role)
        parts[place] = f"{parts[place]} {word}" if parts[place] else word
    return parts


def _know(word: str) -> Word:
    """Judges a word; of one with particles («фон Мекк») it is the particle that says surname."""
    if " " in word and lexicon.fold_word(word.split(" ", 1)[0]) in PARTICLES:
        return Word(0.0, "", 0.9, "", 0.0, "")
    return lexicon.known(word)


def _put_capitals_right(words: list[str]) -> list[str]:
    joined = "".join(words)
    if joined.isupper() or joined.islower():
        return [_capitalise(word) for word in words]
    return [word if text.looks_cased(word) else _capitalise(word) for word in words]


def _capitalise(word: str) -> str:
    if " " not in word:
        return text.title_case(word)
    return " ".join(
        piece.lower() if piece.lower() in PARTICLES else text.title_case(piece) for piece in word.split(" ")
    )


def _changes(
    segment: Segment, before: list[str], after: list[str], swapped: bool, parts: list[str]
) -> tuple[Change, ...]:
    changes = []
    if before != after:
        changes.append(Change("case", " ".join(before), " ".join(after)))
    if swapped:
        changes.append(Change("swapped", " ".join(after), " ".join(filter(None, parts))))
    if segment.rest:
        changes.append(Change("set_aside", ", ".join(segment.rest)))
    if segment.former_surname:
        changes.append(Change("former_surname", segment.former_surname))
    return tuple(changes)
