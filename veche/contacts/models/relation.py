"""Who is what to whom: a wife, a neighbour, an employer. A relation is one row, and is read from both ends."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext

from veche.contacts.models.contact import Kind
from veche.contacts.models.standing import Named
from veche.contacts.relation_words import called, word


class RelationKind(Named):
    """“One is `code` of the other, the other `reverse_code` of the one”; the same code twice reads alike both ways.

    Shipped kinds have no names until renamed: their words depend on who is spoken of (`relation_words`). `one_is` and
    `other_is` say whether it must be a person or an organisation; blank for either.
    """

    reverse_code = models.SlugField(max_length=40)
    reverse_name = models.CharField(max_length=100, blank=True, default="")
    one_is = models.CharField(max_length=12, blank=True, default="")
    other_is = models.CharField(max_length=12, blank=True, default="")

    class Meta(Named.Meta):
        constraints = [
            models.UniqueConstraint(fields=["code"], name="contacts_relation_code"),
            models.UniqueConstraint(fields=["reverse_code"], name="contacts_relation_reverse_code"),
        ]

    def __str__(self) -> str:
        one, other = (word(self, of_one=of_one) for of_one in (True, False))
        return one if self.is_symmetric else f"{one} – {other}"

    @property
    def is_shipped(self) -> bool:
        return bool(called(self.code))

    @property
    def between(self) -> str:
        """Whom it links, for people."""
        labels = {value: str(label) for value, label in Kind.choices} | {"": gettext("Anybody")}
        return f"{labels[self.one_is]} – {labels[self.other_is]}"

    @property
    def is_symmetric(self) -> bool:
        return self.code == self.reverse_code


class Relation(models.Model):
    """`one` is what the kind's `code` says of `other`: the parent of a child, the employer of a person."""

    kind = models.ForeignKey(RelationKind, on_delete=models.PROTECT, related_name="relations", db_index=False)
    one = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="relations_as_one")
    other = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="relations_as_other")
    note = models.CharField(max_length=300, blank=True, default="")  # the post held, since when, by whom told
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("kind"), Least("one", "other"), Greatest("one", "other"), name="contacts_relation_once"
            ),
            models.CheckConstraint(condition=~Q(one=F("other")), name="contacts_relation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind_id} {self.other_id}"
