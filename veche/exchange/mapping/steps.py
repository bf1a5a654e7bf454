"""What a cell does to a draft, by the target of its column. Every step keeps what it can't use in a note."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Any

from veche.contacts.dates import YOUNGEST as YOUNGEST_BORN
from veche.contacts.dates import ParsedDate, Reading, read_date
from veche.contacts.registry import ImportTarget
from veche.exchange.captions import known_target, plain_caption
from veche.exchange.reading import Cell, cell_text
from veche.names import parse_people

from . import values
from .draft import RowDraft
from .facts import fact_target
from .naming import name_from_cell
from .plans import ColumnPlan, Options, holds_reach
from .probes import is_address, is_empty_mark
from .reaching import reach_from_cell
from .relative_kinds import RELATIVE_PREFIX, is_place, names_somebody
from .targets import FACT_PREFIX, FIELD_PREFIX, NEW_FIELD

Step = Callable[[RowDraft, Cell], None]
ADDRESS, TEXT, TAG, SHORT = 1000, 5000, 100, 300
YOUNGEST = 14
"""Years: a birthday of somebody younger is rather the date of something else."""
_REACH_PIECE = re.compile(r"\S*@\S+|(?:https?://|\b(?:vk\.com|ok\.ru|t\.me)/)\S+|[+(]?\d[\d\s()+-]{5,}\d")
_DIALLED = re.compile(r"[\d@.]")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")


def step_for(plan: ColumnPlan, options: Options) -> Step:
    """The function that takes a cell of this column into a draft."""
    target = plan.target
    youngest = YOUNGEST_BORN if target == "birthday" else 0
    how = Reading(plan.day_first, date1904=False, youngest=youngest, today=date.today())
    if target.startswith(FACT_PREFIX):
        return partial(_fact, plan, how, fact_target(target) or ImportTarget("", ""))
    if target.startswith(FIELD_PREFIX):
        key = f"new:{plan.index}" if target == NEW_FIELD else target[len(FIELD_PREFIX) :]
        return partial(_own_value, plan, how, key)
    if names_somebody(target):
        base, _dot, code = target.partition(".")
        return partial(_relative if f"{base}." == RELATIVE_PREFIX else _place, code, plan)
    if target in _DATED:
        return partial(_DATED[target], plan, how)
    if target == "name.full":
        return partial(_full_name, plan, options)
    base, _dot, purpose = target.partition(".")
    if base in ("phone", "email", "telegram", "vk", "ok", "max", "whatsapp"):
        return partial(_reach, plan, base, purpose, options.default_city_code)
    return partial(_SIMPLE[target], plan)


def keep_in_note(draft: RowDraft, plan: ColumnPlan, text: str) -> None:
    """A note with the column's caption before the text."""
    title = plan.title or plan.caption
    draft.notes.append(f"{title}: {text}" if title else text)


def reach_in_name(draft: RowDraft, text: str, plan: ColumnPlan, options: Options) -> str:
    """Takes phones, e-mails and links out of a name's cell; what stays is the name."""
    before = len(draft.points)

    def take(found: re.Match[str]) -> str:
        piece = found[0]
        wanted = "phone" if piece[0] in "+(" or piece[0].isdigit() else "email"
        return f" {reach_from_cell(draft, piece, plan.index, wanted, '', options.default_city_code)} "

    rest = _REACH_PIECE.sub(take, text)
    if len(draft.points) > before:
        kind = draft.points[before]["kind"]
        draft.problem(f"moved_to_{kind if kind in ('phone', 'email') else 'account'}", plan.index, text)
    return " ".join(rest.split()).strip(" ,;:+/")


def _full_name(plan: ColumnPlan, options: Options, draft: RowDraft, cell: Cell) -> None:
    text = cell_text(cell)
    if holds_reach(text):
        text = reach_in_name(draft, text, plan, options)
    if text:
        name_from_cell(draft, text, plan.index, options.name_order)


