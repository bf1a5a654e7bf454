"""Territories as their pages show them: the tree with its figures, the rules of one, its houses.

Everybody who may look at territories sees those within their reach; who sees the whole base sees all of them. In which
houses people live and how many they are is told of the whole base, so only those who see it are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from veche.accounts.models import Territory
from veche.addresses.coverage.rules import described, houses_written
from veche.addresses.models import (
    Coverage,
    HouseCover,
    StreetFinding,
    StreetToPlace,
    TerritoryRule,
    TerritoryText,
)
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal

VIEW = "addresses.view_territories"  # what rooms above ask, too
MOST_LINES = 300  # a tree as long as this is shown whole
HOUSES_SHOWN = 200
TEXTS_SHOWN = 20


def territories_seen_by(actor: Actor) -> QuerySet[Territory]:
    """The territories within reach of the actor."""
    actor.require("addresses.view_territories")
    seen = Territory.objects.all()
    return seen if actor.sees_all else seen.filter(pk__in=actor.scope("territory"))


def insist_whole_sight(actor: Actor) -> None:
    """Pages that tell of houses everywhere are for who sees the whole base."""
    actor.require(VIEW)
    if not actor.sees_all:
        said = _("Only who sees the whole base may look at the houses of all territories.")
        raise Refusal("forbidden", said, status=403)


def number_in(text: str) -> int | None:
    """A key of a row out of an address; None for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def may_draw(actor: Actor) -> bool:
    """Whether the actor may say which houses a territory has."""
    return actor.may("addresses.draw_territories") and actor.sees_all


@dataclass
class Line:
    """A line of the list: a territory, how deep it lies, and what is in it."""

    territory: Territory
    depth: int
    coverage: Coverage | None
    rules: int = 0
    unread: int = 0
    ties: int = 0
    parts: int = 0

    @property
    def kind(self) -> str:
        return str(Coverage.Kind(self.coverage.kind).label) if self.coverage else ""


