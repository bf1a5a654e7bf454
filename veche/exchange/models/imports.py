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
from veche.exchange.said import sentence_of


class Import(models.Model):
    """One spreadsheet on its way into the base. Its pages and its jobs find here all they need.

    `source` says how the file is read (kind, sheet, sheets, encoding, delimiter, header_row, repair, rows), `columns`
    is a list of profiles with a guess each, `mapping` a list of {index, target, field_type, label} (see `mapping`),
    `options` what the conversion asks for (default_city_code, day_first, name_order). `totals` is filled by the check
    (`create`, `update`…) and by the load (`created`, `updated`…): see `queries.Numbers`. Ledger rows of the load carry
    `request_id`.
    """

    class State(models.TextChoices):
        LOOKING = "looking", _("Being looked through")
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
        REDOING = "redoing", _("Being loaded again")

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
    remembered = models.ForeignKey(  # whose columns and rules were taken over from an earlier file
        "SavedMapping", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
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
    error = models.TextField(blank=True, default="")  # as `said` stores it; read `why`
    checked_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    rows_purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_by", "-made_at"], name="exchange_import_owner"),
            models.Index(fields=["sha256"], name="exchange_import_file"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> str:
        """Why its last job ended before its work did, in the language active now."""
        return sentence_of(self.error)

    @property
    def is_busy(self) -> bool:
        """True while a job works on it."""
        return self.state in (
            self.State.LOOKING,
            self.State.CHECKING,
            self.State.LOADING,
            self.State.UNDOING,
            self.State.REDOING,
        )


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
        UNDONE = "undone", _("Taken back")

    # No constraint and no index of its own: they would cost a look at the import for every row, and `number` has one.
    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
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
    matched_by = models.CharField(max_length=14, default="")  # of MATCH_KEYS, "row", or "said"
    contact_id = models.BigIntegerField(
        null=True
    )  # no foreign key: the row outlives the contact it speaks of
    changes = ArrayField(models.TextField(), default=list)  # fields that change, as codes
    overwritten = ArrayField(models.TextField(), default=list)  # those of them that held another value
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NONE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="exchange_row_once")]
        indexes = [
            models.Index(  # an undo, a merge and an erasure ask by person
                fields=["contact_id"],
                name="exchange_row_contact",
                condition=models.Q(contact_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class Correction(models.Model):
    """What somebody said about a cell of the file; the file itself and `ImportRow.cells` stay as they came.

    `column` is the index of the column, WHOLE_ROW for the row as such. `row` names one row; None means every row whose
    cell in this column is `value` (as `mapping.correcting.key_of` writes cells). For WORD, `value` is one of the words
    of a cell in lower case, and `replacement` the entry of a list that it stands for ("" for none). For PERSON,
    `replacement` is the contact that a row is about, or "new"; without a `row`, `value` names the contacts that rows
    fit for whom this goes (`queries.identity`).
    `state` says whether the staged rows know of it already.
    """

    WHOLE_ROW = -1

    class Kind(models.TextChoices):
        REPLACE = "replace", _("Corrected")
        EMPTY = "empty", _("Left empty")
        REJECT = "reject", _("Rows left out")
        ACCEPT = "accept", _("Taken as it is")
        WORD = "word", _("Stands for")
        PERSON = "person", _("Said who it is")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        APPLIED = "applied", _("Applied")
        LEAVING = "leaving", _("Being taken back")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="corrections")
    column = models.SmallIntegerField()
    row = models.PositiveIntegerField(null=True)
    value = models.TextField(default="")
    kind = models.CharField(max_length=8, choices=Kind)
    replacement = models.TextField(default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)  # how many it changed when it was applied
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "column", "row", "value"],
                condition=~models.Q(kind__in=["word", "person"]),
                name="exchange_correction_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(  # whom a row is about is one question, whether it is taken another
                fields=["batch", "row", "value"],
                condition=models.Q(kind="person"),
                name="exchange_person_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["batch", "column", "value"],
                condition=models.Q(kind="word"),
                name="exchange_word_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.column}:{self.row or self.value}"


class Issue(models.Model):
    """A problem of a staged row, in a narrow table: what pages count, group by value and list by key.

    Written by the check from `ImportRow.problems` and `doubts`; `column` is -1 for the whole row, `value` the cell as
    `mapping.correcting.key_of` writes it.
    """

    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="issues", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField()  # of the row
    column = models.SmallIntegerField()
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=6)
    value = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["batch", "code", "column", "value", "number"], name="exchange_issue_value"),
            models.Index(fields=["batch", "number"], name="exchange_issue_row"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}:{self.code}"


class FileWord(models.Model):
    """A word that a column of a list (status, tags, a choice…) holds, with the count of its rows. Made by the check."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="words", db_index=False)
    column = models.SmallIntegerField()
    word = models.CharField(max_length=100)  # as first written; compared in lower case
    rows = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["batch", "column", "-rows", "word"], name="exchange_fileword_most")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.column}:{self.word}"


class SavedMapping(models.Model):
    """What the columns of files with these captions become, and the rules, as the last such file was loaded.

    `headers` is the digest of the captions (`mapping.headers.digest_of`). `columns` are {caption, repeat, target,
    field_type, label, day_first, words}. Shared by all who import and see `campaign`, else share a team with the
    maker: `queries` decide.
    """

    headers = models.CharField(max_length=64)
    captions = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    policy = models.CharField(max_length=12, choices=Import.Policy)
    match_by = models.JSONField(default=list)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    uses = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["headers", "-made_at"], name="exchange_mapping_headers")]

    def __str__(self) -> str:
        return self.file_name
