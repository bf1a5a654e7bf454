"""The background work of an export. Killed at any moment it begins anew: the list of people is gathered again, and the
file, which nobody sees before it is whole, is written again. So it does no harm when it runs twice."""

from __future__ import annotations

import errno
from functools import partial

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.contacts.queries.own import own_fields
from veche.core.actor import Actor, actor_of_user
from veche.core.background import Cancelled, JobRun, is_lost, job_kind
from veche.core.refusal import Refusal
from veche.exchange.actions import export_houses, export_people, exports, letters
from veche.exchange.exporting.catalogue import facts, widened
from veche.exchange.exporting.making import Maker
from veche.exchange.models import Export


@job_kind(exports.MAKE, label=gettext_lazy("Export: %(subject)s"))
def make(run: JobRun) -> None:
    """Gather, write, finish; whatever ends it is also told to the export."""
    export = Export.objects.filter(pk=run.job.arguments["export"]).first()
    if export is None or not export.is_busy:
        if export and export.is_ready:  # the worker died after the file was whole
            run.result(reverse("exchange:export_file", args=[export.key]))
        return
    state: str | None = Export.State.FAILED
    error = ""
    try:
        with translation.override(export.language):
            _make_within_reach(run, export)
        run.result(reverse("exchange:export_file", args=[export.key]))
        return
    except Cancelled:
        state = Export.State.CANCELLED
        raise
    except Refusal as refusal:
        error = str(refusal)
        raise
    except OSError as trouble:
        error = _unwritten(trouble)
        raise Refusal("export.unwritable", error) from trouble
    except Exception as trouble:
        state = None if is_lost(trouble) else state  # the job goes on, and so does the export
        error = type(trouble).__name__
        raise
    finally:
        exports.drop_gathered()
        export.refresh_from_db()  # what was set before a failing commit is not so
        if state and export.is_busy:
            exports.stop_export(by=Actor.system(), export=export, state=state, error=error)


def _make_within_reach(run: JobRun, export: Export) -> None:
    """Write the file with the rights that its maker has at the end; when they change meanwhile, it is begun anew."""
    while True:
        try:
            return _make(run, export)
        except exports.ReachChanged:
            was = run.actor
            run.actor = actor_of_user(was.user_id, via=was.via, request_id=was.request_id)


def _make(run: JobRun, export: Export) -> None:
    run.actor.require("exchange.export")

    def tell(done: int) -> None:
        exports.insist_same_reach(run.actor)
        run.checkpoint(done=done)

    path = exports.begin_file(export)
    if export.is_houses:
        begun = partial(run.checkpoint, done=0, stage="write")
        written = export_houses.write(path, by=run.actor, export=export, begun=begun, tell=tell)
        exports.finish_export(by=run.actor, export=export, people=written)
        return
    parts = export_people.gather(by=run.actor, export=export)
    run.checkpoint(done=0, total=parts[-1].upto, stage="write")
    if export.is_letters:
        written = letters.write(path, by=run.actor, export=export, upto=parts[-1].upto, tell=tell)
        exports.finish_export(by=run.actor, export=export, people=written)
        return
    fields = own_fields()
    offered = facts(fields)
    chosen = [offered[key] for key in export.columns if key in offered]
    maker = Maker(
        actor=run.actor,
        facts=widened(chosen, export_people.most_of_each(export)),
        fields=fields,
        form=export.form,
        delimiter=export.options["delimiter"],
        tell=tell,
    )
    exports.finish_export(by=run.actor, export=export, people=maker.make(path, parts))


def _unwritten(trouble: OSError) -> str:
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk is full, so the file was not written. Make room and export once more.")
    return _("The file cannot be written: %(reason)s.") % {"reason": trouble.strerror or trouble}


def delete_old_files() -> int:
    """Delete the files whose time is over. A second run finds none."""
    return exports.delete_old_files(by=Actor.system())
