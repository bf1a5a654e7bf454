"""From a file to an import that knows its table, columns and rules. Each step may be repeated until the load."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.campaigns.models import Campaign
from veche.contacts.registry import ImportableKind
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal, Stale
from veche.exchange.actions.facts import insist_complete
from veche.exchange.actions.remembering import recall
from veche.exchange.actions.running import start_check
from veche.exchange.events import FileUploaded, ImportSetUp
from veche.exchange.mapping import (
    FIELD_TYPES,
    NEW_FIELD,
    SKIP,
    describe_columns,
    fact_target,
    find_options,
    guess_kind,
    guess_mapping,
    importable,
    is_of_kind,
    is_target,
    lay_out_kind,
    may_repeat,
    plan_columns,
)
from veche.exchange.mapping.facts import PEOPLE
from veche.exchange.mapping.targets import FACT_PREFIX
from veche.exchange.models import MATCH_KEYS, Import
from veche.exchange.queries import file_path, importable_of, kinds_for
from veche.exchange.reading import Source, open_source

MOST_BYTES = 200 * 2**20
OPEN_TO_SETUP = (
    Import.State.UPLOADED, Import.State.DESCRIBED, Import.State.MAPPED, Import.State.CHECKED, Import.State.FAILED,
    Import.State.CANCELLED,
)  # fmt: skip


@action("exchange.import")
def upload_file(*, by: Actor, file: BinaryIO, name: str, sheet: str | None = None) -> Import:
    """Take a spreadsheet in: store it, find its table (on `sheet`) and guess its columns.

    `Refusal` when it is none we can take; nothing of it is kept then.
    """
    name = printable(Path(name).name[:300])
    size = _size_of(file)
    if not size:
        raise Refusal("import.empty", _("The file is empty: choose another file."))
    if size > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise Refusal(
            "import.too_big",
            _("The file is over %(most)d MB: divide it into several files.") % {"most": most},
        )
    stored = default_storage.save(
        f"imports/{secrets.token_hex(8)}{Path(name).suffix.lower()[:10]}", File(file)
    )
    try:
        imported = Import(
            name=name, file=stored, size=size, sha256=_sha256(default_storage.path(stored)), made_by_id=by.user_id,
            match_by=list(MATCH_KEYS),
        )  # fmt: skip
        _describe(imported, _open(imported, sheet=sheet), by)
        imported.save()
        recall(by=by, imported=imported)
    except BaseException:
        default_storage.delete(stored)
        raise
    publish(FileUploaded(object_id=imported.pk, size=size), by=by)
    return imported


def printable(name: str) -> str:
    """A file name as it may stand in a page and in a header: what a disk allows besides is told by a sign."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


@action("exchange.import")
def choose_table(
    *,
    by: Actor,
    imported: Import,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    repair: str = "",
    kind: str | None = None,
) -> Import:
    """Read the file in another way: what is not given is found anew. The columns are guessed anew too.

    `kind` is the key of an importable kind (`contacts.registry`); None leaves it as it is.
    """
    imported = _taken(imported)
    if kind is not None:
        _choose_kind(imported, kind, by)
    source = _open(
        imported, sheet=sheet, encoding=encoding, delimiter=delimiter, header_row=header_row, repair=repair
    )
    _describe(imported, source, by)
    imported.save(update_fields=["source", "columns", "mapping", "options", "state", "error"])
    imported.corrections.all().delete()  # they speak of cells as they were read before
    recall(by=by, imported=imported)
    publish(ImportSetUp(object_id=imported.pk, what="table"), by=by)
    return imported


@action("exchange.import")
def guess_afresh(*, by: Actor, imported: Import) -> Import:
    """Forget for this file how such columns were laid out before: what each is, is guessed anew, the rules too."""
    imported = _taken(imported)
    read_as = {
        name: imported.source[name] for name in ("sheet", "encoding", "delimiter", "header_row", "repair")
    }
    _describe(
        imported, _open(imported, **{name: value for name, value in read_as.items() if value != ""}), by
    )
    imported.options = {**imported.options, "afresh": True}
    imported.policy, imported.match_by = Import.Policy.FILL_EMPTY, list(MATCH_KEYS)
    imported.save(
        update_fields=["source", "columns", "mapping", "options", "policy", "match_by", "state", "error"]
    )
    recall(by=by, imported=imported)
    publish(ImportSetUp(object_id=imported.pk, what="columns"), by=by)
    return imported


@action("exchange.import")
def confirm(
    *, by: Actor, imported: Import, columns: Sequence[Mapping[str, Any]], rules: Mapping[str, Any]
) -> Import:
    """All that the page of columns says, and the check of the file begins: `map_columns`, `choose_rules`, one after
    the other, or nothing of it."""
    imported = map_columns(by=by, imported=imported, columns=columns)
    imported = choose_rules(by=by, imported=imported, **rules)
    return start_check(by=by, imported=imported)


@action("exchange.import")
def map_columns(*, by: Actor, imported: Import, columns: Sequence[Mapping[str, Any]]) -> Import:
    """Say what each column becomes: {index, target, field_type, label, day_first}; a column not named stays as it is.

    `target` is a key of `mapping.TARGETS` or `field:<key>` of an own field; `label` and `field_type` are for
    `field:new`. `Refusal` with a sentence per column (`fields["column-<index>"]`) for what cannot be.
    """
    imported = _taken(imported)
    given = {int(each["index"]): each for each in columns}
    plans = [_changed(plan, given.get(plan["index"], {})) for plan in imported.mapping]
    _insist_sensible(plans, importable_of(imported))
    imported.mapping, imported.state = plans, Import.State.MAPPED
    imported.save(update_fields=["mapping", "state"])
    publish(ImportSetUp(object_id=imported.pk, what="columns"), by=by)
    return imported


