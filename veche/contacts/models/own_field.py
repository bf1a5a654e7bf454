from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OwnField(models.Model):
    """A field that the team made for itself. Values live in `Contact.own` under `key`, never in a column of their own.

    Values by type: text, link: string; number: number; money: {"minor", "currency"}; date: ISO string; yes_no: bool;
    choice: a choice's id; many_choices: list of choice ids; user: user id. `choices` is a list of {"id", "label"}.
    A filter on the field gets a typed expression index on demand, built concurrently by a job (`index_state`).
    """

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", pgettext_lazy("type of field", "Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of a list")
        MANY_CHOICES = "many_choices", _("Several of a list")
        LINK = "link", _("Link")
        USER = "user", _("Colleague")

    class IndexState(models.TextChoices):
        NONE = "none", _("No index")
        WANTED = "wanted", _("Being built")
        READY = "ready", _("Fast")

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=100)
    type = models.CharField(max_length=12, choices=Type, default=Type.TEXT)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    index_state = models.CharField(max_length=6, choices=IndexState, default=IndexState.NONE)
    made_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("label"), name="contacts_own_field_once", condition=models.Q(archived_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.label
