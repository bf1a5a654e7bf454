"""Exports as their page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from veche.core.models import Job
from veche.exchange.models import Export

_CSS = {Export.State.READY: "ok", Export.State.FAILED: "stop", Export.State.MAKING: "acc"}


@dataclass(frozen=True)
class Line:
    """An export, its job while it runs, and the colour of its state."""

    export: Export
    job: Job | None
    css: str
    ending: str


def lines(exports: Iterable[Export]) -> list[Line]:
    """One line per export, in the same order; one query for all jobs that run."""
    found = list(exports)
    jobs = Job.objects.in_bulk([each.job_id for each in found if each.is_busy and each.job_id])
    return [
        Line(
            export=each,
            job=jobs.get(each.job_id) if each.job_id else None,
            css=_CSS.get(Export.State(each.state), ""),
            ending="ZIP" if each.options.get("split") else each.form.upper(),
        )
        for each in found
    ]
