"""What a contact belongs to: campaigns and tags."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from veche.campaigns.models import Campaign


class Membership(models.Model):
    """A contact is in a campaign. One contact may be in many."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="memberships")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "contact"], name="contacts_member_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.campaign_id}"


class CampaignTally(models.Model):
    """How many contacts a campaign has; a null campaign stands for those outside all campaigns. A subscriber counts."""

    campaign = models.OneToOneField(Campaign, null=True, on_delete=models.CASCADE, related_name="tally")
    contacts = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.contacts}"


class Tag(models.Model):
    """The team's own word for a group of contacts, within a campaign or for the whole base."""

    name = models.CharField(max_length=100)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.CASCADE, related_name="tags"
    )
    colour = models.PositiveSmallIntegerField(default=3)  # d1 to d6 of the look
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "campaign", name="contacts_tag_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class TagAssignment(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="tagged")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "contact"], name="contacts_tagged_once")]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.contact_id}"
