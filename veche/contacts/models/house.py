"""Houses: one row for each house that addresses name, with what the team knows of it, and what happened there."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts.models import User

UNKNOWN_SHARE = 101  # where a house of unknown size stands in the order of shares: last


class House(models.Model):
    """A house by the mark that all its spellings have in common (`AddressReading.house_mark`).

    Its address is written as the first reading of it has it. `people` and `flats_known` are those of the whole base:
    a list sorts by them; who sees a part of the base is shown what he sees (`queries/houses.py`). They are kept by sets
    (`actions/houses.py`). A row that nobody has told anything of (`is_kept` is False) goes with its last address.
    """

    class Kind(models.TextChoices):
        UNKNOWN = "", _("Not said")
        FLATS = "flats", _("Block of flats")
        PRIVATE = "private", _("Private house")
        OTHER = "other", pgettext_lazy("house", "Another building")

    class PlaceFrom(models.TextChoices):
        NOBODY = "", _("Not known")
        HAND = "hand", pgettext_lazy("place of a house", "Typed in")
        GEOCODER = "geocoder", _("Found by the geocoder")

    mark = models.BigIntegerField(unique=True)
    region = models.CharField(max_length=120, blank=True, default="")
    postcode = models.CharField(max_length=6, blank=True, default="")
    town = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    number = models.CharField(max_length=60, blank=True, default="")
    town_key = models.CharField(max_length=100, blank=True, default="")
    street_key = models.CharField(max_length=100, blank=True, default="")
    house_number = models.IntegerField(default=0)

    people = models.PositiveIntegerField(default=0)
    flats_known = models.PositiveIntegerField(default=0)
    open_problems = models.PositiveIntegerField(default=0)

    kind = models.CharField(max_length=8, choices=Kind, blank=True, default=Kind.UNKNOWN)
    entrances = models.PositiveSmallIntegerField(null=True)
    floors = models.PositiveSmallIntegerField(null=True)
    first_floor = models.PositiveSmallIntegerField(default=1)  # the lowest floor with flats
    first_flat = models.PositiveSmallIntegerField(null=True)
    last_flat = models.PositiveSmallIntegerField(null=True)
    ranges = models.JSONField(default=list)  # [[1, 36], [37, 70]]: flats by entrance, where they are uneven
    flats = models.PositiveIntegerField(null=True)  # how many there are, by what is said above
    management = models.CharField(max_length=200, blank=True, default="")
    management_phone = models.CharField(max_length=100, blank=True, default="")
    note = models.TextField(blank=True, default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    place_from = models.CharField(max_length=8, choices=PlaceFrom, blank=True, default=PlaceFrom.NOBODY)
    looked_for_at = models.DateTimeField(null=True)  # when a geocoder was last asked where it stands

    is_kept = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    # per cent of the flats where somebody is known; null where nobody has said how many flats there are
    share = models.GeneratedField(
        expression=Case(
            When(flats__gt=0, then=Least(Value(100), ExpressionWrapper(
                F("flats_known") * 100 / F("flats"), output_field=models.IntegerField()))),
            default=None,
        ),
        output_field=models.IntegerField(null=True), db_persist=True,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(
                fields=["town_key", "street_key", "house_number", "id"], name="contacts_house_by_place"
            ),
            models.Index(fields=["street_key", "house_number"], name="contacts_house_street"),
            models.Index(fields=["people", "id"], name="contacts_house_by_people"),
            models.Index(Coalesce("share", Value(UNKNOWN_SHARE)), "id", name="contacts_house_by_share"),
            models.Index(
                fields=["open_problems", "id"],
                name="contacts_house_troubled",
                condition=Q(open_problems__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.town or self.region, self.street, self.number)))

    @property
    def place(self) -> tuple[Any, Any] | None:
        """Latitude and longitude where both are known."""
        known = self.latitude is not None and self.longitude is not None
        return (self.latitude, self.longitude) if known else None


class HouseElder(models.Model):
    """Who is the elder of a house."""

    house = models.OneToOneField(House, on_delete=models.CASCADE, related_name="eldership")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="elderships")
    since = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"{self.house_id}: {self.contact_id}"


class HouseEntry(models.Model):
    """What happened at a house, or is wrong there. A problem is open until somebody closes it."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("Problem")
        MEETING = "meeting", _("Meeting in the yard")
        VISIT = "visit", _("Round of the flats")
        POSTER = "poster", _("Posters and leaflets")
        OTHER = "other", pgettext_lazy("entry of a house", "Other")

    house = models.ForeignKey(House, on_delete=models.CASCADE, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=2000)
    day = models.DateField(default=timezone.localdate)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["house", "-day", "-id"], name="contacts_house_entries")]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.kind == self.Kind.PROBLEM and self.closed_at is None


class PendingHouse(models.Model):
    """A house to be counted anew, by its mark. Rows are only added and taken away: no writer waits."""

    mark = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.mark}"
