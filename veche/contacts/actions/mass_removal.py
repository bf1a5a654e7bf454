"""Removing many people from the base, and bringing them back. Called by `mass_changes` only."""

from __future__ import annotations

from typing import Any

from veche.contacts.events import ContactRemoved, ContactRestored
from veche.contacts.models import MassChange, MassOutcome
from veche.core.actor import Actor
from veche.core.ledger import Event, publish_set

What = MassOutcome.What

_REMOVE = "UPDATE contacts_contact SET removed_at = %(now)s WHERE id = ANY(%(seen)s)"
_NOTE = """
INSERT INTO contacts_massoutcome (mass_change_id, contact_id, what, before)
SELECT %(mass)s, contact_id, 'changed', jsonb_build_object('removed_at', %(now)s::timestamptz)
FROM unnest(%(seen)s::bigint[]) AS contact_id ORDER BY contact_id
"""
# Removed at another moment: somebody brought them back and removed them again since.
_RESTORE = """
UPDATE contacts_contact AS c SET removed_at = NULL FROM contacts_massoutcome AS o
WHERE o.mass_change_id = %(mass)s AND o.contact_id = ANY(%(seen)s) AND c.id = o.contact_id
  AND c.removed_at = (o.before ->> 'removed_at')::timestamptz
RETURNING c.id
"""
_STILL_GONE = "SELECT id FROM contacts_contact WHERE id = ANY(%(seen)s) AND removed_at IS NOT NULL"


def change(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> list[str]:
    """Hide the people `seen` everywhere; returns what became of each."""
    sql.execute(_REMOVE, params)
    sql.execute(_NOTE, params)
    _publish(ContactRemoved(), by, params["seen"])
    return [What.CHANGED] * len(params["seen"])


def undo(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> dict[int, str]:
    """Bring back whom this change removed; returns what became of each."""
    sql.execute(_RESTORE, params)
    back = sorted(row[0] for row in sql.fetchall())
    sql.execute(_STILL_GONE, params)
    gone = [row[0] for row in sql.fetchall()]
    _publish(ContactRestored(), by, back)
    return dict.fromkeys(params["seen"], What.UNDONE) | dict.fromkeys(gone, What.KEPT)


def _publish(event: Event, by: Actor, contact_ids: list[int]) -> None:
    select = "SELECT contact_id, contact_id, NULL::jsonb FROM unnest(%s::bigint[]) AS contact_id ORDER BY 1"
    publish_set(event, by=by, select=select, params=[contact_ids])
