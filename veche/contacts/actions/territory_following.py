"""People's territories follow their addresses: street by street, in sets, when rules or addresses have changed.

Whoever's territory was set by hand keeps it: only where `territory` is still what the address gave it
(`territory_by_address`, both empty at first) is it written. Taking rules back therefore brings people back, too.
Each move is a field change and a ledger entry as any other, by nobody: the machine only applies what people said.
A person's address is the one they are registered at, else the first; one that does not work comes last.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from veche.addresses import KIND_PATTERN
from veche.addresses.actions import territories, territories_placing
from veche.contacts.actions.address_reading import are_addresses_read, read_addresses_of
from veche.contacts.actions.inspecting import is_anything_running
from veche.contacts.events import ContactChanged
from veche.contacts.models import Contact
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish_set
from veche.core.models import Job

JOB = "contacts.follow_territories"
AT_ONCE = 500  # contacts whose territory a subscriber sees to itself
FEW = 40  # streets that are laid out while somebody waits
PORTION = 60  # streets of one transaction

_STREETS = """
CREATE TEMP TABLE placing_street ON COMMIT DROP AS
SELECT town_key, street_key FROM unnest(%s::text[], %s::text[]) AS asked(town_key, street_key)
"""
_MAIN = """
ORDER BY r.contact_id, a.validity = 'invalid',
    CASE a.purpose WHEN 'registration' THEN 0 WHEN '' THEN 1 WHEN 'home' THEN 1 WHEN 'postal' THEN 2 ELSE 3 END,
    a.position, a.id
"""
_PLACES = (
    "r.contact_id, r.region, r.town_key, r.street_key, r.town, r.street, r.house, r.house_number AS number"
)
_ALIVE = """
contacts_addressreading AS r JOIN contacts_postaladdress AS a ON a.id = r.address_id
JOIN contacts_contact AS c ON c.id = r.contact_id AND c.removed_at IS NULL
"""
_KIND = "COALESCE(substring(street FROM %(kind)s), '') AS street_kind"
# Whoever has one address of these streets, by the one that counts; then only those whose that is.
_DWELLERS = f"""
CREATE TEMP TABLE placing_dweller ON COMMIT DROP AS
SELECT d.*, {_KIND} FROM (
    SELECT DISTINCT ON (r.contact_id) {_PLACES} FROM {_ALIVE}
    WHERE r.contact_id IN (
        SELECT n.contact_id FROM placing_street AS s JOIN contacts_addressreading AS n USING (town_key, street_key)
        WHERE n.town_key <> ''
        UNION SELECT n.contact_id FROM placing_street AS s JOIN contacts_addressreading AS n USING (street_key)
        WHERE n.street_key <> '' AND n.town_key = '' AND s.town_key = '')
      AND (r.street_key <> '' OR r.town_key <> '') {_MAIN}
) AS d JOIN placing_street AS s USING (town_key, street_key)
"""
_MOVES = """
CREATE TEMP TABLE placing_move ON COMMIT DROP AS
SELECT c.id AS contact_id, c.territory_id AS before, o.territory_id AS after
FROM placing_dweller AS d
JOIN addresses_knownhouse AS k ON k.town_key = d.town_key AND k.street_key = d.street_key AND k.house = d.house
    AND k.street_kind = d.street_kind AND k.region = d.region
JOIN placing_own AS o ON o.house_id = k.id AND NOT o.tied
JOIN contacts_contact AS c ON c.id = d.contact_id
WHERE c.territory_id IS NOT DISTINCT FROM c.territory_by_address AND c.territory_id IS DISTINCT FROM o.territory_id
ORDER BY c.id FOR NO KEY UPDATE OF c
"""
_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, is_undo, request_id)
SELECT contact_id, 'territory', to_jsonb(before), to_jsonb(after), %(now)s, false, %(request)s FROM placing_move
"""
_WRITE = """
UPDATE contacts_contact AS c SET territory_id = m.after, territory_by_address = m.after,
    revision = c.revision + 1, changed_at = %(now)s
FROM placing_move AS m WHERE c.id = m.contact_id
"""
_EVENTS = """
SELECT c.id, c.id, jsonb_build_object('fields', jsonb_build_array('territory'), 'revision', c.revision)
FROM placing_move AS m JOIN contacts_contact AS c ON c.id = m.contact_id ORDER BY c.id
"""
_EXPAND = """
INSERT INTO addresses_streettoplace (town_key, street_key, asked_at)
SELECT DISTINCT r.town_key, r.street_key, now() FROM contacts_addressreading AS r
WHERE (r.town_key <> '' OR r.street_key <> '') AND {where}
UNION SELECT DISTINCT r.town_key, r.street_key, now() FROM addresses_knownhouse AS r WHERE {where}
UNION SELECT DISTINCT r.town_key, r.street_key, now() FROM addresses_territoryrule AS r
WHERE r.is_read AND r.replaced_by_id IS NULL AND (r.town_key <> '' OR r.street_key <> '') AND {where}
ON CONFLICT (town_key, street_key) DO NOTHING
"""
_DROP = "DROP TABLE IF EXISTS pg_temp.placing_street, pg_temp.placing_dweller, pg_temp.placing_move"


