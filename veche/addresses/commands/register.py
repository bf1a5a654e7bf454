"""`veche address load-gar ARCHIVE` and `veche address lookup`."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _

from veche.accounts.queries import every_permission
from veche.addresses import parse
from veche.addresses.actions.register import start_load
from veche.addresses.models import Load, Region
from veche.addresses.queries.lookup import find
from veche.addresses.register.answers import Answer
from veche.addresses.register.parts import Parts
from veche.core.actions import stop_job
from veche.core.actor import SHELL, Actor
from veche.core.background import see_through
from veche.core.models import Job
from veche.core.refusal import Refusal

INTERRUPTED = 130


@click.command("load-gar")
@click.argument("archive", type=click.Path(path_type=Path))
@click.option(
    "--region", "regions", multiple=True, type=click.IntRange(1, 99),
    help="Code of a region, such as 66; may be given several times. By default all that are in the archive.",
)  # fmt: skip
@click.option("--delta", is_flag=True, help="The archive is a delta: it changes the regions that are loaded.")
@click.option(
    "--follows", type=click.DateTime(["%Y-%m-%d"]),
    help="The release that the delta follows, where the calendar would expect another between them.",
)  # fmt: skip
@click.option("--no-flats", is_flag=True, help="Leave flats out: half the time, and a fifth less room.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def load_gar(
    archive: Path, regions: tuple[int, ...], delta: bool, follows: dt.datetime | None, no_flats: bool, as_json: bool
) -> None:  # fmt: skip
    """Load the state register of addresses (ГАР) from its archive, which somebody has fetched by hand.

    The register that is loaded stays readable until the new one takes its place, region by region. Killed or stopped,
    a load goes on where it stood: a running “veche run” takes it up by itself.
    """
    by = _shell()
    began = time.monotonic()
    load = start_load(
        by=by, path=archive, regions=regions, is_delta=delta, with_flats=not no_flats,
        follows=follows.date() if follows else None,
    )  # fmt: skip
    job = _see_through(by, load, quiet=as_json)
    load.refresh_from_db()
    if job.state != Job.State.DONE:
        raise Refusal("register.stopped", job.error or _("The load was stopped."))
    _tell(load, time.monotonic() - began, as_json)


def _see_through(by: Actor, load: Load, *, quiet: bool) -> Job:
    stages = {
        "read": _("Reading"),
        "build": _("Building"),
        "no_room": _("The disk is full, waiting for room"),
    }
    with click.progressbar(length=1000, file=sys.stderr, label=_("Reading")) as bar:

        def tell(job: Job) -> None:
            bar.label = stages.get(job.stage, bar.label)
            bar.update((job.done * 1000 // job.total if job.total else 0) - bar.pos)

        try:
            return see_through(load.job_id or 0, None if quiet else tell)
        except KeyboardInterrupt:
            click.echo(
                "\n" + _("Stopping after the portion at hand; Ctrl-C once more leaves at once."), err=True
            )
            stop_job(by=by, job=Job.objects.get(pk=load.job_id))
            see_through(load.job_id or 0)
            click.echo(_("Stopped. Regions that were loaded stay; the others are as they were."), err=True)
            sys.exit(INTERRUPTED)


def _tell(load: Load, seconds: float, as_json: bool) -> None:
    regions = [
        {"region": each.code, "name": each.name, "version": f"{each.version}", "objects": each.objects_count,
         "houses": each.houses_count, "flats": each.flats_count}
        for each in Region.objects.filter(code__in=load.done).order_by("code")
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"load": load.pk, "seconds": round(seconds, 1), "regions": regions, **load.totals},
                              ensure_ascii=False))  # fmt: skip
        return
    for each in regions:
        click.echo(
            _("%(region)02d %(name)s: %(objects)d streets and places, %(houses)d houses, %(flats)d flats.")
            % each
        )
    if unplaced := load.totals.get("flats_unplaced"):
        click.echo(
            _(
                "Of %(number)d changed flats the delta does not say in what house they are: a whole archive would."
            )
            % {"number": unplaced}
        )


@click.command("lookup")
@click.argument("text", required=False)
@click.option(
    "--limit", default=5, show_default=True, type=click.IntRange(1, 50), help="How many candidates."
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each address.")
@click.pass_context
def lookup(ctx: click.Context, text: str | None, limit: int, as_json: bool, **given: str) -> None:
    """Find an address in the register: its id, postcode, ОКТМО, both paths, whether house and flat exist.

    It is given as a TEXT, or by its parts, or both. Without either, lines of JSON with parts are read from the standard
    input, as “veche address parse” writes them.
    """
    asked = {name: value for name, value in (parse(text)._asdict() if text else {}).items() if value}
    asked |= {name: value for name, value in given.items() if value}
    for parts in [Parts.of(asked)] if asked else _lines():
        found = find(parts, limit=limit)
        if as_json or not asked:
            click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            _say(found)


for _part in reversed(fields(Parts)):
    lookup.params.insert(0, click.Option([f"--{_part.name.replace('_', '-')}", _part.name], metavar=""))


def _lines() -> Iterator[Parts]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            yield Parts.of(given)
        except (ValueError, AttributeError):
            said = _("Line %(number)d is no JSON object with the parts of an address.")
            raise Refusal("address.no_json", said % {"number": number}) from None


def _say(found: Answer) -> None:
    if found.reason:
        click.echo(found.reason)
    for each in found.candidates:
        click.echo(f"{each.text}  [{each.score:.2f}]")
        click.echo(f"  {each.postcode or '—'}  ОКТМО {each.oktmo or '—'}  {each.guid}")
        for reason in each.reasons:
            click.echo(f"  · {reason}")


def _shell() -> Actor:
    return Actor(
        name="shell",
        permissions=every_permission(),
        sees_all=True,
        via=SHELL,
        language=settings.LANGUAGE_CODE,
    )
