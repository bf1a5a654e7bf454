"""A list goes home as a spreadsheet and comes back: what differs, what conflicts, what is written, what is put back."""

import pytest

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import put_tag
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.actions.points import add_points
from veche.contacts.models import Contact, FieldChange
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.refusal import Refusal
from veche.exchange.actions import bridging
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.tests.bridge_home import (
    NAMES,
    applied,
    brought_back,
    edited,
    place,
    saved,
    table_of,
    taken_home,
    text_file,
    undone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def people(by):
    campaign = make_campaign("Сквер")
    admin = actor_of("administrator")
    names = ["Органа Лея Бейловна", "Скайуокер Лука Энакинович", "Соло Хан"]
    found = [
        make_person(name, by=admin, phone=f"8 904 000-27-4{n}", campaign=campaign) for n, name in enumerate(names)
    ]
    return {person.surname: person for person in found}


def cells_of(returned):
    return {(cell.contact_id, cell.code): cell for cell in BridgeCell.objects.filter(batch=returned)}


def setting(caption, surname, value):
    def edit(table):
        row = next(row for row in table[1:] if surname in row)
        row[place(table, caption)] = value

    return edit


def test_what_comes_back_as_it_went_makes_no_difference(by, people):
    sheet = taken_home(by)
    assert sheet.state == BridgeSheet.State.READY
    returned = edited(by, sheet, lambda table: None)
    assert returned.state == BridgeReturn.State.COMPARED, returned.error
    assert not cells_of(returned)
    assert not BridgeRow.objects.filter(batch=returned).exists()
    assert returned.totals["rows"] == 3


def test_a_change_is_shown_written_told_and_put_back(by, people):
    lea = people["Органа"]
    returned = edited(by, taken_home(by), setting("Отчество", "Органа", "Падмеевна"))
    (cell,) = cells_of(returned).values()
    assert (cell.kind, cell.was, cell.yours, cell.now) == ("change", "Бейловна", "Падмеевна", "Бейловна")
    lea.refresh_from_db()
    assert lea.patronymic == "Бейловна"
    applied(by, returned)
    lea.refresh_from_db()
    assert (lea.patronymic, lea.name) == ("Падмеевна", "Органа Лея Падмеевна")
    kept = FieldChange.objects.get(contact=lea, field="patronymic")
    assert (kept.before, kept.after, kept.by_id) == ("Бейловна", "Падмеевна", by.user_id)
    assert kept.request_id == returned.request_id
    undone(by, returned)
    lea.refresh_from_db()
    assert (lea.patronymic, lea.name) == ("Бейловна", "Органа Лея Бейловна")
