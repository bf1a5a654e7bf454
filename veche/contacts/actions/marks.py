"""Tags and campaigns of one contact set together, as a cell of the list has them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.campaigns.queries import campaigns_for, running_for
from veche.contacts.actions.belonging import join_campaign, leave_campaign, put_tag, take_tag
from veche.contacts.actions.changing import present
from veche.contacts.models import Contact, Membership, TagAssignment
from veche.contacts.queries.choices import tags_for, tags_seen_by
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.refusal import Refusal

TAGS, CAMPAIGNS = "tags", "campaigns"
MARKS = (TAGS, CAMPAIGNS)


def offered_marks(by: Actor, key: str) -> QuerySet[Any]:
    """The tags or the campaigns that `by` may put on somebody."""
    return tags_for(by) if key == TAGS else running_for(by)


def held_marks(by: Actor, contact_id: int, key: str) -> dict[int, str]:
    """Those of a contact that `by` may know of: name by id, in the order of the row."""
    if key == TAGS:
        held = TagAssignment.objects.filter(tags_seen_by(by, "tag__"), contact=contact_id)
        return dict(held.order_by("tag__name").values_list("tag_id", "tag__name"))
    held = Membership.objects.filter(contact=contact_id, campaign__in=campaigns_for(by))
    return dict(held.order_by("campaign__name").values_list("campaign_id", "campaign__name"))


@action("contacts.edit")
def change_marks(
    *, by: Actor, contact_id: int, key: str, put: Collection[int] = (), take: Collection[int] = ()
) -> Contact:
    """Put some tags or campaigns on a contact and take others off; the contact says in `marks_made` what came of it.

    Only what is told is touched: what a colleague has put on meanwhile stays. `NotFound` for one out of reach.
    """
    contact = present(by, contact_id)
    held = held_marks(by, contact_id, key)
    put = [pk for pk in dict.fromkeys(put) if pk not in held]
    take = [pk for pk in dict.fromkeys(take) if pk in held]
    for pk in put:
        if key == TAGS:
            put_tag(by=by, contact_id=contact_id, tag_id=pk)
        else:
            join_campaign(by=by, contact_id=contact_id, campaign_id=pk)
    for pk in take:
        if key == TAGS:
            take_tag(by=by, contact_id=contact_id, tag_id=pk)
        else:
            leave_campaign(by=by, contact_id=contact_id, campaign_id=pk)
    if put or take:
        contact.marks_made = {"put": put, "took": take}
    else:
        unchanged()
    return contact


def marks_in_words(by: Actor, contact_id: int, key: str, text: str) -> dict[str, list[int]]:
    """What to put and to take so that exactly the marks named in `text` are there; `Refusal` for an unknown name."""
    held = held_marks(by, contact_id, key)
    known = {name.casefold(): pk for pk, name in offered_marks(by, key).values_list("pk", "name")}
    known |= {name.casefold(): pk for pk, name in held.items()}
    wanted = [name for part in text.split(",") if (name := part.strip(" #")) and name != "—"]
    if text.strip().casefold() in known:  # a name may hold a comma
        wanted = [text.strip()]
    for name in wanted:
        if name.casefold() not in known:
            sentence = _("“%(text)s” is not on the list of this column.") % {"text": name[:60]}
            raise Refusal("contacts.cell", sentence, fields={key: sentence})
    chosen = [known[name.casefold()] for name in wanted]
    return {"put": [pk for pk in chosen if pk not in held], "take": [pk for pk in held if pk not in chosen]}
