"""Where a contact came from, what was said about it, and what its fields were before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User
from veche.campaigns.models import Campaign


class Origin(models.Model):
    """How we got a contact, one row per acquisition, never changed afterwards.

    `batch` is the id of the import that brought it (exchange lives above, so it is no foreign key), with the file's
    name and the row's number in it.
    """

    class Channel(models.TextChoices):
        BY_HAND = "by_hand", _("Typed in")
        IMPORT = "import", _("Spreadsheet")
        PETITION = "petition", _("Petition")
        MEETING = "meeting", _("Meeting")
        FORM = "form", _("Form on the site")
        LETTER = "letter", _("Letter")
        MESSENGER = "messenger", _("Messenger")
        CALL = "call", _("Call")
        REFERRAL = "referral", _("Recommendation")
        OTHER = "other", _("Other")

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="origins")
    channel = models.CharField(max_length=12, choices=Channel)
    words = models.CharField(max_length=300, blank=True, default="")  # the source in the team's own words
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="origins")
    collector = models.CharField(max_length=200, blank=True, default="")
    collector_user = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="collected", db_index=False
    )
    happened_on = models.DateField(null=True)
    batch = models.BigIntegerField(null=True)
    batch_name = models.CharField(max_length=300, blank=True, default="")
    batch_row = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["batch", "contact"],
                name="contacts_origin_batch",
                condition=models.Q(batch__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.channel}"


class Note(models.Model):
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    text = models.TextField()
    author = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="notes", db_index=False
    )
    batch = models.BigIntegerField(null=True)  # the import it came from
    pinned = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-made_at", "-id"], name="contacts_note_contact")]

    def __str__(self) -> str:
        return self.text[:60]


class FieldChange(models.Model):
    """What a field held before and after: the personal side of the ledger, which itself holds no personal data."""

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    field = models.CharField(max_length=60)  # a field of Contact, "own.<key>", "phone", "email", "address"…
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="changes", db_index=False)
    batch = models.BigIntegerField(null=True)  # the import that changed it
    is_undo = models.BooleanField(default=False, db_default=False)  # of what that import had changed
    request_id = models.UUIDField(null=True)  # the same as in the ledger

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-at", "-id"], name="contacts_change_contact"),
            models.Index(  # an undo goes through an import's changes person by person
                fields=["batch", "contact"],
                name="contacts_change_of_batch",
                condition=models.Q(batch__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}.{self.field}"


class UndoKept(models.Model):
    """What the last undo or redo of an import left as it is, because somebody has worked on it since.

    `field` is a code as in `FieldChange`, or blank for a person whom the import created. `by` and `at` say who touched
    it last and when, `batch_since` that it was another import, `event` what the ledger calls it.
    """

    batch = models.BigIntegerField()
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="undo_kept")
    field = models.CharField(max_length=60, blank=True, default="")
    event = models.CharField(max_length=80, blank=True, default="")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(null=True)
    batch_since = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "contact", "field"], name="contacts_undo_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.contact_id}.{self.field}"
