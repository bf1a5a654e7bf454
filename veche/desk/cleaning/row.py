"""One row of a spreadsheet, cleaned: its normal forms, what was changed and why, what was not understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from veche.addresses import ParsedAddress, canonical, house_of, street_name_key, street_of, town_key, town_of
from veche.addresses import parse as parse_address
from veche.contacts.phones import format_phone
from veche.dedupe.finding import Evidence, evidence_of, read_evidence
from veche.exchange.mapping import ColumnPlan, Converter, Options, RowDraft, problem_kind, problem_sentence
from veche.exchange.reading import Cell, cell_text
from veche.names import Change, parse_parts, parse_people

PERSON, ORGANISATION = "person", "organisation"
_PARTS = {"name.surname": "surname", "name.given": "given_name", "name.patronymic": "patronymic"}
_ACCOUNTS = {
    "telegram": "t.me/{}",
    "vk": "vk.com/{}",
    "ok": "ok.ru/{}",
    "max": "max: {}",
    "whatsapp": "whatsapp: +{}",
}
_NOT_SEEN = frozenset({"name_changed"})  # told as a change


class Changed(NamedTuple):
    """A value that is written otherwise than it stood: `column` is the place of its column, None where not known."""

    column: int | None
    kind: str
    was: str
    now: str
    why: str


class Cleaned(NamedTuple):
    """`told` has what is known by the keys of `sheets.ADDED`; `outcome` is PERSON, ORGANISATION or the code of why the
    row is about nobody."""

    number: int
    cells: Sequence[Cell]
    told: dict[str, Any]
    changes: list[Changed]
    remarks: list[tuple[str, str]]  # kind, sentence
    outcome: str


class RowCleaner:
    """Cleans the rows of one file; sentences are in the language active now."""

    def __init__(self, plans: Sequence[ColumnPlan], options: Options) -> None:
        self._converter = Converter(plans, options)
        self._order = options.name_order or None
        self._titles = {plan.index: plan.title for plan in plans}
        self._at: dict[str, list[int]] = {}
        for plan in plans:
            self._at.setdefault(plan.target, []).append(plan.index)
            self._at.setdefault(plan.target.partition(".")[0], []).append(plan.index)

    def clean(self, number: int, cells: Sequence[Cell]) -> tuple[Cleaned, Evidence | None]:
        """The row, and what of it tells people apart; None for what is no person."""
        draft = self._converter.convert(number, cells)
        remarks = [self._remark(each) for each in draft.problems if each["code"] not in _NOT_SEEN]
        if draft.rejected:
            return Cleaned(number, cells, {}, [], remarks, draft.rejected), None
        addresses = [found for each in draft.addresses for found in _read_address(each["text"])]
        told = _told(draft, addresses)
        remarks += [("address", sentence) for found in addresses for sentence in _doubts(found)]
        changes = [*self._names(draft, cells), *self._reach(draft, cells)]
        changes += [*self._birthday(told, cells), *self._addresses(draft, cells)]
        is_person = draft.kind != "organisation"
        cleaned = Cleaned(number, cells, told, changes, remarks, PERSON if is_person else ORGANISATION)
        return cleaned, _evidence(draft, addresses, self._former(draft)) if is_person else None

    def _remark(self, problem: dict[str, Any]) -> tuple[str, str]:
        """Kind and sentence; where the sentence does not name what it is about, that stands before it."""
        kind, sentence, value = problem_kind(problem["code"]), _sentence(problem), problem["value"]
        if value and value not in sentence:
            about = {"column": self._titles.get(problem["column"], ""), "value": value, "sentence": sentence}
            sentence = _("%(column)s “%(value)s”: %(sentence)s") % about
        return kind, sentence

    # --- what was changed

    def _names(self, draft: RowDraft, cells: Sequence[Cell]) -> list[Changed]:
        found = []
        for target, attribute in _PARTS.items():
            for at in self._at.get(target, ())[:1]:
                was, now = cell_text(cells[at]), getattr(draft, attribute)
                if was and now and was != now:
                    found.append(Changed(at, "name", was, now, self._why_part(cells, was, now)))
        for at in self._at.get("name.full", ())[:1]:
            was = cell_text(cells[at])
            if was and draft.name and was != draft.name:
                read = parse_people(was, order=self._order)[0]
                found.append(Changed(at, "name", was, draft.name, _why_name(read.changes, was, draft.name)))
        return found

    def _why_part(self, cells: Sequence[Cell], was: str, now: str) -> str:
        told = {
            attribute: cell_text(cells[self._at[target][0]]) if target in self._at else ""
            for target, attribute in _PARTS.items()
        }
        changes = parse_parts(**told).changes
        return _why_name([each for each in changes if each.before and each.before in was], was, now)

    def _former(self, draft: RowDraft) -> tuple[str, ...]:
        if "(" not in draft.name_as_given:
            return ()
        former = parse_people(draft.name_as_given, order=self._order)[0].former_surname
        return (former,) if former else ()

    def _reach(self, draft: RowDraft, cells: Sequence[Cell]) -> list[Changed]:
        found = []
        for point in draft.points:
            kind, was = point["kind"], point["as_given"]
            now = _phone(point) if kind == "phone" else point["value"]
            if kind not in ("phone", "email") or point["validity"] == "invalid" or was == now:
                continue
            why = [
                _sentence(each)
                for each in draft.problems
                if each["value"] == was and each["code"].startswith(f"{kind}.")
            ]
            usual = (
                _("Every phone is written with its country, in one way.")
                if kind == "phone"
                else _("E-mail addresses are written in small letters, without anything around them.")
            )
            found.append(Changed(self._column(kind, was, cells), kind, was, now, " ".join(why) or usual))
        return found

    def _birthday(self, told: dict[str, Any], cells: Sequence[Cell]) -> list[Changed]:
        for at in self._at.get("birthday", ())[:1]:
            was, now = cell_text(cells[at]), told.get("birthday", "")
            shown = f"{now:%d.%m.%Y}" if isinstance(now, dt.date) else now
            if was and shown and was != shown:
                return [
                    Changed(at, "date", was, shown, _("Days are written as day, month and year, by points."))
                ]
        return []

    def _addresses(self, draft: RowDraft, cells: Sequence[Cell]) -> list[Changed]:
        found = []
        for each in draft.addresses:
            for read in _read_address(each["text"]):
                now = canonical(read)
                if not read.is_address or now == read.text:
                    continue
                why = " ".join(one.sentence for one in read.assumptions)
                usual = _("Parts of an address stand in one order and one spelling.")
                at = self._column("address", read.text, cells)
                found.append(Changed(at, "address", read.text, now, why or usual))
        return found

    def _column(self, kind: str, text: str, cells: Sequence[Cell]) -> int | None:
        """Where a piece of text stood: in a column of its kind, else in any."""
        places = [*self._at.get(kind, ()), *range(len(cells))]
        return next((at for at in places if cells[at] is not None and text in cell_text(cells[at])), None)


def _why_name(changes: Sequence[Change], was: str, now: str) -> str:
    if told := " ".join(dict.fromkeys(change.sentence for change in changes)):
        return told
    if " ".join(was.split()) == now:
        return _("Spaces that were too many are gone.")
    if sorted(was.lower().split()) == sorted(now.lower().split()):
        return _("A name stands in one order: surname, given name, patronymic.")
    return _("Names are written in one way, without what does not belong to them.")


def _sentence(problem: dict[str, Any]) -> str:
    return problem_sentence(problem["code"], {**problem["params"], "value": problem["value"]})


# --- what is told


def _told(draft: RowDraft, addresses: list[ParsedAddress]) -> dict[str, Any]:
    working = [point for point in draft.points if point["validity"] != "invalid"]
    told: dict[str, Any] = {
        "surname": draft.surname,
        "given_name": draft.given_name,
        "patronymic": draft.patronymic,
        "gender": draft.gender,
        "organisation": draft.name if draft.kind == "organisation" else draft.organisation,
        "phones": [_phone(point) for point in working if point["kind"] == "phone"],
        "emails": [point["value"] for point in working if point["kind"] == "email"],
        "accounts": ", ".join(
            _ACCOUNTS[point["kind"]].format(point["value"]) for point in working if point["kind"] in _ACCOUNTS
        ),
        "birthday": _day(draft),
        "others": ", ".join(other["name"] for other in draft.others),
    }
    read = [each for each in addresses if each.is_address]
    if read:
        told |= _parts_of(read[0])
        told["more_addresses"] = "; ".join(canonical(each) for each in read[1:])
    return {key: value for key, value in told.items() if value}


def _phone(point: dict[str, str]) -> str:
    number = format_phone(point["value"])
    if not point["extension"]:
        return number
    return _("%(phone)s ext. %(extension)s") % {"phone": number, "extension": point["extension"]}


def _day(draft: RowDraft) -> dt.date | str:
    year, month, day = draft.birth_year, draft.birth_month, draft.birth_day
    if year and month and day:
        return dt.date(year, month, day)
    told = [f"{day:02}" if day else "", f"{month:02}" if month else "", f"{year:04}" if year else ""]
    return ".".join(filter(None, told))


def _parts_of(address: ParsedAddress) -> dict[str, str]:
    return {
        "postcode": address.postcode,
        "region": address.region,
        "district": address.district,
        "town": town_of(address),
        "street": street_of(address),
        "house": address.house,
        "block": address.block,
        "building": address.building,
        "letter": address.letter,
        "entrance": address.entrance,
        "flat": address.flat,
        "address": canonical(address),
    }


@lru_cache(maxsize=4096)
def _read_address(text: str) -> tuple[ParsedAddress, ...]:
    read = parse_address(text)
    return (read, *read.further)


def _doubts(address: ParsedAddress) -> list[str]:
    """What was not understood of an address; what was only assumed is told with the change."""
    return [
        one.sentence for one in address.assumptions if one.code in ("not_an_address", "left_over", "too_long")
    ]


# --- what tells people apart


def _evidence(draft: RowDraft, addresses: list[ParsedAddress], former: tuple[str, ...]) -> Evidence:
    """The same as the raw cells give; nothing is parsed a second time but what could not be used."""
    values: dict[str, list[str]] = {}
    broken = []
    meant = {
        each["value"]: each["params"]["suggestion"]
        for each in draft.problems
        if "suggestion" in each["params"]
    }
    for point in draft.points:
        if point["validity"] != "invalid":
            value = (
                meant.get(point["as_given"], point["value"]) if point["kind"] == "email" else point["value"]
            )
            values.setdefault(point["kind"], []).append(value)
        elif point["kind"] == "phone":
            broken.append(point["as_given"])
    place = next((each for each in addresses if each.is_address), ParsedAddress(""))
    told = evidence_of(
        str(draft.row),
        surname=draft.surname,
        given_name=draft.given_name,
        patronymic=draft.patronymic,
        former=former,
        gender=draft.gender,
        phones=values.get("phone", ()),
        emails=values.get("email", ()),
        socials=[value for kind in ("vk", "telegram", "ok") for value in values.get(kind, ())],
        birthday=(draft.birth_year, draft.birth_month, draft.birth_day),
        town=town_key(place),
        street=street_name_key(place),
        house=house_of(place),
        flat=place.flat,
    )
    if not broken and not draft.notes:
        return told
    read = read_evidence("", phones="; ".join(broken), note="; ".join(draft.notes))
    more = ("lines", "broken", "emails", "socials")
    return told._replace(**{name: _together(getattr(told, name), getattr(read, name)) for name in more})


def _together(one: str, other: str) -> str:
    return "|".join(dict.fromkeys(each for each in (*one.split("|"), *other.split("|")) if each))
