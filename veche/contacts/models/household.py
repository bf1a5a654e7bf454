"""People who live and decide together: one letter to all of them, one history, one head."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Household(models.Model):
    """Two people or more. Without a `name` of its own it is called after its members (`naming_households`).

    One whose people were merged into one has no members any more; it is shown nowhere, and is there again when the
    merge is undone.
    """

    class Letter(models.TextChoices):
        FAMILY = "family", _("One letter, to the family")
        HEAD = "head", _("One letter, to the head")
        EACH = "each", _("A letter to each")

    name = models.CharField(max_length=200, blank=True, default="")
    letter = models.CharField(max_length=6, choices=Letter, default=Letter.FAMILY)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or f"№ {self.pk}"


class HouseholdMember(models.Model):
    """A contact is of a household, of one at most. The head is whoever `is_head`, the first of several.

    `together` is the mark of what was gathered by a rule in one go and that nobody has touched since: by it the rule
    is undone.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="in_households", db_index=False
    )
    is_head = models.BooleanField(default=False)
    since = models.DateTimeField(default=timezone.now)
    together = models.UUIDField(null=True)

    class Meta:
        ordering = ["-is_head", "id"]
        constraints = [models.UniqueConstraint(fields=["contact"], name="contacts_household_once")]
        indexes = [
            models.Index(
                fields=["together"], name="contacts_household_together", condition=Q(together__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.household_id}"
