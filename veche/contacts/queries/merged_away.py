"""Where the number of a card leads that was merged into another, and how that is said."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from veche.contacts.models import MergedContact
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal


def merged_into(contact_id: int) -> int | None:
    """Who a card with this number became part of, through whatever merges; None when it never was merged away."""
    found = MergedContact.objects.filter(former_id=contact_id, row__isnull=False)
    return found.values_list("merge__contact_id", flat=True).first()


class MergedAway(Refusal):
    """The card was merged into one that the asker may see: nothing was changed, and this is where to go."""

    def __init__(self, contact_id: int, name: str):
        sentence = _("This card was merged into “%(name)s”. What you did here was not saved: do it there.")
        super().__init__("contacts.merged", sentence % {"name": name}, status=409)
        self.contact_id = contact_id
        self.leads_to = reverse("contacts:card", args=[contact_id])


def not_there(actor: Actor, contact_id: int) -> Refusal:
    """What to raise for a contact that `actor` does not see: where it went, if that is his to know."""
    stays = merged_into(contact_id)
    kept = contacts_for(actor).filter(pk=stays).first() if stays else None
    return MergedAway(kept.pk, str(kept)) if kept else NotFound()
