"""What an importable kind (`contacts.registry`) adds to a row: which columns hold its values, and how they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from veche.contacts.registry import ImportableKind, ImportTarget, importable_kinds
from veche.exchange.captions import plain_caption

from .draft import RowDraft
from .guess import NAME_PARTS, ColumnGuess, guess_field_type
from .profiles import ColumnProfile
from .targets import FACT_PREFIX, NEW_FIELD

PEOPLE, ORGANISATIONS = "people", "organisations"
_SPOKESMEN = (
    "контактное лицо", "контактные лица", "представитель", "руководитель", "директор", "фио руководителя",
    "фио контактного лица", "contact person", "representative", "director",
)  # fmt: skip


def importable(key: str) -> ImportableKind:
    """The kind of this key; people where nobody offers it any more."""
    return importable_kinds.get(key) or importable_kinds[PEOPLE]


def target_key(kind: ImportableKind, target: ImportTarget) -> str:
    """How a mapping names it: `fact:<kind>.<target>`."""
    return f"{FACT_PREFIX}{kind.key}.{target.key}"


def fact_target(key: str) -> ImportTarget | None:
    """The value that a mapping names so, None for anything else."""
    if not key.startswith(FACT_PREFIX):
        return None
    kind_key, _dot, name = key[len(FACT_PREFIX) :].partition(".")
    kind = importable_kinds.get(kind_key)
    return next((target for target in kind.targets if target.key == name), None) if kind else None


def is_of_kind(key: str, kind: ImportableKind) -> bool:
    """Whether it names a value of this kind."""
    return key.startswith(f"{FACT_PREFIX}{kind.key}.") and fact_target(key) is not None


def guess_kind(
    profiles: Sequence[ColumnProfile], guesses: Sequence[ColumnGuess], offered: Iterable[ImportableKind]
) -> ImportableKind:
    """Of the `offered`, the kind with most values named by captions and all that it requires; else organisations or
    people."""
    captions = {plain_caption(profile.caption) for profile in profiles if profile.filled}
    best, most = PEOPLE, 0
    for kind in offered:
        named = [target for target in kind.targets if captions & _captions(target)]
        required = [target for target in kind.targets if target.required]
        if named and all(target in named for target in required) and len(named) >= (1 if required else 2):
            best, most = (kind.key, len(named)) if len(named) > most else (best, most)
    if not most and _speaks_of_organisations(profiles, guesses):
        best = ORGANISATIONS
    return importable(best)


def _captions(target: ImportTarget) -> set[str]:
    return {plain_caption(caption) for caption in (*target.captions, str(target.label))}


def _speaks_of_organisations(profiles: Sequence[ColumnProfile], guesses: Sequence[ColumnGuess]) -> bool:
    """An organisation in each row, and nobody's name but that of whom to speak with there."""
    filled = {
        guess.target: profile for profile, guess in zip(profiles, guesses, strict=True) if profile.filled
    }
    if "organisation.name" not in filled:
        return False
    names = [profile for target, profile in filled.items() if target == "name.full" or target in NAME_PARTS]
    return all(plain_caption(profile.caption) in _SPOKESMEN for profile in names)


def lay_out_kind(kind: ImportableKind, profiles: Sequence[ColumnProfile], guesses: list[ColumnGuess]) -> None:
    """Change the guesses, which are those for people, so that the columns of the kind's values become them."""
    if kind.subject == "organisation":
        _name_organisations(guesses)
    taken: set[int] = set()
    for target in kind.targets:
        place = _place_of(target, profiles, guesses, taken)
        if place is not None:
            taken.add(place)
            guess = guesses[place]
            by_caption = plain_caption(profiles[place].caption) in _captions(target)
            guess.target, guess.field_type = target_key(kind, target), target.type
            guess.confidence, guess.why = (0.9, "caption") if by_caption else (0.5, "contents")


def _place_of(
    target: ImportTarget, profiles: Sequence[ColumnProfile], guesses: Sequence[ColumnGuess], taken: set[int]
) -> int | None:
    captions = _captions(target)
    free = [place for place in range(len(profiles)) if place not in taken]
    plain = {place: plain_caption(profiles[place].caption) for place in free}
    for place in free:
        if plain[place] in captions:
            return place
    for place in free:  # «Дата подписи (по листу)» after «дата подписи»
        if any(plain[place].startswith(f"{caption} ") for caption in captions):
            return place
    unknown = [
        place for place in free
        if target.required and target.type != "text" and guesses[place].target == NEW_FIELD
        and guess_field_type(profiles[place]) == target.type
    ]  # fmt: skip
    return unknown[0] if len(unknown) == 1 else None


def _name_organisations(guesses: list[ColumnGuess]) -> None:
    """«Название» is the organisation's, where no other column is."""
    targets = [guess.target for guess in guesses]
    if "organisation.name" not in targets and "name.full" in targets:
        guesses[targets.index("name.full")].target = "organisation.name"


def speak_with(draft: RowDraft) -> None:
    """The row is its organisation; the person in it is noted as whom to speak with there."""
    person, day = draft.name, [draft.birth_day, draft.birth_month, draft.birth_year]
    if draft.kind == "organisation" or not draft.organisation:
        return
    draft.kind, draft.name, draft.organisation = "organisation", draft.organisation, ""
    draft.name_as_given = draft.name
    draft.surname = draft.given_name = draft.patronymic = draft.gender = ""
    draft.birth_day = draft.birth_month = draft.birth_year = None
    if any(day):
        person += " (" + ".".join(f"{part:02}" for part in day if part) + ")"
    if person:
        draft.notes.append(_("Contact person: %(name)s") % {"name": person})
