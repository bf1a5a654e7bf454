"""Which groups may be asked about: the one condition that the queue, its counts and the certain ones share.

A group is only for who sees all of its people; it is a question only while at least two of them are still two, and
nobody has said that they are different.
"""

from __future__ import annotations

from veche.contacts.queries.matching import Sql
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor

# two contacts of whom a decision that stands says that they are different people
TOLD_APART = """EXISTS (
    SELECT FROM dedupe_side AS one JOIN dedupe_side AS two ON two.decision_id = one.decision_id
    JOIN dedupe_decision AS told ON told.id = one.decision_id AND told.undone_at IS NULL
    WHERE one.contact_id = {low} AND two.contact_id = {high} AND one.number <> two.number)"""

# `visible` may be unknown (nobody is responsible): that is not seen, so never `NOT visible`
_WHO = """
JOIN LATERAL (
    SELECT min(member.contact_id) AS low, max(member.contact_id) AS high,
           count(DISTINCT member.contact_id) AS people, bool_and(({visible}) IS TRUE) AS seen
    FROM dedupe_member AS member LEFT JOIN contacts_contact AS contact ON contact.id = member.contact_id
    WHERE member.group_id = asked.id
) AS who ON who.seen AND who.people > 1 AND (who.people > 2 OR NOT {told_apart})
"""

# For who sees few people of many: only their groups are looked at, however many are open. Readers of a campaign see a
# good part of the base, and of the groups the first ones soon show one of theirs.
_NEAR = """
JOIN (SELECT DISTINCT near.group_id FROM contacts_contact AS contact
      JOIN dedupe_member AS near ON near.contact_id = contact.id WHERE {visible}) AS theirs
     ON theirs.group_id = asked.id
"""

# of the group `asked`, by the user whose id is the parameter
SKIPPED = """EXISTS (
    SELECT FROM dedupe_decision AS said WHERE said.group_id = asked.id AND said.verdict = 'skipped'
    AND said.by_id = %s AND said.undone_at IS NULL)"""


def who_sql(actor: Actor) -> Sql:
    """The join to put after `dedupe_group AS asked`: it leaves the groups that `actor` may be asked about."""
    visible, params = visible_sql(actor)
    told_apart = TOLD_APART.format(low="who.low", high="who.high")
    who = Sql(_WHO.format(visible=visible, told_apart=told_apart), tuple(params))
    if actor.sees_all or actor.scope("campaign"):
        return who
    return Sql(_NEAR.format(visible=visible) + who.text, (*params, *params))
