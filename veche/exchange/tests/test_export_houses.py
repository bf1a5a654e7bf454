"""The list of houses as a file: what stands in it, whose counts, who may, and what the ledger says."""

import csv
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.house_passport import change_house
from veche.contacts.actions.houses import keep_all_houses
from veche.contacts.models import Contact, House
from veche.contacts.queries.houses import houses_found, lines_of
from veche.contacts.testing import make_person
from veche.core.background import run_job
from veche.core.refusal import Refusal
from veche.core.testing import published
from veche.exchange.actions.export_houses import order_houses
from veche.exchange.models import Export
from veche.exchange.queries import orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    for text in (
        "г. Тверь, ул. Мира, д. 5, кв. 1",
        "г. Тверь, ул. Мира, д. 5, кв. 2",
        "г. Тверь, ул. Лесная, д. 7",
    ):
        make_person("Житель", addresses=[text])
    keep_all_houses()
    house = House.objects.get(street="ул. Мира")
    fields = {"entrances": 2, "floors": 5, "management": "=ООО «Дом»", "note": "+7 код", "kind": "flats"}
    change_house(by=actor_of("administrator"), house_id=house.pk, fields=fields)
    return house


def exported(role="administrator", form="xlsx", **query) -> Export:
    with translation.override("en"):
        export = order_houses(by=replace(actor_of(role), language="en"), query=query, form=form)
        run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert export.state == Export.State.READY, export.error
    return export


def rows_of(export: Export) -> list[dict]:
    path = orders.file_path(export)
    if path.suffix == ".xlsx":
        head, *rows = load_workbook(path).active.iter_rows(values_only=True)
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file, delimiter=";")
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_workbook_has_each_house_with_its_counts(base):
    export = exported()
    rows = {row["Street"]: row for row in rows_of(export)}
    house = rows["ул. Мира"]
    assert (house["Town or village"], house["House"], house["People"], house["Flats with a contact"]) == (
        "Тверь", "5", 2, 2,
    )  # fmt: skip
    assert (house["Entrances"], house["Floors"], house["Kind"]) == (2, 5, "Block of flats")
    assert rows["ул. Лесная"]["People"] == 1 and export.people == 2
    assert orders.file_name(export).startswith("Houses ") and export.words == "All houses"


def test_a_text_file_is_disarmed(base):
    house = next(row for row in rows_of(exported(form="csv")) if row["Street"] == "ул. Мира")
    assert house["Management"].startswith("'=") and house["Note"].startswith("'+")


def test_filters_and_order_are_those_of_the_list(base):
    export = exported(street="Мира", kind="flats")
    assert [row["Street"] for row in rows_of(export)] == ["ул. Мира"]
    assert [row["People"] for row in rows_of(exported(sort="-people"))] == [2, 1]
    with pytest.raises(Refusal):
        order_houses(by=actor_of("administrator"), query={"territory": "999999"}, form="csv")
    with pytest.raises(Refusal):
        order_houses(by=actor_of("administrator"), query={}, form="pdf")


def test_it_is_noted_in_codes_and_never_what_was_typed(base):
    exported(street="Мира", kind="flats", form="csv")
    ordered, left = published("exchange.export_ordered")[-1], published("exchange.houses_exported")[-1]
    assert left.data["houses"] == 1
    assert set(left.data["filters"]) == {"street", "kind:flats"} == set(ordered.data["filters"])
    assert not published("exchange.people_exported")


def test_the_next_export_of_people_remembers_none_of_it(base):
    exported()
    assert orders.remembered(actor_of("administrator")) is None


def test_who_may_not_export_sees_no_button_and_orders_nothing(base):
    page = signed_in_client("operator").get(reverse("contacts:houses")).content.decode()
    assert reverse("exchange:houses_export") not in page
    page = (
        signed_in_client("administrator").get(reverse("contacts:houses"), {"street": "Мира"}).content.decode()
    )
    assert reverse("exchange:houses_export") + "?street=" in page


def test_somebody_who_sees_a_part_takes_his_houses_with_his_counts(base):
    volunteer = actor_of("volunteer")
    assert (
        houses_found(volunteer, {})
        == []
        == lines_of(volunteer, list(House.objects.values_list("pk", flat=True)))
    )
    mine = make_person("Свой", addresses=["г. Тверь, ул. Мира, д. 5, кв. 3"])
    Contact.objects.filter(pk=mine.pk).update(responsible_id=volunteer.user_id)
    keep_all_houses()
    assert houses_found(volunteer, {}) == [base.pk]
    assert [(line.people, line.flats_known) for line in lines_of(volunteer, [base.pk])] == [(1, 1)]
