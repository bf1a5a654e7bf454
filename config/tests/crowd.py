"""A base that has been worked in: people of the demonstration, and much of everything that a page can list."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import TypeVar

from django.db.models import Model, Value
from django.db.models.functions import Concat
from django.utils import timezone

from veche.accounts.models import SignIn, Team, Territory
from veche.accounts.testing import actor_of, cast, make_user, member
from veche.campaigns.models import Campaign
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.giving import give_list
from veche.contacts.actions.inventing import add_made_up
from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.models import Contact, GivenList, MassChange, RoleKind, SavedView, Status
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.models import Job
from veche.desk.fiction import made_up
from veche.desk.fiction.founding import found
from veche.desk.models import Notice
from veche.exchange.models import BridgeReturn, BridgeSheet, Export, Import, SavedMapping
from veche.exchange.testing import checked, loaded, make_import
from veche.exchange.tests.bridge_home import applied, brought_back, saved, table_of, taken_home

Row = TypeVar("Row", bound=Model)
PEOPLE_OF_EACH = 10  # made-up people for one of everything else


class Crowd:
    """`grow(3)`, and later `grow(30)`: so many more of everything, with what hangs on one card and on one import."""

    def __init__(self, folder: Path):
        cast()
        self.folder = folder
        self.by = actor_of("administrator")
        self.world = found(self.by)
        for model in (Team, Campaign):  # the rows of the access matrix may make some of these names
            model.objects.update(name=Concat("name", Value(" (показ)")))
        self.people = 0
        self.person = make_person(
            "Органа Лея", by=self.by, phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk}
        )
        rows = [["Соло", "Хан", "", "8 904 000-27-41", "", "", ""]]
        self.imported = loaded(make_import(folder, rows, by=self.by), by=self.by)
        self.sheet = taken_home(self.by)
        table = table_of(self.sheet)
        table[1][1] = "Соло-Органа"
        self.returned = applied(self.by, brought_back(self.by, saved(table)))

    def grow(self, count: int) -> None:
        self._people(count)
        for place in range(count):
            self._desk(place)
            self._headquarters(place)
            self._files(place)
            self._card(place)
        rows = [["Соло", "", "", f"8 904 {n}", "@", "29.02.1970", ""] for n in range(count)]
        self.checked = checked(make_import(self.folder, rows, by=self.by), by=self.by)

    def _people(self, count: int) -> None:
        more = count * PEOPLE_OF_EACH
        add_made_up(by=self.by, people=list(made_up(self.world, more, seed=7, start=self.people)))
        self.people += more
        volunteers = Contact.objects.order_by("pk").values_list("pk", flat=True)[:: PEOPLE_OF_EACH // 2]
        Contact.objects.filter(pk__in=list(volunteers)).update(responsible_id=member("volunteer").pk)

    def _desk(self, place: int) -> None:
        for user in (member("administrator"), member("volunteer")):
            for kind in ("contacts.given", "core.job_ended"):
                Notice.objects.create(
                    user=user, kind=kind, group=uuid.uuid4().hex, entry=place, by=member("operator"),
                    contact=self.person, object_id=self.person.pk,
                )  # fmt: skip
            Job.objects.create(kind="exchange.load", actor=user.pk, state=Job.State.DONE)
            SignIn.objects.create(user=user, method="password", succeeded=True, address="192.0.2.7")

    def _headquarters(self, place: int) -> None:
        by, name = self.by, f"{place} {uuid.uuid4().hex[:6]}"
        campaign = make_campaign(f"Парк {name}")
        belonging.join_campaign(by=by, contact_id=self.person.pk, campaign_id=campaign.pk)
        make_user(f"Дроид {name}", "operator")
        Territory.objects.create(name=f"Участок {name}")
        make_own_field(f"Поле {name}")
        tag = make_tag(f"метка {name}")
        belonging.put_tag(by=by, contact_id=self.person.pk, tag_id=tag.pk)
        SavedView.objects.create(owner=member("administrator"), name=f"Вид {name}", query=f"tag={tag.pk}")
        start_mass_change(by=by, kind="status", value=Status.objects.first().pk, ids=[self.person.pk])
        until = timezone.localdate() + dt.timedelta(days=9)
        give_list(by=by, name=f"Двор {name}", to=member("volunteer"), until=until, ids=[self.person.pk])

    def _files(self, place: int) -> None:
        again(self.imported, name=f"Список {place}.xlsx", sha256=uuid.uuid4().hex)
        again(self.sheet)
        again(self.returned)
        Export.objects.create(made_by=member("administrator"), words=f"Город: {place}", columns=["surname"])
        SavedMapping.objects.create(
            headers=uuid.uuid4().hex, file_name="a.csv", policy="update", made_by=member("administrator")
        )

    def _card(self, place: int) -> None:
        by, contact_id = self.by, self.person.pk
        number = Notice.objects.count()  # grows with every call
        points.add_points(by=by, contact_id=contact_id, kind="phone", text=f"8 905 {number:07d}")
        points.add_address(by=by, contact_id=contact_id, text=f"Мос Эйсли, ул. Ленина, {number}")
        since = str(dt.date(1990, 1, 1) + dt.timedelta(days=number))
        belonging.give_role(by=by, contact_id=contact_id, role_id=RoleKind.objects.first().pk, since=since)
        notes.add_note(by=by, contact_id=contact_id, text=f"Просила позвонить {number}")
        change_fields(by=by, contact_id=contact_id, fields={"caution": f"Собака {number}"})


def again(row: Row, **changes: object) -> Row:
    """One more row like this."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def listed() -> dict[type[Model], int]:
    """How many there are of what pages list: so that the test itself can say that it tried."""
    kinds = (Contact, Import, Export, BridgeSheet, BridgeReturn, GivenList, MassChange, Notice, SavedView)
    return {kind: kind.objects.count() for kind in kinds}
