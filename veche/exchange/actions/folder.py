"""Files of the watched folder on their way through an import. Each step looks at what is there and does the next."""

from __future__ import annotations

from typing import BinaryIO

from veche.campaigns.models import Campaign
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.actions.receiving import upload_file
from veche.exchange.actions.running import start_check, start_load
from veche.exchange.actions.setup import choose_rules
from veche.exchange.events import FolderFileSettled
from veche.exchange.models import Import, WatchedFile
from veche.exchange.queries import has_rows_to_load
from veche.exchange.said import coded

State, Stands = Import.State, WatchedFile.State


@action("exchange.import")
def take_file(*, by: Actor, file: BinaryIO, name: str, sha256: str) -> WatchedFile:
    """The file becomes an import, and is written down in the same transaction: it is taken once.

    `Refusal` when it is no spreadsheet that can be read; then nothing of it is kept.
    """
    watched = WatchedFile.objects.create(name=name, sha256=sha256)
    watched.imported = upload_file(by=by, file=file, name=name)
    watched.save(update_fields=["imported"])
    return watched


@action("exchange.import")
def pass_over(*, by: Actor, name: str, sha256: str, state: str, sentence: str) -> WatchedFile:
    """Write down that a file is not imported, and why, as `said` stores it."""
    unchanged()
    return WatchedFile.objects.create(name=name, sha256=sha256, state=state, sentence=sentence)


@action("exchange.import")
def go_on(*, by: Actor, watched: WatchedFile, policy: str, campaign: Campaign | None) -> None:
    """Do the next step of a file that was taken: check it, load it, or say what came of it."""
    unchanged()
    imported = watched.imported
    if imported is None:
        settle(by=by, watched=watched, state=Stands.FAILED, sentence=coded("folder.deleted"))
    elif imported.state in (State.DESCRIBED, State.MAPPED):
        if imported.remembered is None:
            settle(
                by=by,
                watched=watched,
                state=Stands.FAILED,
                sentence=coded("folder.strange", number=imported.pk),
            )
            return
        chosen = campaign or imported.remembered.campaign
        imported = choose_rules(by=by, imported=imported, policy=policy or None, campaign=chosen)
        start_check(by=by, imported=imported)
    elif imported.state == State.CHECKED:
        if why := _why_not(imported):
            settle(by=by, watched=watched, state=Stands.FAILED, sentence=why)
        else:
            start_load(by=by, imported=imported)
    elif imported.state == State.LOADED:
        settle(by=by, watched=watched, state=Stands.LOADED, sentence="")
    elif not imported.is_busy:
        why = imported.error or coded("folder.stopped")
        settle(by=by, watched=watched, state=Stands.FAILED, sentence=why)


def _why_not(imported: Import) -> str:
    if imported.totals["check"]["overwrites"]:
        return coded("folder.overwrites", number=imported.pk)
    return "" if has_rows_to_load(imported) else coded("folder.nothing", number=imported.pk)


@action("exchange.import")
def settle(*, by: Actor, watched: WatchedFile, state: str, sentence: str) -> None:
    """Write down what came of a file, `sentence` as `said` stores it; it moves afterwards."""
    watched.state, watched.sentence = state, sentence[:4000]
    watched.save(update_fields=["state", "sentence"])
    publish(FolderFileSettled(object_id=watched.imported_id, state=str(state)), by=by)


@action("exchange.import")
def note_moved(*, by: Actor, watched: WatchedFile, to: str) -> None:
    """The file lies there now, "-" when somebody else took it away: it may come again."""
    unchanged()
    watched.moved_to = to[:300]
    watched.save(update_fields=["moved_to"])
