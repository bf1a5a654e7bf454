"""`veche doctor`: one line per thing that must be well, and what to do where it is not."""

import json
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from config.running import database, folder, live, places, preparation
from config.running.postgres import EmbeddedPostgres
from config.running.speech import Trouble
from config.running.speech import gettext as _

COMFORTABLE_BYTES = 2**30
SILENT_SECONDS = 60  # a worker says that it lives every ten


@dataclass(frozen=True)
class Finding:
    """`check` is a stable English word for machines, `says` a sentence, `advice` what to do when not `ok`."""

    check: str
    ok: bool
    says: str
    advice: str = ""


def report(*, as_json: bool) -> int:
    """Print all findings; the exit status is 1 when something is wrong."""
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.ok else '✗'} {finding.says}")
            if not finding.ok and finding.advice:
                click.echo(f"  → {finding.advice}")
    return 0 if all(finding.ok for finding in findings) else 1


def examine() -> Iterator[Finding]:
    """Every finding; what stands on something broken is not looked at."""
    yield versions()
    yield packages()
    data = places.data_dir()
    if not (own := os.environ.get("DATABASE_URL")) and not EmbeddedPostgres(data).exists():
        advice = _("make run creates it.")
        yield Finding("database", False, _("There is no data in {folder} yet.").format(folder=data), advice)
        return
    try:
        with database.running():
            yield disk()
            facts = database.check(own or EmbeddedPostgres(data).dsn())
            server = _("PostgreSQL {server} answers and knows Russian letters.").format(**facts)
            yield Finding("database", True, server)
            preparation.set_up_django()
            try:
                yield from schema()
            finally:
                preparation.close_connections()
    except Trouble as trouble:
        yield Finding("database", False, str(trouble), _("docs/operations.md tells what can be done."))


def versions() -> Finding:
    says = _("Veche {version}, Python {python}, {system}.").format(
        version=folder.version(), python=platform.python_version(), system=platform.platform(terse=True)
    )
    return Finding("versions", True, says)


def packages() -> Finding:
    missing = [
        name
        for name in ("node_modules/.installed", "locale/ru/LC_MESSAGES/django.mo")
        if not (places.ROOT / name).exists()
    ]
    if missing:
        says = _("Not set up: {missing} is missing.").format(missing=", ".join(missing))
        return Finding("packages", False, says, _("Run: make setup"))
    return Finding("packages", True, _("Front-end packages and translations are in their places."))


def disk() -> Finding:
    free = shutil.disk_usage(places.data_dir()).free
    says = _("{free:.1f} GiB free on the disk of {folder}.").format(
        free=free / 2**30, folder=places.data_dir()
    )
    return Finding("disk", free >= COMFORTABLE_BYTES, says, _("Make room: below 1 GiB an import may fail."))


def schema() -> Iterator[Finding]:
    """The schema, and what it tells of the worker and the ledger."""
    if pending := preparation.pending_migrations():
        says = _("Migrations are pending: {names}.").format(names=", ".join(pending))
        yield Finding("migrations", False, says, _("Run: veche migrate"))
        return
    yield Finding("migrations", True, _("The schema is up to date."))
    yield worker()
    yield live_channel()
    yield partitions()
    yield cursors()


def worker() -> Finding:
    [silent] = row("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    if silent is not None and silent < SILENT_SECONDS:
        return Finding(
            "worker", True, _("The worker lives: heard {seconds:.0f} s ago.").format(seconds=silent)
        )
    says = _("No worker is running: imports and other jobs wait.")
    return Finding("worker", False, says, _("Run: make run (or veche worker)"))


def live_channel() -> Finding:
    """Whether pages hear of changes at once. Without it they poll, so this is told but breaks nothing."""
    told = live.health(places.live_socket(places.data_dir()))
    if told and told["listening"]:
        says = _("The live channel listens; browsers on it: {browsers}.").format(browsers=told["browsers"])
        return Finding("live", True, says)
    says = _("The live channel is silent: pages hear of changes late, by asking.")
    if told:
        says = _(
            "The live channel runs, but does not hear PostgreSQL: pages hear of changes late, by asking."
        )
    return Finding("live", False, says, _("Run: make run, which keeps it up; its output says why it fails."))


def partitions() -> Finding:
    [ready] = row(
        """SELECT to_regclass(
               'core_ledger_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYYMM')) IS NOT NULL"""
    )
    [stray] = row("SELECT EXISTS (SELECT FROM core_ledger_rest)")
    advice = _("Let the worker run: its timetable makes them every night.")
    if not ready:
        return Finding("ledger", False, _("The ledger has no partition for the next month."), advice)
    if stray:
        return Finding("ledger", False, _("Entries of the ledger lie outside its months."), advice)
    return Finding("ledger", True, _("The ledger has its partitions."))


def cursors() -> Finding:
    from veche.core import delivery

    if ahead := delivery.cursors_ahead():
        says = _("Subscribers stand in the future of this server: {names}.").format(names=", ".join(ahead))
        advice = _("The database was restored by other means than veche db restore: run veche db settle.")
        return Finding("subscribers", False, says, advice)
    if failing := delivery.lagging():
        told = "; ".join(f"{name} ({failures}): {error}" for name, failures, error in failing)
        says = _("Subscribers that fail: {told}").format(told=told)
        return Finding(
            "subscribers", False, says, _("They are tried again; the worker's output has the whole story.")
        )
    return Finding("subscribers", True, _("All subscribers keep up."))


def row(query: str) -> tuple:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()
