"""One change of many people at once: what was asked, whom of, what was there before, and what became of each."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts.models import User


class MassChange(models.Model):
    """What somebody did to many people, and may undo for a month. The row stays as a line of the journal.

    The people are frozen when it starts (`MassChunk`): those who come to match later are not touched. `value` is an id
    or what is stored in an own field; `what` the own field's key, or which fix gave each person a value of their own.
    """

    class Kind(models.TextChoices):
        TAG_PUT = "tag_put", _("Put on a tag")
        TAG_TAKE = "tag_take", _("Take off a tag")
        CAMPAIGN_PUT = "campaign_put", _("Put into a campaign")
        CAMPAIGN_TAKE = "campaign_take", _("Take out of a campaign")
        STATUS = "status", _("Set the status")
        RESPONSIBLE = "responsible", _("Set who is responsible")
        TERRITORY = "territory", _("Set the territory")
        OWN = "own", _("Set an own field")
        REMOVE = "remove", _("Remove from the base")
        VALUES = "values", _("Correct each in their own way")
        POINTS = "points", _("Correct phones and e-mails")
        PASTE = "paste", _("Paste from a spreadsheet")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("bulk change", "In work")
        DONE = "done", pgettext_lazy("bulk change", "Done")
        CANCELLED = "cancelled", pgettext_lazy("bulk change", "Stopped")
        FAILED = "failed", pgettext_lazy("bulk change", "Failed")
        UNDOING = "undoing", pgettext_lazy("bulk change", "Being undone")
        UNDONE = "undone", pgettext_lazy("bulk change", "Undone")

    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="mass_changes")
    kind = models.CharField(max_length=14, choices=Kind)
    what = models.CharField(max_length=60, blank=True, default="")
    value = models.JSONField(null=True)
    asked = models.TextField(
        blank=True, default=""
    )  # the list's address; blank when they were picked one by one
    words = models.TextField(blank=True, default="")  # the filters of that list in the words of whoever asked
    people = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)  # reason → how many
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # by the undo, since somebody has touched them
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    error = models.TextField(blank=True, default="")
    job_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField(default=uuid.uuid4)  # of its ledger entries and field changes
    undo_request_id = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # what was before is kept no longer

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.UNDOING)

    @property
    def left_alone(self) -> int:
        """How many the change itself passed over."""
        return sum(self.skipped.values())


class MassChunk(models.Model):
    """People still to be changed: a portion in the order of ids, gone once it is done.

    `values`, where each person gets their own: id → field code → new value.
    """

    mass_change = models.ForeignKey(
        MassChange, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField()
    ids = ArrayField(models.BigIntegerField())
    values = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mass_change", "number"], name="contacts_mass_chunk")]

    def __str__(self) -> str:
        return f"{self.mass_change_id}: {self.number}"


class MassOutcome(models.Model):
    """What became of one person: changed, with what was before; or left alone, with the reason."""

    class What(models.TextChoices):
        CHANGED = "changed", _("Changed")
        SAME = "same", _("It was so already")
        OUT = "out", _("Removed meanwhile, or out of your reach")
        BARE = "bare", _("Nothing would be left by which to know them")
        SINCE = "since", _("Changed by somebody meanwhile")
        REFUSED = "refused", _("What was pasted cannot stand there")
        UNDONE = "undone", _("As before again")
        KEPT = "kept", _("Left as it is: somebody has changed it since")

    mass_change = models.ForeignKey(
        MassChange, on_delete=models.CASCADE, related_name="outcomes", db_index=False
    )
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="mass_outcomes")
    what = models.CharField(max_length=8, choices=What)
    # Field code → value; of a tag or a campaign its row; of a paste also “+…”.
    before = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mass_change", "contact"], name="contacts_mass_outcome")
        ]
        indexes = [
            models.Index(
                fields=["mass_change", "what", "contact"],
                name="contacts_mass_aside",
                condition=~models.Q(what__in=["changed", "undone"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mass_change_id}: {self.contact_id} {self.what}"
