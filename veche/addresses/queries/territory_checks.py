"""What is to be looked at in all territories of a kind: houses that several claim, and houses that none has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from veche.addresses.coverage.rules import Rule, described
from veche.addresses.models import Coverage, HouseCover, StreetFinding
from veche.addresses.queries.territories import number_in
from veche.core.refusal import NotFound

SHOWN = 100


@dataclass(frozen=True)
class Kind:
    """A kind of territory that has houses at all, with what is to be looked at in it."""

    key: str
    label: str
    doubles: int
    gaps: int
    missing: int


def kinds() -> list[Kind]:
    """The kinds that are in use, each with its counts."""
    used = Coverage.objects.filter(territory__rules__is_read=True).values_list("kind", flat=True).distinct()
    findings = dict(_counted(StreetFinding.objects.filter(winner=None).values("what", "kind")))
    gaps = dict(_counted(HouseCover.objects.filter(state="gap").values("kind")))
    order = [key for key in Coverage.Kind.values if key in set(used)]
    return [
        Kind(
            key, str(Coverage.Kind(key).label), findings.get(("double", key), 0), gaps.get((key,), 0),
            findings.get(("missing", key), 0),
        )
        for key in order
    ]  # fmt: skip


def _counted(rows: Any) -> list[tuple[tuple, int]]:
    return [
        (tuple(value for name, value in row.items() if name != "n"), row["n"])
        for row in rows.annotate(n=Count("pk")).order_by()
    ]


def kind_asked(key: str, among: list[Kind]) -> Kind | None:
    """The kind that the page shows: the one asked for, else the first; None where no territory has houses."""
    if key and key not in Coverage.Kind.values:
        raise NotFound
    return next((kind for kind in among if kind.key == key), among[0] if among else None)


@dataclass
class Found:
    """A page of findings; `after` goes on."""

    rows: list[Any]
    after: str = ""


def doubles(kind: str, *, settled: bool = False, after: str = "") -> Found:
    """Houses that two territories claim, those with most people first; `settled` by a more exact rule."""
    rows = StreetFinding.objects.filter(what="double", kind=kind, winner__isnull=not settled)
    return _page(rows.select_related("one", "other"), after)


def missing(kind: str, *, after: str = "") -> Found:
    """Numbers inside a street that no territory of the kind has."""
    return _page(StreetFinding.objects.filter(what="missing", kind=kind), after)


def gaps(kind: str, *, after: str = "") -> Found:
    """Houses where people live and that belong to no territory of the kind."""
    return _page(HouseCover.objects.filter(kind=kind, state="gap").select_related("house"), after)


def people_in_gaps(kind: str) -> int:
    return HouseCover.objects.filter(kind=kind, state="gap").aggregate(n=Sum("people"))["n"] or 0


def _page(rows: QuerySet, after: str) -> Found:
    people, _bar, key = after.partition("-")
    most, last = number_in(people), number_in(key)
    if most is not None and last is not None:
        rows = rows.filter(Q(people__lt=most) | Q(people=most, pk__gt=last))
    found = list(rows.order_by("-people", "pk")[: SHOWN + 1])
    if len(found) <= SHOWN:
        return Found(found)
    return Found(found[:SHOWN], f"{found[SHOWN - 1].people}-{found[SHOWN - 1].pk}")


def houses_in_words(finding: StreetFinding) -> str:
    """The houses of a finding in the reader's language."""
    return described(
        Rule(street_key="-", side=finding.side, first=finding.first, last=finding.last, house=finding.house)
    )
