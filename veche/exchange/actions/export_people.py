"""Who goes into which file of an export: a temporary table of people in their order, seen by the job alone.

Nothing of it outlives the connection, so a job that was killed leaves nothing behind and begins anew.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.accounts.queries import names_of
from veche.campaigns.queries import campaigns_for
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.exchange.exporting.catalogue import SEVERAL
from veche.exchange.exporting.making import Part
from veche.exchange.models import Export
from veche.exchange.queries import orders

MOST_APART = 10  # columns for phones of one person; the last one holds the rest

_GATHER = """
CREATE TEMPORARY TABLE veche_export ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY {part}, {order}) AS position, {part} AS part, contact.id AS contact_id
FROM contacts_contact AS contact {join} WHERE {where}
"""
_MEMBERSHIP = """LEFT JOIN contacts_membership AS member
    ON member.contact_id = contact.id AND (%s OR member.campaign_id = ANY(%s))"""


def gather(*, by: Actor, export: Export) -> list[Part]:
    """Fill the table with the people whom `by` may see of the export's view; returns its files in their order.

    Somebody in two campaigns stands in the files of both; campaigns that `by` may not know make none.
    """
    question, split = orders.question_of(by, export.view), export.options.get("split", "")
    part, join, params = "0", "", ()
    if split == "campaign":
        part, join = "COALESCE(member.campaign_id, 0)", _MEMBERSHIP
        params = (by.sees_all, sorted(by.scope("campaign")))
    elif split == "responsible":
        part = "COALESCE(contact.responsible_id, 0)"
    text = _GATHER.format(part=part, order=question.order, join=join, where=question.where.text)
    with connection.cursor() as sql:
        sql.execute("SET work_mem = '64MB'")  # of this connection, until `drop_gathered`
        sql.execute("SET jit = off")
        sql.execute("DROP TABLE IF EXISTS pg_temp.veche_export")
        sql.execute(text, (*params, *question.where.params))
        sql.execute("CREATE UNIQUE INDEX ON pg_temp.veche_export (position)")
        sql.execute("ANALYZE pg_temp.veche_export")
        sql.execute(
            "SELECT part, min(position) - 1, max(position) FROM pg_temp.veche_export GROUP BY part ORDER BY 2"
        )
        found = sql.fetchall()
    parts = _cut(found, export) if split == "rows" else _named(by, split, found)
    if len(parts) > orders.MOST_PARTS:
        words = _(
            "That would be %(parts)d files. Take at most %(most)d: larger ones, or another way to split."
        )
        raise Refusal("export.too_many_parts", words % {"parts": len(parts), "most": orders.MOST_PARTS})
    return parts or [Part(_("People"), 0, 0)]


def _cut(found: list[tuple[int, int, int]], export: Export) -> list[Part]:
    size, last = export.options["split_rows"], found[0][2] if found else 0
    return [
        Part(f"{_('People')} {after + 1}-{min(after + size, last)}", after, min(after + size, last))
        for after in range(0, last, size)
    ]


def _named(by: Actor, split: str, found: list[tuple[int, int, int]]) -> list[Part]:
    names: dict[int, Any] = {0: _("People")}
    if split == "campaign":
        names = {0: _("Outside all campaigns"), **dict(campaigns_for(by).values_list("pk", "name"))}
    elif split == "responsible":
        names = {0: _("Nobody is responsible"), **names_of(part for part, _after, _upto in found)}
    return [Part(str(names.get(part, part)), after, upto) for part, after, upto in found]


def most_of_each(export: Export) -> dict[str, int]:
    """How many columns the phones and e-mails take when each gets its own."""
    if not export.options.get("apart"):
        return {}
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT kind, max(n) FROM (
                SELECT p.kind, count(*) AS n
                FROM pg_temp.veche_export AS e JOIN contacts_contactpoint AS p USING (contact_id)
                WHERE p.kind = ANY(%s) GROUP BY e.position, p.kind) AS counted
            GROUP BY kind
            """,
            [list(SEVERAL)],
        )
        return {kind: min(most, MOST_APART) for kind, most in sql.fetchall()}
