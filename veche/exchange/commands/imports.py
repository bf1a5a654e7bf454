"""`veche import FILE`: the same path as the pages, in the shell. The columns are guessed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
from django.utils import translation
from django.utils.translation import gettext as _

from veche.core import room
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.commands.waiting import spoken, wait_for
from veche.exchange.mapping import TARGETS, fact_target
from veche.exchange.models import Import
from veche.exchange.queries import expected, has_rows_to_load, importable_of, kinds_for, rejects, result
from veche.exchange.queries.import_pages import facts_said
from veche.exchange.queries.memory import Before, loaded_before
from veche.exchange.queries.shell import actor_named, campaign_named


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet of a workbook; by default the first with a table.")
@click.option(
    "--kind", help="What a row is (people, organisations…): by default guessed; a wrong one lists them all."
)
@click.option("--campaign", help="The name of the campaign that everybody joins.")
@click.option(
    "--policy",
    type=click.Choice(Import.Policy.values),
    help="What happens to people who are known already: by default as for the last file with the same captions,"
    " else fill_empty.",
)
@click.option(
    "--fresh-mapping", is_flag=True, help="Guess the columns, whatever is remembered of such files."
)
@click.option("--tag", "tags", multiple=True, help="A tag for everybody; may be given several times.")
@click.option("--as", "email", help="The e-mail of the user who imports; by default whoever has the machine.")
@click.option("--confirm-overwrites", is_flag=True, help="Load even if many values would be replaced.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def import_(
    file: Path, sheet: str | None, kind: str | None, campaign: str | None, policy: str | None, fresh_mapping: bool,
    tags: tuple[str, ...], email: str | None, confirm_overwrites: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take people from a spreadsheet (.xlsx, .xls, .ods, .csv, .tsv, .txt) into the base."""
    began = time.monotonic()
    with spoken():
        actor = actor_named(email)
        with translation.override(actor.language), spoken():
            chosen = campaign_named(actor, campaign)
            imported = _upload(actor, file, sheet)
            if fresh_mapping:
                imported = actions.guess_afresh(by=actor, imported=imported)
            if kind is not None:
                imported = _as_kind(actor, imported, kind)
            given = {"policy": policy, "campaign": chosen, "tags": tags}
            imported = actions.choose_rules(by=actor, imported=imported, **given)
            before = loaded_before(actor, imported)
            if not as_json:
                _tell_mapping(imported, before)
            imported = _through(actor, actions.start_check(by=actor, imported=imported))
            if has_rows_to_load(imported):
                load = actions.start_load(by=actor, imported=imported, confirm_overwrites=confirm_overwrites)
                imported = _through(actor, load)
            _tell(imported, time.monotonic() - began, as_json, before)


def _upload(actor: Actor, file: Path, sheet: str | None) -> Import:
    try:
        with file.open("rb") as opened:
            imported = actions.receive_file(by=actor, file=opened, name=file.name, sheet=sheet)
    except FileNotFoundError:
        raise Refusal("import.no_such_file", _("There is no file %(file)s.") % {"file": file}) from None
    except IsADirectoryError:
        raise Refusal("import.unreadable", _("%(file)s is a folder: name a file.") % {"file": file}) from None
    except PermissionError:
        raise Refusal(
            "import.unreadable",
            _("The file %(file)s may not be read by whoever runs this command.") % {"file": file},
        ) from None
    except OSError as error:
        if room.is_full(error):
            raise
        reason = {"file": file, "reason": error.strerror}
        raise Refusal(
            "import.unreadable", _("The file %(file)s cannot be read: %(reason)s.") % reason
        ) from error
    return _looked_through(actor, imported)


def _looked_through(actor: Actor, imported: Import) -> Import:
    """The import whose table was found. A file that is none leaves nothing behind, as when it is refused at once."""
    try:
        return _through(actor, imported, label=_("Looking through the file"), is_short=True)
    except Refusal:
        actions.forget_unknown(by=actor, imported=imported)
        raise


