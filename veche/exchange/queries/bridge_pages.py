"""What the pages of the bridge show. A download and a return are their owner's, and of who manages everybody's work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from veche.campaigns.queries import running_for
from veche.contacts.queries.choices import tags_for
from veche.contacts.queries.own import own_fields
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound
from veche.exchange.bridge.columns import BridgeColumn, offered
from veche.exchange.bridge.judging import patch, result
from veche.exchange.bridge.problems import refusal_of, sentence_of, words_of
from veche.exchange.bridge.resolving import Resolver
from veche.exchange.bridge.texts import texts
from veche.exchange.bridge.values import Shown
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeRow, BridgeSheet

PAGE = 40
ANYBODYS = "accounts.manage"
OF_CELLS = ("conflict", "change", "refused")
OF_ROWS = {"added": ("added", "copied"), "gone": ("gone",), "rows": ("refused",)}


def sheets_for(actor: Actor) -> QuerySet[BridgeSheet]:
    """Downloads, the latest first."""
    return _mine(actor, BridgeSheet.objects, "exchange.export").order_by("-made_at", "-pk")


def returns_for(actor: Actor) -> QuerySet[BridgeReturn]:
    """What came back, the latest first."""
    return _mine(actor, BridgeReturn.objects.select_related("sheet"), "exchange.import").order_by(
        "-made_at", "-pk"
    )


def get_sheet(actor: Actor, sheet_id: int) -> BridgeSheet:
    """One download, else `NotFound`."""
    return _one(sheets_for(actor), sheet_id)


def get_return(actor: Actor, return_id: int) -> BridgeReturn:
    """One return, else `NotFound`."""
    return _one(returns_for(actor), return_id)


def job_of(thing: BridgeSheet | BridgeReturn) -> Job | None:
    return Job.objects.filter(pk=thing.job_id).first() if thing.job_id else None


def _mine(actor: Actor, rows: Any, permission: str) -> Any:
    if not actor.may(permission):
        return rows.none()
    return rows.all() if actor.may(ANYBODYS) else rows.filter(made_by=actor.user_id)


def _one(rows: QuerySet[Any], key: int) -> Any:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Piece:
    """A value of a cell as the difference shows it: `state` is keep, add or take."""

    text: str
    state: str


@dataclass(frozen=True)
class Line:
    """One cell that differs, ready to be drawn."""

    cell: BridgeCell
    caption: str
    is_many: bool
    pieces: list[Piece]
    was: str
    yours: str
    now: str
    result: str
    problem: str = ""

    @property
    def is_open(self) -> bool:
        return not self.cell.outcome and self.cell.kind != BridgeCell.Kind.REFUSED


@dataclass
class Person:
    row: int
    id: int
    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def open_lines(self) -> int:
        return sum(line.is_open for line in self.lines)


@dataclass(frozen=True)
class Whole:
    """A new, missing or refused row."""

    row: BridgeRow
    name: str
    cells: list[tuple[str, str]]
    problem: str


@dataclass(frozen=True)
class Differences:
    """One page of the differences; `after` leads to the next one."""

    people: list[Person]
    rows: list[Whole]
    after: int | None


@dataclass(frozen=True)
class Asked:
    """What the page's address asks for."""

    show: str = ""
    code: str = ""
    after: int = 0


def asked_of(query: Mapping[str, str]) -> Asked:
    show = query.get("show", "")
    after = query.get("after", "")
    return Asked(
        show if show in (*OF_CELLS, *OF_ROWS) else "",
        query.get("code", "")[:60],
        int(after) if after.isdecimal() and len(after) < 10 else 0,
    )


def page_of(actor: Actor, returned: BridgeReturn, asked: Asked) -> Differences:
    """The differences that are asked for, person by person in the order of the file."""
    if asked.show in OF_ROWS:
        kinds = OF_ROWS[asked.show]
        found = BridgeRow.objects.filter(batch=returned, kind__in=kinds, row__gt=asked.after).order_by(
            "row", "pk"
        )
        rows = list(found[: PAGE + 1])
        more = rows[PAGE - 1].row if len(rows) > PAGE else None
        return Differences([], _wholes(actor, returned, rows[:PAGE]), more)
    cells = BridgeCell.objects.filter(batch=returned, row__gt=asked.after)
    if asked.show:
        cells = cells.filter(kind=asked.show)
    if asked.code:
        cells = cells.filter(code=asked.code)
    numbers = list(cells.order_by("row").values_list("row", flat=True).distinct()[: PAGE + 1])
    more = numbers[PAGE - 1] if len(numbers) > PAGE else None
    return Differences(people_of(actor, returned, cells.filter(row__in=numbers[:PAGE])), [], more)


def people_of(actor: Actor, returned: BridgeReturn, cells: Iterable[BridgeCell]) -> list[Person]:
    """The cells by person, in the order of the file and of its columns; names only of whom the actor may see."""
    columns = {column.code: column for column in offered(own_fields())}
    places = {code: place for place, code in enumerate(columns)}
    found = sorted(cells, key=lambda cell: (cell.row, places.get(cell.code, 0), cell.pk))
    names = dict(
        contacts_for(actor).filter(pk__in={cell.contact_id for cell in found}).values_list("pk", "name")
    )
    why = _problems(actor, [cell for cell in found if cell.problem and cell.contact_id in names], columns)
    people: dict[int, Person] = {}
    for cell in found:
        if cell.contact_id not in names:
            continue
        person = people.setdefault(
            cell.row, Person(cell.row, cell.contact_id, names[cell.contact_id] or f"№ {cell.contact_id}")
        )
        person.lines.append(_line(cell, columns.get(cell.code), returned, why.get(cell.pk, "")))
    return list(people.values())


