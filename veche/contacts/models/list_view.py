"""How people look at the list: views that were saved, and everybody's own columns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from veche.accounts.models import Team, User


class SavedView(models.Model):
    """A question to the list with a name. `query` is the list's address: filters, their joining, the order.

    `columns` are keys of `queries.people_columns` in their order; none means the usual ones. A removed view can be
    brought back; its address goes on working anyway, for all that is asked stands in it.
    """

    class Audience(models.TextChoices):
        PRIVATE = "private", pgettext_lazy("whose view", "Only me")
        TEAM = "team", pgettext_lazy("whose view", "My team")
        EVERYONE = "everyone", pgettext_lazy("whose view", "Everyone")

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="saved_views")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PRIVATE)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    query = models.TextField(blank=True, default="")
    columns = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | ~Q(audience="team") & Q(team__isnull=True),
                name="contacts_view_of_a_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ListLayout(models.Model):
    """One user's columns in a view, or in the list as such: [{"key", "width", "frozen"}] in their order.

    `opens_first`: the view that the section "People" opens with for this user.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="list_layouts", db_index=False)
    view = models.ForeignKey(SavedView, null=True, on_delete=models.CASCADE, related_name="layouts")
    columns = models.JSONField(default=list, blank=True)
    opens_first = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "view"], name="contacts_layout_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["user"], name="contacts_layout_first", condition=Q(opens_first=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.view_id}"
