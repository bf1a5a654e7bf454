"""An import from the file's arrival to its undo, and its rows on their way into the base."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veche.accounts.models import User
from veche.campaigns.models import Campaign


class Import(models.Model):
    """One spreadsheet on its way into the base. Its pages and its jobs find here all they need.

    `source` says how the file is read (kind, sheet, sheets, encoding, delimiter, header_row, repair, rows), `columns`
    is a list of profiles with a guess each, `mapping` a list of {index, target, field_type, label} (see `mapping`),
    `options` what the conversion asks for (default_city_code, day_first, name_order). `totals` is filled by the check
    (`create`, `update`…) and by the load (`created`, `updated`…): see `queries.Numbers`. Ledger rows of the load carry
    `request_id`.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("File received")
        DESCRIBED = "described", _("Table found")
        MAPPED = "mapped", _("Columns assigned")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        LOADING = "loading", _("Being loaded")
        LOADED = "loaded", _("Loaded")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        CANCELLED = "cancelled", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Policy(models.TextChoices):
        """What happens to people who are already in the base."""

        CREATE_ONLY = (
            "create_only",
            _("Only add new people; known ones just join the campaign and get the tags"),
        )
        FILL_EMPTY = "fill_empty", _("Fill in what is empty, change nothing that is there")
        UPDATE = "update", _("Update: what the file says replaces what is there")
        SKIP = "skip", _("Leave known people wholly untouched")

    name = models.CharField(max_length=300)
    file = models.CharField(max_length=300)  # its name in Django's default storage
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="imports")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    source = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    policy = models.CharField(max_length=12, choices=Policy, default=Policy.FILL_EMPTY)
    match_by = models.JSONField(default=list)  # of MATCH_KEYS
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="imports")
    tags = models.JSONField(default=list)  # names
    responsible = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    options = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    overwrites_confirmed = models.BooleanField(default=False)
    request_id = models.UUIDField(default=uuid.uuid4)
    job_id = models.BigIntegerField(null=True)  # the check, load or undo that runs or ran last
    error = models.TextField(blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    rows_purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_by", "-made_at"], name="exchange_import_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        """True while a job works on it."""
        return self.state in (self.State.CHECKING, self.State.LOADING, self.State.UNDOING)


MATCH_KEYS = ("external_id", "phone", "email", "name_birthday")


class ImportRow(models.Model):
    """A row of the file: its cells, the draft of a contact made from them, and what became of it.

    The keys are folded for comparison, see `matching`. `leader` is the first row of this file about the same person.
    `outcome` is set in the transaction that wrote the row into the base, which is why a load that was killed neither
    loses nor repeats it.
    """

    class Verdict(models.TextChoices):
        NONE = "", _("Not checked")
        CREATE = "create", _("New person")
        UPDATE = "update", _("Known person, will change")
        UNCHANGED = "unchanged", _("Known person, nothing new")
        REPEAT = "repeat", _("The same person as in a row above")
        REJECT = "reject", _("Cannot be taken")

    class Outcome(models.TextChoices):
        NONE = "", _("Not loaded")
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        REPEATED = "repeated", _("Joined to a row above")
        REJECTED = "rejected", _("Rejected")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the file, from 1
    cells = models.JSONField()
    draft = models.JSONField()
    problems = models.JSONField(default=list)
    doubts = models.JSONField(default=list)  # problems that the matching found, in the shape of `problems`
    reach = ArrayField(models.TextField(), default=list)  # "phone:+79161234567", "email:…", working ones only
    external_id = models.TextField(default="")
    surname_key = models.TextField(default="")
    given_keys = ArrayField(
        models.TextField(), default=list
    )  # the first as written, then full forms of a short name
    patronymic_key = models.TextField(default="")
    name_key = models.TextField(default="")  # of surname and given name, when both are known
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    leader = models.PositiveIntegerField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.NONE)
    matched_by = models.CharField(max_length=14, default="")  # of MATCH_KEYS, or "row"
    contact_id = models.BigIntegerField(
        null=True
    )  # no foreign key: the row outlives the contact it speaks of
    changes = ArrayField(models.TextField(), default=list)  # fields that change, as codes
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NONE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="exchange_row_once")]
        indexes = [
            models.Index(
                fields=["batch", "contact_id"],
                name="exchange_row_created",
                condition=models.Q(outcome="created"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