def _as_kind(actor: Actor, imported: Import, kind: str) -> Import:
    offered = [each.key for each in kinds_for(actor)]
    if kind not in offered:
        said = {"kind": kind, "kinds": ", ".join(offered)}
        raise Refusal(
            "import.no_kind", _("“%(kind)s” is nothing that can be imported; there are: %(kinds)s.") % said
        )
    if kind == importable_of(imported).key:
        return imported
    return actions.choose_table(by=actor, imported=imported, sheet=imported.source["sheet"], kind=kind)


def _through(actor: Actor, imported: Import, label: str = "", *, is_short: bool = False) -> Import:
    """Do the import's job here, or wait for the worker that was faster; raises `Refusal` when it failed."""
    stopped = _(
        "Stopped. What import No. %(number)d has written stays; “veche undo %(number)d” takes it back."
    )
    job = wait_for(
        imported.job_id or 0,
        label=label or _("Checking"),
        stop=lambda: actions.cancel_import(by=actor, imported=imported),
        stopped=stopped % {"number": imported.pk},
        tell=lambda job: _stage(job.stage),
        is_short=is_short,
    )
    imported.refresh_from_db()
    if job.state != Job.State.DONE:
        raise Refusal("import.stopped", job.error or _("The import was stopped."))
    return imported


def _stage(code: str) -> str:
    stages = {
        "open": _("Finding the table"),
        "columns": _("Looking at the columns"),
        "read": _("Reading"),
        "repeats": _("Looking for repeats"),
        "compare": _("Comparing"),
        "load": _("Loading"),
        "no_room": _("The disk is full, waiting for room"),
    }
    return stages.get(code, "")


def _tell_mapping(imported: Import, before: Before | None) -> None:
    if before:
        click.echo(before.sentence, err=True)
    if imported.remembered:
        click.echo(
            _("The columns are laid out as in the file “%(file)s”; --fresh-mapping guesses them anew.")
            % {"file": imported.remembered.file_name},
            err=True,
        )
    for plan in imported.mapping:
        target = TARGETS.get(plan["target"]) or fact_target(plan["target"])
        click.echo(f"{plan['title']} → {target.label if target else plan['target']}", err=True)


def _tell(imported: Import, seconds: float, as_json: bool, before: Before | None) -> None:
    numbers = result(imported) or expected(imported)
    assert numbers is not None
    file = None
    if numbers.rejected:
        file = rejects.rejects_path(imported)
        rejects.write_rejects(imported, file)
    answer: dict[str, Any] = {
        "created": numbers.created,
        "updated": numbers.updated,
        "unchanged": numbers.unchanged + numbers.repeated,
        "rejected": numbers.rejected,
        "rejects_file": str(file) if file else None,
        "seconds": round(seconds, 1),
        "repeated": numbers.repeated,
        "import": imported.pk,
        "kind": importable_of(imported).key,
        "facts": imported.totals.get("load", {}).get("facts"),
        "loaded_before": before.imported.pk if before else None,
        "mapping": imported.remembered.file_name if imported.remembered else None,
    }
    if as_json:
        click.echo(json.dumps(answer))
    if "load" not in imported.totals:
        raise Refusal(
            "import.nothing", _("No row of the file can be taken. Which and why: %(file)s") % {"file": file}
        )
    if not as_json:
        _tell_numbers(imported, answer)


def _tell_numbers(imported: Import, answer: dict[str, Any]) -> None:
    click.echo(
        _(
            "Created: %(created)d. Updated: %(updated)d. "
            "Unchanged: %(unchanged)d, of them %(repeated)d repeat another row. Rejected: %(rejected)d."
        )
        % answer
    )
    if facts := facts_said(imported):
        click.echo(f"{importable_of(imported).label}. {facts}")
    if file := answer["rejects_file"]:
        click.echo(_("The rejected rows and why: %(file)s") % {"file": file})
    click.echo(
        _("This was import No. %(number)d; “veche undo %(number)d” takes it back.") % {"number": imported.pk}
    )
