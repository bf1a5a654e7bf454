"""What is wrong in the base, for its pages: counts by finding, people with a finding, phones that many share.

Everything is within the viewer's reach, and whoever may not inspect gets nothing. Counts of the whole base are kept;
who sees a part of it has that part counted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.inspecting import FINDINGS, GROUPS, FindingKind, Fix, Found, inspect
from veche.contacts.inspecting.kinds import INSPECT
from veche.contacts.models import Figure, Finding, FindingDismissal, Gender
from veche.contacts.queries.facts import read_facts
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for, get_contact, visible_sql
from veche.contacts.queries.shared_marks import told_sql
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound
from veche.ui import formats

TALLY = "contacts.findings"
JOB = "contacts.inspect_base"
SHARED = "phone_shared"
PAGE = 50
COUNTED_ALONG = 10_000  # people of one finding; more are counted by the worker alone


@dataclass(frozen=True)
class Line:
    """A finding with the number of people who have it, and of them those for whom a sure fix is known."""

    kind: FindingKind
    people: int = 0
    fixable: int = 0


@dataclass(frozen=True)
class Overview:
    """`full_at` is when the whole base was last looked through; None when never."""

    groups: list[tuple[Any, list[Line]]]
    counted_at: dt.datetime
    full_at: dt.datetime | None
    job: Job | None
    waiting: bool

    @property
    def total(self) -> int:
        return sum(line.people for _title, lines in self.groups for line in lines)


@dataclass(frozen=True)
class Row:
    """A finding about somebody, ready to be shown: masked already where it must be. `id` is the finding's."""

    id: int
    contact_id: int
    kind: FindingKind
    name: str
    before: str
    after: str
    has_fix: bool
    said_by: str = ""
    said_at: dt.datetime | None = None
    for_all: bool = False


@dataclass(frozen=True)
class Shared:
    """A phone that `people` have. `likely` is what it may be, in words; `id` is one of its findings."""

    id: int
    phone: str
    people: int
    names: list[tuple[int, str]]
    likely: str
    search: str


@dataclass(frozen=True)
class Page:
    """`after` is the key of the next page."""

    rows: list[Any] = field(default_factory=list)
    after: str = ""


def finding_kind(actor: Actor, key: str) -> FindingKind:
    """The finding with this key; `NotFound` for another one, 403 for who may not inspect."""
    actor.require(INSPECT)
    if key not in FINDINGS:
        raise NotFound
    return FINDINGS[key]


def overview(actor: Actor) -> Overview:
    """How many people have which finding, of those whom the actor sees."""
    actor.require(INSPECT)
    kept = Figure.objects.filter(name=TALLY).first()
    if actor.sees_all and kept:
        counts, counted_at = kept.value.get("counts", {}), kept.counted_at
    else:
        counts, counted_at = _counts(actor), timezone.now()
    groups = [
        (
            title,
            [Line(kind, *counts.get(kind.key, (0, 0))) for kind in FINDINGS.values() if kind.group == group],
        )
        for group, title in GROUPS.items()
    ]
    full_at = kept.value.get("full_at") if kept else None
    return Overview(
        groups=groups,
        counted_at=counted_at,
        full_at=dt.datetime.fromisoformat(full_at) if full_at else None,
        job=Job.objects.filter(kind=JOB, state__in=[Job.State.QUEUED, Job.State.RUNNING]).first(),
        waiting=_is_anybody_waiting(),
    )


def line_of(actor: Actor, kind: FindingKind) -> Line:
    """One finding with its counts: as they are now, but kept ones where there are so many that nobody counts along."""
    kept = Figure.objects.filter(name=TALLY).first() if actor.sees_all else None
    counts = kept.value.get("counts", {}).get(kind.key) if kept else None
    if counts and counts[0] > COUNTED_ALONG:
        return Line(kind, *counts)
    return Line(kind, *_counts(actor, kind.key).get(kind.key, (0, 0)))


