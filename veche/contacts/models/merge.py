"""What merges did, row by row, so that each can be undone; and what was known otherwise of those who were merged."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import User

WHY = {  # reasons that rooms above give; any other is shown as it was written
    "review": _("decided on among the likely doubles"),
    "certain": _("certain doubles, merged all at once"),
}


class Merge(models.Model):
    """Several contacts became one, the one that stays: `contact`. A later merge of it into another takes this along.

    `ceilings` are the highest numbers of rows that tables had then: what has a higher one came since. `together` is the
    same for all merges of one press.
    """

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="merges")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True, default="")
    ceilings = models.JSONField(default=dict)
    together = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["together"], name="contacts_merge_together")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.contact_id}"

    @property
    def why(self) -> str:
        """The reason in the reader's words; empty where none was given."""
        return str(WHY.get(self.reason, self.reason))


class MergedContact(models.Model):
    """A contact that is no more: its number, which leads on, its name and, until the merge is undone, its whole row."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="gone")
    former_id = models.BigIntegerField()
    name = models.CharField(max_length=600, blank=True, default="")
    row = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["former_id"], name="contacts_merged_once", condition=Q(row__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name or f"№ {self.former_id}"


class MergedRow(models.Model):
    """A row of some table that a merge handed over, changed, dropped or made.

    `before` is the row as it was (none: the merge made it), `after` what the merge made of it: of a row that stayed
    only the columns that it changed; none where it dropped the row. Of logs, which nobody edits, both say whose it was.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows", db_index=False)
    table = models.CharField(max_length=63)
    key = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merge", "table", "key"], name="contacts_merged_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.table} {self.key}"


class OtherValue(models.Model):
    """What a merge did not choose and the contact is or was known by as well: a former name, another birthday.

    `field` is a code as in `FieldChange`, `key` the search key of a name. `former_id` is the contact that had it.
    """

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="other_values")
    field = models.CharField(max_length=60)
    value = models.JSONField()
    key = models.CharField(max_length=600, blank=True, default="", db_collation="C")
    former_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [
            GinIndex(  # as the words of contacts' names are found
                OpClass(Concat(Value("|"), Replace("key", Value(" "), Value("|"))), name="gin_trgm_ops"),
                name="contacts_other_name_words",
                condition=~Q(key=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}.{self.field}"
