"""People whose territory was set by hand, though they live in another: found, and brought in line with their address.

Bringing in line is a change of many people as any other, and undone as one; after it they follow their address again.
"""

from __future__ import annotations

from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.models import Contact, MassChange
from veche.contacts.queries.territory_strays import stray_ids
from veche.core.action import action
from veche.core.actor import Actor


@action("contacts.edit")
def bring_in_line(*, by: Actor, territory_id: int) -> MassChange:
    """Give all strays of a territory's houses that territory, of those whom `by` may see."""
    ids = stray_ids(by, territory_id)
    mass = start_mass_change(by=by, kind=MassChange.Kind.TERRITORY, value=territory_id, ids=ids)
    Contact.objects.filter(pk__in=ids).update(territory_by_address=territory_id)
    return mass