def dismissed_count(actor: Actor, kind: FindingKind) -> int:
    """How many findings somebody has said to be right, of people whom the actor sees."""
    visible, params = _heard(actor)
    query = f"""
        SELECT count(*) FROM contacts_finding AS finding
        JOIN contacts_contact AS contact ON contact.id = finding.contact_id
        WHERE finding.key = %s AND finding.dismissed AND {visible}
    """
    return _fetch(query, [kind.key, *params])[0][0]


def rows_of(actor: Actor, kind: FindingKind, *, after: str = "", dismissed: bool = False) -> Page:
    """A page of people with this finding (or of whom it was said to be right), in the order of their numbers."""
    visible, params = _heard(actor)
    contact_id, finding_id = _key(after)
    found = _fetch(
        f"""
        SELECT finding.id, finding.contact_id, finding.mark, finding.point FROM contacts_finding AS finding
        JOIN contacts_contact AS contact ON contact.id = finding.contact_id
        WHERE finding.key = %s AND {"" if dismissed else "NOT"} finding.dismissed AND {visible}
          AND (finding.contact_id, finding.id) > (%s, %s)
        ORDER BY finding.contact_id, finding.id LIMIT {PAGE + 1}
        """,
        [kind.key, *params, contact_id, finding_id],
    )
    page = found[:PAGE]
    return Page(
        _shown(actor, kind, page, dismissed=dismissed),
        f"{page[-1][1]}-{page[-1][0]}" if len(found) > PAGE else "",
    )


def rows_about(actor: Actor, contact_id: int) -> list[Row]:
    """All findings about one contact, for its card."""
    if not actor.may(INSPECT):
        return []
    get_contact(actor, contact_id)
    told = told_sql(actor)
    found = _fetch(
        "SELECT id, contact_id, mark, point, key FROM contacts_finding AS finding"
        f" WHERE contact_id = %s AND NOT dismissed AND {told.text}",
        [contact_id, *told.params],
    )
    by_key: dict[str, list[Any]] = defaultdict(list)
    for *row, key in found:
        by_key[key].append(tuple(row))
    kinds = [kind for kind in FINDINGS.values() if kind.key in by_key]
    return [row for kind in kinds for row in _shown(actor, kind, by_key[kind.key])]


def current_fix(finding: Finding) -> Found | None:
    """What is found now of what `finding` stands for; None when the value has changed since, or all is well."""
    for person in read_facts([finding.contact_id]):
        for found in inspect(person):
            if (found.key, found.mark, found.point) == (finding.key, finding.mark, finding.point):
                return found
    return None


def get_finding(actor: Actor, finding_id: int) -> Finding:
    """A finding about somebody whom the actor sees, else `NotFound`; 403 for who may not inspect."""
    actor.require(INSPECT)
    finding = Finding.objects.filter(pk=finding_id).first()
    if finding is None or not contacts_for(actor).filter(pk=finding.contact_id).exists():
        raise NotFound
    told = told_sql(actor)
    if not _fetch(
        f"SELECT 1 FROM contacts_finding AS finding WHERE id = %s AND {told.text}", [finding.pk, *told.params]
    ):
        raise NotFound
    return finding


def newest_finding() -> int:
    """The last number given to a finding: what a page shows now has none beyond it."""
    return Finding.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def fixable_ids(
    actor: Actor, kind: FindingKind, *, only: Iterable[int] | None = None, upto: int | None = None
) -> list[int]:
    """Numbers of contacts for whom a sure fix of this finding is known; `only` these findings, or all, or those with
    numbers `upto` this one."""
    visible, params = visible_sql(actor)
    narrowed = "" if only is None else "AND finding.id = ANY(%s)"
    given: list[Any] = [] if only is None else [sorted(only)]
    if upto is not None:
        narrowed += " AND finding.id <= %s"
        given.append(upto)
    rows = _fetch(
        f"""
        SELECT DISTINCT finding.contact_id FROM contacts_finding AS finding
        JOIN contacts_contact AS contact ON contact.id = finding.contact_id
        WHERE finding.key = %s AND finding.fixable AND NOT finding.dismissed {narrowed} AND {visible}
        ORDER BY finding.contact_id
        """,
        [kind.key, *given, *params],
    )
    return [row[0] for row in rows]


