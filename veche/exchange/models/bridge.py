"""A view that was taken home as a spreadsheet, what it said then, and what came back."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User


class BridgeSheet(models.Model):
    """A download: the filters it was made by, its columns as [{code, caption}], and who took it.

    Its lines keep what every cell said, so that whoever changed something meanwhile can be told. After
    `bridge.KEPT_DAYS` they go; what comes back then is compared with the base alone.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", pgettext_lazy("spreadsheet", "Failed")

    state = models.CharField(max_length=8, choices=State, default=State.MAKING)
    view = models.JSONField(default=dict)  # the list's filters and order, as in its address
    words = models.CharField(max_length=500, blank=True, default="")  # the filters, for people
    titles = models.JSONField(default=dict)  # the same in each language: {language: words}
    columns = models.JSONField(default=list)
    masked = models.BooleanField(default=False)  # the one who took it sees phones masked
    rows = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=300, blank=True, default="")  # its name in Django's default storage
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    job_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True, default="")
    purged_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}: {self.words}"

    @property
    def title(self) -> str:
        """The filters in the language active now where it is known."""
        return self.titles.get(get_language() or "", self.words)


class BridgeLine(models.Model):
    """What one row said when it went down: `cells` in the order of the sheet's columns, a text or a list of texts.

    `given_id` is the contact's number in the file; `contact_id` differs from it after a merge.
    """

    sheet = models.ForeignKey(BridgeSheet, on_delete=models.CASCADE, related_name="lines", db_index=False)
    given_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(db_index=True)  # no foreign key: erasure and merge are told below
    cells = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "given_id"], name="exchange_bridge_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.given_id}"


class BridgeReturn(models.Model):
    """A spreadsheet that came back, compared with the base cell by cell, and applied as far as somebody accepted it.

    `notes` says what was found about the file itself: columns moved, unknown, missing, masked; see `bridge.findings`.
    `gone` is what becomes of people whose row is missing. Everything applied carries `request_id`.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being compared")
        COMPARED = "compared", _("Compared")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", pgettext_lazy("spreadsheet", "Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Gone(models.TextChoices):
        NOTHING = "nothing", _("Do nothing: they stay as they are")
        LEAVE = "leave", _("Take them out of the campaign")
        UNTAG = "untag", _("Take the tag off them")
        REMOVE = "remove", _("Remove them from the base")

    sheet = models.ForeignKey(BridgeSheet, null=True, on_delete=models.SET_NULL, related_name="returns")
    name = models.CharField(max_length=300)
    file = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    notes = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    gone = models.CharField(max_length=8, choices=Gone, default=Gone.NOTHING)
    gone_target = models.BigIntegerField(null=True)  # of the campaign or the tag
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    request_id = models.UUIDField(default=uuid.uuid4)
    job_id = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)  # the import that takes the new rows in
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["made_by", "-made_at"], name="exchange_return_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.READING, self.State.APPLYING, self.State.UNDOING)


class BridgeCell(models.Model):
    """A cell that differs: `was` at download (null: not known), `yours` in the file, `now` in the base; texts or lists.

    `after` is what the base held once it was applied, `taken` snapshots of what that removed, both for the undo.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("Changed by you")
        CONFLICT = "conflict", _("Changed by you and in the base")
        REFUSED = "refused", _("Cannot be taken")

    class Decision(models.TextChoices):
        NONE = "", _("Not decided")
        ACCEPT = "accept", _("Accepted")
        REJECT = "reject", _("Rejected")

    class Outcome(models.TextChoices):
        NONE = "", _("Waiting")
        APPLIED = "applied", _("Written")
        UNDONE = "undone", pgettext_lazy("change", "Put back")
        KEPT = "kept", _("Not put back: changed since")

    batch = models.ForeignKey(BridgeReturn, on_delete=models.CASCADE, related_name="cells", db_index=False)
    row = models.PositiveIntegerField()  # in the file, from 1
    contact_id = models.BigIntegerField(db_index=True)
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    was = models.JSONField(null=True)
    yours = models.JSONField()
    now = models.JSONField()
    problem = models.CharField(max_length=500, blank=True, default="")
    decision = models.CharField(max_length=6, choices=Decision, blank=True, default=Decision.NONE)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True, default=Outcome.NONE)
    after = models.JSONField(null=True)
    taken = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "contact_id", "code"], name="exchange_bridge_cell_once")
        ]
        indexes = [models.Index(fields=["batch", "row", "id"], name="exchange_bridge_cell_row")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row} {self.code}"


class BridgeRow(models.Model):
    """A row as a whole: added, missing, or one that cannot be taken, with the reason. `cells` are those of the file."""

    class Kind(models.TextChoices):
        ADDED = "added", _("New row")
        COPIED = "copied", _("Copy of another row, changed")
        GONE = "gone", _("Row deleted")
        REFUSED = "refused", _("Cannot be taken")

    batch = models.ForeignKey(BridgeReturn, on_delete=models.CASCADE, related_name="lines", db_index=False)
    row = models.PositiveIntegerField()  # in the file, from 1; of a missing row its place in the download
    kind = models.CharField(max_length=8, choices=Kind)
    contact_id = models.BigIntegerField(null=True, db_index=True)
    cells = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True, default="")
    decision = models.CharField(
        max_length=6, choices=BridgeCell.Decision, blank=True, default=BridgeCell.Decision.NONE
    )
    outcome = models.CharField(
        max_length=7, choices=BridgeCell.Outcome, blank=True, default=BridgeCell.Outcome.NONE
    )

    class Meta:
        indexes = [models.Index(fields=["batch", "kind", "row"], name="exchange_bridge_row_kind")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row} {self.kind}"
