"""Rows of a file → lines for COPY into the staging table. Runs in processes of its own; pure, but for the imports.

They are forked from a server that has made the imports once (`staging_start`) and has neither threads nor connections.
Each ends when its parent does, even by kill -9: a thread waits on the parent's sentinel.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from multiprocessing import connection as pipes
from multiprocessing import forkserver
from operator import attrgetter
from typing import Any

import orjson

from veche.contacts.naming import key_of
from veche.exchange.mapping import ColumnPlan, Converter, Options, RowDraft
from veche.exchange.reading import RowSorter
from veche.exchange.sameness import plain
from veche.names import full_forms

PROCESSES = 2
COLUMNS = (
    "batch_id", "number", "cells", "draft", "problems", "doubts", "reach", "external_id", "surname_key", "given_keys",
    "patronymic_key", "name_key", "birth_year", "birth_month", "birth_day", "verdict", "matched_by", "changes",
    "overwritten", "outcome",
)  # fmt: skip
# The others of a cell stand in a note already.
_STORED = tuple(each.name for each in fields(RowDraft) if each.name not in ("row", "problems", "others"))

_values_of = attrgetter(*_STORED)  # asdict would copy everything, at half the row's cost
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
# PostgreSQL keeps none. After an odd number of backslashes it is a text that somebody wrote.
_NUL = re.compile(rb"((?<!\\)(?:\\\\)*)\\u0000")

_converter: Converter | None = None
_batch = 0


def begin_processes() -> None:
    """Start what the processes of `pool` are forked from; returns before it is ready."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["veche.exchange.staging_start"])
    forkserver.ensure_running()


def pool(batch: int, plans: Sequence[ColumnPlan], options: Options, language: str) -> ProcessPoolExecutor:
    """Processes that answer `stage_rows`; close it when done."""
    begin_processes()
    return ProcessPoolExecutor(
        PROCESSES,
        mp_context=multiprocessing.get_context("forkserver"),
        initializer=_begin,
        initargs=(batch, [asdict(plan) for plan in plans], options.as_json(), language),
    )


def _begin(batch: int, plans: list[dict[str, Any]], options: dict[str, Any], language: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
        from django.utils import translation

        translation.activate(language)
    prepare(batch, [ColumnPlan(**plan) for plan in plans], Options(**options))
    # What is loaded stays, and a row leaves no cycles: looking for them would cost a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


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
    return b"".join([_line(_converter.convert(number, cells), cells) for number, cells in rows])


def _line(draft: RowDraft, cells: Sequence[Any]) -> bytes:
    surname, given, patronymic = draft.surname, draft.given_name, draft.patronymic
    name_key, both = _name_keys(draft)
    if draft.kind == "organisation" or not (surname or given or patronymic):
        surname, given, patronymic = draft.name, "", ""
    year, month, day = draft.birth_year or "\\N", draft.birth_month or "\\N", draft.birth_day or "\\N"
    reach = _escaped(_array(_reach(draft)))
    external_id = _escaped(draft.external_id) if draft.external_id else ""
    keys = (
        f"\t[]\t{reach}\t{external_id}\t{_part_key(surname)}\t{_given_keys(given)}\t{_part_key(patronymic)}"
        f"\t{_escaped(both)}\t{year}\t{month}\t{day}\t{'reject' if draft.rejected else 'create'}\t\t{{}}\t{{}}\t\n"
    )
    problems = _json(draft.problems) if draft.problems else b"[]"
    stored = _json(_stored(draft, name_key))
    told = keys.encode(errors="replace")
    return b"%d\t%d\t%b\t%b\t%b%b" % (_batch, draft.row, _json(cells), stored, problems, told)


def _name_keys(draft: RowDraft) -> tuple[str, str]:
    """The key of the whole name; that of surname and given name when both are known."""
    surname, given = draft.surname, draft.given_name
    if not (surname or given or draft.patronymic):
        return key_of(draft.name) if draft.name else "", ""
    whole = key_of(surname, given, draft.patronymic)
    initial = len(given) < 3 and len(given.strip(".")) < 2
    return whole, "" if initial or not surname else key_of(surname, given)


@lru_cache(maxsize=32768)
def _part_key(text: str) -> str:
    return _escaped(plain(text))


@lru_cache(maxsize=8192)
def _given_keys(given: str) -> str:
    """As an array: the given name as written, then the full forms of a short one."""
    return _escaped(_array(list(dict.fromkeys(map(plain, (given, *full_forms(given))))))) if given else "{}"


def _reach(draft: RowDraft) -> list[str]:
    reach = [f"{point['kind']}:{point['value']}" for point in draft.points if point["validity"] != "invalid"]
    return reach if len(reach) < 2 else list(dict.fromkeys(reach))


def _stored(draft: RowDraft, name_key: str) -> dict[str, Any]:
    stored = {name: value for name, value in zip(_STORED, _values_of(draft), strict=True) if value}
    if name_key:
        stored["name_key"] = name_key
    return stored


def _json(value: Any) -> bytes:
    """JSON for COPY: orjson leaves no control character bare, so only its backslashes are doubled."""
    try:
        encoded = orjson.dumps(value)
    except TypeError:  # a lone surrogate, a whole number beyond 64 bits
        encoded = json.dumps(value, ensure_ascii=False, default=datetime.isoformat).encode(errors="replace")
    if b"\\" not in encoded:
        return encoded
    if b"\\u0000" in encoded:
        encoded = _NUL.sub(rb"\1", encoded)
    return encoded.replace(b"\\", b"\\\\")


def _array(texts: Sequence[str]) -> str:
    if not texts:
        return "{}"
    quoted = [text.replace("\\", r"\\").replace('"', r"\"") for text in texts]
    return '{"' + '","'.join(quoted) + '"}'


def _escaped(text: str) -> str:
    """For COPY's text format."""
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text
