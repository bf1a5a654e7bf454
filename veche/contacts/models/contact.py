from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from veche.accounts.models import Territory, User
from veche.contacts.models.standing import Status


class Kind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class Gender(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    MALE = "m", _("Male")
    FEMALE = "f", _("Female")


class Contact(models.Model):
    """A person or an organisation. May consist of any one thing: a name, a phone, an e-mail, an account, an address.

    `name` is what we show (surname first, as Russian lists have it), `name_as_given` what we were told, `name_key`
    what we sort and search by (`veche.names.name_key`). A birthday may be partial: any of its parts may be unknown.
    `revision` grows with every change by a person; an editor who saw an older one is told so.
    """

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    surname = models.CharField(max_length=200, blank=True, default="")
    given_name = models.CharField(max_length=200, blank=True, default="")
    patronymic = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=600, blank=True, default="")
    name_as_given = models.CharField(max_length=600, blank=True, default="")
    # collation "C", so that a plain index serves both its order and its beginnings on any server
    name_key = models.CharField(max_length=600, blank=True, default="", db_collation="C")
    gender = models.CharField(max_length=1, choices=Gender, blank=True, default=Gender.UNKNOWN)
    birth_year = models.SmallIntegerField(null=True, blank=True)
    birth_month = models.SmallIntegerField(null=True, blank=True)
    birth_day = models.SmallIntegerField(null=True, blank=True)
    # No index of their own: the partial ones below begin with them.
    status = models.ForeignKey(
        Status, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    caution = models.CharField(
        max_length=500, blank=True, default=""
    )  # seen before anything else on the card
    caution_until = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts", db_index=False
    )
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts", db_index=False
    )
    # The territory that its address gave it. While `territory` is the same, it goes on following the address; what
    # somebody has set by hand differs from it and stays.
    territory_by_address = models.BigIntegerField(null=True)
    own = models.JSONField(default=dict, blank=True)  # OwnField.key → value
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)  # hidden everywhere; erased for good after 30 days

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "id"], name="contacts_contact_by_name"),
            models.Index(  # an import asks who was born that day and is called so
                fields=["birth_day", "birth_month", "birth_year", "name_key"],
                name="contacts_contact_by_birthday",
                condition=Q(birth_day__isnull=False),
            ),
            models.Index(
                fields=["changed_at", "id"],
                name="contacts_contact_by_change",
                condition=Q(removed_at__isnull=True),
            ),
            models.Index(  # who was added within these days
                fields=["made_at", "id"],
                name="contacts_contact_by_making",
                condition=Q(removed_at__isnull=True),
            ),
            # every word of the key after a bar, so that one pattern finds a word by its beginning
            GinIndex(
                OpClass(Concat(Value("|"), Replace("name_key", Value(" "), Value("|"))), name="gin_trgm_ops"),
                name="contacts_contact_words",
            ),
            models.Index(
                fields=["responsible", "id"],
                name="contacts_contact_resp",
                condition=Q(responsible__isnull=False),
            ),
            models.Index(
                fields=["territory", "id"], name="contacts_contact_terr", condition=Q(territory__isnull=False)
            ),
            models.Index(  # those who followed a territory that was removed
                fields=["territory_by_address"],
                name="contacts_contact_lost_terr",
                condition=Q(territory__isnull=True, territory_by_address__isnull=False),
            ),
            models.Index(
                fields=["status", "id"], name="contacts_contact_status", condition=Q(status__isnull=False)
            ),
            models.Index(fields=["id"], name="contacts_contact_caution", condition=~Q(caution="")),
            models.Index(
                fields=["removed_at"], name="contacts_contact_removed", condition=Q(removed_at__isnull=False)
            ),
            models.Index(fields=["id"], name="contacts_contact_orgs", condition=Q(kind="organisation")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__range=(1, 12)),
                name="contacts_birth_month",
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_day__range=(1, 31)), name="contacts_birth_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"№ {self.pk}"
