"""How doubles are looked for, and each time that they were."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts.models import User

SHARE = [MinValueValidator(0.01), MaxValueValidator(0.999)]


class RuleSet(models.Model):
    """From which probability on two are taken for one person without asking, from which on somebody is asked, and what
    is looked at. Below `ask` nothing is said. The one that is `in_use` is the nightly search's and the button's."""

    name = models.CharField(max_length=100)
    automatic = models.FloatField(default=0.9, validators=SHARE)
    ask = models.FloatField(default=0.2, validators=SHARE)
    left_out = models.JSONField(
        default=list, blank=True
    )  # of the finder's comparisons, those that it does not make
    weights = models.JSONField(
        default=dict, blank=True
    )  # factors of comparisons whose weight is not as found
    learns = models.BooleanField(default=True)  # what people decide in the queue corrects the weights
    in_use = models.BooleanField(default=False)
    nightly = models.BooleanField(default=True)  # while in use: what has changed is looked at every night
    merges_at_night = models.BooleanField(default=False)  # and the certain ones are merged
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="dedupe_rules_name_once"),
            models.UniqueConstraint(
                fields=["in_use"], condition=Q(in_use=True), name="dedupe_rules_one_in_use"
            ),
            models.CheckConstraint(condition=Q(ask__lte=models.F("automatic")), name="dedupe_rules_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Search(models.Model):
    """One look for doubles: in the whole base, around the people of one import, or around who has changed `since`.

    `rules` are those of its start, with what was `learned` by then. A `dry` one only counts: what it would ask and
    what it would merge. `figures` hold people (looked at), asked, certain (groups), spare (people that merging the
    certain would take away), households.
    """

    class Scope(models.TextChoices):
        WHOLE = "whole", _("In the whole base")
        IMPORT = "import", _("Around one import")
        CHANGED = "changed", _("In what has changed")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", pgettext_lazy("search", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("search", "Stopped")

    scope = models.CharField(max_length=8, choices=Scope, default=Scope.WHOLE)
    batch = models.BigIntegerField(null=True)  # of Origin: exchange is a neighbour
    since = models.DateTimeField(null=True)
    rule_set = models.ForeignKey(
        RuleSet, null=True, on_delete=models.SET_NULL, related_name="searches", db_index=False
    )
    rules = models.JSONField(default=dict)
    dry = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    error = models.TextField(blank=True, default="")
    figures = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-begun_at"], name="dedupe_search_newest")]
        constraints = [  # two would replace what the other has found
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="dedupe_search_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.scope}"

    @property
    def is_busy(self) -> bool:
        return self.state == self.State.RUNNING