@dataclass
class Page:
    """The list: `lines`, or the lines of one whole; `after` goes on, `total` counts all territories."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0
    whole: Territory | None = None
    after: str = ""


def page_of(actor: Actor, *, whole_id: int | None = None, q: str = "", after: str = "") -> Page:
    """The whole tree where it is short; else one storey of it, or what is called `q`, `MOST_LINES` at a time."""
    seen = territories_seen_by(actor)
    total = seen.count()
    page = Page(total=total)
    if whole_id:
        page.whole = seen.filter(pk=whole_id).first() or _missing()
    if total <= MOST_LINES and not q and not whole_id:
        rows = list(seen.order_by("name", "pk"))
        page.lines = _lines(actor, _tree(rows))
        return page
    rows_found = _found(seen, actor, whole_id, q)
    if after:
        name, _bar, key = after.rpartition("|")
        rows_found = rows_found.filter(Q(name__gt=name) | Q(name=name, pk__gt=number_in(key) or 0))
    rows = list(rows_found.order_by("name", "pk")[: MOST_LINES + 1])
    if len(rows) > MOST_LINES:
        rows = rows[:MOST_LINES]
        page.after = f"{rows[-1].name}|{rows[-1].pk}"
    page.lines = _lines(actor, [(0, row) for row in rows])
    return page


def _found(seen: QuerySet[Territory], actor: Actor, whole_id: int | None, q: str) -> QuerySet[Territory]:
    if q := q.strip()[:100]:
        return seen.filter(Q(name__icontains=q) | Q(coverage__number=q))
    if whole_id:
        return seen.filter(parent_id=whole_id)
    return (
        seen.filter(Q(parent=None) | ~Q(parent__in=seen)) if not actor.sees_all else seen.filter(parent=None)
    )


def _tree(rows: Iterable[Territory]) -> list[tuple[int, Territory]]:
    """In reading order with depths; whoever's whole is out of sight stands at the top."""
    rows = list(rows)
    ids = {row.pk for row in rows}
    parts: dict[int | None, list[Territory]] = {}
    for row in rows:
        parts.setdefault(row.parent_id if row.parent_id in ids else None, []).append(row)
    lines: list[tuple[int, Territory]] = []
    waiting = [(0, root) for root in reversed(parts.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        lines.append((depth, row))
        waiting += [(depth + 1, part) for part in reversed(parts.get(row.pk, []))]
    return lines


def _lines(actor: Actor, rows: list[tuple[int, Territory]]) -> list[Line]:
    ids = [row.pk for _depth, row in rows]
    coverages = {pk: _as_seen_by(actor, each) for pk, each in Coverage.objects.in_bulk(ids).items()}
    rules = TerritoryRule.objects.filter(territory__in=ids, replaced_by=None).values("territory")
    counts = {
        each["territory"]: each
        for each in rules.annotate(
            known=Count("pk", filter=Q(is_read=True)),
            unread=Count("pk", filter=Q(is_read=False, is_remark=False)),
        ).order_by()
    }
    ties = dict(
        HouseCover.objects.filter(territory__in=ids if actor.sees_all else [], state="tie").values("territory")
        .annotate(n=Count("pk")).order_by().values_list("territory", "n")
    )  # fmt: skip
    parts = dict(
        Territory.objects.filter(parent__in=ids).values("parent").annotate(n=Count("pk")).order_by()
        .values_list("parent", "n")
    )  # fmt: skip
    return [
        Line(
            row, depth, coverages.get(row.pk), counts.get(row.pk, {}).get("known", 0),
            counts.get(row.pk, {}).get("unread", 0), ties.get(row.pk, 0), parts.get(row.pk, 0),
        )
        for depth, row in rows
    ]  # fmt: skip


def _as_seen_by(actor: Actor, coverage: Coverage) -> Coverage:
    """Without the counts of the whole base for whoever does not see it."""
    if not actor.sees_all:
        coverage.houses = coverage.people = 0
    return coverage


@dataclass
class Street:
    """The rules of a territory for one street, or for a whole town."""

    town: str
    street: str
    rules: list[TerritoryRule]

    @property
    def name(self) -> str:
        return self.street or self.town


@dataclass
class Sheet:
    """The page of one territory. `whole_sight`: whether it tells who lives in its houses, and who else claims them."""

    territory: Territory
    coverage: Coverage
    towns: list[tuple[str, list[Street]]]
    unread: list[TerritoryRule]
    remarks: list[TerritoryRule]
    texts: list[TerritoryText]
    doubles: list[StreetFinding]
    parts: list[Line]
    may_draw: bool
    whole_sight: bool

    @property
    def rules_count(self) -> int:
        return sum(len(street.rules) for _town, streets in self.towns for street in streets)


def territory_seen(actor: Actor, territory_id: int) -> Territory:
    """One territory within reach, or `NotFound`."""
    return territories_seen_by(actor).filter(pk=territory_id).select_related("parent").first() or _missing()


def sheet_of(actor: Actor, territory_id: int) -> Sheet:
    """All that the page of a territory shows."""
    territory = territory_seen(actor, territory_id)
    coverage = Coverage.objects.filter(pk=territory.pk).first()
    rows = list(TerritoryRule.objects.filter(territory=territory, replaced_by=None).order_by("pk"))
    doubles = StreetFinding.objects.filter(what="double").filter(Q(one=territory) | Q(other=territory))
    doubles = doubles if actor.sees_all else doubles.none()
    texts = TerritoryText.objects.filter(territory=territory).select_related("made_by").defer("text")
    parts = list(territories_seen_by(actor).filter(parent=territory).order_by("name")[:MOST_LINES])
    return Sheet(
        territory=territory,
        coverage=_as_seen_by(actor, coverage or Coverage(territory=territory, kind=Coverage.Kind.OTHER)),
        towns=_by_town([row for row in rows if row.is_read]),
        unread=[row for row in rows if not row.is_read and not row.is_remark],
        remarks=[row for row in rows if row.is_remark],
        texts=list(
            texts.annotate(n=Count("rules", filter=Q(rules__is_read=True))).order_by("-pk")[:TEXTS_SHOWN]
        ),
        doubles=list(doubles.select_related("one", "other").order_by("winner", "-people", "pk")[:50]),
        parts=_lines(actor, [(0, part) for part in parts]),
        may_draw=may_draw(actor),
        whole_sight=actor.sees_all,
    )


def _by_town(rows: list[TerritoryRule]) -> list[tuple[str, list[Street]]]:
    towns: dict[str, dict[tuple[str, str], Street]] = {}
    for row in rows:
        streets = towns.setdefault(row.town, {})
        street = streets.setdefault((row.street_key, row.street_kind), Street(row.town, row.street, []))
        street.rules.append(row)
    return [
        (
            town,
            sorted(
                streets.values(), key=lambda street: (street.street != "", street.street.split(" ", 1)[-1])
            ),
        )
        for town, streets in sorted(towns.items())
    ]


@dataclass
class HousesPage:
    """Known houses of a territory, street by street; `after` goes on."""

    rows: list[HouseCover]
    after: str = ""


def houses_of(actor: Actor, territory_id: int, *, after: str = "") -> HousesPage:
    """The houses of a territory where people of the base live, by street and number; for who sees all of it."""
    territory_seen(actor, territory_id)
    insist_whole_sight(actor)
    rows = HouseCover.objects.filter(territory_id=territory_id).exclude(state="gap").select_related("house")
    if after:
        *place, number, key = (["", "", *after.split("|")])[-4:]
        at = {"n": number_in(number) or 0, "k": number_in(key) or 0}
        rows = rows.extra(  # a row comparison, which the ORM has no words for
            where=["(addresses_knownhouse.town_key, addresses_knownhouse.street_key,"
                   " COALESCE(addresses_knownhouse.number, 0), addresses_housecover.id) > (%s, %s, %s, %s)"],
            params=[*place, at["n"], at["k"]],
        )  # fmt: skip
    found = list(
        rows.extra(select={"at": "COALESCE(addresses_knownhouse.number, 0)"}).order_by(
            "house__town_key", "house__street_key", "at", "pk"
        )[: HOUSES_SHOWN + 1]
    )
    if len(found) <= HOUSES_SHOWN:
        return HousesPage(found)
    last = found[HOUSES_SHOWN - 1]
    house = last.house
    return HousesPage(
        found[:HOUSES_SHOWN], f"{house.town_key}|{house.street_key}|{house.number or 0}|{last.pk}"
    )


def rule_seen(actor: Actor, rule_id: int) -> TerritoryRule:
    """A rule that still holds, for its form."""
    actor.require("addresses.draw_territories")
    rows = TerritoryRule.objects.filter(replaced_by=None).select_related("territory")
    return rows.filter(pk=rule_id, territory__in=territories_seen_by(actor)).first() or _missing()


def words_of(rule: TerritoryRule) -> str:
    """A rule as it may be typed again: its own street and houses, or the words that were not understood."""
    if not rule.is_read:
        return rule.written
    houses = houses_written(rule.rule) or "полностью"
    houses = f"кроме {houses}" if rule.excluded else houses
    return f"{rule.street or rule.town}, {houses}"


def is_being_laid_out() -> bool:
    """Whether streets wait to be laid out, so that figures are yet to follow."""
    return StreetToPlace.objects.exists()


def shown(rule: TerritoryRule) -> str:
    """The houses of a rule in the reader's language."""
    return described(rule.rule)


def _missing() -> Any:
    raise NotFound
