"""A cleaned cell taken apart: words of names, and what stands beside them (titles, remarks, numbers,
brackets).
"""

import re
from dataclasses import dataclass, field

from veche.names import lexicon
from veche.names.tables.words import (
    DAUGHTER_WORDS,
    EASTERN_SURNAMES,
    ENTREPRENEUR_FORMS,
    NO_PART_OF_A_NAME,
    ORGANISATION_FORMS,
    ORGANISATION_WORDS,
    PARTICLES,
    SON_WORDS,
    TITLES,
)

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_NUMBER = re.compile(r"\+?\d[\d\s().-]*\d|\d")
_DASH_REMARK = re.compile(r"\s+-\s+")
_LOOSE_HYPHEN = re.compile(r"(?<=\w)(?:\s+-|-\s+)(?=[А-ЯЁA-Z])")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
_BORN = re.compile(
    r"(?:урожд\w*\.?|в девичестве|девич\w*\.?|бывш\w*\.?|ранее|до брака|по мужу)\s*:?\s*", re.IGNORECASE
)
_DEGREE = re.compile(r"(?<!\w)[кд]\.\s?[а-я]{1,6}\.\s?(?:-?[а-я]\.\s?)?н\.")
_CAPITALS = re.compile(r"[А-ЯЁ]{2,3}\.?")
_QUOTES = re.compile('[«»"“”„]')


@dataclass(slots=True)
class Segment:
    """One segment: `words` of the name, `initials` as single letters, `rest` in the order in which it stood."""

    words: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)
    initials_first: bool = False
    rest: list[str] = field(default_factory=list)
    former_surname: str = ""


def role_words(text: str) -> list[str]:
    """The folded words of a text, dots stripped."""
    return [lexicon.fold_word(word).rstrip(".") for word in _WORD.findall(text)]


def organisation_name(text: str) -> tuple[str, str]:
    """(organisation, what stands in brackets beside it), or ("", "") if the text names none."""
    bare = _BRACKETS.sub(" ", text)
    words = role_words(bare)
    if not words:
        return "", ""
    quoted = bool(_QUOTES.search(bare))
    forms = any(word in ORGANISATION_FORMS for word in words)
    named = [word for word in words if word in ORGANISATION_WORDS]
    if not forms and not named:
        return "", ""
    if not forms and not quoted and words[0] not in ORGANISATION_WORDS:
        known = [lexicon.word(word) for word in words]
        if any(word.given >= 0.9 or word.patronymic >= 0.9 for word in known):
            return "", ""
    return " ".join(bare.split()).strip(" ,;-"), " ".join(_BRACKETS.findall(text)).strip()


def is_entrepreneur(words: list[str]) -> bool:
    """Whether folded words begin with (or end in) a sole trader's form: «ИП Иванов»."""
    return bool(words) and (words[0] in ENTREPRENEUR_FORMS or words[-1] in ENTREPRENEUR_FORMS)


def take_apart(text: str) -> Segment:
    """Splits a segment into a name and everything else. Nothing is lost: what is no part of the name goes to
    `rest`.
    """
    segment = Segment()
    text = _brackets_aside(text, segment)
    if "@" in text or "/" in text or "www" in text:
        text = _aside(_ADDRESS, text, segment)
    if any(map(str.isdigit, text)):
        text = _aside(_NUMBER, text, segment)
    if "." in text:
        text = _aside(_DEGREE, text, segment)
    if "-" in text:
        text = _dash_remark_aside(text, segment)
    tokens = _WORD.findall(text)
    tokens = _titles_aside(tokens, segment)
    _sort_tokens(_join_particles(tokens), segment)
    return segment


def _brackets_aside(text: str, segment: Segment) -> str:
    if not any(bracket in text for bracket in "([{"):
        return text
    for match in _BRACKETS.finditer(text):
        inside = match[1].strip()
        born = _BORN.match(inside)
        word = inside[born.end() :].strip() if born else inside
        known = lexicon.word(lexicon.fold_word(word)) if word and _WORD.fullmatch(word) else None
        if known and known.given < 0.9 and (born or known.surname >= 0.6) and not segment.former_surname:
            segment.former_surname = word
        elif inside:
            segment.rest.append(inside)
    return _BRACKETS.sub(" ", text)


def _aside(pattern: re.Pattern, text: str, segment: Segment) -> str:
    segment.rest += [found.strip() for found in pattern.findall(text) if found.strip()]
    return pattern.sub(" ", text)


