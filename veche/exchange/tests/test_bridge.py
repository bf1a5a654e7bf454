"""A list goes home as a spreadsheet and comes back: what differs, what conflicts, what is written, what is put back."""

import pytest
from django.urls import reverse
from django.utils import translation

from veche.accounts.testing import actor_of, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import put_tag
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.actions.points import add_points
from veche.contacts.models import Contact, FieldChange
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.refusal import Refusal
from veche.exchange.actions import bridging
from veche.exchange.models import BridgeCell, BridgeReturn, BridgeRow, BridgeSheet
from veche.exchange.queries import bridge_pages
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


@pytest.fixture(autouse=True)
def russian():
    """The captions of the files below are Russian."""
    with translation.override("ru"):
        yield


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def people(by):
    campaign = make_campaign("Сквер")
    admin = actor_of("administrator")
    names = ["Органа Лея Бейловна", "Скайуокер Лука Энакинович", "Соло Хан Ильич"]
    found = [
        make_person(name, by=admin, phone=f"8 904 000-27-4{n}", campaign=campaign)
        for n, name in enumerate(names)
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


def test_a_conflict_has_three_values_and_waits_for_a_decision(by, people):
    lea, sheet = people["Органа"], taken_home(by)
    change_fields(by=actor_of("administrator"), contact_id=lea.pk, fields={"patronymic": "Энакиновна"})
    returned = edited(by, sheet, setting("Отчество", "Органа", "Падмеевна"))
    (cell,) = cells_of(returned).values()
    assert (cell.kind, cell.decision) == ("conflict", "")
    assert (cell.was, cell.yours, cell.now) == ("Бейловна", "Падмеевна", "Энакиновна")
    with pytest.raises(Refusal, match=r"приня|accept"):
        bridging.start_application(by=by, returned=returned)  # nothing is accepted
    bridging.decide(by=by, returned=returned, decision="accept", where={"id": cell.pk})
    applied(by, returned)
    lea.refresh_from_db()
    assert lea.patronymic == "Падмеевна"


def test_a_change_made_between_preview_and_application_becomes_a_conflict(by, people):
    lea, sheet = people["Органа"], taken_home(by)

    def both(table):
        setting("Отчество", "Органа", "Падмеевна")(table)
        setting("Отчество", "Скайуокер", "Падмеевич")(table)

    returned = edited(by, sheet, both)
    change_fields(by=actor_of("administrator"), contact_id=lea.pk, fields={"patronymic": "Энакиновна"})
    returned = applied(by, returned)
    assert (returned.totals["written"], returned.totals["late"]) == (1, 1)
    lea.refresh_from_db()
    assert lea.patronymic == "Энакиновна"
    cell = cells_of(returned)[lea.pk, "patronymic"]
    assert (cell.kind, cell.decision, cell.now) == ("conflict", "", "Энакиновна")
    bridging.decide(by=by, returned=returned, decision="accept", where={"id": cell.pk})
    applied(by, returned)
    lea.refresh_from_db()
    assert lea.patronymic == "Падмеевна"


def test_the_undo_leaves_what_was_changed_since(by, people):
    def both(table):
        setting("Отчество", "Органа", "Падмеевна")(table)
        setting("Телефон", "Органа", "8 904 000 27 77")(table)

    lea = people["Органа"]
    returned = applied(by, edited(by, taken_home(by), both))
    assert list(lea.points.values_list("value", flat=True)) == ["+79040002777"]
    change_fields(by=by, contact_id=lea.pk, fields={"patronymic": "Энакиновна"})
    returned = undone(by, returned)
    assert returned.totals["undo"] == {"put_back": 1, "kept": 1}
    lea.refresh_from_db()
    assert lea.patronymic == "Энакиновна"
    assert list(lea.points.values_list("value", flat=True)) == ["+79040002740"]


def test_several_values_are_patched_and_what_others_added_stays(by, people):
    luke, sheet = people["Скайуокер"], taken_home(by)
    fresh = make_tag("волонтёр")
    put_tag(by=by, contact_id=luke.pk, tag_id=fresh.pk)
    add_points(by=by, contact_id=luke.pk, kind="phone", text="8 904 000-27-99")

    def edit(table):
        setting("Телефон", "Скайуокер", "89040002741; +7 904 000-27-55")(table)
        setting("Метки", "Скайуокер", "джедай; пилот")(table)

    returned = edited(by, sheet, edit)
    cells = cells_of(returned)
    assert {code: cell.kind for (_who, code), cell in cells.items()} == {"phone": "change", "tags": "change"}
    applied(by, returned)
    values = set(luke.points.filter(kind="phone").values_list("value", flat=True))
    assert values == {"+79040002741", "+79040002755", "+79040002799"}
    assert set(luke.tagged.values_list("tag__name", flat=True)) == {"волонтёр", "джедай", "пилот"}
    undone(by, returned)
    assert set(luke.points.filter(kind="phone").values_list("value", flat=True)) == {
        "+79040002741",
        "+79040002799",
    }
    assert set(luke.tagged.values_list("tag__name", flat=True)) == {"волонтёр"}


def test_a_number_that_both_replaced_is_a_conflict(by, people):
    luke, sheet = people["Скайуокер"], taken_home(by)
    luke.points.all().delete()
    add_points(by=by, contact_id=luke.pk, kind="phone", text="8 904 000-27-99")
    returned = edited(by, sheet, setting("Телефон", "Скайуокер", "8 904 000-27-55"))
    (cell,) = cells_of(returned).values()
    assert (cell.kind, cell.now) == ("conflict", ["+7 904 000-27-99"])


def test_a_spreadsheet_program_may_retype_move_rename_and_drop(by, people, tmp_path):
    """As a CSV of Excel: phones as numbers, columns moved and renamed, rows sorted, hidden things gone."""
    sheet = taken_home(by)
    table = table_of(sheet)
    order = [place(table, caption) for caption in ("Телефон", "Фамилия", "Имя")]
    rows = [[row[at] for at in order] + ["новое", row[0]] for row in table]
    rows[0] = ["Моб.", "Фамилия", "Имя", "Моя колонка", "id"]
    for row in rows[1:]:
        row[0] = int("".join(filter(str.isdigit, row[0])))
        row[1] = f"  {row[1]} "
    rows[1:] = reversed(rows[1:])
    for content, name in ((saved(rows), "люди.xlsx"), (text_file(rows, tmp_path), "люди.csv")):
        returned = brought_back(by, content, name)
        assert returned.state == BridgeReturn.State.COMPARED, returned.error
        assert not cells_of(returned)
        assert returned.notes["renamed"] == [["Телефон", "Моб."]]
        assert returned.notes["unknown"] == ["Моя колонка"]
        assert "Отчество" in returned.notes["missing"]


def test_new_rows_go_the_way_of_an_import_and_copies_wait(by, people):
    def edit(table):
        copy = list(table[1])
        copy[place(table, "Имя")] = "Бреха"
        fresh = [None] * len(table[0])
        fresh[place(table, "Фамилия")], fresh[place(table, "Телефон")] = "Калриссиан", "8 926 555-01-01"
        table += [copy, list(table[2]), fresh]

    returned = edited(by, taken_home(by), edit)
    assert not cells_of(returned)
    kinds = list(BridgeRow.objects.filter(batch=returned).order_by("row").values_list("kind", "decision"))
    assert kinds == [("copied", ""), ("added", "accept")]
    assert returned.totals["same_copies"] == 1
    returned = applied(by, returned)
    from veche.exchange.models import Import
    from veche.exchange.testing import run_jobs

    imported = run_jobs(Import.objects.get(pk=returned.import_id))
    assert imported.totals["check"]["numbers"]["created"] == 1
    assert not Contact.objects.filter(surname="Калриссиан").exists()  # nobody before the import is loaded


def test_deleted_rows_delete_nobody(by, people):
    campaign = people["Соло"].memberships.get().campaign

    def edit(table):
        return [row for row in table if "Соло" not in row]

    returned = edited(by, taken_home(by), edit)
    assert [row.contact_id for row in BridgeRow.objects.filter(batch=returned, kind="gone")] == [
        people["Соло"].pk
    ]
    bridging.choose_gone(by=by, returned=returned, gone="leave", target=campaign.pk)
    returned = applied(by, returned)
    assert not people["Соло"].memberships.exists()
    assert people["Органа"].memberships.exists()
    assert Contact.objects.filter(removed_at__isnull=True).count() == 3
    undone(by, returned)
    assert people["Соло"].memberships.exists()


def test_what_cannot_be_taken_says_why(by, people):
    def edit(table):
        setting("Дата рождения" if "Дата рождения" in table[0] else "День рождения", "Органа", "41.13.1980")(
            table
        )
        setting("Статус", "Скайуокер", "Падаван")(table)
        setting("Кампании", "Соло", "Звезда смерти")(table)
        setting("Телефон", "Соло", "не помню")(table)

    returned = edited(by, taken_home(by), edit)
    cells = cells_of(returned)
    assert {cell.kind for cell in cells.values()} == {"refused"}
    assert len(cells) == 4
    assert all(cell.problem for cell in cells.values())
    assert bridging.decide(by=by, returned=returned, decision="accept") == 0


def test_birthdays_survive_what_excel_makes_of_them(by, people):
    admin = actor_of("administrator")
    lea, luke = people["Органа"], people["Скайуокер"]
    change_fields(by=admin, contact_id=lea.pk, fields={"birthday": "03.11.1980"})
    change_fields(by=admin, contact_id=luke.pk, fields={"birthday": "03.11"})
    change_fields(by=admin, contact_id=people["Соло"].pk, fields={"birthday": "11.1980"})
    sheet = taken_home(by, ("surname", "birthday"))
    year = sheet.made_at.year

    def edit(table):
        for row in table[1:]:
            row[2] = {"Органа": 29528, "Скайуокер": f"03.11.{year}", "Соло": "01.11.1980"}[row[1]]

    assert not cells_of(edited(by, sheet, edit))


def test_own_fields_go_and_come_by_their_types(by, people):
    lea = people["Органа"]
    fields = {
        "size": make_own_field("Размер", type="number"),
        "came": make_own_field("Пришла", type="date"),
        "car": make_own_field("Машина", type="yes_no"),
        "sum": make_own_field("Взнос", type="money"),
    }
    keys = {name: field.key for name, field in fields.items()}
    given = {keys["size"]: "42,5", keys["came"]: "03.11.2020", keys["car"]: "да", keys["sum"]: "1500"}
    change_fields(by=by, contact_id=lea.pk, fields={f"own.{key}": value for key, value in given.items()})
    sheet = taken_home(by, ("surname", *(f"own.{key}" for key in given)))
    assert not cells_of(edited(by, sheet, lambda table: None))

    def edit(table):
        row = next(row for row in table if "Органа" in row)
        row[2:] = [43, 44138, "нет", "2 000,50"]

    applied(by, edited(by, sheet, edit))
    lea.refresh_from_db()
    assert [lea.own[key] for key in given] == [43, "2020-11-03", False, {"minor": 200050, "currency": "RUB"}]


def test_a_removed_person_is_not_touched(by, people):
    sheet = taken_home(by)
    remove_contact(by=by, contact_id=people["Органа"].pk)
    returned = edited(by, sheet, setting("Отчество", "Органа", "Падмеевна"))
    assert not cells_of(returned)
    assert BridgeRow.objects.get(batch=returned).kind == "refused"
    assert NAMES


def test_the_columns_count_what_is_left_and_conflicts_until_they_are_decided(by, people):
    lea, sheet = people["Органа"], taken_home(by)

    def both(table):
        setting("Отчество", "Органа", "Падмеевна")(table)
        setting("Отчество", "Скайуокер", "Падмеевич")(table)

    change_fields(by=actor_of("administrator"), contact_id=lea.pk, fields={"patronymic": "Энакиновна"})
    returned = edited(by, sheet, both)

    def counted():
        (column,) = bridge_pages.standing(returned)["columns"]
        return column["all"], column.get("left", 0), column.get("open_conflict", 0)

    assert counted() == (2, 2, 1)
    conflict = next(cell for cell in cells_of(returned).values() if cell.kind == "conflict")
    client = signed_in_client("coordinator")
    page = reverse("exchange:bridge_return", args=[returned.pk])
    bridging.decide(by=by, returned=returned, decision="accept", where={"id": conflict.pk})
    assert counted() == (2, 2, 0)
    bar = client.get(page, {"bar": "1"}, HTTP_HX_REQUEST="true").content.decode()
    assert 'id="b-columns"' in bar and "b-n-conflict" not in bar, "the numbers beside it follow"
    returned = applied(by, returned)
    assert counted() == (2, 0, 0)
    assert "b-n-conflict" not in client.get(page).content.decode()
