"""Searches as a page shows them, and the imports that one may be for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound
from veche.dedupe.models import Search
from veche.dedupe.queries.rules import insist_whole_base

SHOWN = 20


@dataclass(frozen=True)
class Batch:
    """An import that brought people."""

    id: int
    name: str
    at: dt.datetime


def searches(actor: Actor) -> list[Search]:
    """The newest ones."""
    insist_whole_base(actor)
    return list(Search.objects.select_related("by", "rule_set").order_by("-begun_at")[:SHOWN])


def get_search(actor: Actor, search_id: int) -> Search:
    insist_whole_base(actor)
    search = Search.objects.filter(pk=search_id).first()
    if search is None:
        raise NotFound
    return search


def job_of(search: Search) -> Job | None:
    """The work of a running search, for its progress."""
    return Job.objects.filter(pk=search.job_id).first() if search.is_busy else None


def batches(actor: Actor) -> list[Batch]:
    """The newest imports that brought somebody, by steps through the index: there may be a million origins."""
    insist_whole_base(actor)
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH RECURSIVE step(batch) AS (
                SELECT max(batch) FROM contacts_origin WHERE batch IS NOT NULL
                UNION ALL
                SELECT (SELECT max(batch) FROM contacts_origin WHERE batch < step.batch) FROM step
                WHERE step.batch IS NOT NULL
            )
            SELECT step.batch, first.batch_name, first.made_at FROM step
            CROSS JOIN LATERAL (
                SELECT batch_name, made_at FROM contacts_origin WHERE batch = step.batch LIMIT 1) AS first
            WHERE step.batch IS NOT NULL LIMIT %s
            """,
            [SHOWN],
        )
        return [Batch(*row) for row in sql.fetchall()]