def _problems(actor: Actor, cells: list[BridgeCell], columns: Mapping[str, BridgeColumn]) -> dict[int, str]:
    """Why cells cannot be taken, in the reader's language: a job may have found it out in another one."""
    told = {cell.pk: sentence_of(cell.problem) for cell in cells}
    typed = [cell for cell in cells if not cell.problem.startswith("#") and cell.code in columns]
    if typed:
        resolver = Resolver(actor)
        used = [columns[code] for code in {cell.code for cell in typed}]
        said = texts(actor, {cell.contact_id for cell in typed}, used)
        for cell in typed:
            refusal = refusal_of(resolver, columns[cell.code], cell.was, cell.yours, said[cell.contact_id])
            told[cell.pk] = words_of(refusal) if refusal else told[cell.pk]
    return told


def person_of(actor: Actor, returned: BridgeReturn, row: int) -> Person:
    """All that differs at one person."""
    found = people_of(actor, returned, BridgeCell.objects.filter(batch=returned, row=row))
    if not found:
        raise NotFound
    return found[0]


def _line(cell: BridgeCell, column: BridgeColumn | None, returned: BridgeReturn, problem: str) -> Line:
    caption = returned.notes.get("captions", {}).get(cell.code) or (column.caption if column else cell.code)
    many = isinstance(cell.yours, list)
    pieces, after = [], cell.yours
    if many and column:
        due = patch(column, cell.was, cell.yours, cell.now)
        gone = set(due.take)
        pieces = [Piece(each, "take" if each in gone else "keep") for each in cell.now]
        pieces += [Piece(each, "add") for each in due.add]
        after = result(column, cell.was, cell.yours, cell.now)
    return Line(
        cell,
        caption,
        many,
        pieces,
        _words(cell.was),
        _words(cell.yours),
        _words(cell.now),
        _words(after),
        problem,
    )


def _words(shown: Shown | None) -> str:
    return ", ".join(shown) if isinstance(shown, list) else shown or ""


def _wholes(actor: Actor, returned: BridgeReturn, rows: Sequence[BridgeRow]) -> list[Whole]:
    captions = returned.notes.get("captions", {})
    ids = {row.contact_id for row in rows if row.contact_id}
    names = dict(contacts_for(actor).filter(pk__in=ids).values_list("pk", "name"))
    found = []
    for row in rows:
        cells = [(captions.get(code, code), _words(shown)) for code, shown in row.cells]
        parts = dict(row.cells)
        name = " ".join(
            str(parts[code]) for code in ("surname", "given_name", "patronymic", "name") if parts.get(code)
        )
        found.append(Whole(row, names.get(row.contact_id, "") or name, cells, sentence_of(row.problem)))
    return found


def standing(returned: BridgeReturn) -> dict[str, Any]:
    """The numbers beside the page: what is accepted, what waits for a decision, by kind and by column.

    Of a column `all` cells differ, `left` of them are not written yet; conflicts count until they are decided.
    """
    waiting: dict[str, int] = defaultdict(int)
    by_code: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    cells = BridgeCell.objects.filter(batch=returned)
    for each in cells.values("code", "kind", "decision", "outcome").annotate(n=Count("pk")).order_by():
        kind, n = each["kind"], each["n"]
        waiting[kind] += n
        if each["outcome"]:
            waiting[f"is_{each['outcome']}"] += n
        elif kind != BridgeCell.Kind.REFUSED:
            waiting[each["decision"] or "open"] += n
            by_code[each["code"]]["left"] += n
            if kind == BridgeCell.Kind.CONFLICT:
                waiting["waiting_conflict"] += n
                if not each["decision"]:
                    waiting["open_conflict"] += n
                    by_code[each["code"]]["open_conflict"] += n
        by_code[each["code"]][kind] += n
        by_code[each["code"]]["all"] += n
        by_code[each["code"]][each["outcome"] or each["decision"] or "open"] += n
    for each in (
        BridgeRow.objects.filter(batch=returned)
        .values("kind", "decision", "outcome")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        name = {"copied": "added", "refused": "rows"}.get(each["kind"], each["kind"])
        waiting[name] += each["n"]
        if name == "added" and each["decision"] == BridgeCell.Decision.ACCEPT and not each["outcome"]:
            waiting["new"] += each["n"]
        if name == "gone" and not each["outcome"]:
            waiting["open_gone"] += each["n"]
    captions = returned.notes.get("captions", {})
    columns = [
        {"code": code, "caption": captions.get(code, code), "left": 0, **numbers}
        for code, numbers in by_code.items()
    ]
    columns.sort(key=lambda each: -each["all"])
    return {
        "numbers": dict(waiting),
        "is_settled": returned.state == BridgeReturn.State.APPLIED
        and not (waiting["accept"] or waiting["open"] or waiting["new"]),
        "columns": columns,
        "to_write": waiting["accept"]
        + waiting["new"]
        + (waiting["open_gone"] if returned.gone != "nothing" else 0),
    }


def gone_choices(actor: Actor) -> dict[str, Any]:
    """Campaigns and tags that people whose row is missing may be taken out of."""
    return {"campaigns": running_for(actor).order_by("name"), "tags": tags_for(actor).order_by("name")}
