"""People whom a search takes for one household, and what somebody said of that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from veche.accounts.models import User
from veche.dedupe.models.search import Search


class HouseholdSweep(models.Model):
    """All plain suggestions of a moment, gathered together; or that taken back. `together` is contacts' mark of what
    was gathered in one go. `left` are those that could not be."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        UNDOING = "undoing"
        UNDONE = "undone"

    BUSY = (State.RUNNING, State.UNDOING)

    state = models.CharField(max_length=8, choices=[(each, each) for each in State], default=State.RUNNING)
    together = models.UUIDField()
    found = models.PositiveIntegerField(default=0)
    gathered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # what is found later waits for the next one
    job_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="dedupe_gathering_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    @property
    def is_busy(self) -> bool:
        return self.state in self.BUSY


class SuggestedHousehold(models.Model):
    """People who seem to live together. `reasons` is how many of them share what: {"flat": 3, "surname": 2}.

    `mark` stands for the numbers that they had when they were found: of the same people nobody is asked twice,
    whatever was said. A `plain` one, of one flat and one surname, may be confirmed with all the others by a rule.
    While somebody looks at it, it is `held_by` them until `held_until`, and nobody else gets it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        GATHERED = "gathered"
        APART = "apart"

    search = models.ForeignKey(Search, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    mark = models.CharField(max_length=64, unique=True)
    sureness = models.FloatField()
    plain = models.BooleanField(default=False)
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=[(each, each) for each in State], default=State.OPEN)
    sweep = models.ForeignKey(
        HouseholdSweep, null=True, on_delete=models.SET_NULL, related_name="households", db_index=False
    )
    held_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    held_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["-sureness", "id"], name="dedupe_home_open", condition=Q(state="open")),
            models.Index(fields=["id"], name="dedupe_home_plain", condition=Q(state="open", plain=True)),
            models.Index(fields=["held_by"], name="dedupe_home_held", condition=Q(state="open")),
            models.Index(fields=["sweep", "id"], name="dedupe_home_sweep", condition=Q(sweep__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.mark}"


class SuggestedMember(models.Model):
    """Somebody of a suggestion. `found_as` is the number under which they were found; a merge leads `contact` to the
    one that stayed."""

    household = models.ForeignKey(
        SuggestedHousehold, on_delete=models.CASCADE, related_name="members", db_index=False
    )
    # Not checked by the server: a search writes them while people are being erased, and would wait for each.
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    found_as = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "found_as"], name="dedupe_home_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.household_id}: {self.contact_id}"


class HouseholdDecision(models.Model):
    """What somebody said of one suggestion. `change` is contacts' change of the household and `relations` the relations
    that were made with it, by which it is taken back."""

    class Verdict(models.TextChoices):
        GATHERED = "gathered"
        APART = "apart"
        SKIPPED = "skipped"

    suggestion = models.ForeignKey(SuggestedHousehold, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=[(each, each) for each in Verdict])
    change = models.BigIntegerField(null=True)
    relations = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-at"], name="dedupe_home_decision_of", condition=Q(undone_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id}: {self.verdict}"
