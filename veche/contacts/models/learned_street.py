"""Streets of the base: those that it knows, those that people misspell, and what the team has said of them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Value
from django.utils import timezone

from veche.accounts.models import User


class KnownStreet(models.Model):
    """A street that addresses of the base have, or a village without streets, kept ready to be suggested.

    `words` are the folded words of town and street with single blanks: the index has each of them, and finds them by
    their beginnings. What begins as too many do is found among the streets of most people.
    """

    region = models.CharField(max_length=120, blank=True, default="")
    town = models.CharField(max_length=200)
    street = models.CharField(max_length=200, blank=True, default="")
    town_key = models.CharField(max_length=100)
    street_key = models.CharField(max_length=100, blank=True, default="")
    words = models.TextField()
    people = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "street", "region"], name="contacts_known_street_once"),
        ]
        indexes = [
            GinIndex(
                Func(
                    Func(Func(F("words"), function="btrim"), Value(" "), function="string_to_array"),
                    function="array_to_tsvector",
                ),
                name="contacts_known_street_begin",
            ),
            models.Index(fields=["-people"], name="contacts_known_street_people"),
            models.Index(fields=["town_key", "-people"], name="contacts_known_street_town"),
        ]

    def __str__(self) -> str:
        return self.street or self.town


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
    """What a street of a town is read as, from now on. Without `right` it was said to be right as it is.

    `people` is how many lived there when it was said; `together` is the same number for all that one press put right.
    """

    town_key = models.CharField(max_length=100)
    street_key = models.CharField(max_length=100)
    town = models.CharField(max_length=200)
    wrong = models.CharField(max_length=200)
    right = models.CharField(max_length=200, blank=True, default="")
    people = models.PositiveIntegerField(default=0)
    together = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["town_key", "street_key"], name="contacts_learned_street_once"),
        ]

    def __str__(self) -> str:
        return self.wrong
