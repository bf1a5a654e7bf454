"""What people said of those who may be one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User
from veche.dedupe.models.queue import Group


class Verdict(models.TextChoices):
    MERGED = "merged", _("One person")
    APART = "apart", _("Different people")
    FAMILY = "family", _("One family")
    SKIPPED = "skipped", _("Left for later")


class Sweep(models.Model):
    """All certain ones of a moment, merged together; or that taken back. `left` are those that could not be."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        UNDOING = "undoing"
        UNDONE = "undone"

    BUSY = (State.RUNNING, State.UNDOING)

    state = models.CharField(max_length=8, choices=[(each, each) for each in State], default=State.RUNNING)
    groups = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # groups found later wait for the next one
    job_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="dedupe_sweep_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    @property
    def is_busy(self) -> bool:
        return self.state in self.BUSY


class Decision(models.Model):
    """What somebody said of a group, one by one or (`sweep`) of all certain ones. `merge` is the number of contacts'
    merge, by which it is taken back; `household` that of contacts' change of a household, `relations` what was said
    with it of who is what to whom."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict)
    merge = models.BigIntegerField(null=True)
    household = models.BigIntegerField(null=True)
    relations = models.JSONField(default=list)
    sweep = models.ForeignKey(
        Sweep, null=True, on_delete=models.CASCADE, related_name="decisions", db_index=False
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-at"], name="dedupe_decision_of", condition=Q(undone_at=None)),
            models.Index(
                fields=["sweep", "id"], name="dedupe_decision_sweep", condition=Q(sweep__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.verdict}"


class Side(models.Model):
    """People of one decision with different `number`s are different people, though maybe of one family: nobody is asked
    about them again. Who is certainly one with somebody of the group is on the same side.

    It knows of one contact only, so that a merge hands it over and an undo of that merge gives it back.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="sides")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.contact_id} on {self.number}"
