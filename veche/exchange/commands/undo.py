"""`veche undo IMPORT`: the same path as the pages, in the shell."""

from __future__ import annotations

import json
import sys
import time

import click
from django.utils import translation
from django.utils.translation import gettext as _

from veche.core.background import see_through
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.models import Import
from veche.exchange.queries import undo_journal
from veche.exchange.queries.shell import actor_named

REFUSED = 2


@click.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@click.option("--redo", is_flag=True, help="Load again what an undo has taken back.")
@click.option("--as", "email", help="The e-mail of the user who undoes; by default whoever has the machine.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def undo(import_id: int, redo: bool, email: str | None, as_json: bool) -> None:
    """Undo an import by its number: what nobody has touched since goes back, the rest is kept and counted."""
    began = time.monotonic()
    try:
        actor = actor_named(email)
        with translation.override(actor.language):
            imported = queries.get_import(actor, import_id)
            start = actions.start_redo if redo else actions.start_undo
            imported = _through(start(by=actor, imported=imported))
            sums = imported.totals["redo" if redo else "undo"]
            if as_json:
                answer = {"import": imported.pk, **sums, "seconds": round(time.monotonic() - began, 1)}
                click.echo(json.dumps(answer))
            else:
                click.echo(undo_journal.said_of(imported))
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(REFUSED)


def _through(imported: Import) -> Import:
    """Do the job here, or wait for the worker that was faster."""
    label = _("Loading again") if imported.state == Import.State.REDOING else _("Undoing")
    with click.progressbar(length=100, file=sys.stderr, label=label) as bar:
        job = see_through(imported.job_id, lambda job: bar.update((job.percent or 0) - bar.pos))
    imported.refresh_from_db()
    if job.state != Job.State.DONE:
        raise Refusal("import.stopped", job.error or _("The import was stopped."))
    return imported
