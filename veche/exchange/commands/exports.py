"""`veche export FILE`: the same path as the pages, in the shell."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import click
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from veche.core.actor import Actor
from veche.core.background import cancel_job
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.exchange.actions import exports
from veche.exchange.commands.waiting import spoken, wait_for
from veche.exchange.models import Export
from veche.exchange.queries import orders
from veche.exchange.queries.shell import actor_named, campaign_named


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--campaign", help="Only the people of this campaign.")
@click.option(
    "--filter", "view", help="A filter as in the address of the list: 'tag=7&phone=yes&sort=newest'."
)
@click.option("--columns", help="Keys of the columns by comma, in their order; a wrong one lists them all.")
@click.option("--apart", is_flag=True, help="A column for each phone and e-mail of a person.")
@click.option("--comma", is_flag=True, help="Commas between the columns of a .csv instead of semicolons.")
@click.option("--split", type=click.Choice(orders.SPLITS), help="A file for each, in a .zip.")
@click.option("--rows", type=int, default=10_000, show_default=True, help="Rows of a file with --split rows.")
@click.option(
    "--form",
    type=click.Choice([form for form, _label in Export.TABLES]),
    help="What a .zip holds; else FILE's ending says it.",
)
@click.option("--as", "email", help="The e-mail of the user who exports; by default whoever has the machine.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def export(
    file: Path, campaign: str | None, view: str | None, columns: str | None, apart: bool, comma: bool,
    split: str | None, rows: int, form: str | None, email: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Write people to FILE.xlsx, FILE.csv or, split, FILE.zip. The export is noted in the ledger."""
    began = time.monotonic()
    with spoken():
        actor = actor_named(email)
        with translation.override(actor.language), spoken():
            _check_place(file, split)
            ordered = exports.order_export(
                by=actor,
                view=_view(actor, view, campaign),
                columns=_columns(actor, columns),
                form=form or ("xlsx" if file.suffix.lower() == ".zip" else file.suffix.lower().lstrip(".")),
                delimiter="," if comma else ";",
                apart=apart,
                split=split or "",
                split_rows=rows,
            )
            people = _fetch(actor, ordered, file)
            _tell(people, file, time.monotonic() - began, as_json)


def _check_place(file: Path, split: str | None) -> None:
    wanted = (".zip",) if split else (".xlsx", ".csv")
    if file.suffix.lower() not in wanted:
        raise Refusal("export.format", _("Name the file %(endings)s.") % {"endings": _(" or ").join(wanted)})
    if not file.absolute().parent.is_dir():
        raise Refusal(
            "export.no_folder", _("There is no folder %(folder)s.") % {"folder": file.absolute().parent}
        )


def _view(actor: Actor, view: str | None, campaign: str | None) -> dict[str, str]:
    asked = QueryDict(view or "").dict()
    if chosen := campaign_named(actor, campaign):
        asked["campaign"] = str(chosen.pk)
    return asked


def _columns(actor: Actor, columns: str | None) -> list[str]:
    if columns:
        return [key.strip() for key in columns.split(",") if key.strip()]
    return [choice.fact.key for choice in orders.choices(actor) if choice.chosen]


def _fetch(actor: Actor, ordered: Export, file: Path) -> int:
    """Do the job here, or wait for the worker that was faster; the file goes where it was wanted."""
    job = wait_for(
        ordered.job_id or 0,
        label=_("Writing"),
        stop=lambda: cancel_job(Job.objects.get(pk=ordered.job_id)),
        stopped=_("Stopped. No file was written."),
    )
    ordered.refresh_from_db()
    if job.state != Job.State.DONE:
        raise Refusal("export.stopped", job.error or _("The export was stopped."))
    try:
        shutil.copyfile(orders.file_path(ordered), file)
        file.chmod(0o600)
    except OSError as error:
        reason = {"file": file, "reason": error.strerror or error}
        raise Refusal(
            "export.unwritable", _("The file %(file)s cannot be written: %(reason)s.") % reason
        ) from error
    finally:
        exports.delete_export_file(by=actor, export=ordered)
    return ordered.people or 0


def _tell(people: int, file: Path, seconds: float, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"people": people, "file": str(file), "seconds": round(seconds, 1)}))
    else:
        click.echo(_("People written: %(count)d. File: %(file)s") % {"count": people, "file": file})
