"""Whether somebody may be told that many people share a phone: when as many of them are in their own reach.

Otherwise whoever may write a number at two of their own people would learn from the remark that a third, whom they may
not know of, has it too.
"""

from __future__ import annotations

from veche.contacts.inspecting.kinds import MANY
from veche.contacts.queries.matching import Sql
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor


def told_sql(actor: Actor, alias: str = "finding") -> Sql:
    """The condition on rows of `contacts_finding`, called `alias`, that `actor` may hear of; their people apart."""
    if actor.sees_all:
        return Sql("true")
    visible, params = visible_sql(actor, "holder")
    return Sql(
        f"({alias}.key <> 'phone_shared' OR (SELECT count(DISTINCT other.contact_id) FROM contacts_finding AS other"
        f" JOIN contacts_contact AS holder ON holder.id = other.contact_id WHERE other.key = 'phone_shared'"
        f" AND other.mark = {alias}.mark AND {visible}) >= {MANY})",
        tuple(params),
    )
