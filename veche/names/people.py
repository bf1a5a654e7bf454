"""Cells to people: the functions that the rest of Veche calls."""

import re
from collections.abc import Iterable
from itertools import islice

from veche.names import lexicon, text
from veche.names.mending import mend
from veche.names.parsed import Order, ParsedName
from veche.names.parsing import (
    assemble,
    not_a_person,
    parse_segment,
    read_well_written,
    read_well_written_parts,
)
from veche.names.reasons import Change, Doubt
from veche.names.segments import is_entrepreneur, only_a_name, organisation_name, role_words
from veche.names.surnames import for_gender, is_plural, plural_to_nominative
from veche.names.tables.words import RELATIVES

LONGEST = 200
"""A cell with more characters is no name; it is kept as a remark."""
SURELY_GIVEN = 0.9
"""A word of our own tables of given names, full or short."""
SURE_ENOUGH = 0.6
"""Names read with less confidence have no vote in `guess_order`."""
ENOUGH_PAIRS = 30
"""Fewer different pairs of unknown words show no habit."""
RARER = 0.6
"""Given names are fewer than surnames: at most this share of them, in a column where nobody is known."""

_PLAIN = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?: [А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?){0,3}")
_SIMPLE = re.compile(r"[А-ЯЁа-яё]+(?:(?: |-|\. ?)[А-ЯЁа-яё]+){0,4}\.?")
_LINES = re.compile(r"[\r\n\t\v\f\u2028\u2029]+")
_SEPARATOR = re.compile(r"\s*[;|/&\\]\s*|\s\+\s|\s*,\s*|\s+и\s+|(?<=[А-ЯЁ]{3})\s+И\s+(?=[А-ЯЁ]{3})|\s+and\s+")
_FAMILY = re.compile(r"(?:семья|семейство|сем\.|чета|супруги)\s+(?P<surname>[А-ЯЁа-яё-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]|[«\"“„][^«»\"“”„]*[»\"”“]")


def parse_people(cell: object, *, order: Order | None = None) -> list[ParsedName]:
    """Everyone named in one cell, in the order of the cell; at least one answer, never an exception.

    `order` is what the column is known to follow (see `guess_order`). When several people stand in the cell,
    each of them
    carries the doubt `several`, and a surname written once for two is marked `inherited`.
    """
    original = _as_text(cell)
    if len(original) > LONGEST:
        return [ParsedName(original, kind="other", rest=original, doubts=(Doubt("too_long"),))]
    well_written = read_well_written(original, order)
    return [well_written] if well_written else _read_any(original, order)


def _read_any(original: str, order: Order | None) -> list[ParsedName]:
    """The long way: letters are put right, people separated, remarks set aside."""
    if _PLAIN.fullmatch(original):
        mended, changes = original, ()
    else:
        mended, changes = mend(text.clean(_LINES.sub(" ; ", original)))
    if not changes and _SIMPLE.fullmatch(mended):
        segment = only_a_name(mended)
        if segment:
            return [assemble(segment, original, order)]
    family = _FAMILY.fullmatch(mended)
    if family:
        return [_family(family["surname"], original)]
    people = _people(mended, original, order)
    if changes:
        people = [person._replace(changes=changes + person.changes) for person in people]
        if any(change.code == "transliterated" for change in changes):
            people = [_less_sure(person) for person in people]
    return people


