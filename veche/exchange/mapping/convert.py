"""A row of a file → a draft of a contact. Pure: no base, no network; a row costs about a quarter of a millisecond.

Nothing is lost: what does not fit its column goes to where it fits, else into a note that names the column.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from typing import Any

from veche.contacts.dates import parse_date
from veche.exchange.captions import known_target, plain_caption
from veche.exchange.reading import Cell, RowSorter, Source, cell_text
from veche.names import guess_order, parse_people

from . import values
from .draft import REJECT, RowDraft
from .guess import NAME_PARTS, ColumnGuess
from .naming import name_from_cell, name_from_parts, organisation_alone
from .probes import is_address, is_empty_mark
from .reaching import reach_from_cell
from .targets import FIELD_PREFIX, NEW_FIELD, SKIP

ADDRESS, TEXT, TAG, SHORT = 1000, 5000, 100, 300
YOUNGEST = 14
"""Years: a birthday of somebody younger is rather the date of something else."""


@dataclass(frozen=True)
class ColumnPlan:
    """What a column becomes. `field_type` is needed for own fields; `day_first` False where the column writes 2/28/1970."""

    index: int
    target: str
    caption: str = ""
    title: str = ""
    field_type: str = ""
    day_first: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """What is true of the whole file: the city code of short phone numbers; which way dates are written (None: as found in
    each column); the order of full names, `surname_first`, `given_first` or '' to decide row by row."""

    default_city_code: str = ""
    day_first: bool | None = None
    name_order: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plan_columns(source: Source, guesses: Iterable[ColumnGuess]) -> list[ColumnPlan]:
    """The guesses as a plan, with the order of day and month found for each column of dates."""
    guesses = {guess.index: guess for guess in guesses}
    plans = []
    for column in source.columns:
        guess = guesses.get(column.index)
        target = guess.target if guess else SKIP
        plans.append(ColumnPlan(column.index, target, column.caption, column.title, guess.field_type if guess else ""))
    return find_date_order(source, plans)


_DAY_MONTH = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}")


def find_date_order(source: Source, plans: Sequence[ColumnPlan], sample: int = 2000) -> list[ColumnPlan]:
    """The plans with `day_first` set False for columns where second numbers go over 12 and first ones never do."""
    dated = [plan.index for plan in plans if plan.target in ("birthday", "origin.date") or plan.field_type == "date"]
    first, second = dict.fromkeys(dated, 0), dict.fromkeys(dated, 0)
    for seen, (_number, cells) in enumerate(source.rows()):
        if not dated or seen >= sample:
            break
        for index in dated:
            cell = cells[index]
            if type(cell) is str and (found := _DAY_MONTH.match(cell)):
                first[index] = max(first[index], int(found[1]))
                second[index] = max(second[index], int(found[2]))
    return [
        replace(plan, day_first=not (second.get(plan.index, 0) > 12 >= first.get(plan.index, 0)))
        for plan in plans
    ]


def find_options(source: Source, plans: Sequence[ColumnPlan], sample: int = 500) -> Options:
    """The options for a file: which order its full names follow, by its first rows.

    Where few names are known («Дарт Вейдер»), each different cell votes with the confidence it was read with.
    """
    column = next((plan.index for plan in plans if plan.target == "name.full"), None)
    if column is None:
        return Options()
    rows = (cells[column] for _seen, (_number, cells) in zip(range(sample), source.rows(), strict=False))
    names = list(dict.fromkeys(cell for cell in rows if isinstance(cell, str) and not _holds_reach(cell)))
    order = guess_order(names)
    if order is None:
        votes = {"surname_first": 0.0, "given_first": 0.0}
        for person in (parse_people(name)[0] for name in names):
            if person.order:
                votes[person.order] += person.confidence
        winner = max(votes, key=lambda key: votes[key])
        order = winner if votes[winner] > 0.7 * sum(votes.values()) else None
    return Options(name_order=order or "")


class Converter:
    """Turns rows into drafts by a plan. Make one per file and process; it keeps no state between rows."""

    def __init__(self, plans: Sequence[ColumnPlan], options: Options | None = None, sorter: RowSorter | None = None) -> None:
        self.options = options or Options()
        self.sorter = sorter or RowSorter([plan.caption for plan in plans])
        if self.options.day_first is not None:
            plans = [replace(plan, day_first=self.options.day_first) for plan in plans]
        self.parts = [plan for plan in plans if plan.target in NAME_PARTS]
        self.address_parts = [plan for plan in plans if plan.target == "address.part"]
        handled = [plan for plan in plans if plan.target != SKIP and plan not in self.parts + self.address_parts]
        handled.sort(key=lambda plan: _ORDER.get(plan.target, 5))
        self.steps: list[tuple[int, Callable[[RowDraft, Cell], None], bool]] = [
            (plan.index, self._step(plan), plan.field_type in ("yes_no", "choice", "number", "money")) for plan in handled
        ]

    @classmethod
    def from_json(cls, mapping: Iterable[Mapping[str, Any]], options: Mapping[str, Any]) -> "Converter":
        """The converter that a stored mapping (a dict for each ColumnPlan) and stored options describe; other keys are
        passed over, `label` stands for a missing caption."""
        known = {field.name for field in fields(ColumnPlan)}
        plans = [
            ColumnPlan(**{"caption": column.get("label", ""), **{key: column[key] for key in known & column.keys()}})
            for column in mapping
        ]
        kept = {field.name: options[field.name] for field in fields(Options) if field.name in options}
        return cls(plans, Options(**kept))

    def convert(self, row: int, cells: Sequence[Cell]) -> RowDraft:
        """The draft of one row; a row that is no person carries a problem of severity `reject`."""
        draft = RowDraft(row)
        kind = self.sorter.kind(cells)
        if kind != "data":
            draft.problem("total_row" if kind == "total" else "repeated_header", severity=REJECT)
            return draft
        if self.parts:
            self._name_parts(draft, cells)
        for index, step, keeps_marks in self.steps:
            cell = cells[index]
            if cell is None or (not keeps_marks and type(cell) is str and is_empty_mark(cell)):
                continue
            step(draft, cell)
        if self.address_parts:
            self._address_parts(draft, cells)
        if draft.organisation and not draft.name:
            organisation_alone(draft)
        if not (draft.name or draft.points or draft.addresses):
            draft.problem("nothing_identifies", severity=REJECT)
        return draft

    def _step(self, plan: ColumnPlan) -> Callable[[RowDraft, Cell], None]:
        target = plan.target
        if target.startswith(FIELD_PREFIX):
            key = f"new:{plan.index}" if target == NEW_FIELD else target[len(FIELD_PREFIX) :]
            return partial(_own_value, plan, key)
        if target == "name.full":
            return partial(_full_name, plan, self.options)
        base, _dot, purpose = target.partition(".")
        if base in ("phone", "email", "telegram", "vk", "ok", "max", "whatsapp"):
            return partial(_reach, plan, base, purpose, self.options.default_city_code)
        return partial(_SIMPLE[target], plan)

    def _name_parts(self, draft: RowDraft, cells: Sequence[Cell]) -> None:
        parts = {}
        for plan in self.parts:
            text = cell_text(cells[plan.index])
            if not text or is_empty_mark(text):
                continue
            if _holds_reach(text):
                text = _reach_in_name(draft, text, plan, self.options)
            parts[plan.target] = text
        if any(parts.values()):
            name_from_parts(draft, parts, self.parts[0].index)

    def _address_parts(self, draft: RowDraft, cells: Sequence[Cell]) -> None:
        texts = []
        for plan in self.address_parts:
            text = cell_text(cells[plan.index])
            if text and not is_empty_mark(text):
                texts.append(_ADDRESS_WORDS.get(plain_caption(plan.caption), "{}").format(text) if len(text) < 8 else text)
        if texts:
            draft.addresses.append({"text": ", ".join(texts)[:ADDRESS], "purpose": ""})


_ORDER = {"name.full": 0, "organisation.name": 1}
_ADDRESS_WORDS = {
    "дом": "д. {}", "корпус": "к. {}", "строение": "стр. {}", "квартира": "кв. {}", "кв": "кв. {}",
    "house": "д. {}", "flat": "кв. {}", "apartment": "кв. {}",
}  # fmt: skip
_REACH_IN_NAME = re.compile(r"@|\d[\d\s()+-]{5,}\d|://|\bvk\.com")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")


def keep_in_note(draft: RowDraft, plan: ColumnPlan, text: str) -> None:
    """A note with the column's caption before the text."""
    title = plan.title or plan.caption
    draft.notes.append(f"{title}: {text}" if title else text)


