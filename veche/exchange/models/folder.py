"""Files of the watched folder: what was seen there, which became an import, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.exchange.said import sentence_of


class WatchedFile(models.Model):
    """A file of the folder by its name and content. The row is written with its import in one transaction, and before
    the file moves: so whatever is killed in between, no content is loaded twice.

    `sentence` says why it was not loaded, or what came of it, as `said` stores sentences; read `why`.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("Being imported")
        LOADED = "loaded", _("Loaded")
        KNOWN = "known", _("Loaded before")
        FAILED = "failed", pgettext_lazy("import", "Failed")

    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    imported = models.ForeignKey(
        "Import", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8, choices=State, default=State.TAKEN)
    sentence = models.TextField(blank=True, default="")
    moved_to = models.CharField(
        max_length=300, blank=True, default=""
    )  # below the folder; "" while it lies there
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "sha256"], condition=models.Q(moved_to=""), name="exchange_watched_once"
            )
        ]
        indexes = [models.Index(fields=["-made_at"], name="exchange_watched_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> str:
        """The sentence in the language active now."""
        return sentence_of(self.sentence)
