"""One segment of a cell (already cleaned and mended) -> one ParsedName."""

from dataclasses import replace

from veche.names import lexicon, text
from veche.names.arranging import arrange, order_of
from veche.names.lexicon import Word
from veche.names.parsed import Confidence, Order, ParsedName
from veche.names.reasons import Change, Doubt
from veche.names.segments import Segment, is_entrepreneur, organisation_name, role_words, take_apart
from veche.names.tables.words import NOT_A_NAME, PARTICLES

_MOST_WORDS = 4


def not_a_person(segment_text: str, original: str) -> ParsedName | None:
    """An answer for a text that names no person: nothing, a total, a caption, an organisation; None if it may name one."""
    words = role_words(segment_text)
    if not words:
        code = "not_a_name" if any(map(str.isalnum, original)) else "empty"
        kind = "other" if code == "not_a_name" else "empty"
        return ParsedName(original, kind=kind, rest=segment_text, doubts=(Doubt(code),))
    if all(word in NOT_A_NAME or len(word) == 1 for word in words) and any(len(word) > 1 for word in words):
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
    parsed = _assemble(segment, original, order)
    if is_entrepreneur(role_words(segment_text)):
        parsed = replace(parsed, kind="entrepreneur")
    return parsed


def _assemble(segment: Segment, original: str, order: Order | None) -> ParsedName:
    doubts: list[Doubt] = []
    words = segment.words
    if len(words) > _MOST_WORDS:
        doubts.append(Doubt("extra_words"))
        segment.rest += words[_MOST_WORDS:]
        words = words[:_MOST_WORDS]
    cased = _put_capitals_right(words)
    known = [_know(word) for word in cased]
    roles, margin = _roles(known, segment, order)
    parts = {"S": [], "G": [], "P": []}
    judged: dict[str, list[Word]] = {"S": [], "G": [], "P": []}
    for role, word, judgement in zip(roles, cased, known, strict=True):
        parts[role].append(word)
        judged[role].append(judgement)
    _place_initials(segment.initials, parts, roles)
    surname, given, patronymic = (" ".join(parts[role]) for role in "SGP")
    genders = _genders(judged)
    gender = genders["P"] or genders["G"] or genders["S"]
    found_order = order_of(roles) or ("given_first" if segment.initials_first else "")
    confidences = _confidences(judged, parts, gender, genders, margin, len(words))
    doubts += _doubts(judged, genders, gender, margin, segment, roles)
    return ParsedName(
        original=original,
        surname=surname,
        given_name=given,
        patronymic=patronymic,
        gender=gender,
        former_surname=text.title_case(segment.former_surname),
        rest=", ".join(segment.rest),
        order=found_order,
        confidence=round(min((c for c in confidences[:3] if c), default=0.0), 2),
        confidences=confidences,
        changes=_changes(segment, words, cased, order, found_order, " ".join(filter(None, (surname, given, patronymic)))),
        doubts=tuple(doubts),
    )


def _know(word: str) -> Word:
    """Judges a word; of one with particles («фон Мекк») it is the particle that says surname."""
    key = lexicon.fold_word(word)
    if " " in key and key.split(" ", 1)[0] in PARTICLES:
        return Word(0.0, "", 0.9, "", 0.0, "")
    return lexicon.word(key)


def _roles(known: list[Word], segment: Segment, order: Order | None) -> tuple[str, float]:
    """The role of each word and the margin by which that layout won."""
    if not known:
        return "", 1.0
    if not segment.initials:
        return arrange(known, order)
    if len(known) == 1:
        return ("G", 1.0) if known[0].given >= 0.9 and len(segment.initials) == 1 else ("S", 2.0)
    if segment.initials_first and len(known) == 2 and known[1].patronymic:
        return "GP", 1.0
    arrangement = arrange(known, order)
    return arrangement


def _place_initials(initials: list[str], parts: dict[str, list[str]], roles: str) -> None:
    """«И.» goes to the given name if it is missing, then to the patronymic; a lone given name takes it as surname."""
    for letter in initials[:3]:
        if roles == "G" and len(initials) == 1:
            parts["S"].append(f"{letter}.")
        elif not parts["G"]:
            parts["G"].append(f"{letter}.")
        elif not parts["P"]:
            parts["P"].append(f"{letter}.")
        elif not parts["S"]:
            parts["S"].append(f"{letter}.")


