"""What a number is that many people have."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User


class PhoneVerdict(models.Model):
    """Somebody has said what a number is. `mark` stands for the number, as in contacts' findings; the number itself is
    not kept here. An office's or an invented one tells nothing of who is who, so a search passes over it."""

    class What(models.TextChoices):
        FAMILY = "family", _("A family’s phone")
        OFFICE = "office", _("An office’s phone")
        INVENTED = "invented", _("Invented")

    TELLS_NOTHING = (What.OFFICE, What.INVENTED)

    mark = models.BigIntegerField(primary_key=True)
    what = models.CharField(max_length=8, choices=What)
    people = models.PositiveIntegerField(default=0)  # when it was said
    point = models.BigIntegerField(null=True)  # one of the contact points with it, by which it can be shown
    change = models.BigIntegerField(null=True)  # the bulk change that marked an invented one as not working
    household = models.BigIntegerField(null=True)  # contacts' change that gathered a family's people
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.mark}: {self.what}"
