"""Names of a row: into the draft from one cell, from columns of parts, or from a cell where they stand by mistake."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from veche.names import ParsedName, parse_parts, parse_people

from .draft import RowDraft

PART = 200
WHOLE = 600
_TOLD = frozenset({"gender_mismatch", "family", "extra_words", "not_a_name", "too_long"})
_SHOWN_CHANGES = frozenset({"layout", "look_alikes", "transliterated", "swapped"})


def name_from_cell(draft: RowDraft, text: str, column: int, order: str | None) -> None:
    """One cell with a whole name: a person, several people, a family or an organisation."""
    people = parse_people(text, order=order or None)  # type: ignore[arg-type]
    first = _by_column(people[0], order)
    draft.name_as_given = text[:WHOLE]
    _take(draft, first, column, text)
    others = [person for person in people[1:] if person.full_name]
    if others:
        draft.others = [_as_dict(person) for person in others]
        draft.notes.append(
            _("In the same cell: %(names)s") % {"names": ", ".join(p.full_name for p in others)}
        )
        draft.problem("several_people", column, text)


def _by_column(parsed: ParsedName, order: str | None) -> ParsedName:
    """Two words that nobody knows stand as the column's other names do, whatever their endings say."""
    if not order or parsed.order in ("", order) or parsed.patronymic or parsed.confidence > 0.35:
        return parsed
    return parsed._replace(
        surname=parsed.given_name,
        given_name=parsed.surname,
        gender="",
        order=order,  # type: ignore[arg-type]
        changes=tuple(change for change in parsed.changes if change.code != "swapped"),
    )


def name_from_parts(draft: RowDraft, parts: dict[str, str], columns: dict[str, int]) -> None:
    """Columns for surname, given name and patronymic; the columns are believed where the words allow both.

    What was changed in a word is told at the column that holds it: there somebody may correct it.
    """
    parsed = parse_parts(
        surname=parts.get("name.surname", ""),
        given_name=parts.get("name.given", ""),
        patronymic=parts.get("name.patronymic", ""),
    )
    text = " ".join(
        filter(None, (parts.get(key, "") for key in ("name.surname", "name.given", "name.patronymic")))
    )
    draft.name_as_given = text[:WHOLE]
    first = next(iter(columns.values()))

    def column_of(word: str) -> int:
        return next((columns[target] for target, cell in parts.items() if word and word in cell), first)

    _take(draft, parsed, first, text, column_of)


def organisation_alone(draft: RowDraft) -> None:
    """A row with an organisation and nobody in it is the organisation itself."""
    draft.kind, draft.name, draft.organisation = "organisation", draft.organisation[:WHOLE], ""
    draft.name_as_given = draft.name


def _take(
    draft: RowDraft, parsed: ParsedName, column: int, text: str, column_of: Callable[[str], int] | None = None
) -> None:
    if parsed.kind == "empty":
        return
    if parsed.kind == "organisation":
        draft.kind, draft.name = "organisation", parsed.organisation[:WHOLE]
    elif parsed.kind != "other":
        draft.surname = parsed.surname[:PART]
        draft.given_name = parsed.given_name[:PART]
        draft.patronymic = parsed.patronymic[:PART]
        draft.name = parsed.full_name[:WHOLE]
        draft.gender = parsed.gender
    if parsed.rest:
        draft.notes.append(parsed.rest)
    if parsed.former_surname:
        draft.notes.append(_("Former surname: %(surname)s") % {"surname": parsed.former_surname})
    for doubt in parsed.doubts:
        if doubt.code in _TOLD:
            draft.problem("name_doubt", column, text, doubt=doubt.code)
    for change in parsed.changes:
        if change.code in _SHOWN_CHANGES:
            place = column_of(change.before) if column_of else column
            draft.problem(
                "name_changed", place, text, change=change.code, before=change.before, after=change.after
            )


def _as_dict(person: ParsedName) -> dict[str, str]:
    return {
        "surname": person.surname[:PART],
        "given_name": person.given_name[:PART],
        "patronymic": person.patronymic[:PART],
        "gender": person.gender,
        "name": person.full_name[:WHOLE],
    }
