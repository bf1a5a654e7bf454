"""`veche undo IMPORT`: the same path as the pages, in the shell."""

from __future__ import annotations

import json
import time

import click
from django.utils import translation
from django.utils.translation import gettext as _

from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.commands.waiting import spoken, wait_for
from veche.exchange.models import Import
from veche.exchange.queries import undo_journal
from veche.exchange.queries.shell import actor_named


@click.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@click.option("--redo", is_flag=True, help="Load again what an undo has taken back.")
@click.option("--as", "email", help="The e-mail of the user who undoes; by default whoever has the machine.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def undo(import_id: int, redo: bool, email: str | None, as_json: bool) -> None:
    """Undo an import by its number: what nobody has touched since goes back, the rest is kept and counted."""
    began = time.monotonic()
    with spoken():
        actor = actor_named(email)
        with translation.override(actor.language), spoken():
            imported = queries.get_import(actor, import_id)
            start = actions.start_redo if redo else actions.start_undo
            imported = _through(actor, start(by=actor, imported=imported))
            sums = imported.totals["redo" if redo else "undo"]
            if as_json:
                answer = {"import": imported.pk, **sums, "seconds": round(time.monotonic() - began, 1)}
                click.echo(json.dumps(answer))
            else:
                click.echo(undo_journal.said_of(imported))


def _through(actor: Actor, imported: Import) -> Import:
    """Do the job here, or wait for the worker that was faster."""
    stopped = _(
        "Stopped. “veche undo %(number)d” goes on with the undo, “veche undo %(number)d --redo” loads again."
    )
    job = wait_for(
        imported.job_id or 0,
        label=_("Loading again") if imported.state == Import.State.REDOING else _("Undoing"),
        stop=lambda: actions.cancel_import(by=actor, imported=imported),
        stopped=stopped % {"number": imported.pk},
    )
    imported.refresh_from_db()
    if job.state != Job.State.DONE:
        raise Refusal("import.stopped", job.error or _("The import was stopped."))
    return imported