def _dash_remark_aside(text: str, segment: Segment) -> str:
    """«Иванов Иван - жертвователь» has a remark; «Иванова - Петрова Анна» a double surname."""
    head, *tails = _DASH_REMARK.split(text)
    kept = head
    for tail in tails:
        first = _WORD.match(tail.strip())
        known = lexicon.word(lexicon.fold_word(first[0])) if first else None
        if known and len(_WORD.findall(kept)) == 1 and first[0][:1].isupper() and known.surname >= 0.6:
            kept = f"{kept.strip()}-{tail.strip()}"
        elif not kept.strip():
            kept = tail
        else:
            segment.rest.append(tail.strip())
    return _LOOSE_HYPHEN.sub("-", kept)


def _titles_aside(tokens: list[str], segment: Segment) -> list[str]:
    """Titles and small remarks leave as long as a name remains."""
    if len(tokens) < 2:
        return tokens
    names, others = [], []
    for token in tokens:
        key = lexicon.fold_word(token)
        bare = key.rstrip(".")
        is_title = key in TITLES or (bare in TITLES and len(bare) > 1) or bare in ENTREPRENEUR_FORMS
        (others if is_title else names).append(token)
    if not names:
        return tokens
    names, remarks = _lower_remarks(names)
    segment.rest += others + remarks
    return names


def _lower_remarks(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Lower-case words nobody knows, after a capitalised name: «Иванов Иван просил перезвонить»."""
    if not tokens[0][:1].isupper():
        return tokens, []
    for place, token in enumerate(tokens[1:], start=1):
        key = lexicon.fold_word(token)
        if token != token.lower() or key in PARTICLES or key in SON_WORDS or key in DAUGHTER_WORDS:
            continue
        known = lexicon.word(key.rstrip("."))
        if max(known.given, known.patronymic) < 0.6 and known.surname < 0.75:
            return tokens[:place], tokens[place:]
    return tokens, []


def _join_particles(tokens: list[str]) -> list[str]:
    """«Гасан оглы» and «фон Мекк» become one word each."""
    joined: list[str] = []
    waiting: list[str] = []
    eastern = bool(tokens) and lexicon.fold_word(tokens[0]) in EASTERN_SURNAMES
    for place, token in enumerate(tokens):
        key = lexicon.fold_word(token)
        if (key in SON_WORDS or key in DAUGHTER_WORDS) and joined and not waiting:
            joined[-1] = f"{joined[-1]} {token}"
            continue
        capital_first = place == 0 and token[:1].isupper() and (len(tokens) < 3 or key == "бен")
        capital_first |= place == 0 and _is_name_here(key, tokens)
        if key in PARTICLES and place < len(tokens) - 1 and not capital_first and not eastern:
            waiting.append(token)
            continue
        joined.append(" ".join([*waiting, token]))
        waiting = []
    return joined


def _is_name_here(key: str, tokens: list[str]) -> bool:
    """«Ди Прохорова», «Ди Олеговна Маношина»: a short name that happens to be a particle."""
    if lexicon.word(key).given < 0.9 or len(tokens) < 2:
        return False
    return len(tokens) == 2 or lexicon.word(lexicon.fold_word(tokens[1])).patronymic >= 0.9


def only_a_name(text: str) -> Segment | None:
    """The segment of a text that is nothing but words of a name and initials; None if it needs to be taken
    apart.
    """
    if _DEGREE.search(text):
        return None
    tokens = _WORD.findall(text)
    for token in tokens:
        if lexicon.fold_word(token).rstrip(".") in NO_PART_OF_A_NAME:
            return None
    segment = Segment()
    _sort_tokens(tokens, segment)
    return segment if len(segment.words) <= 4 and segment.words else None


def _sort_tokens(tokens: list[str], segment: Segment) -> None:
    for place, token in enumerate(tokens):
        bare = token.rstrip(".")
        if len(bare) == 1 and bare.isalpha():
            segment.initials.append(bare.upper())
            segment.initials_first |= not segment.words
        elif _CAPITALS.fullmatch(token) and place and _is_initials(bare):
            segment.initials += list(bare)
        else:
            segment.words.append(bare)


def _is_initials(capitals: str) -> bool:
    """«ИИ», «АС»: two capitals that are no short name («Ян», «Ли»)."""
    known = lexicon.word(lexicon.fold_word(capitals))
    return len(capitals) == 2 and known.given < 0.6 and known.surname < 0.6
