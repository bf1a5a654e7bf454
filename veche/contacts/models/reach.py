"""How to reach a contact: phones, e-mails, accounts, postal addresses; and the ids other systems know it by."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PointKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    TELEGRAM = "telegram", "Telegram"
    VK = "vk", _("VKontakte")
    OK = "ok", _("Odnoklassniki")
    MAX = "max", "MAX"
    WHATSAPP = "whatsapp", "WhatsApp"


class Validity(models.TextChoices):
    UNCHECKED = "unchecked", pgettext_lazy("contact point", "Not checked")
    VALID = "valid", pgettext_lazy("contact point", "Works")
    INVALID = "invalid", pgettext_lazy("contact point", "Does not work")


class Purpose(models.TextChoices):
    """What a phone, an e-mail or an address is for (vCard 4.0, RFC 6350, TYPE)."""

    UNKNOWN = "", _("Not said")
    MOBILE = "mobile", _("Mobile")
    HOME = "home", _("Home")
    WORK = "work", _("Work")
    FAX = "fax", _("Fax")
    REGISTRATION = "registration", _("Registration")
    POSTAL = "postal", _("For letters")


def origin_of(related_name: str) -> models.ForeignKey:
    """Which of its contact's origins brought a row; always looked for together with the contact.

    No constraint and no index: they would cost an import a fifth of its time in the base. An origin goes only with its
    contact, or after what it brought.
    """
    return models.ForeignKey(
        "contacts.Origin", null=True, on_delete=models.DO_NOTHING, related_name=related_name,
        db_index=False, db_constraint=False,
    )  # fmt: skip


class ContactPoint(models.Model):
    """A phone, an e-mail or an account (the name is FHIR's). `value` is the normal form that is compared and searched.

    Phones: E.164 with the plus; what could not be understood keeps its digits only, is `INVALID`, and stands in
    `as_given` as it came. E-mails: lower case. Accounts: the user name without @ or the numeric id.
    """

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="points", db_index=False
    )
    kind = models.CharField(max_length=10, choices=PointKind)
    value = models.CharField(max_length=254)
    as_given = models.CharField(max_length=300, blank=True, default="")
    extension = models.CharField(max_length=20, blank=True, default="")
    purpose = models.CharField(max_length=12, choices=Purpose, blank=True, default=Purpose.UNKNOWN)
    validity = models.CharField(max_length=10, choices=Validity, default=Validity.UNCHECKED)
    note = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)  # the first of its kind is the main one
    origin = origin_of("points")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kind", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "value", "extension"], name="contacts_point_once"
            ),
        ]
        indexes = [
            models.Index(OpClass("value", name="text_pattern_ops"), "kind", name="contacts_point_value"),
            models.Index(
                OpClass(Reverse("value"), name="text_pattern_ops"),
                name="contacts_point_last_digits",
                condition=Q(kind="phone"),
            ),
            GinIndex(OpClass("value", name="gin_trgm_ops"), name="contacts_point_trgm"),
        ]

    def __str__(self) -> str:
        return self.value


_MARKS = '.,;:()/"«»–—-№#_'


class AddressWords(models.Func):
    """The words of an address, as a search for a house looks them up («ленина 5»): lower case, ё as е, no marks.

    Words and not trigrams: five times as small, and an import of addresses pays for each entry.
    """

    template = (
        "to_tsvector('simple'::regconfig,"
        f" translate(lower(%(expressions)s), 'ё{_MARKS}', 'е{' ' * len(_MARKS)}'))"
    )


class PostalAddress(models.Model):
    """A postal address, kept as the text that was given; the addresses room will parse it."""

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="addresses")
    text = models.CharField(max_length=1000)
    purpose = models.CharField(max_length=12, choices=Purpose, blank=True, default=Purpose.UNKNOWN)
    validity = models.CharField(max_length=10, choices=Validity, default=Validity.UNCHECKED)
    note = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    origin = origin_of("addresses")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "id"]
        indexes = [GinIndex(AddressWords("text"), name="contacts_address_words")]

    def __str__(self) -> str:
        return self.text


class ExternalId(models.Model):
    """The id by which another system or spreadsheet knows the contact. `system` is blank for the base's own numbers."""

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=100, blank=True, default="")
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                OpClass("value", name="text_pattern_ops"), "system", name="contacts_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value
