"""The groups that need nobody's judgement: how many, who they are, what a sweep has done."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.dedupe.models import Sweep
from veche.dedupe.queries.asked import who_sql
from veche.dedupe.queries.reasons import Reason, in_words
from veche.dedupe.queries.rules import insist_whole_base

PAGE = 50


@dataclass(frozen=True)
class Figures:
    """`people` are in all `groups` together; `spare` of them go into others."""

    groups: int = 0
    people: int = 0

    @property
    def spare(self) -> int:
        return self.people - self.groups


@dataclass(frozen=True)
class Line:
    """One certain group in the list: `names` of its people with their numbers, the one that stays first; `reasons` of
    its first pair."""

    id: int
    probability: float
    names: list[tuple[int, str]]
    reasons: list[Reason]


def certain_figures(actor: Actor) -> Figures:
    """How many there are to merge now."""
    insist_whole_base(actor)
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT count(*), COALESCE(sum(who.people), 0)::int FROM dedupe_group AS asked {who.text}"
            " WHERE asked.state = 'open' AND asked.certain",
            list(who.params),
        )
        return Figures(*sql.fetchone())


def next_certain(actor: Actor, *, after: int, upto: int, portion: int) -> list[tuple[int, list[int]]]:
    """(group, its people) of the next groups by number."""
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT asked.id, (SELECT array_agg(DISTINCT member.contact_id) FROM dedupe_member AS member
                              WHERE member.group_id = asked.id)
            FROM dedupe_group AS asked {who.text}
            WHERE asked.state = 'open' AND asked.certain AND asked.id > %s AND asked.id <= %s
            ORDER BY asked.id LIMIT %s
            """,
            [*who.params, after, upto, portion],
        )
        return sql.fetchall()


def certain_page(actor: Actor, *, after: str = "") -> tuple[list[Line], str]:
    """Certain groups, the least likely first, since these are worth a look; and the key of the next page."""
    insist_whole_base(actor)
    who = who_sql(actor)
    probability, _dash, number = after.partition("_")
    key = _key(probability, number)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT asked.id, asked.probability, (SELECT array_agg(DISTINCT member.contact_id)
                FROM dedupe_member AS member WHERE member.group_id = asked.id),
                COALESCE(asked.reasons -> 0 ->> 'clues', '{{}}')
            FROM dedupe_group AS asked {who.text}
            WHERE asked.state = 'open' AND asked.certain
              AND (asked.probability > %s OR (asked.probability = %s AND asked.id < %s))
            ORDER BY asked.probability, asked.id DESC LIMIT %s
            """,
            [*who.params, key[0], *key, PAGE + 1],
        )
        found = sql.fetchall()
    page = found[:PAGE]
    names = dict(
        contacts_for(actor).filter(pk__in={each for row in page for each in row[2]}).values_list("pk", "name")
    )
    lines = [
        Line(
            group,
            share,
            [(each, names.get(each) or f"№ {each}") for each in sorted(ids)],
            in_words(json.loads(clues)),
        )
        for group, share, ids, clues in page
    ]
    return lines, f"{page[-1][1]!r}_{page[-1][0]}" if len(found) > PAGE else ""


def _key(probability: str, number: str) -> tuple[float, int]:
    """Where a page begins; nonsense begins at the start."""
    try:
        return float(probability), int(number)
    except ValueError:
        return -1.0, 0


def sweeps(actor: Actor) -> QuerySet[Sweep]:
    """The newest first."""
    insist_whole_base(actor)
    return Sweep.objects.select_related("by").order_by("-pk")


def get_sweep(actor: Actor, sweep_id: int) -> Sweep:
    found = sweeps(actor).filter(pk=sweep_id).first()
    if found is None:
        raise NotFound
    return found
