"""Spreadsheets that left the base: the order, its file while there is one, and afterwards the line of the log."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User


class Export(models.Model):
    """One export: who took which people, with which columns. The file goes after some days, the row stays as a log.

    `view` is the list's filters and order as in its address, `words` the same for people, `titles` in each of our
    languages, as it was called then: whoever reads the log reads it in his own. `columns` is a list of keys of
    `exporting.catalogue`. `options`: delimiter, apart (phones and e-mails in columns of their own), split (rows,
    campaign, responsible), split_rows; letters (what `actions.letters` was asked for); houses, where
    not people but houses were taken.
    `key` stands in addresses and names the file, so that neither can be guessed.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", pgettext_lazy("export", "Failed")
        CANCELLED = "cancelled", _("Stopped")
        GONE = "gone", _("File deleted")
        PRINTED = "printed", pgettext_lazy("export", "Printed")  # on paper: there is no file, and no form

    class Form(models.TextChoices):
        XLSX = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"  # letters only

    TABLES = ((Form.XLSX, Form.XLSX.label), (Form.CSV, Form.CSV.label))

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="exports", db_index=False
    )
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.MAKING)
    view = models.JSONField(default=dict)
    words = models.CharField(max_length=1000, blank=True, default="")
    titles = models.JSONField(default=dict)  # {language: words}
    columns = models.JSONField(default=list)
    form = models.CharField(max_length=4, choices=Form, default=Form.XLSX)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=5, default="ru")
    people = models.PositiveIntegerField(null=True)  # rows written
    file = models.CharField(max_length=100, blank=True, default="")  # its name in Django's default storage
    size = models.BigIntegerField(null=True)  # bytes
    downloads = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    job_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["made_by", "-made_at"], name="exchange_export_owner"),
            models.Index(fields=["-made_at"], name="exchange_export_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.form}"

    @property
    def title(self) -> str:
        """The filters for people, in the language active now where it is known."""
        return self.titles.get(get_language() or "", self.words)

    @property
    def is_letters(self) -> bool:
        return "letters" in self.options

    @property
    def is_houses(self) -> bool:
        return "houses" in self.options

    @property
    def is_busy(self) -> bool:
        return self.state == self.State.MAKING

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
