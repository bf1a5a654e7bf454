"""What the desk keeps: notices, and how each user wants them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Notice(models.Model):
    """Somebody is told of something. What it says is made when it is shown: here are only ids.

    Several tidings of one `group` are one notice with a `count`; `entry` is the newest ledger entry counted in, so that
    an entry that comes twice counts once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    group = models.CharField(max_length=80)
    entry = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "group"], name="desk_notice_once")]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="desk_notice_newest"),
            models.Index(fields=["user"], name="desk_notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["at"], name="desk_notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"


class NoticeWishes(models.Model):
    """How a user wants notices: kinds switched off, and hours in which nothing lights up. No row: all, at any time."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notice_wishes"
    )
    off = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="desk_quiet_whole",
            )
        ]

    def __str__(self) -> str:
        return f"notices of {self.user_id}"
