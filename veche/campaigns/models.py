"""What we run: a petition, a fundraising drive, an election, a project. Everything else points at campaigns."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import Team, Territory


class Campaign(models.Model):
    class Kind(models.TextChoices):
        PETITION = "petition", _("Petition")
        FUNDRAISING = "fundraising", _("Fundraising")
        ELECTION = "election", _("Election")
        PROJECT = "project", _("Project")

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PROJECT)
    colour = models.PositiveSmallIntegerField(default=1)  # d1 to d6 of the look
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    goal = models.PositiveIntegerField(null=True, blank=True)  # people
    about = models.TextField(blank=True, default="")
    teams = models.ManyToManyField(Team, blank=True, related_name="campaigns")
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="campaigns_campaign_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