def _shown(
    actor: Actor, kind: FindingKind, found: list[tuple[Any, ...]], *, dismissed: bool = False
) -> list[Row]:
    """Rows of (id, contact, mark, point), in their order; what has changed since is left out: it is looked at anew."""
    people = {person.id: person for person in read_facts([row[1] for row in found])}
    now = {
        (person.id, each.key, each.mark, each.point): each
        for person in people.values()
        for each in inspect(person)
    }
    said = _said(kind, found) if dismissed else {}
    rows = []
    for finding_id, contact_id, mark, point in found:
        each = now.get((contact_id, kind.key, mark, point))
        person = people.get(contact_id)
        if person is None or (each is None and kind.key != SHARED):
            continue
        before, after = _words(actor, kind, each, person, point)
        by, at, for_all = said.get((contact_id, mark), ("", None, False))
        name = person.name or f"№ {contact_id}"
        has_fix = bool(each and each.fix)
        rows.append(Row(finding_id, contact_id, kind, name, before, after, has_fix, by, at, for_all))
    return rows


def _words(
    actor: Actor, kind: FindingKind, found: Found | None, person: Any, point: int | None
) -> tuple[str, str]:
    """What stands there, and what would stand there after the fix."""
    fix: Fix | None = found.fix if found else None
    if kind.group == "phones":
        masked = not sees_phones(actor)
        value = next((each.value for each in person.points if each.id == point), "")
        if fix and fix.after:
            return formats.phone(value, masked=masked), formats.phone(fix.after, masked=masked)
        return formats.phone(value, masked=masked), _("marked as not working") if fix else ""
    if fix is None:
        return (found.value if found else ""), ""
    if kind.key == "gender_wrong":
        return (
            f"{person.name}: {str(Gender(fix.before).label).lower()}",
            str(Gender(fix.after).label).lower(),
        )
    if kind.group == "emails" and not fix.after:
        return fix.before, _("marked as not working")
    return fix.before, fix.after or _("empty")


def _said(kind: FindingKind, found: list[tuple[Any, ...]]) -> dict[tuple[int, int], tuple[str, Any, bool]]:
    """(contact, mark) → who has said that it is right, when, and whether of everybody."""
    rows = FindingDismissal.objects.filter(key=kind.key, mark__in={row[2] for row in found}).select_related(
        "by"
    )
    one = {(row.contact_id, row.mark): row for row in rows}
    said = {}
    for _id, contact_id, mark, _point in found:
        row = one.get((contact_id, mark)) or one.get((None, mark))
        if row:
            said[(contact_id, mark)] = (str(row.by or ""), row.at, row.contact_id is None)
    return said


def _counts(actor: Actor, key: str | None = None) -> dict[str, tuple[int, int]]:
    visible, params = _heard(actor)
    narrowed = "" if key is None else "AND finding.key = %s"
    rows = _fetch(
        f"""
        SELECT key, count(*), count(*) FILTER (WHERE fixable) FROM (
            SELECT finding.key, finding.contact_id, bool_or(finding.fixable) AS fixable
            FROM contacts_finding AS finding JOIN contacts_contact AS contact ON contact.id = finding.contact_id
            WHERE NOT finding.dismissed {narrowed} AND {visible} GROUP BY 1, 2) AS each
        GROUP BY key
        """,
        [*([] if key is None else [key]), *params],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _heard(actor: Actor) -> tuple[str, list[Any]]:
    """The condition on a finding and its contact under which the actor hears of it."""
    visible, params = visible_sql(actor)
    told = told_sql(actor)
    return f"({visible}) AND {told.text}", [*params, *told.params]


def _key(after: str) -> tuple[int, int]:
    head, _dash, tail = after.partition("-")
    whole = head.isdecimal() and tail.isdecimal() and len(head) < 19 and len(tail) < 19
    return (int(head), int(tail)) if whole else (0, 0)


def _is_anybody_waiting() -> bool:
    return bool(_fetch("SELECT EXISTS (SELECT 1 FROM contacts_pendinginspection)", [])[0][0])


def _fetch(query: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as sql:
        sql.execute(query, params)
        return sql.fetchall()
