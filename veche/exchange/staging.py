"""Rows of a file → lines for COPY into the staging table. Runs in processes of its own; pure, but for the imports.

A worker process ends when its parent does, even by kill -9: a thread waits on the parent's sentinel.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from datetime import datetime
from multiprocessing import connection as pipes
from typing import Any

from veche.exchange.mapping import ColumnPlan, Converter, Options, RowDraft
from veche.exchange.reading import RowSorter
from veche.exchange.sameness import plain

PROCESSES = 2
COLUMNS = (
    "batch_id", "number", "cells", "draft", "problems", "doubts", "reach", "external_id", "surname_key", "given_keys",
    "patronymic_key", "name_key", "birth_year", "birth_month", "birth_day", "verdict", "matched_by", "changes",
    "overwritten", "outcome",
)  # fmt: skip
# The others of a cell stand in a note already.
_STORED = tuple(each.name for each in fields(RowDraft) if each.name not in ("row", "problems", "others"))

# json.dumps would make an encoder for each value.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_converter: Converter | None = None
_batch = 0


def pool(batch: int, plans: Sequence[ColumnPlan], options: Options, language: str) -> ProcessPoolExecutor:
    """Processes that answer `stage_rows`; close it when done."""
    return ProcessPoolExecutor(
        PROCESSES,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(batch, [asdict(plan) for plan in plans], options.as_json(), language),
    )


def _begin(batch: int, plans: list[dict[str, Any]], options: dict[str, Any], language: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
        import django

        django.setup()
        from django.utils import translation

        translation.activate(language)
    prepare(batch, [ColumnPlan(**plan) for plan in plans], Options(**options))


def _end_with(sentinel: int) -> None:
    pipes.wait([sentinel])
    os._exit(1)


def prepare(batch: int, plans: Sequence[ColumnPlan], options: Options) -> None:
    """Make this process ready for `stage_rows`."""
    global _converter, _batch
    _batch = batch
    _converter = Converter(plans, options, RowSorter([plan.caption for plan in plans]))


def stage_rows(rows: Sequence[tuple[int, Sequence[Any]]]) -> bytes:
    """The lines for COPY (text format, columns `COLUMNS`) of rows (number, cells)."""
    assert _converter is not None
    return "".join(_line(_converter.convert(number, cells), cells) for number, cells in rows).encode()


def _line(draft: RowDraft, cells: Sequence[Any]) -> str:
    birth = (draft.birth_year, draft.birth_month, draft.birth_day)
    surname, given, patronymic = draft.surname, draft.given_name, draft.patronymic
    if draft.kind == "organisation" or not (surname or given or patronymic):
        surname, given, patronymic = draft.name, "", ""
    name_key, both = _name_keys(draft)
    values = (
        str(_batch), str(draft.row), _json([_plain_cell(cell) for cell in cells]), _json(_stored(draft, name_key)),
        _json(draft.problems), "[]", _array(_reach(draft)), draft.external_id, plain(surname),
        _array(_given_keys(given)),
        plain(patronymic), both, *("\\N" if part is None else str(part) for part in birth),
        "reject" if draft.rejected else "", "", "{}", "{}", "",
    )  # fmt: skip
    return "\t".join(value if value == "\\N" else _escaped(value) for value in values) + "\n"


def _name_keys(draft: RowDraft) -> tuple[str, str]:
    from veche.contacts.naming import key_of

    if draft.surname or draft.given_name or draft.patronymic:
        whole = key_of(draft.surname, draft.given_name, draft.patronymic)
    else:
        whole = key_of(draft.name) if draft.name else ""
    initial = len(draft.given_name.strip(".")) < 2
    return whole, "" if initial or not draft.surname else key_of(draft.surname, draft.given_name)


def _given_keys(given: str) -> list[str]:
    if not given:
        return []
    from veche.names import full_forms

    keys = [plain(given)]
    return keys + [key for key in map(plain, full_forms(given)) if key not in keys]


def _reach(draft: RowDraft) -> list[str]:
    reach = (
        f"{point['kind']}:{point['value']}" for point in draft.points if point.get("validity") != "invalid"
    )
    return list(dict.fromkeys(reach))


def _stored(draft: RowDraft, name_key: str) -> dict[str, Any]:
    known = {
        name: getattr(draft, name) for name in _STORED
    }  # asdict would copy everything, at half the row's cost
    known["name_key"] = name_key
    return {name: value for name, value in known.items() if value not in ("", None, [], {})}


def _plain_cell(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _json(value: Any) -> str:
    return _encode(value).replace("\\u0000", "")


def _array(texts: Sequence[str]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _escaped(text: str) -> str:
    """For COPY's text format."""
    text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
