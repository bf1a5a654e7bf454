"""People with everything that tables can hold of them, and pictures of all those tables. For tests of merging.

What rooms above contacts keep is made by looking at their models, so that a table added tomorrow is filled as well.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from typing import Any

from django.apps import apps
from django.db import connection, models

from veche.accounts.testing import member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact, GivenList, OwnField, RoleKind, Status
from veche.contacts.registry import merge_participants
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.actor import Actor

PHONES = ["8 904 000-27-40", "8 904 000-27-41", "8 904 000-27-42 (жена)", "8 904 000-27-43"]
TEXTS = ["Анкара, ул. Мира, 7", "620014, Екатеринбург, ул. Малышева, 12, кв. 34", "пос. Татуин, 3"]
NAMES = ["Скайуокер Лука Анакинович", "Скайуокеров Люк", "Скайуокер Л. А.", "Органа Лея"]
ITSELF = frozenset({"contacts_merge"})  # a merge that was undone is kept on record


class Everything:
    """A small base out of `seed`: some people, each with random parts of everything, many of them in common."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.by = Actor.system()
        self.tags = [make_tag() for _n in range(3)]
        self.campaigns = [make_campaign() for _n in range(3)]
        self.roles = list(RoleKind.objects.all()[:3])
        self.own = [make_own_field(), make_own_field(type=OwnField.Type.NUMBER)]
        self.users = [member("operator"), member("coordinator")]
        GivenList.objects.create(name="Обзвон", user=self.users[0], until=dt.date(2100, 1, 1))

    def some(self, choices: list[Any]) -> list[Any]:
        return self.chance.sample(choices, self.chance.randint(0, len(choices)))

    def person(self) -> Contact:
        """Somebody who says a little of everything, by the real actions; the rest by `fill`."""
        contact = make_person(
            self.chance.choice(NAMES), by=self.by, phone=", ".join(self.some(PHONES)) or "8 904 000-27-44",
            email=f"{self.chance.choice(['luke', 'l.sky'])}@tatooine.example", addresses=self.some(TEXTS),
            campaign=self.chance.choice(self.campaigns), note=self.chance.choice(["", "Просил не звонить рано"]),
        )  # fmt: skip
        fields = {
            "birthday": self.chance.choice(["", "1977", "19.05.1977", "20.05.1977"]),
            "status": self.chance.choice([None, *Status.objects.values_list("pk", flat=True)]),
            "caution": self.chance.choice(["", "Не звонить", "Не писать"]),
            "responsible": self.chance.choice([None, *self.users]),
            f"own.{self.own[0].key}": self.chance.choice(["", "левша", "правша"]),
            f"own.{self.own[1].key}": self.chance.choice([None, 1, 2]),
        }
        change_fields(by=self.by, contact_id=contact.pk, fields=fields)
        for tag in self.some(self.tags):
            belonging.put_tag(by=self.by, contact_id=contact.pk, tag_id=tag.pk)
        for role in self.some(self.roles):
            belonging.give_role(
                by=self.by, contact_id=contact.pk, role_id=role.pk, note=self.chance.choice(["", "дома"])
            )
        notes.add_note(by=self.by, contact_id=contact.pk, text=f"Сказал {self.chance.randint(1, 9)}")
        contact.refresh_from_db()
        return contact

    def fill(self, contact: Contact) -> None:
        """A row of `contact` in every table that takes part and has none of theirs."""
        for participant in merge_participants:
            model = next(
                (each for each in apps.get_models() if each._meta.db_table == participant.table), None
            )
            if model is None or model._meta.db_table in ITSELF:
                continue
            for column in participant.columns:
                if not model._default_manager.filter(**{column: contact.pk}).exists():
                    self.row(model, **{column: contact.pk})
        for given in GivenList.objects.all():
            given.people = given.members.count()
            given.save(update_fields=["people"])

    def row(self, model: type[models.Model], **given: Any) -> models.Model:
        """A row of `model`, every column that must have a value with some value of its type."""
        for column in model._meta.concrete_fields:
            if column.attname in given or column.has_default() or (column.null and not column.primary_key):
                continue
            if isinstance(column, models.GeneratedField | models.AutoField):
                continue
            given[column.attname] = self.value(column, model)
        return model._default_manager.bulk_create([model(**given)])[0]

    def value(self, column: models.Field, model: type[models.Model]) -> Any:
        if isinstance(column, models.OneToOneField):
            return self.row(column.related_model).pk
        if isinstance(column, models.ForeignKey) and column.related_model is Contact:
            return Contact.objects.create(
                name=f"Сосед {self.chance.randint(1, 99)}"
            ).pk  # the other end of two
        if isinstance(column, models.ForeignKey):
            there = column.related_model._default_manager.order_by("?").first()
            return (there or self.row(column.related_model)).pk
        number = self.chance.randint(1, 30_000)
        match column.get_internal_type():
            case "CharField" | "TextField" | "SlugField":
                choices = [key for key, _label in column.flatchoices]
                return self.chance.choice(choices) if choices else f"a{number}"
            case "BooleanField":
                return False
            case "DateField":
                return dt.date(2026, 1, 1)
            case "DateTimeField":
                return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
            case "JSONField":
                return {"n": number}
            case "UUIDField":
                return uuid.UUID(int=number)
            case "FileField":
                return ""
        return number


def picture() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that knows contacts, of the contacts and of what is counted by them.

    Two things are left out, since they are meant to be different: what the ledger says of merges, and the revision
    of contacts, by which pages that are open know that they are old.
    """
    tables = merge_participants.tables - ITSELF | {
        "contacts_contact",
        "contacts_givenlist",
        "contacts_mergedrow",
    }
    found = {}
    with connection.cursor() as sql:
        for table in sorted(tables):
            which = "WHERE kind NOT LIKE 'contacts.contacts_%'" if table == "core_ledger" else ""
            sql.execute(f"SELECT to_jsonb(own)::text FROM {table} AS own {which} ORDER BY 1")
            rows = [json.loads(text) for (text,) in sql.fetchall()]
            if table == "contacts_contact":
                rows = [{name: value for name, value in row.items() if name != "revision"} for row in rows]
            found[table] = rows
    return found