@transaction.atomic
def expand_streets() -> None:
    """«All streets of a town», or of the base, become a row for each of them."""
    territories.hold_streets()
    everywhere = territories.ALL_STREETS
    waiting = territories_placing.streets_for_all(everywhere)
    if not waiting:
        return
    with connection.cursor() as sql:
        if (everywhere, everywhere) in waiting:
            sql.execute(_EXPAND.format(where="true"))
        else:
            for town, _street in waiting:
                sql.execute(_EXPAND.format(where="r.town_key = %(town)s"), {"town": town})
        territories_placing.forget_streets(waiting)


@transaction.atomic
def follow_portion(limit: int = PORTION, *, by: Actor | None = None) -> int:
    """Lay out the next streets and move their people; returns how many streets they were, 0 when none wait."""
    territories.hold_streets()
    streets = territories_placing.streets_waiting(limit)
    if streets:
        territories_placing.forget_streets(streets)
        _follow(streets, by or Actor.system())
    return len(streets)


@transaction.atomic
def note_streets_of_contacts(contact_ids: Collection[int]) -> None:
    """Have the streets laid out where these contacts live; their addresses are read first."""
    if not contact_ids or not territories_placing.has_rules():
        return
    territories.hold_streets()
    read_addresses_of(contact_ids)
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO addresses_streettoplace (town_key, street_key, asked_at)"
            " SELECT DISTINCT town_key, street_key, now() FROM contacts_addressreading"
            " WHERE contact_id = ANY(%s) AND (town_key <> '' OR street_key <> '')"
            " ON CONFLICT (town_key, street_key) DO NOTHING",
            [list(contact_ids)],
        )


def follow_waiting(*, by: Actor) -> Job | None:
    """Do what waits: at once where it is little, else by a job, as soon as no other is at work."""
    if not territories_placing.are_streets_waiting() or not are_addresses_read():
        return None
    expand_streets()
    if territories_placing.count_streets_waiting() <= FEW:
        while follow_portion(FEW, by=by):
            pass
        territories_placing.count_houses_of_territories()
        return None
    return None if is_anything_running() else start_job(JOB, by=by)


def _follow(streets: list[tuple[str, str]], by: Actor) -> int:
    """Known houses, covers and findings of these streets, and the territories of the people who live there."""
    params: dict[str, Any] = {"now": timezone.now(), "request": by.request_id, "kind": KIND_PATTERN}
    with connection.cursor() as sql:
        sql.execute(_DROP)
        sql.execute(_STREETS, [[town for town, _ in streets], [street for _, street in streets]])
        sql.execute("ANALYZE placing_street")
        sql.execute(_DWELLERS, params)
        sql.execute("ANALYZE placing_dweller")
        territories_placing.place_houses()
        sql.execute(_MOVES)
        moved = sql.rowcount
        if moved:
            sql.execute(_HISTORY, params)
            sql.execute(_WRITE, params)
            publish_set(ContactChanged(), by=Actor.system(), select=_EVENTS)
    return moved


def note_everybody() -> None:
    """All streets are to be laid out, once the addresses of an import have been read."""
    territories.note_all_streets()


def note_territory(territory_id: int) -> None:
    """The streets of one territory are to be laid out."""
    territories.note_streets_of(territory_id)


def let_go_of_territory(territory_id: int) -> None:
    """A territory was removed: whoever followed it goes on following, and their streets are laid out anew."""
    Contact.objects.filter(territory_by_address=territory_id, territory=None).update(
        territory_by_address=None
    )
    territories.note_all_streets()
