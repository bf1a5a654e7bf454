"""Whose file, whose rights: forged numbers, other teams' people, masked phones, old downloads."""

import dataclasses
import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import load_workbook

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published
from veche.exchange.actions import bridge_applying, bridge_comparing, bridging
from veche.exchange.bridge.ids import Forged, read_row_id, row_id
from veche.exchange.jobs import bridge as bridge_jobs
from veche.exchange.models import BridgeCell, BridgeLine, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.queries import bridge_pages
from veche.exchange.tests.bridge_home import (
    applied,
    brought_back,
    edited,
    place,
    saved,
    table_of,
    taken_home,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def russian():
    """The captions of the files below are Russian."""
    with translation.override("ru"):
        yield


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def lea():
    return make_person("Органа Лея Бейловна", by=actor_of("administrator"), phone="8 904 000-27-40")


def named(surname):
    def edit(table):
        table[1][place(table, "Фамилия")] = surname

    return edit


def test_a_number_of_ours_is_known_and_any_other_is_not():
    number = row_id(12, 3456)
    assert read_row_id(f" {number.lower()} ") == (12, 3456)
    assert read_row_id("") is None
    for forged in (number.replace("3456", "3457"), number[:-1], f"{number[:-1]}A" * 2, "42", "V12-3456"):
        with pytest.raises(Forged):
            read_row_id(forged)


def test_a_tampered_number_is_refused_and_touches_nobody(by, lea):
    other = make_person("Скайуокер Лука", by=by)
    sheet = taken_home(by)

    def edit(table):
        for row in table[1:]:
            if "Органа" in row:
                row[0] = row[0].replace(f"-{lea.pk}-", f"-{other.pk}-")
                row[place(table, "Фамилия")] = "Палпатин"

    returned = edited(by, sheet, edit)
    assert not BridgeCell.objects.filter(batch=returned).exists()
    assert list(BridgeRow.objects.filter(batch=returned, kind="refused").values_list("contact_id")) == [
        (None,)
    ]
    bridging.decide(by=by, returned=returned, decision="accept")
    assert sorted(Contact.objects.values_list("surname", flat=True)) == ["Органа", "Скайуокер"]


def test_a_file_without_numbers_is_no_download_of_ours(by, lea):
    table = [row[1:] for row in table_of(taken_home(by))]
    with pytest.raises(Refusal) as refused:
        brought_back(by, saved(table))
    assert refused.value.code == "bridge.no_numbers"
    assert not BridgeReturn.objects.exists()


def test_people_of_another_team_are_refused_whoever_took_the_file(by, lea):
    mine = make_campaign("Сквер")
    luke = make_person("Скайуокер Лука", by=by, campaign=mine)
    sheet = taken_home(by)
    table = table_of(sheet)
    for row in table[1:]:
        row[place(table, "Имя")] = "Новый"
    narrow = dataclasses.replace(by, sees_all=False, scopes={"campaign": frozenset({mine.pk})})
    returned = bridging.bring_back(
        by=narrow, file=SimpleUploadedFile("люди.xlsx", saved(table)), name="люди.xlsx"
    )
    bridge_comparing.compare(by=narrow, returned=returned, progress=lambda done, total: None)
    assert list(BridgeCell.objects.filter(batch=returned).values_list("contact_id", flat=True)) == [luke.pk]
    refused = BridgeRow.objects.get(batch=returned, kind="refused")
    assert refused.problem
    assert refused.contact_id is None
    assert "Бейловна" not in str(bridge_pages.page_of(narrow, returned, bridge_pages.Asked("rows")))
    # Nor are they written when the rights were narrowed after the comparison.
    wide = edited(by, sheet, named("Палпатин"))
    rows = bridge_applying.next_rows(wide, -1, 10)
    stranger = dataclasses.replace(by, sees_all=False, user_id=by.user_id + 1000)
    assert bridge_applying.apply_rows(by=stranger, returned=wide, rows=rows) == (0, len(rows))


def test_only_the_owner_and_who_manages_everybody_see_a_return(by, lea):
    returned = edited(by, taken_home(by), named("Палпатин"))
    assert bridge_pages.get_return(actor_of("administrator"), returned.pk)
    stranger = dataclasses.replace(by, user_id=by.user_id + 1000)
    with pytest.raises(NotFound):
        bridge_pages.get_return(stranger, returned.pk)


def test_who_may_not_export_may_not_take_and_a_taking_is_told(by, lea):
    for role in ("operator", "volunteer", "auditor"):
        with pytest.raises(Refusal) as refused:
            bridging.take_view(by=actor_of(role), query={})
        assert refused.value.status == 403
    sheet = taken_home(by)
    (entry,) = published("exchange.sheet_taken")
    assert (entry.actor_id, entry.object_id, entry.data["people"]) == (by.user_id, sheet.pk, 1)


def test_a_masked_phone_is_never_written_over(by, lea):
    blind = dataclasses.replace(by, permissions=by.permissions - {"contacts.see_phones"})
    sheet = bridging.take_view(by=blind, query={}, codes=("surname", "phone"))
    said = next(
        bridge_jobs._lines(type("Run", (), {"actor": blind, "checkpoint": lambda *_a, **_k: None})(), sheet)
    )
    assert "•" in said[1][1][0]
    table = [["№", "Фамилия", "Телефон"], [said[0], "Палпатин", "+7 904 000-27-99"]]
    returned = brought_back(by, saved(table))
    assert returned.notes["masked"]
    assert list(BridgeCell.objects.filter(batch=returned).values_list("code", flat=True)) == ["surname"]
    applied(by, returned)
    assert list(lea.points.values_list("value", flat=True)) == ["+79040002740"]


def test_after_its_days_everything_is_a_conflict_and_nothing_is_lost(by, lea):
    sheet = taken_home(by)
    table = table_of(sheet)
    BridgeSheet.objects.update(made_at=timezone.now() - dt.timedelta(days=61))
    assert bridge_jobs.purge_sheets() == 1
    assert bridge_jobs.purge_sheets() == 0
    sheet.refresh_from_db()
    assert not sheet.file
    assert not BridgeLine.objects.exists()
    named("Палпатин")(table)
    returned = brought_back(by, saved(table))
    cell = BridgeCell.objects.get(batch=returned)
    assert (cell.kind, cell.was, cell.now, cell.decision) == ("conflict", None, "Органа", "")
    assert returned.notes["purged"]


def test_all_is_never_the_conflicts_too(by, lea):
    sheet = taken_home(by)
    change_fields(by=by, contact_id=lea.pk, fields={"surname": "Амидала"})
    returned = edited(by, sheet, named("Палпатин"))
    for where in ({}, {"code": "surname"}):
        assert bridging.decide(by=by, returned=returned, decision="accept", where=where) == 0
    assert bridging.decide(by=by, returned=returned, decision="accept", where={"kind": "conflict"}) == 1


def test_erasing_somebody_takes_what_was_downloaded_along(by, lea):
    returned = edited(by, taken_home(by), named("Палпатин"))
    erase_contact(by=by, contact_id=lea.pk)
    assert not BridgeLine.objects.filter(contact_id=lea.pk).exists()
    assert not BridgeCell.objects.filter(batch=returned).exists()


def test_the_numbers_stand_in_a_hidden_column_and_a_hidden_sheet(by, lea):
    sheet = taken_home(by)
    with default_storage.open(sheet.file) as file:
        book = load_workbook(io.BytesIO(file.read()))
    page, about = book.worksheets
    assert page.column_dimensions["A"].hidden
    assert about.sheet_state != "visible"
    assert read_row_id(about["A2"].value) == (sheet.pk, 0)
    assert read_row_id(page["A2"].value) == (sheet.pk, lea.pk)
