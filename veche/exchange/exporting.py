"""People on their way out: rows for a spreadsheet, in keyed portions, so that a million takes no more memory than one.

Own fields follow the fixed columns. Phones are text with spaces, so that no spreadsheet program turns them into
numbers, and no cell begins like a formula (OWASP, "CSV injection").
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rustpy_xlsxwriter
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veche.contacts.models import OwnField, PointKind
from veche.contacts.queries.own import show_own
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor
from veche.ui import formats

PORTION = 5_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_PEOPLE = """
SELECT contact.id, contact.kind, contact.surname, contact.given_name, contact.patronymic, contact.name, contact.gender,
       contact.birth_year, contact.birth_month, contact.birth_day, contact.own, {points},
       (SELECT string_agg(a.text, E'\\n' ORDER BY a.position, a.id) FROM contacts_postaladdress AS a
        WHERE a.contact_id = contact.id),
       (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM contacts_tagassignment AS s
        JOIN contacts_tag AS t ON t.id = s.tag_id WHERE s.contact_id = contact.id),
       (SELECT string_agg(c.name, ', ' ORDER BY c.name) FROM contacts_membership AS m
        JOIN campaigns_campaign AS c ON c.id = m.campaign_id WHERE m.contact_id = contact.id),
       (SELECT u.name FROM accounts_user AS u WHERE u.id = contact.responsible_id)
FROM contacts_contact AS contact
WHERE contact.id > %s AND {visible} AND (%s::bigint IS NULL OR EXISTS (
    SELECT 1 FROM contacts_membership AS m WHERE m.contact_id = contact.id AND m.campaign_id = %s))
ORDER BY contact.id LIMIT %s
"""
_POINT = """(SELECT string_agg(p.value, E'\\n' ORDER BY p.position, p.id) FROM contacts_contactpoint AS p
        WHERE p.contact_id = contact.id AND p.kind = '{kind}')"""


def header(fields: list[OwnField]) -> list[str]:
    """Captions in the language active now; two own fields of one name are told apart by a number."""
    captions = [
        _("Number"), _("Surname"), _("Given name"), _("Patronymic"), _("Name or organisation"),
        pgettext("of a person", "Gender"), _("Birthday"), *(str(PointKind(kind).label) for kind in PointKind.values),
        _("Address"), _("Tags"), _("Campaigns"), _("Responsible colleague"),
    ]  # fmt: skip
    for field in fields:
        label, n = field.label, 2
        while label in captions:
            label, n = f"{field.label} ({n})", n + 1
        captions.append(label)
    return captions


def people(actor: Actor, fields: list[OwnField], *, campaign_id: int | None = None) -> Iterator[list[Any]]:
    """Rows under `header`, of everybody whom `actor` may see, in the order of their numbers."""
    visible, params = visible_sql(actor)
    points = ", ".join(_POINT.format(kind=kind) for kind in PointKind.values)
    sql, last = _PEOPLE.format(points=points, visible=visible), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [last, *params, campaign_id, campaign_id, PORTION])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield from (_row(row, fields) for row in rows)


def _row(row: tuple[Any, ...], fields: list[OwnField]) -> list[Any]:
    number, kind, surname, given, patronymic, name, gender, year, month, day, own, *rest = row
    phones, *others = rest[: len(PointKind.values)]
    own = json.loads(own) if isinstance(own, str) else own
    shown_phones = "\n".join(formats.phone(phone) for phone in (phones or "").split("\n") if phone)
    return [
        number, surname, given, patronymic, "" if kind == "person" and surname else name,
        {"m": _("male"), "f": _("female")}.get(gender, ""), _birthday(year, month, day),
        shown_phones, *(text or "" for text in others),
        *(text or "" for text in rest[len(PointKind.values) :]),
        *(show_own(field, own[field.key]) if own.get(field.key) is not None else "" for field in fields),
    ]  # fmt: skip


def _birthday(year: int | None, month: int | None, day: int | None) -> str:
    if year and month and day:
        return f"{day:02d}.{month:02d}.{year}"
    if month and day:
        return f"{day:02d}.{month:02d}."
    return f"{month:02d}.{year}" if year and month else str(year or "")


def safe_text(value: Any) -> Any:
    """A cell that no program takes for a formula: such texts get an apostrophe before them."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write(path: Path, captions: list[str], rows: Iterator[list[Any]]) -> int:
    """Write an .xlsx or, by its ending, a .csv file (UTF-8 with a mark, semicolons); returns the rows written."""
    written = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal written
        for row in rows:
            written += 1
            yield row

    if path.suffix.lower() == ".csv":
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            out = csv.writer(file, delimiter=";")
            out.writerow(captions)
            # A phone keeps its plus: with its spaces it is no formula and no number to any program we know.
            out.writerows([cell if _is_phone(cell) else safe_text(cell) for cell in row] for row in counted())
    else:
        records = (dict(zip(captions, row, strict=True)) for row in counted())
        rustpy_xlsxwriter.write_worksheet(records, str(path), sheet_name=_("People"), freeze_row=1)
    return written


def _is_phone(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith("+") and not cell.strip("+0123456789 -\n\u00a0")