def _reach(plan: ColumnPlan, base: str, purpose: str, city_code: str, draft: RowDraft, cell: Cell) -> None:
    text = cell if type(cell) is str else cell_text(cell)
    if base == "phone" and not _DIALLED.search(text):
        rest = text
    else:
        rest = reach_from_cell(draft, cell, plan.index, base, purpose, city_code)
    if not rest or not any(map(str.isalnum, rest)) or is_empty_mark(rest):
        return
    if not draft.name and text == rest and re.fullmatch(r"[А-ЯЁ][а-яё-]+( [А-ЯЁ][а-яё.-]*){0,2}", text):
        name_from_cell(draft, text, plan.index, None)
        draft.problem("moved_to_name", plan.index, text)
        return
    keep_in_note(draft, plan, rest)
    draft.problem("moved_to_note", plan.index, rest)


def _organisation(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    draft.organisation = cell_text(cell)[:SHORT]


def _address(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    text = cell_text(cell)
    if "<" in text:
        text = _TAGS.sub("", text)
    text = text.strip()
    if not text:
        return
    if text[0].islower() and " " in text and not any(map(str.isdigit, text)) and not is_address(text, text):
        keep_in_note(draft, plan, text)
        draft.problem("moved_to_note", plan.index, text)
        return
    if len(text) > ADDRESS:
        keep_in_note(draft, plan, text)
        draft.problem("cut", plan.index, text)
    if not draft.addresses or all(address["text"] != text for address in draft.addresses):
        draft.addresses.append({"text": text[:ADDRESS], "purpose": _address_purpose(plan.caption)})


@lru_cache(maxsize=512)
def _address_purpose(caption: str) -> str:
    plain = plain_caption(caption)
    if "регистрац" in plain or "прописк" in plain:
        return "registration"
    return "postal" if "почтов" in plain else ""


def _read_date(plan: ColumnPlan, how: Reading, draft: RowDraft, cell: Cell) -> ParsedDate:
    """The parsed date; what of the text is not in it stands in a note, and a problem says so."""
    if type(cell) is str and len(cell) == 5 and cell.isdigit():
        cell = int(cell)  # a day as Excel counts, in a text file
    parsed = read_date(cell, how)
    if parsed.problem is not None:
        text = cell_text(cell)
        draft.found(parsed.problem, plan.index, text)
        if parsed.problem.code in ("not_a_date", "impossible") or not (parsed.year or parsed.month):
            keep_in_note(draft, plan, text)
    return parsed


def _birthday(plan: ColumnPlan, how: Reading, draft: RowDraft, cell: Cell) -> None:
    parsed = _read_date(plan, how, draft, cell)
    draft.birth_year, draft.birth_month, draft.birth_day = parsed.year, parsed.month, parsed.day
    if parsed.year and parsed.year > how.today.year - YOUNGEST:
        draft.problem("birthday_young", plan.index, cell_text(cell))


def _whole_date(plan: ColumnPlan, how: Reading, draft: RowDraft, cell: Cell) -> str:
    parsed = _read_date(plan, how, draft, cell)
    if parsed.year and parsed.month and parsed.day:
        return f"{parsed.year:04}-{parsed.month:02}-{parsed.day:02}"
    if parsed.problem is None:
        draft.problem("date_partial", plan.index, cell_text(cell))
        keep_in_note(draft, plan, cell_text(cell))
    return ""


def _origin_date(plan: ColumnPlan, how: Reading, draft: RowDraft, cell: Cell) -> None:
    draft.origin_date = _whole_date(plan, how, draft, cell)


_DATED = {"birthday": _birthday, "origin.date": _origin_date}


def _gender(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    gender = values.read_gender(cell)
    if gender:
        draft.gender = gender
    else:
        draft.problem("gender_unknown", plan.index, cell_text(cell))
        keep_in_note(draft, plan, cell_text(cell))


def _note(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    known = known_target(plan.caption)
    if known and known[0] == "note":
        draft.notes.append(cell_text(cell))
    else:
        keep_in_note(draft, plan, cell_text(cell))


def _relative(code: str, plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    """Whom the cell names, one or several. The cell stays as a note: whether they are found is seen after the load."""
    text = cell_text(cell)
    keep_in_note(draft, plan, text)
    for person in parse_people(text):
        if person.kind == "person" and person.given_name:
            parts = (person.surname[:TAG], person.given_name[:TAG], person.patronymic[:TAG])
            said = dict(zip(("surname", "given_name", "patronymic"), parts, strict=True))
            draft.relatives.append({"code": code, **said})
    if code == "bringer" and not draft.origin_collector:
        draft.origin_collector = text[:200]


def _place(code: str, plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    """The organisation that the cell names, as it is written. The cell stays as a note, too."""
    text = " ".join(cell_text(cell).split())
    keep_in_note(draft, plan, text)
    if is_place(text) and len(text) <= SHORT:
        draft.relatives.append({"code": code, "organisation": text})


def _text_into(attribute: str, most: int) -> Callable[[ColumnPlan, RowDraft, Cell], None]:
    def step(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
        text = " ".join(cell_text(cell).split())
        setattr(draft, attribute, text[:most])
        if len(text) > most:
            draft.problem("cut", plan.index, text)
            keep_in_note(draft, plan, text)

    return step


def _words_into(attribute: str) -> Callable[[ColumnPlan, RowDraft, Cell], None]:
    def step(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
        words = getattr(draft, attribute)
        words += [word for word in values.split_words(cell) if word not in words]

    return step


_SIMPLE: dict[str, Callable[[ColumnPlan, RowDraft, Cell], None]] = {
    "organisation.name": _organisation,
    "address": _address,
    "gender": _gender,
    "external_id": _text_into("external_id", 200),
    "status": _text_into("status", TAG),
    "responsible": _text_into("responsible", SHORT),
    "tags": _words_into("tags"),
    "role": _words_into("roles"),
    "campaign": _words_into("campaigns"),
    "origin.channel": _text_into("origin_words", SHORT),
    "origin.collector": _text_into("origin_collector", 200),
    "note": _note,
}


def _own_value(plan: ColumnPlan, how: Reading, key: str, draft: RowDraft, cell: Cell) -> None:
    value = _typed(plan, plan.field_type or "text", how, draft, cell)
    if value not in (None, "", []):
        draft.own[key] = value


def _fact(plan: ColumnPlan, how: Reading, target: ImportTarget, draft: RowDraft, cell: Cell) -> None:
    """A value of an importable kind, read as an own field's; a choice is one of the target's."""
    value = _typed(plan, target.type, how, draft, cell)
    if target.choices and value not in (None, "", []):
        words = value if isinstance(value, list) else [value]
        known = [stored for word in words for stored in _choice(target, word)]
        if len(known) < len(words):
            draft.problem("choice_unknown", plan.index, cell_text(cell))
            keep_in_note(draft, plan, cell_text(cell))
        value = known if isinstance(value, list) else next(iter(known), None)
    if value not in (None, "", []):
        draft.facts[target.key] = value


def _choice(target: ImportTarget, word: str) -> list[str]:
    """The stored value of the choice that is called so, if any."""
    plain = plain_caption(word)
    return [stored for stored, label in target.choices if plain in map(plain_caption, (stored, str(label)))][
        :1
    ]


def _typed(plan: ColumnPlan, kind: str, how: Reading, draft: RowDraft, cell: Cell) -> Any:
    """The value of a cell by the type of its field; what has another type goes to a note."""
    text = cell_text(cell)
    value: Any
    if kind == "date":
        value = _whole_date(plan, how, draft, cell)
    elif kind in _READERS:
        value = _READERS[kind](cell)
        if value is None and not is_empty_mark(text):
            draft.problem(f"{kind}_unknown", plan.index, text)
            keep_in_note(draft, plan, text)
    elif kind == "many_choices":
        value = values.split_words(cell)
    else:
        value = text[: TAG if kind == "choice" else TEXT]
        if len(value) < len(text):
            draft.problem("cut", plan.index, text)
            keep_in_note(draft, plan, text)
    return value


_READERS: dict[str, Callable[[Cell], Any]] = {
    "number": values.read_number,
    "money": values.read_money,
    "yes_no": values.read_yes_no,
}