def _holds_reach(text: str) -> bool:
    return bool(_REACH_IN_NAME.search(text))


def _reach_in_name(draft: RowDraft, text: str, plan: ColumnPlan, options: Options) -> str:
    """Takes phones and e-mails out of a name's cell; what stays is the name."""
    before = len(draft.points)
    found = _REACH_IN_NAME.search(text)
    head = text[: found.start()] if found and found[0][0].isdigit() else ""
    tail = text[len(head) :].lstrip("+ ")
    words = text.split() if not head else [head, tail]
    kept = []
    for word in words:
        if word is head or not _holds_reach(word):
            kept.append(word)
        else:
            kept.append(reach_from_cell(draft, word, plan.index, "email" if "@" in word else "phone", "", options.default_city_code))
    if len(draft.points) > before:
        code = "moved_to_phone" if draft.points[before]["kind"] == "phone" else "moved_to_email"
        draft.problem(code, plan.index, text)
    return " ".join(filter(None, kept)).strip(" ,;+")


def _full_name(plan: ColumnPlan, options: Options, draft: RowDraft, cell: Cell) -> None:
    text = cell_text(cell)
    if _holds_reach(text):
        text = _reach_in_name(draft, text, plan, options)
    if text:
        name_from_cell(draft, text, plan.index, options.name_order)


