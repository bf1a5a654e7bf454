"""Made-up people with a past, for `veche demo`: written in sets by COPY, thousands at a time.

An import cannot make them: it writes what happens today, and a demonstration wants two years of it. The rows are the
same that an import and a card leave, the ledger's entries among them, each with its own moment; whatever listens to
the ledger hears of them afterwards as of anything else.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from veche.contacts.events import CampaignJoined, ContactAdded, NoteAdded, TagPut
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import Event
from veche.core.past import PastEntry, copy_past
from veche.names import name_key

SYSTEM = "demo"  # under which the made-up people have their numbers


@dataclass(frozen=True, slots=True)
class PastNote:
    at: dt.datetime
    user_id: int | None
    text: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class PastChange:
    """A field that held `before` until `at`. A status is its id, a point the value that is compared."""

    at: dt.datetime
    user_id: int | None
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A person as he is to stand in the base, in values as they are stored; ids are of rows that are there."""

    external_id: str
    kind: str
    surname: str
    given_name: str
    patronymic: str
    gender: str
    birthday: tuple[int | None, int | None, int | None]  # year, month, day
    made_at: dt.datetime
    channel: str
    source: str
    address: str = ""
    caution: str = ""
    status_id: int | None = None
    responsible_id: int | None = None
    territory_id: int | None = None
    own: dict[str, Any] = field(default_factory=dict)
    points: Sequence[tuple[str, str, str]] = ()  # kind, value, validity
    campaigns: Sequence[tuple[int, dt.datetime]] = ()
    tags: Sequence[tuple[int, dt.datetime]] = ()
    roles: Sequence[tuple[int, dt.date | None]] = ()
    notes: Sequence[PastNote] = ()
    changes: Sequence[PastChange] = ()

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


# table: its columns, in the order of the rows below; what is not named has the same value in all of them
COLUMNS = {
    "contacts_contact": (
        "id kind surname given_name patronymic name name_as_given name_key gender birth_year birth_month birth_day"
        " status_id caution responsible_id territory_id own made_at changed_at revision"
    ),
    "contacts_contactpoint": (
        "contact_id kind value as_given extension purpose validity note position made_at"
    ),
    "contacts_postaladdress": "contact_id text purpose validity note position made_at",
    "contacts_externalid": "contact_id system value",
    "contacts_origin": "contact_id channel words collector happened_on batch_name made_at",
    "contacts_membership": "campaign_id contact_id since",
    "contacts_tagassignment": "tag_id contact_id made_at",
    "contacts_contactrole": "role_id contact_id since note",
    "contacts_note": "id contact_id text author_id pinned made_at",
    "contacts_fieldchange": "contact_id field before after at by_id request_id",
}


@action("contacts.add")
def add_made_up(*, by: Actor, people: Sequence[MadeUp]) -> int:
    """Write these people with all that belongs to them; returns how many. Who is there by his number is passed over."""
    people = _new(people)
    ids = _numbers("contacts_contact", len(people))
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
    notes = iter(_numbers("contacts_note", sum(len(each.notes) for each in people)))
    past: list[PastEntry] = []
    for contact_id, person in zip(ids, people, strict=True):
        _rows_of(rows, contact_id, person, by)
        past.append(
            _entry(ContactAdded, person.made_at, None, contact_id, contact_id, channel=person.channel)
        )
        past += [
            _entry(CampaignJoined, since, person.responsible_id, contact_id, campaign)
            for campaign, since in person.campaigns
        ]
        past += [_entry(TagPut, at, person.responsible_id, contact_id, tag) for tag, at in person.tags]
        for note, note_id in zip(person.notes, notes, strict=False):
            rows["contacts_note"].append((note_id, contact_id, note.text, note.user_id, note.pinned, note.at))
            past.append(_entry(NoteAdded, note.at, note.user_id, contact_id, note_id))
    with connection.cursor() as sql:
        sql.execute("SET LOCAL synchronous_commit = off")  # what a crash takes, the next run makes again
        for table, columns in COLUMNS.items():
            _copy(sql, f"COPY {table} ({', '.join(columns.split())}) FROM STDIN", rows[table])
    copy_past(past, by=by)
    return len(people)


def _rows_of(rows: dict[str, list[tuple[Any, ...]]], contact_id: int, person: MadeUp, by: Actor) -> None:
    later = (*person.notes, *person.changes)
    latest = max(person.made_at, max(each.at for each in later)) if later else person.made_at
    surname, given = person.surname, person.given_name
    key = name_key(surname, given, person.patronymic)
    rows["contacts_contact"].append(
        (contact_id, person.kind, surname, given if surname or person.gender else "", person.patronymic, person.name,
         person.name, key, person.gender, *person.birthday, person.status_id, person.caution, person.responsible_id,
         person.territory_id, json.dumps(person.own), person.made_at, latest, 1 + len(person.changes))
    )  # fmt: skip
    seen: dict[str, int] = {}
    for kind, value, validity in person.points:
        position = seen[kind] = seen.get(kind, -1) + 1
        rows["contacts_contactpoint"].append(
            (contact_id, kind, value, value, "", "", validity, "", position, person.made_at)
        )
    if person.address:
        rows["contacts_postaladdress"].append(
            (contact_id, person.address, "", "unchecked", "", 0, person.made_at)
        )
    rows["contacts_externalid"].append((contact_id, SYSTEM, person.external_id))
    day = person.made_at.date()
    rows["contacts_origin"].append((contact_id, person.channel, person.source, "", day, "", person.made_at))
    rows["contacts_membership"] += [(campaign, contact_id, since) for campaign, since in person.campaigns]
    rows["contacts_tagassignment"] += [(tag, contact_id, at) for tag, at in person.tags]
    rows["contacts_contactrole"] += [(role, contact_id, since, "") for role, since in person.roles]
    rows["contacts_fieldchange"] += [
        (
            contact_id,
            each.field,
            json.dumps(each.before),
            json.dumps(each.after),
            each.at,
            each.user_id,
            by.request_id,
        )
        for each in person.changes
    ]


def _new(people: Sequence[MadeUp]) -> list[MadeUp]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT value FROM contacts_externalid WHERE system = %s AND value = ANY(%s)",
            [SYSTEM, [person.external_id for person in people]],
        )
        there = {row[0] for row in sql.fetchall()}
    return [person for person in people if person.external_id not in there]


def _numbers(table: str, count: int) -> list[int]:
    """Free ids of a table, which nobody else gets."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in sql.fetchall()]


def _entry(
    event: type[Event], at: dt.datetime, actor_id: int | None, contact_id: int, object_id: int, **facts: Any
) -> PastEntry:
    return PastEntry(at, actor_id, event(contact_id=contact_id, object_id=object_id, **facts))


def _copy(sql: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with sql.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
