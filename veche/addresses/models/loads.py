"""How the register came here: archives that were loaded, what release each region stands at, its dictionaries."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Load(models.Model):
    """One archive on its way into the register: whole regions, or a delta of those that are there."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    path = models.TextField()  # where the archive lies on the server
    fingerprint = models.CharField(
        max_length=64
    )  # of its table of contents: a resumed load wants the same file
    version = models.DateField()  # the release, as version.txt tells
    is_delta = models.BooleanField(default=False)
    follows = models.DateField(null=True)  # a delta: the release before it, as somebody said
    with_flats = models.BooleanField(default=True)
    regions = ArrayField(models.SmallIntegerField())  # codes, in the order of loading
    done = ArrayField(models.SmallIntegerField(), default=list)
    totals = models.JSONField(default=dict)  # objects, houses, flats, rows read, seconds
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    error = models.TextField(blank=True, default="")
    job_id = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.path} ({self.version})"


class Region(models.Model):
    """A subject of the Federation that the register holds, and the release it stands at."""

    code = models.SmallIntegerField(primary_key=True)  # 1 to 99, as the archive's folders are called
    object_id = models.BigIntegerField(null=True)  # its own address object, of level 1
    name = models.CharField(max_length=250, blank=True, default="")
    type = models.CharField(max_length=50, blank=True, default="")
    version = models.DateField()
    loaded_at = models.DateTimeField(default=timezone.now)
    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="+")  # whose tables hold it
    with_flats = models.BooleanField(default=True)
    objects_count = models.IntegerField(default=0)
    houses_count = models.IntegerField(default=0)
    flats_count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.code:02} {self.name} {self.type}".strip()


class Word(models.Model):
    """An entry of one of the register's dictionaries: types of objects, of houses, of flats, kinds of parameters."""

    class Vocabulary(models.TextChoices):
        OBJECT = "object", _("Types of address objects")
        HOUSE = "house", _("Types of houses")
        ADDED = "added", _("Types of additional numbers")
        FLAT = "flat", _("Types of premises")
        PARAM = "param", _("Kinds of parameters")
        LEVEL = "level", _("Levels")

    vocabulary = models.CharField(max_length=10, choices=Vocabulary)
    code = models.IntegerField()
    level = models.SmallIntegerField(null=True)  # of object types: the level where the short form holds
    short = models.CharField(max_length=50, blank=True, default="")
    name = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="addresses_word_once")]

    def __str__(self) -> str:
        return f"{self.short} = {self.name}"
