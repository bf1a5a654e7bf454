"""Taking people out of the base: an order, its file, its end. A permission of its own, and a ledger row each time."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.core.action import action, unchanged
from veche.core.actor import Actor, actor_of_user
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.events import (
    ExportDownloaded,
    ExportFileDeleted,
    ExportOrdered,
    ExportStopped,
    HousesExported,
    PeopleExported,
)
from veche.exchange.exporting.making import COMMA, SEMICOLON
from veche.exchange.models import Export
from veche.exchange.queries import house_orders, orders

MAKE = "exports.make"  # not "exchange.…": in the tray an import and an export are two things, whatever their numbers
FOLDER = "exports"


@action("exchange.export")
def order_export(
    *, by: Actor, view: Mapping[str, str], columns: list[str], form: str = "xlsx", delimiter: str = SEMICOLON,
    apart: bool = False, split: str = "", split_rows: int = 0,
) -> Export:  # fmt: skip
    """Order the people of a list (`view`: its address) as a file; a job makes it.

    `apart` gives each phone and e-mail a column of its own; `split` is empty or one of rows (of `split_rows` each),
    campaign, responsible: then the file is an archive. Raises `Refusal` for what cannot be.
    """
    view = orders.view_of(view)
    filters = orders.question_of(by, view).filters
    columns = orders.checked_columns(columns)
    if form not in dict(Export.TABLES):
        raise Refusal("export.format", _("Choose Excel or CSV."))
    if delimiter not in (SEMICOLON, COMMA):
        raise Refusal("export.delimiter", _("Choose a semicolon or a comma between the columns."))
    options = {"delimiter": delimiter, "apart": bool(apart), **_checked_split(split, split_rows)}
    export = Export.objects.create(
        made_by_id=by.user_id, view=view, words=orders.words_of(filters)[:1000], columns=columns, form=form,
        options=options, language=by.language, titles=orders.titles_of(by, view),
    )  # fmt: skip
    publish(
        ExportOrdered(
            object_id=export.pk, form=form, filters=orders.codes_of(filters), columns=tuple(columns[:100])
        ),
        by=by,
    )
    job = start_job(MAKE, by=by, subject=export.words or _("everybody"), export=export.pk)
    Export.objects.filter(pk=export.pk).update(job_id=job.pk)
    export.job_id = job.pk
    return export


def _checked_split(split: str, split_rows: int) -> dict[str, object]:
    if not split:
        return {}
    if split not in orders.SPLITS:
        raise Refusal("export.split", _("Choose by what the file is split."))
    if split == "rows" and split_rows < orders.FEWEST_ROWS:
        words = _("A file of a split export has at least %(fewest)d rows.")
        raise Refusal(
            "export.split_rows", words % {"fewest": orders.FEWEST_ROWS}, fields={"split_rows": [str(words)]}
        )
    return {"split": split, "split_rows": split_rows} if split == "rows" else {"split": split}


def working_path(export: Export) -> Path:
    """Where the file grows: beside its place, under a name that tells that it is not whole."""
    ending = "zip" if export.options.get("split") else export.form
    return Path(default_storage.path(f"{FOLDER}/{export.key}-making/people.{ending}"))


def begin_file(export: Export) -> Path:
    """An empty folder for the work; what an attempt that was killed has left is gone."""
    path = working_path(export)
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True, mode=0o700)
    return path


class ReachChanged(Exception):
    """Whoever exports may see another part of the base now than when the file was begun."""


def insist_same_reach(by: Actor) -> None:
    """Raise `ReachChanged` when the rights of `by` are others by now."""
    now = actor_of_user(by.user_id, via=by.via, request_id=by.request_id)
    if _reach(now) != _reach(by):
        raise ReachChanged


def _reach(by: Actor) -> tuple[object, ...]:
    return by.role, by.permissions, by.sees_all, dict(by.scopes)


@action("exchange.export")
def finish_export(*, by: Actor, export: Export, people: int) -> Export:
    """The file is whole: it may be fetched until `expires_at`. `ReachChanged` when it is not for `by` any more.

    The user is held meanwhile: whoever changes their rights afterwards finds the file, and takes it back.
    """
    list(User.objects.filter(pk=by.user_id).select_for_update(no_key=True).values_list("pk"))
    insist_same_reach(by)
    made = working_path(export)
    export.file = f"{FOLDER}/{export.key}{made.suffix}"
    made.chmod(0o600)
    export.size = made.stat().st_size
    export.people, export.state, export.error = people, Export.State.READY, ""
    export.expires_at = timezone.now() + dt.timedelta(days=orders.KEPT_DAYS)
    export.save(update_fields=["file", "size", "people", "state", "error", "expires_at"])
    _tell_what_left(by, export, people)
    made.rename(orders.file_path(export))
    shutil.rmtree(made.parent, ignore_errors=True)
    return export


def _tell_what_left(by: Actor, export: Export, rows: int) -> None:
    told = {"object_id": export.pk, "form": export.form}
    if export.is_houses:
        codes = house_orders.codes_of(house_orders.filters_of(by, export.view), export.view)
        publish(HousesExported(**told, houses=rows, filters=codes), by=by)
    else:
        codes = orders.codes_of(orders.question_of(by, export.view).filters)
        publish(PeopleExported(**told, people=rows, filters=codes), by=by)


@action("exchange.export")
def stop_export(*, by: Actor, export: Export, state: str, error: str = "") -> Export:
    """The job has ended without a file. Does nothing to an export that has ended already."""
    shutil.rmtree(working_path(export).parent, ignore_errors=True)
    changed = Export.objects.filter(pk=export.pk, state=Export.State.MAKING).update(
        state=state, error=error[:4000]
    )
    if changed:
        publish(ExportStopped(object_id=export.pk, reason=state), by=by)
    else:
        unchanged()
    export.refresh_from_db()
    return export


@action("exchange.export")
def note_download(*, by: Actor, export: Export) -> Export:
    """Somebody fetches the file; `Refusal` when it is there no more."""
    if not export.is_ready or not orders.file_path(export).exists():
        raise Refusal("export.gone", _("This file is there no more. Export once more."), status=410)
    Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
    publish(ExportDownloaded(object_id=export.pk), by=by)
    return export


@action("exchange.export")
def delete_export_file(*, by: Actor, export: Export, reason: str = "by_hand") -> Export:
    """The file goes, the line in the log stays."""
    if export.state != Export.State.READY:
        unchanged()
        return export
    export.state = Export.State.GONE
    export.save(update_fields=["state"])
    publish(ExportFileDeleted(object_id=export.pk, reason=reason), by=by)
    transaction.on_commit(partial(default_storage.delete, export.file))  # a rollback must not lose the file
    return export


@action("exchange.export")
def delete_old_files(*, by: Actor, now: dt.datetime | None = None) -> int:
    """Delete the files whose time is over; returns how many. A second run finds none."""
    return _delete_all(by, Export.objects.filter(expires_at__lt=now or timezone.now()), "expired")


@action("exchange.export")
def delete_files_of(*, by: Actor, user_ids: Iterable[int]) -> int:
    """Delete the files of users who may no longer have them; returns how many. A second run finds none."""
    return _delete_all(by, Export.objects.filter(made_by__in=list(user_ids)), "user")


def _delete_all(by: Actor, exports, reason: str) -> int:
    found = list(exports.filter(state=Export.State.READY))
    unchanged()
    for export in found:
        delete_export_file(by=by, export=export, reason=reason)
    return len(found)


def drop_gathered() -> None:
    """The list of people of an export, which only its own connection sees, goes before the connection does."""
    with connection.cursor() as sql:
        sql.execute("RESET work_mem")
        sql.execute("RESET jit")
        sql.execute("DROP TABLE IF EXISTS pg_temp.veche_export")
