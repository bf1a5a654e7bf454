"""What is wrong with what we know of somebody: a narrow row, by which people are listed and counted.

No personal data is copied here. What the finding is about, and what would put it right, is made anew from the contact
whenever it is shown (`veche.contacts.inspecting`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from veche.accounts.models import User


class Finding(models.Model):
    """`key` is one of `inspecting.FINDINGS`, `mark` stands for the value concerned, `point` is the contact point's id.

    `fixable`: a sure fix is known. `dismissed`: somebody has said that it is right as it is.
    """

    # Not checked by the server: its check would lock contacts that somebody is about to erase, and they would wait for
    # each other. Rows of somebody who has gone go with the event of it.
    contact = models.ForeignKey(
        "contacts.Contact",
        on_delete=models.CASCADE,
        related_name="findings",
        db_index=False,
        db_constraint=False,
    )
    key = models.CharField(max_length=24)
    mark = models.BigIntegerField()
    point = models.BigIntegerField(null=True)
    fixable = models.BooleanField(default=False)
    dismissed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "key", "point", "mark"], name="contacts_finding_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(
                fields=["key", "contact"],
                name="contacts_finding_open",
                include=["fixable"],
                condition=Q(dismissed=False),
            ),
            models.Index(fields=["key", "mark"], name="contacts_finding_mark"),
            models.Index(fields=["key", "id"], name="contacts_finding_aside", condition=Q(dismissed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.key}"


class FindingDismissal(models.Model):
    """“This is right”: said of one person or, without a contact, of everybody with the same value.

    It holds while the value stays: another value has another mark.
    """

    key = models.CharField(max_length=24)
    mark = models.BigIntegerField()
    contact = models.ForeignKey(
        "contacts.Contact", null=True, on_delete=models.CASCADE, related_name="dismissals"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "mark", "contact"], name="contacts_dismissed_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.contact_id or 'all'}"


class PendingInspection(models.Model):
    """Somebody whom an import or a bulk change has touched and who is looked at when there is time.

    No foreign key: it is written beside the rows of an import, a million at a time.
    """

    contact_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.contact_id)
