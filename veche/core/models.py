"""Nouns of the mechanisms themselves. The ledger is a partitioned table without a model: see `ledger`."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Cursor(models.Model):
    """How far a subscriber has read the ledger: every row of a transaction before `xid`, and up to `entry` in it."""

    name = models.CharField(max_length=100, primary_key=True)
    xid = models.BigIntegerField(default=0)
    entry = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    retry_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Work longer than a click: an import, a recount, an export. Its row is what the job tray shows.

    `cursor` is where to go on after a crash; it is stored in the same transaction as the work it stands for.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=100)
    subject = models.CharField(
        max_length=300, blank=True, default=""
    )  # what it works on, e.g. the file's name
    actor = models.BigIntegerField(null=True)  # core knows no users; accounts loads the actor by this id
    request_id = models.UUIDField(null=True)
    object_id = models.BigIntegerField(null=True)
    arguments = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=100, blank=True, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    result_url = models.CharField(max_length=300, blank=True, default="")
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # heartbeat: the last checkpoint
    cancel_asked_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)  # its owner closed it in the tray

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-queued_at"], name="core_job_actor"),
            models.Index(
                fields=["queued_at"],
                name="core_job_open",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int | None:
        """Whole percent done, 0 to 100; None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def seconds_left(self) -> int | None:
        """Time left at the mean pace so far, in seconds; None before there is a pace."""
        if not (self.started_at and self.total and self.done and self.is_open):
            return None
        passed = (timezone.now() - self.started_at).total_seconds()
        return max(0, round(passed * (self.total - self.done) / self.done))
