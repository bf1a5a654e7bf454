"""What is kept ready so that nobody waits: figures about the base, and the words that its names are made of."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Figure(models.Model):
    """A figure about the whole base under a name, `value` as the reader of it wants it. Kept by a subscriber and a job.

    `stale_since` is when something happened that the value does not know of yet.
    """

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField(default=dict)
    counted_at = models.DateTimeField(default=timezone.now)
    stale_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class NameWord(models.Model):
    """A folded word of somebody's name. Search asks here which known word a mistyped one may be.

    Words of people who have gone may stay: nobody is shown them, they only lead to contacts that the viewer may see.
    """

    word = models.CharField(max_length=100, primary_key=True, db_collation="C")

    def __str__(self) -> str:
        return self.word