def _reach(plan: ColumnPlan, base: str, purpose: str, city_code: str, draft: RowDraft, cell: Cell) -> None:
    text = cell_text(cell)
    if base == "phone" and type(cell) is str and not any(map(str.isdigit, text)) and "@" not in text and "." not in text:
        rest = text
    else:
        rest = reach_from_cell(draft, cell, plan.index, base, purpose, city_code)
    if not rest or is_empty_mark(rest):
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
    text = _TAGS.sub("", cell_text(cell)).strip()
    if not text:
        return
    if text[0].islower() and " " in text and not any(map(str.isdigit, text)) and not is_address(text, text):
        keep_in_note(draft, plan, text)
        draft.problem("moved_to_note", plan.index, text)
        return
    if len(text) > ADDRESS:
        keep_in_note(draft, plan, text)
        draft.problem("cut", plan.index, text)
    if not any(address["text"] == text for address in draft.addresses):
        draft.addresses.append({"text": text[:ADDRESS], "purpose": _address_purpose(plan.caption)})


def _address_purpose(caption: str) -> str:
    plain = plain_caption(caption)
    if "регистрац" in plain or "прописк" in plain:
        return "registration"
    return "postal" if "почтов" in plain else ""


def _read_date(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> Any:
    """The parsed date; what of the text is not in it stands in a note, and a problem says so."""
    if type(cell) is str and len(cell) == 5 and cell.isdigit():
        cell = int(cell)  # a day as Excel counts, in a text file
    parsed = parse_date(cell, day_first=plan.day_first)
    if parsed.problem is not None:
        text = cell_text(cell)
        draft.found(parsed.problem, plan.index, text)
        if parsed.problem.code in ("not_a_date", "impossible") or not (parsed.year or parsed.month):
            keep_in_note(draft, plan, text)
    return parsed


def _birthday(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    parsed = _read_date(plan, draft, cell)
    draft.birth_year, draft.birth_month, draft.birth_day = parsed.year, parsed.month, parsed.day
    if parsed.year and parsed.year > date.today().year - YOUNGEST:
        draft.problem("birthday_young", plan.index, cell_text(cell))


def _whole_date(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> str:
    parsed = _read_date(plan, draft, cell)
    if parsed.year and parsed.month and parsed.day:
        return f"{parsed.year:04}-{parsed.month:02}-{parsed.day:02}"
    if parsed.problem is None:
        draft.problem("date_partial", plan.index, cell_text(cell))
        keep_in_note(draft, plan, cell_text(cell))
    return ""


def _origin_date(plan: ColumnPlan, draft: RowDraft, cell: Cell) -> None:
    draft.origin_date = _whole_date(plan, draft, cell)


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
    "birthday": _birthday,
    "gender": _gender,
    "external_id": _text_into("external_id", 200),
    "status": _text_into("status", TAG),
    "responsible": _text_into("responsible", SHORT),
    "tags": _words_into("tags"),
    "role": _words_into("roles"),
    "campaign": _words_into("campaigns"),
    "origin.channel": _text_into("origin_words", SHORT),
    "origin.collector": _text_into("origin_collector", 200),
    "origin.date": _origin_date,
    "note": _note,
}


def _own_value(plan: ColumnPlan, key: str, draft: RowDraft, cell: Cell) -> None:
    """A value of an own field by its type; what has another type goes to a note."""
    kind = plan.field_type or "text"
    text = cell_text(cell)
    value: Any
    if kind == "date":
        value = _whole_date(plan, draft, cell)
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
    if value not in (None, "", []):
        draft.own[key] = value


_READERS: dict[str, Callable[[Cell], Any]] = {
    "number": values.read_number,
    "money": values.read_money,
    "yes_no": values.read_yes_no,
}