@action("exchange.import")
def choose_rules(
    *,
    by: Actor,
    imported: Import,
    policy: str | None = None,
    match_by: Sequence[str] | None = None,
    campaign: Campaign | None = None,
    tags: Sequence[str] = (),
    responsible: User | None = None,
    default_city_code: str | None = None,
    day_first: bool | None = None,
    name_order: str | None = None,
) -> Import:
    """Say how people are recognised, what happens to known ones, and what all of them get. None leaves as it is."""
    imported = _taken(imported)
    if policy is not None:
        if policy not in Import.Policy.values:
            sentence = _("Choose one of the list.")
            raise Refusal("import.policy", sentence, fields={"policy": sentence})
        imported.policy = policy
    if match_by is not None:
        imported.match_by = [key for key in MATCH_KEYS if key in match_by]
    imported.campaign, imported.responsible = campaign, responsible
    imported.tags = list(dict.fromkeys(tag.strip()[:100] for tag in tags if tag.strip()))
    given = {"default_city_code": default_city_code, "day_first": day_first, "name_order": name_order}
    imported.options = {
        **imported.options,
        **{name: value for name, value in given.items() if value is not None},
    }
    imported.state = Import.State.MAPPED
    imported.save(update_fields=["policy", "match_by", "campaign", "responsible", "tags", "options", "state"])
    publish(ImportSetUp(object_id=imported.pk, what="rules"), by=by)
    return imported


def _choose_kind(imported: Import, kind: str, by: Actor) -> None:
    if kind not in [each.key for each in kinds_for(by)]:
        sentence = _("Choose one of the list.")
        raise Refusal("import.kind", sentence, fields={"kind": sentence})
    if kind != imported.options.get("kind", PEOPLE):
        imported.options = {**imported.options, "kind": kind, "kind_chosen": True}


def _taken(imported: Import) -> Import:
    locked = Import.objects.select_for_update().get(pk=imported.pk)
    if locked.state not in OPEN_TO_SETUP or locked.loaded_at:
        raise Stale(_("This import has gone on already: start a new one to change how it is done."))
    return locked


def _size_of(file: BinaryIO) -> int:
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    return size


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(imported: Import, **how: Any) -> Source:
    return open_source(file_path(imported), **how)


def _describe(imported: Import, source: Source, by: Actor) -> None:
    try:
        profiles = describe_columns(source)
        guesses = guess_mapping(profiles)
        known = imported.options.get("kind")
        kind = importable(known) if known else guess_kind(profiles, guesses, kinds_for(by))
        lay_out_kind(kind, profiles, guesses)
        plans = plan_columns(source, guesses)
        options = replace(find_options(source, plans), default_city_code=settings.VECHE_CITY_CODE)
        kept = {name: True for name in ("afresh", "kind_chosen") if imported.options.get(name)}
        imported.options = replace(options, kind=kind.key).as_json() | kept
        imported.source = {
            "kind": source.kind, "sheet": source.sheet.name, "sheets": [asdict(sheet) for sheet in source.sheets],
            "encoding": source.encoding, "delimiter": source.delimiter, "header_row": source.header_row,
            "header_rows": source.header.height, "first_row": source.first_row, "rows": source.row_count,
            "repair": source.repair,
            "mojibake": asdict(source.mojibake) if source.mojibake else None,
            "banner": [" ".join(str(cell) for cell in row.cells if cell is not None)[:300] for row in source.banner],
        }  # fmt: skip
    finally:
        source.close()
    imported.columns = [
        profile.as_json() | {"guess": guess.as_json()}
        for profile, guess in zip(profiles, guesses, strict=True)
    ]
    imported.mapping = [asdict(plan) | {"label": plan.caption or plan.title} for plan in plans]
    imported.state, imported.error = Import.State.DESCRIBED, ""


def _changed(plan: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    known = ("target", "field_type", "label", "day_first")
    changed = plan | {name: given[name] for name in known if name in given}
    fact = fact_target(changed["target"])
    return changed | {"field_type": fact.type} if fact else changed


def _insist_sensible(plans: Sequence[Mapping[str, Any]], kind: ImportableKind) -> None:
    wrong, taken = {}, set()
    for plan in plans:
        target, place = plan["target"], f"column-{plan['index']}"
        if not is_target(target) or (target.startswith(FACT_PREFIX) and not is_of_kind(target, kind)):
            wrong[place] = _("Choose one of the list.")
        elif target in taken and not may_repeat(target):
            wrong[place] = _("Another column becomes this already.")
        elif target == NEW_FIELD and plan["field_type"] not in FIELD_TYPES:
            wrong[place] = _("Choose the type of the new field.")
        elif target == NEW_FIELD and not plan["label"].strip():
            wrong[place] = _("Give the new field a name.")
        taken.add(target)
    if not wrong and taken <= {SKIP}:
        raise Refusal("import.nothing_mapped", _("No column is imported: say what at least one of them is."))
    if wrong:
        raise Refusal("import.mapping", next(iter(wrong.values())), fields=wrong)
    insist_complete(kind, taken)
