"""Lists of people that a colleague gave to another one, or to a team, to work with until a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from veche.accounts.models import Team, User


class GivenList(models.Model):
    """Whoever it is given to sees these people until the last day or until it is taken back, whatever else he sees.

    `asked` is the list's query when new matches join by themselves: they are looked for anew with the rights that the
    giver then has. Without it the people are those of the day of giving. Either way they stand in `GivenContact`, so
    that asking who may be seen stays one look into an index.
    """

    name = models.CharField(max_length=200)
    asked = models.CharField(max_length=2000, blank=True, default="")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="given_lists")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="given_lists")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    until = models.DateField()  # the last day
    people = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    counted_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(user__isnull=True) & Q(team__isnull=False))
                | (Q(user__isnull=False) & Q(team__isnull=True)),
                name="contacts_given_to_one",
            )
        ]

    def __str__(self) -> str:
        return self.name


class GivenContact(models.Model):
    """Somebody is on a given list."""

    list = models.ForeignKey(GivenList, on_delete=models.CASCADE, related_name="members", db_index=False)
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="given")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "contact"], name="contacts_given_once")]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.contact_id}"
