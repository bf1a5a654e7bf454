"""The register itself. Its three tables are partitioned by region, so that a region is replaced by one switch.

A partition has its own indexes (`veche/addresses/actions/building.py` makes it with all of them); the tables above
them have none. Nothing has a foreign key to them: ids are the register's OBJECTID, and a load replaces the rows.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

AREA, STREET, HOUSE = 7, 8, 10  # LEVEL: planning element, street, building
CITY, SETTLEMENT = 5, 6
# Objects that are no place to live in but stand between a place and a house: areas, streets, and their old kinds.
WITHIN_PLACES = (7, 8, 15, 16)


class MultiRange(models.Field):
    """PostgreSQL's int4multirange: {[1,101),[103,104)} for flats 1 to 100 and 103, in some thirty bytes."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"


class AddressObject(models.Model):
    """A region, district, town, village, area or street."""

    id = models.BigIntegerField(primary_key=True)  # OBJECTID, the same in every release
    parent_id = models.BigIntegerField(null=True)  # in the administrative tree
    mun_parent_id = models.BigIntegerField(null=True)  # in the municipal tree
    place_id = models.BigIntegerField(null=True)  # the nearest object above it that is no area and no street
    oktmo = models.BigIntegerField(null=True)  # of its parameters
    mun_oktmo = models.BigIntegerField(null=True)  # of its row in the municipal tree
    guid = models.UUIDField()  # the public ФИАС id
    postcode = models.IntegerField(null=True)
    weight = models.IntegerField(default=0)  # houses in it and below: what a suggestion is sorted by
    region = models.SmallIntegerField()
    level = models.SmallIntegerField()
    active = models.BooleanField(default=True)  # False: the register says that it is no more
    type = models.TextField()  # as short as the register writes it: "ул", "г"
    name = models.TextField()
    key = models.TextField()  # keys.name_key(name)
    path = ArrayField(models.BigIntegerField())  # administrative, from the region down to the parent
    mun_path = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "addresses_object"

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


class House(models.Model):
    """A house, a plot or another building with a number of its own, and what flats it has."""

    id = models.BigIntegerField(primary_key=True)
    parent_id = models.BigIntegerField()  # street, area or place in the administrative tree
    mun_parent_id = models.BigIntegerField(null=True)  # only where it is another than parent_id
    oktmo = models.BigIntegerField(null=True)  # null: what holds it says
    guid = models.UUIDField()
    postcode = models.IntegerField(null=True)
    region = models.SmallIntegerField()
    kind = models.SmallIntegerField()  # HOUSETYPE; keys.STEAD for a plot of land
    key = models.TextField()  # keys.house_key: "12А|3|4|Б", empty ends left out
    flats = MultiRange(null=True)  # numbers of flats
    rooms = ArrayField(
        models.TextField(), null=True
    )  # what else has a number: "2:12А", "1:XI" (APARTTYPE:NUMBER)

    class Meta:
        db_table = "addresses_house"

    def __str__(self) -> str:
        return self.key


class Alias(models.Model):
    """What an object is found by beside its key: a former name, or its name begun with another word."""

    pk = models.CompositePrimaryKey("region", "object_id", "key", "old")
    object_id = models.BigIntegerField()
    place_id = models.BigIntegerField(null=True)
    region = models.SmallIntegerField()
    of_place = models.BooleanField()  # no area and no street
    old = models.BooleanField()
    key = models.TextField()
    name = models.TextField(
        blank=True, default=""
    )  # the former name as it was; empty for another order of words

    class Meta:
        db_table = "addresses_alias"

    def __str__(self) -> str:
        return self.name or self.key
