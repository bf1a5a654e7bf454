"""What a postal address says, as it was read: beside the address, so that an import writes it later, in sets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class AddressReading(models.Model):
    """The parts of one postal address. Made of its text alone, so it can be made anew at any time.

    `town` and `street` are written with their kind («п. Бобровский», «ул. Ленина»), the keys are equal for a name
    however it is written. `house_mark` and `flat_mark` are equal for one house and one flat (`address_texts.mark_of`).
    `version` is the parser's, `text_mark` stands for the text that it read: by both an old reading is known.

    The server deletes a reading with its address (a constraint that Django does not know), and knows of no contact
    here: its check would lock contacts, and an address never changes hands but in a merge, which takes this along.
    """

    class Understood(models.TextChoices):
        WHOLE = "whole", pgettext_lazy("address", "Understood")
        PARTLY = "partly", pgettext_lazy("address", "With doubts")
        NOT = "not", pgettext_lazy("address", "Not understood")

    address = models.OneToOneField(
        "contacts.PostalAddress", on_delete=models.DO_NOTHING, primary_key=True, related_name="reading",
        db_constraint=False,
    )  # fmt: skip
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.DO_NOTHING, related_name="address_readings", db_constraint=False
    )
    version = models.PositiveSmallIntegerField()
    text_mark = models.BigIntegerField()
    understood = models.CharField(max_length=6, choices=Understood)
    postcode = models.CharField(max_length=6, blank=True, default="")
    region = models.CharField(max_length=120, blank=True, default="")
    town = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    house = models.CharField(max_length=60, blank=True, default="")
    flat = models.CharField(max_length=60, blank=True, default="")
    rest = models.CharField(max_length=200, blank=True, default="")
    town_key = models.CharField(max_length=100, blank=True, default="")
    street_key = models.CharField(max_length=100, blank=True, default="")
    house_number = models.IntegerField(null=True)
    house_mark = models.BigIntegerField(null=True)
    flat_mark = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["town_key", "street_key", "house_number"],
                name="contacts_read_place",
                condition=~Q(town_key=""),
            ),
            models.Index(
                fields=["street_key", "house_number"],
                name="contacts_read_street",
                condition=~Q(street_key=""),
            ),
            models.Index(fields=["region"], name="contacts_read_region", condition=~Q(region="")),
            models.Index(
                fields=["house_mark"], name="contacts_read_house", condition=Q(house_mark__isnull=False)
            ),
            models.Index(
                fields=["understood", "contact"],
                name="contacts_read_doubt",
                condition=~Q(understood="whole"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_id}: {self.understood}"
