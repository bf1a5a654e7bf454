"""Which houses belong to a territory: what was said of it, rule by rule, and what that comes to for the houses we know.

The rules are the truth, written by people. `KnownHouse`, `HouseCover` and `StreetFinding` are made of them and of the
base's own addresses (`veche/addresses/actions/territories_placing.py`) and may be made anew at any time; they hold
no people, only how many live where.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts.models import Territory, User
from veche.addresses.coverage.rules import LIKELY, SURE, Rule


class Coverage(models.Model):
    """What kind of territory it is, and in which town its streets are where no other is named.

    A house has at most one territory of a kind. `leads`: people who live in its houses get it as their own.
    """

    class Kind(models.TextChoices):
        PRECINCT = "precinct", _("Precinct")
        TURF = "turf", _("Turf of a collector")
        MICRODISTRICT = "district", _("Microdistrict")
        CONSTITUENCY = "constituency", _("Constituency")
        OTHER = "other", pgettext_lazy("territory", "Other")

    territory = models.OneToOneField(
        Territory, on_delete=models.CASCADE, primary_key=True, related_name="coverage"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PRECINCT)
    number = models.CharField(max_length=20, blank=True, default="")  # of a precinct
    region = models.CharField(max_length=120, blank=True, default="")
    town = models.CharField(max_length=200, blank=True, default="")
    town_key = models.CharField(max_length=100, blank=True, default="")
    leads = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)
    houses = models.PositiveIntegerField(default=0)  # known ones, as counted when they were last laid out
    people = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "number"], name="addresses_coverage_number")]

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.kind}"


class TerritoryText(models.Model):
    """A description as it was pasted. Taking it back takes its rules back, and puts back those it replaced."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="texts")
    text = models.TextField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.text[:40]}"


class TerritoryRule(models.Model):
    """One rule of a territory (`coverage.rules.Rule`), with its place in the text that it was read from.

    What was not understood is a row too (`is_read` False): it covers nothing and waits for somebody to write it anew.
    `replaced_by` is a later text that was pasted instead of it; such a row covers nothing either.
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="rules")
    text = models.ForeignKey(TerritoryText, null=True, on_delete=models.CASCADE, related_name="rules")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    written = models.CharField(max_length=300, blank=True, default="")  # the words themselves
    is_read = models.BooleanField(default=True)
    is_remark = models.BooleanField(default=False)  # looks like something that is no house: a telephone
    replaced_by = models.ForeignKey(
        TerritoryText, null=True, on_delete=models.SET_NULL, related_name="replaced"
    )
    region = models.CharField(max_length=120, blank=True, default="")
    town = models.CharField(max_length=200, blank=True, default="")
    town_key = models.CharField(max_length=100, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    street_key = models.CharField(max_length=100, blank=True, default="")
    street_kind = models.CharField(max_length=40, blank=True, default="")
    side = models.CharField(max_length=4, blank=True, default="")
    first = models.PositiveIntegerField(null=True)
    last = models.PositiveIntegerField(null=True)
    house = models.CharField(max_length=60, blank=True, default="")
    excluded = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=0)  # how exact: 4 a house … 0 a whole town
    sure = models.PositiveSmallIntegerField(default=100)
    doubt = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        ordering = ["territory", "id"]
        indexes = [
            models.Index(
                fields=["town_key", "street_key"],
                name="addresses_rule_place",
                condition=Q(is_read=True, replaced_by=None),
            ),
            models.Index(
                fields=["street_key"],
                name="addresses_rule_street",
                condition=Q(is_read=True, replaced_by=None),
            ),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def rule(self) -> Rule:
        return Rule(
            self.region, self.town, self.town_key, self.street, self.street_key, self.street_kind, self.side,
            self.first, self.last, self.house, self.excluded, self.start, self.end, self.sure / 100, self.doubt,
        )  # fmt: skip

    @property
    def tone(self) -> str:
        """ "" where it is sure, else the colour of its doubt."""
        if not self.is_read:
            return "" if self.is_remark else "stop"
        return "" if self.sure >= SURE * 100 else ("warn" if self.sure >= LIKELY * 100 else "stop")


class KnownHouse(models.Model):
    """A house where somebody of the base lives, as addresses name it, and how many do."""

    region = models.CharField(max_length=120, blank=True, default="")
    town_key = models.CharField(max_length=100)
    street_key = models.CharField(max_length=100)
    street_kind = models.CharField(max_length=40, blank=True, default="")
    town = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    house = models.CharField(max_length=60, blank=True, default="")
    number = models.IntegerField(null=True)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["town_key", "street_key", "house", "street_kind", "region"],
                name="addresses_known_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.town}, {self.street}, {self.house}"


class HouseCover(models.Model):
    """What the rules of one kind come to for one known house: whose it is, who else claims it, or that nobody does."""

    class State(models.TextChoices):
        OWN = "own", _("Belongs to it")
        LOST = "lost", _("A more exact rule gives it to another")
        TIE = "tie", _("Several claim it alike")
        GAP = "gap", _("Belongs to none")

    house = models.ForeignKey(KnownHouse, on_delete=models.CASCADE, related_name="covers")
    kind = models.CharField(max_length=12, choices=Coverage.Kind)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="house_covers")
    state = models.CharField(max_length=4, choices=State)
    rank = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)  # of the house, for the order of the pages

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "kind", "territory"], name="addresses_cover_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "-people", "id"],
                name="addresses_cover_gap",
                condition=Q(state="gap"),
            ),
            models.Index(
                fields=["kind", "-people", "id"],
                name="addresses_cover_tie",
                condition=Q(state="tie"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.house_id}: {self.kind} {self.state}"


class StreetFinding(models.Model):
    """What is odd in the rules of one street themselves: numbers that nobody has, houses that two claim."""

    class What(models.TextChoices):
        MISSING = "missing", _("Numbers that nobody has")
        DOUBLE = "double", _("Houses that two claim")

    what = models.CharField(max_length=8, choices=What)
    kind = models.CharField(max_length=12, choices=Coverage.Kind)
    town = models.CharField(max_length=200, blank=True, default="")
    town_key = models.CharField(max_length=100)
    street = models.CharField(max_length=200, blank=True, default="")
    street_key = models.CharField(max_length=100)
    side = models.CharField(max_length=4, blank=True, default="")
    first = models.PositiveIntegerField(null=True)
    last = models.PositiveIntegerField(null=True)
    house = models.CharField(max_length=60, blank=True, default="")
    one = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="+")
    winner = models.BigIntegerField(null=True)  # of a double: whose rule is the more exact one
    people = models.PositiveIntegerField(default=0)  # who live in these houses

    class Meta:
        indexes = [
            models.Index(fields=["what", "kind", "-people", "id"], name="addresses_finding_list"),
            models.Index(fields=["town_key", "street_key"], name="addresses_finding_street"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.street}"


class StreetToPlace(models.Model):
    """A street whose rules or whose people have changed: its houses are to be laid out anew. A row goes with the work.

    `street_key` "" is what stands in a town without a street; `town_key` "" a street whose town nobody names.
    """

    town_key = models.CharField(max_length=100, blank=True, default="")
    street_key = models.CharField(max_length=100, blank=True, default="")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town_key", "street_key"], name="addresses_street_to_place")
        ]

    def __str__(self) -> str:
        return f"{self.town_key}, {self.street_key}"
