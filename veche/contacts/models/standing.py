"""What a contact is to us: an editable status, and roles with dates."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext

from veche.contacts import wording


class Named(models.Model):
    """An entry of a list that the team may edit. A shipped entry has a `code` and is translated until renamed."""

    code = models.SlugField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=100, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=100)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name or gettext(wording.SHIPPED.get(self.code, self.code))


class Status(Named):
    """Where we stand with a contact: active, incorrect, has left, has died…"""

    class Meta(Named.Meta):
        constraints = [
            models.UniqueConstraint(Lower("name"), name="contacts_status_once", condition=~models.Q(name="")),
            models.UniqueConstraint("code", name="contacts_status_code", condition=~models.Q(code="")),
        ]


class RoleKind(Named):
    """Supporter, house elder, donor, beneficiary, volunteer, party member, official, journalist…"""

    colour = models.PositiveSmallIntegerField(default=3)  # d1 to d6 of the look

    class Meta(Named.Meta):
        constraints = [
            models.UniqueConstraint(Lower("name"), name="contacts_role_once", condition=~models.Q(name="")),
            models.UniqueConstraint("code", name="contacts_role_code", condition=~models.Q(code="")),
        ]


class ContactRole(models.Model):
    """A role that a contact has, since when, until when."""

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="roles")
    role = models.ForeignKey(RoleKind, on_delete=models.PROTECT, related_name="holders", db_index=False)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")  # of which house, party, newspaper

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "contact", "since"], name="contacts_role_held_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.role}"
