"""Streets that people misspell: those that the base itself makes suspicious, and what the team has said of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from veche.accounts.models import User


class StreetSlip(models.Model):
    """A street that is probably misspelt, and the street of the same town that is probably meant. Found by a job."""

    town_key = models.CharField(max_length=100)
    street_key = models.CharField(max_length=100)
    town = models.CharField(max_length=200)
    wrong = models.CharField(max_length=200)
    right = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    right_people = models.PositiveIntegerField()

    class Meta:
        ordering = ["-people", "town", "wrong"]
        constraints = [
            models.UniqueConstraint(fields=["town_key", "street_key"], name="contacts_slip_once"),
        ]

    def __str__(self) -> str:
        return self.wrong


class LearnedStreet(models.Model):
    """What a street of a town is read as, from now on. Without `right` it was said to be right as it is."""

    town_key = models.CharField(max_length=100)
    street_key = models.CharField(max_length=100)
    town = models.CharField(max_length=200)
    wrong = models.CharField(max_length=200)
    right = models.CharField(max_length=200, blank=True, default="")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["town_key", "street_key"], name="contacts_learned_street_once"),
        ]

    def __str__(self) -> str:
        return self.wrong