def _as_text(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return "" if cell is None else str(cell)


def parse_name(cell: object, *, order: Order | None = None) -> ParsedName:
    """The first person of a cell; the others, if any, stay readable in `rest` and the doubt `several` says
    so.
    """
    first, *others = parse_people(cell, order=order)
    if not others:
        return first
    rest = ", ".join(filter(None, (first.rest, *(other.full_name for other in others))))
    return first._replace(rest=rest)


def parse_parts(*, surname: object = "", given_name: object = "", patronymic: object = "") -> ParsedName:
    """A name from a sheet with a column for each part. Columns filled crosswise («Иван» | «Иванов») or all in one
    are read by what stands there.
    """
    if type(surname) is type(given_name) is type(patronymic) is str:
        well_written = read_well_written_parts(surname, given_name, patronymic)
        if well_written:
            return well_written
    cells = [
        " ".join(str(cell).split()) if cell is not None else "" for cell in (surname, given_name, patronymic)
    ]
    filled = [cell for cell in cells if cell]
    parsed = parse_name(" ".join(filled), order="surname_first")
    if parsed.was_changed("swapped") and lexicon.known(cells[0]).given < SURELY_GIVEN:
        return _as_captioned(parsed)
    if len(filled) != 1 or " " in filled[0] or not parsed.is_person or parsed.confidence >= 0.75:
        return parsed
    word = parsed.full_name
    if cells[0]:
        return parsed._replace(surname=word, given_name="", patronymic="")
    if cells[1]:
        return parsed._replace(surname="", given_name=word, patronymic="")
    return parsed._replace(surname="", given_name="", patronymic=word)


def _as_captioned(parsed: ParsedName) -> ParsedName:
    """The parts back in the columns where they stood: only a name we know well outweighs a caption."""
    return parsed._replace(
        surname=parsed.given_name,
        given_name=parsed.surname,
        order="surname_first",
        changes=tuple(change for change in parsed.changes if change.code != "swapped"),
    )


def guess_order(samples: Iterable[object], *, most: int = 500) -> Order | None:
    """Which order a column follows, by the known names in its first `most` cells; None if they don't agree.

    Where no name is known, the words that repeat with many others are the given names.
    """
    pairs: set[tuple[str, str]] = set()
    votes = {"surname_first": 0, "given_first": 0}
    for cell in islice(samples, most):
        for person in parse_people(cell):
            plain = not person.is_doubtful("order_guessed") and not person.is_doubtful("unknown_words")
            if person.order and plain and person.is_person and person.confidence >= SURE_ENOUGH:
                votes[person.order] += 1
            elif person.order and person.is_person and not person.patronymic:
                pair = (person.surname, person.given_name)
                pairs.add(pair if person.order == "surname_first" else pair[::-1])
    winner = max(votes, key=lambda order: votes[order])
    total = sum(votes.values())
    if not total:
        return _by_repeats(pairs)
    return winner if votes[winner] >= 0.6 * total else None  # type: ignore[return-value]


def _by_repeats(pairs: set[tuple[str, str]]) -> Order | None:
    if len(pairs) < ENOUGH_PAIRS:
        return None
    first, second = (len({pair[place] for pair in pairs}) for place in (0, 1))
    if first <= RARER * second:
        return "given_first"
    return "surname_first" if second <= RARER * first else None


# --- several people in one cell


def _split(mended: str) -> list[str]:
    """The segments between separators; what stands in brackets or quotes is not looked into."""
    masked = (
        _HIDDEN.sub(lambda match: "\0" * len(match[0]), mended)
        if re.search(r"[(\[{«\"“„]", mended)
        else mended
    )
    segments, start = [], 0
    for separator in _SEPARATOR.finditer(masked):
        segments.append(mended[start : separator.start()])
        start = separator.end()
    segments.append(mended[start:])
    return [segment.strip() for segment in segments if segment.strip()]


def _people(mended: str, original: str, order: Order | None) -> list[ParsedName]:
    if _PLAIN.fullmatch(mended):
        return _one_or_two(mended, original, order)
    whole = not_a_person(mended, original)
    if whole and whole.kind != "organisation":
        return [whole]
    segments = _joined(_split(mended))
    names = [segment for segment in segments if _names_someone(segment)]
    if whole:
        names = [segment for segment in names if _names_plainly(segment)]
        if not names:
            return [whole]
    if len(names) < 2:
        name = names[0] if names else mended
        remarks = [segment for segment in segments if segment != name] if names else []
        people = _one_or_two(name, original, order)
        return [_with_rest(people[0], remarks), *people[1:]]
    people: list[ParsedName] = []
    for segment in segments:
        if segment in names:
            people += _one_or_two(segment, original, order)
        elif people:
            people[-1] = _with_rest(people[-1], [segment])
    return _several(people)


def _joined(segments: list[str]) -> list[str]:
    """«Иванов, Иван Иванович» (and the same on two lines) is one person: a lone surname takes the given names
    after it.
    """
    joined: list[str] = []
    for segment in segments:
        words = role_words(segment)
        alone = role_words(joined[-1]) if joined else []
        if len(alone) == 1 and words and _is_surname(alone[0]) and _starts_given(words):
            joined[-1] = f"{joined[-1]} {segment}"
        else:
            joined.append(segment)
    return joined


def _is_surname(key: str) -> bool:
    known = lexicon.word(key)
    return known.surname >= 0.6 and known.given < 0.9


def _starts_given(words: list[str]) -> bool:
    known = [lexicon.word(word) for word in words]
    has_patronymic = len(known) == 2 and (known[1].patronymic >= 0.8 or len(words[1]) == 1)
    return (known[0].given >= 0.6 or len(words[0]) == 1) and (len(words) == 1 or has_patronymic)


def _names_someone(segment: str) -> bool:
    """Whether a segment holds a person: a known name, a surname, or two capitalised words."""
    words = role_words(segment)
    if not words or (words[0] in RELATIVES and len(words) == 1):
        return False
    if is_entrepreneur(words):
        return len(words) > 1
    known = [lexicon.word(word) for word in words]
    if any(word.given >= 0.9 or word.patronymic >= 0.9 for word in known):
        return True
    if segment[:1].islower() and not any(word.surname >= 0.9 for word in known):
        return False
    capitals = [word for word in segment.split() if word[:1].isupper()]
    return any(word.surname >= 0.75 for word in known) or (
        len(capitals) > 1 and len(capitals) == len(segment.split())
    )


def _names_plainly(segment: str) -> bool:
    """A person beside an organisation («Петрова Анна / ТСЖ») must bear a known name and no sign of an
    organisation.
    """
    words = role_words(segment)
    known = [lexicon.word(word) for word in words]
    plain = any(word.given >= 0.9 or word.patronymic >= 0.9 for word in known)
    plain |= len(words) > 1 and any(len(word) == 1 for word in words)
    return plain and not organisation_name(segment)[0]


def _one_or_two(segment: str, original: str, order: Order | None) -> list[ParsedName]:
    """A segment is one person unless it holds two whole names without a separator."""
    words = segment.split()
    if len(words) == 6:
        halves = [lexicon.word(lexicon.fold_word(word)).patronymic >= 0.8 for word in words]
        if halves in ([False, False, True] * 2, [False, True, False] * 2):
            first, second = " ".join(words[:3]), " ".join(words[3:])
            return _several([parse_segment(half, original, order) for half in (first, second)])
    return [parse_segment(segment, original, order)]


def _several(people: list[ParsedName]) -> list[ParsedName]:
    people = [_inherit(_singular(person), people) for person in people]
    doubt = Doubt("several")
    return [
        person._replace(
            doubts=person.doubts if doubt in person.doubts else (*person.doubts, doubt),
            changes=(*person.changes, Change("several", person.original, person.full_name)),
        )
        for person in people
    ]


def _singular(person: ParsedName) -> ParsedName:
    """«Мария Петровы», left of «Иван и Мария Петровы», bears «Петрова»."""
    if not person.is_person or not person.given_name or not is_plural(person.surname):
        return person
    return person._replace(surname=for_gender(person.surname, person.gender))


def _inherit(person: ParsedName, people: list[ParsedName]) -> ParsedName:
    """«Иванова Мария и Пётр»: a given name alone takes the surname of a neighbour, in its own gender."""
    if not person.is_person or person.surname or not person.given_name:
        return person
    place = next(place for place, other in enumerate(people) if other.given_name == person.given_name)
    neighbours = [other for other in (*reversed(people[:place]), *people[place + 1 :]) if other.surname]
    if not neighbours:
        return person
    surname = for_gender(neighbours[0].surname, person.gender)
    inherited = person._replace(
        surname=surname, confidences=person.confidences._replace(surname=0.5), confidence=0.5
    )
    return inherited._replace(
        changes=(*person.changes, Change("inherited", person.given_name, inherited.full_name))
    )


def _family(surname: str, original: str) -> ParsedName:
    nominative = text.title_case(plural_to_nominative(surname))
    return ParsedName(
        original,
        surname=nominative,
        kind="family",
        confidence=0.6,
        doubts=(Doubt("family"), Doubt("several")),
    )


def _with_rest(person: ParsedName, remarks: list[str]) -> ParsedName:
    if not remarks:
        return person
    rest = ", ".join(filter(None, (person.rest, *remarks)))
    return person._replace(rest=rest, changes=(*person.changes, Change("set_aside", ", ".join(remarks))))


def _less_sure(person: ParsedName) -> ParsedName:
    return person._replace(confidence=round(person.confidence * 0.8, 2))