def _put_capitals_right(words: list[str]) -> list[str]:
    joined = "".join(words)
    if joined.isupper() or joined.islower():
        return [_keep_particles_small(word) for word in words]
    return [word if text.looks_cased(word) else _keep_particles_small(word) for word in words]


def _keep_particles_small(word: str) -> str:
    if " " not in word:
        return text.title_case(word)
    return " ".join(
        piece.lower() if piece.lower() in PARTICLES else text.title_case(piece) for piece in word.split(" ")
    )


def _genders(judged: dict[str, list[Word]]) -> dict[str, str]:
    """Gender that each part shows by itself."""
    given = {word.given_gender for word in judged["G"]} - {""}
    return {
        "P": next((word.patronymic_gender or word.given_gender for word in judged["P"]), ""),
        "G": given.pop() if len(given) == 1 else "",
        "S": next((word.surname_gender for word in reversed(judged["S"])), ""),
    }


def _confidences(judged, parts, gender, genders, margin, count) -> Confidence:
    """A part is as sure as the word is known; a known neighbour lends an unknown surname its certainty."""
    sure = {"S": 0.0, "G": 0.0, "P": 0.0}
    for role, field in (("S", "surname"), ("G", "given"), ("P", "patronymic")):
        if judged[role]:
            sure[role] = max(0.3, min(getattr(word, field) for word in judged[role]))
        elif parts[role]:
            sure[role] = 0.5
    anchored = sure["G"] >= 0.9 or sure["P"] >= 0.9
    if judged["S"] and anchored and count > 1:
        sure["S"] = max(sure["S"], 0.8)
    if judged["G"] and (sure["P"] >= 0.9 or sure["S"] >= 0.9) and count > 1:
        sure["G"] = max(sure["G"], 0.7)
    if margin < 0.5 and judged["S"] and judged["G"]:
        sure["S"], sure["G"] = min(sure["S"], 0.5), min(sure["G"], 0.5)
    gender_sure = 0.0
    if gender:
        agreeing = sum(1 for role in "SGP" if genders[role] == gender)
        opposed = sum(1 for role in "SGP" if genders[role] not in ("", gender))
        gender_sure = 0.5 if opposed else (1.0 if genders["P"] or agreeing > 1 else 0.9 if genders["G"] else 0.7)
    return Confidence(sure["S"], sure["G"], sure["P"], gender_sure)


def _doubts(judged, genders, gender, margin, segment, roles) -> list[Doubt]:
    codes = []
    if len({found for found in genders.values() if found}) > 1 and _mismatch_is_certain(judged, genders):
        codes.append("gender_mismatch")
    unknown = all(max(word) <= 0.35 for word in ((w.given, w.surname, w.patronymic) for each in judged.values() for w in each))
    if unknown and segment.words:
        codes.append("unknown_words")
    if margin < 0.5 and "S" in roles and "G" in roles:
        codes.append("order_guessed")
    if segment.initials and not judged["G"]:
        codes.append("initials")
    if not gender and any(word.given >= 0.9 for word in judged["G"]):
        codes.append("ambiguous_short_name")
    return [Doubt(code) for code in codes]


def _mismatch_is_certain(judged: dict[str, list[Word]], genders: dict[str, str]) -> bool:
    """A surname says its gender only by an ending that changes (-ов/-ова); given names only if known well."""
    if genders["P"] and genders["G"] and genders["P"] != genders["G"] and judged["P"][0].patronymic:
        return True
    certain = genders["P"] or (genders["G"] if judged["G"] and judged["G"][0].given >= 0.6 else "")
    return bool(certain) and bool(judged["S"]) and judged["S"][-1].surname >= 0.75 and genders["S"] not in ("", certain)


def _changes(segment: Segment, before: list[str], after: list[str], hint, found, full_name: str) -> tuple[Change, ...]:
    changes = []
    if before != after:
        changes.append(Change("case", " ".join(before), " ".join(after)))
    if hint and found and found != hint:
        changes.append(Change("swapped", " ".join(after), full_name))
    if segment.rest:
        changes.append(Change("set_aside", ", ".join(segment.rest)))
    if segment.former_surname:
        changes.append(Change("former_surname", segment.former_surname))
    return tuple(changes)
