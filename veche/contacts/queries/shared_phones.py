"""Phones that many people have: how many, who they are, and what such a number is likely to be (E12)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.contacts.queries.findings import PAGE, Page, Shared
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import visible_sql
from veche.contacts.queries.shared_marks import told_sql
from veche.core.actor import Actor
from veche.names import for_gender
from veche.ui import formats

SHOWN = 6  # people of a number
CROWD = 5  # people of as many surnames, brought by one: rather the number of whoever collected them

# `people` counts everybody with the number, as the filter does; names are those that the viewer may see.
_NUMBERS = """
WITH number AS (
    SELECT finding.mark, count(DISTINCT finding.contact_id) AS people, min(finding.id) AS id
    FROM contacts_finding AS finding JOIN contacts_contact AS contact ON contact.id = finding.contact_id
    WHERE finding.key = 'phone_shared' AND NOT finding.dismissed AND {visible} AND {told}
    GROUP BY finding.mark
)
SELECT id, mark, people FROM number WHERE (people, mark) < (%s, %s) ORDER BY people DESC, mark DESC LIMIT %s
"""
_HOLDERS = """
SELECT finding.mark, contact.id, contact.name, contact.surname, contact.kind, point.value,
       (SELECT min(concat_ws('|', origin.batch, origin.collector)) FROM contacts_origin AS origin
        WHERE origin.contact_id = contact.id AND (origin.collector <> '' OR origin.batch IS NOT NULL)) AS brought,
       (SELECT min(address.text) FROM contacts_postaladdress AS address WHERE address.contact_id = contact.id)
FROM (SELECT DISTINCT ON (mark, contact_id) *, row_number() OVER (PARTITION BY mark ORDER BY contact_id) AS place
      FROM contacts_finding WHERE key = 'phone_shared' AND mark = ANY(%s) AND NOT dismissed) AS finding
JOIN contacts_contact AS contact ON contact.id = finding.contact_id
JOIN contacts_contactpoint AS point ON point.id = finding.point
WHERE finding.place <= 50 AND {visible} ORDER BY finding.mark, contact.id
"""


def shared_phones(actor: Actor, *, after: str = "") -> Page:
    """Numbers with the most people first."""
    visible, params = visible_sql(actor)
    head, _dash, tail = after.partition("_")
    whole = head.isdecimal() and tail.lstrip("-").isdecimal() and len(head) < 10 and len(tail) < 20
    key = (int(head), int(tail)) if whole else (2**31 - 1, 2**63 - 1)
    with connection.cursor() as sql:
        told = told_sql(actor)
        numbers = _NUMBERS.format(visible=visible, told=told.text)
        sql.execute(numbers, [*params, *told.params, *key, PAGE + 1])
        found = sql.fetchall()
        page = found[:PAGE]
        sql.execute(_HOLDERS.format(visible=visible), [[row[1] for row in page], *params])
        holders: dict[int, list[Any]] = defaultdict(list)
        for mark, *holder in sql.fetchall():
            holders[mark].append(holder)
    rows = [_shared(actor, *row, holders[row[1]]) for row in page if holders[row[1]]]
    return Page(rows, f"{page[-1][2]}_{page[-1][1]}" if len(found) > PAGE else "")


def _shared(actor: Actor, finding_id: int, mark: int, people: int, holders: list[Any]) -> Shared:
    value = holders[0][4]
    is_open = sees_phones(actor)
    return Shared(
        id=finding_id,
        phone=formats.phone(value, masked=not is_open),
        people=people,
        names=[(holder[0], holder[1] or f"№ {holder[0]}") for holder in holders[:SHOWN]],
        likely=likely(holders),
        search=value if is_open else "",
    )


def likely(holders: list[Any]) -> str:
    """What a number is, by those who have it: (id, name, surname, kind, value, brought by, address). Or nothing."""
    people = [holder for holder in holders if holder[3] == "person"]
    surnames = {for_gender(holder[2], "m").casefold().replace("ё", "е") for holder in people if holder[2]}
    names = {_first_two(holder[1]) for holder in people if holder[1]}
    brought = {holder[5] for holder in holders}
    addresses = {(holder[6] or "").casefold() for holder in people}
    if len(people) < len(holders):
        return _("an office: an organisation has it too")
    if len(names) == 1:
        return _("one person, added several times")
    if len(surnames) == 1:
        return _("a family: all have one surname")
    if len(addresses) == 1 and addresses != {""}:
        return _("a household: all live at one address")
    if len(surnames) >= CROWD and len(brought) == 1 and brought != {None}:
        return _("the number of whoever collected them, or one made up")
    return ""


def _first_two(name: str) -> str:
    """Surname and first name, however they are written."""
    return " ".join(name.split()[:2]).casefold().replace("ё", "е")
