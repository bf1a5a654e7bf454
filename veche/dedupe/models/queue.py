"""What a search has found: people who may be one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from veche.accounts.models import User
from veche.dedupe.models.search import Search


class Group(models.Model):
    """Two people or more who may be one. `probability` is that of the likeliest two of them.

    `certain` ones stand above the rules' automatic limit and are merged together; of the others people are asked.
    `reasons` are the pairs: {"low", "high", "probability", "clues", "weight"}, by the numbers that their members had
    when they were found; `weight`, in bits, is what decisions had not corrected yet. `mark` stands for these numbers:
    the same people are not asked about twice. While somebody looks at it, it is `held_by` them until `held_until`, and
    nobody else gets it.

    An open one whose people are one by now, or were told apart elsewhere, is passed over when it is read, so that it
    comes back by itself when that is taken back.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DECIDED = "decided"

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="groups", db_index=False)
    mark = models.CharField(max_length=64)
    certain = models.BooleanField(default=False)
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=[(each, each) for each in State], default=State.OPEN)
    held_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    held_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mark"], condition=Q(state="open"), name="dedupe_group_asked_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["certain", "-probability", "id"],
                name="dedupe_group_open",
                condition=Q(state="open"),
            ),
            models.Index(fields=["held_by"], name="dedupe_group_held", condition=Q(state="open")),
            models.Index(fields=["search", "id"], name="dedupe_group_search"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.mark}"


class Member(models.Model):
    """Somebody of a group. `found_as` is the number under which they were found; a merge elsewhere leads `contact` to
    the one that stayed. Two members with one contact are one person by now."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members", db_index=False)
    # Not checked by the server: a search writes them while people are being erased, and would wait for each.
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    found_as = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "found_as"], name="dedupe_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.contact_id}"
