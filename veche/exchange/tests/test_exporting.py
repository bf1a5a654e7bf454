"""Export: whom it gives, what it writes, that it is noted, and that nobody learns more by it than the screen shows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import translation
from openpyxl import load_workbook

from veche.accounts.actions import change_user, deactivate_user
from veche.accounts.events import RoleChanged, UserChanged, UserDeactivated
from veche.accounts.models import Team, User
from veche.accounts.testing import actor_of, make_user, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import join_campaign, put_tag
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.households import gather_household
from veche.contacts.models import Contact, Note, OwnField
from veche.contacts.testing import make_organisation, make_own_field, make_person, make_tag
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.core.models import Job
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import kinds_published
from veche.exchange.actions import exports
from veche.exchange.exporting import making
from veche.exchange.models import Export
from veche.exchange.queries import orders

pytestmark = pytest.mark.django_db

USUAL = ["number", "surname", "given_name", "phone", "email", "tag", "campaign"]


@pytest.fixture(autouse=True)
def own_files(tmp_path, monkeypatch):
    """Files of these tests lie in a folder of their own, where nothing else is."""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path))
    return tmp_path


@pytest.fixture
def base():
    campaign = make_campaign("Парк")
    anna = make_person("Иванова Анна Петровна", phone="8 904 000-27-40", email="anna@example.org")
    make_person("=1+1")
    join_campaign(by=actor_of("administrator"), contact_id=anna.pk, campaign_id=campaign.pk)
    return campaign


def exported(who="coordinator", columns=USUAL, view=None, **options) -> Export:
    """An export that its job has made, or has not."""
    actor = actor_of(who) if not isinstance(who, Actor) else who
    with translation.override("en"):
        export = exports.order_export(by=actor, view=view or {}, columns=columns, **options)
        run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert export.state != Export.State.MAKING
    return export


def rows_of(export: Export) -> list[dict[str, object]]:
    assert export.state == Export.State.READY, export.error
    path = orders.file_path(export)
    if path.suffix == ".xlsx":
        head, *rows = load_workbook(path).active.iter_rows(values_only=True)
    else:
        delimiter = export.options["delimiter"]
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file, delimiter=delimiter)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_everybody_whom_the_actor_sees_goes_out_and_it_is_noted(base, form):
    export = exported(form=form)
    rows = rows_of(export)
    anna = next(row for row in rows if row["Surname"] == "Иванова")
    assert anna["Phone"] == "+7 904 000-27-40" and anna["E-mail"] == "anna@example.org"
    assert anna["Campaigns"] == "Парк"
    assert export.people == len(rows) == 2
    assert {"exchange.export_ordered", "exchange.people_exported"} <= set(kinds_published())
    job = Job.objects.get(pk=export.job_id)
    assert job.result_url == f"/exports/{export.key}/file/" and job.percent == 100


def test_columns_come_in_the_chosen_order_and_are_remembered(base):
    columns = ["email", "number", "surname"]
    assert list(rows_of(exported(columns=columns))[0]) == ["E-mail", "Number", "Surname"]
    offered = orders.choices(actor_of("coordinator"))
    assert [choice.fact.key for choice in offered if choice.chosen] == columns
    others = orders.choices(actor_of("administrator"))
    assert [choice.fact.key for choice in others if choice.chosen] != columns


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_fact_there_is_comes_out(base, form):
    choices = [{"id": "a", "label": "Первый"}, {"id": "b", "label": "Второй"}]
    kinds = OwnField.Type
    fields = {kind: make_own_field(f"поле {kind}", kind, choices) for kind in kinds.values}
    own = {
        "text": "=x", "number": 2.5, "money": {"minor": 150050, "currency": "RUB"}, "date": "2026-02-28",
        "yes_no": True, "choice": "a", "many_choices": ["b", "a"], "link": "https://example.org",
        "user": member("operator").pk,
    }  # fmt: skip
    anna = make_person("Петрова Мария", phone="8 904 000-11-11")
    values = {fields[kind].key: value for kind, value in own.items()}
    type(anna).objects.filter(pk=anna.pk).update(own=values, birth_day=3, birth_month=11, birth_year=1980)
    everything = [choice.fact.key for choice in orders.choices(actor_of("coordinator"))]
    row = next(row for row in rows_of(exported(columns=everything, form=form)) if row["Surname"] == "Петрова")
    if form == "xlsx":
        assert row["Birthday"] == dt.datetime(1980, 11, 3) and row["поле number"] == 2.5
        assert row["поле money"] == 1500.5 and row["поле date"] == dt.datetime(2026, 2, 28)
        assert row["поле text"] == "=x"
    else:
        assert row["Birthday"] == "03.11.1980" and row["поле number"] == "2,5"
        assert row["поле money"] == "1500,50" and row["поле date"] == "28.02.2026"
        assert row["поле text"] == "'=x"
    assert row["поле choice"] == "Первый" and row["поле many_choices"] == "Второй, Первый"
    assert row["поле user"] == member("operator").name and row["поле yes_no"] == "yes"


def test_no_cell_of_a_text_file_is_a_formula(base):
    make_organisation("@import", email="x@example.org")
    make_person("Смит Джон", phone="+49 30 901820")
    columns = [choice.fact.key for choice in orders.choices(actor_of("coordinator"))]
    cells = [cell for row in rows_of(exported(form="csv", columns=columns)) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "-", "@", "\t", "\r"))]
    assert "'@import" in cells and "+49 30901820" in cells
    assert all(" " in cell for cell in cells if cell.startswith("+"))


def test_several_phones_stand_in_one_cell_or_in_columns_of_their_own():
    make_person("Один", phone="8 904 000-00-01")
    three = make_person("Три", phone="8 904 000-00-02")
    from veche.contacts.actions.points import add_points

    for tail in ("03", "04"):
        text = f"8 904 000-00-{tail}"
        add_points(by=actor_of("administrator"), contact_id=three.pk, kind="phone", text=text)
    whole = "+7 904 000-00-02, +7 904 000-00-03, +7 904 000-00-04"
    assert whole in [row["Phone"] for row in rows_of(exported(columns=["phone"]))]
    rows = rows_of(exported(columns=["name", "phone"], apart=True))
    assert list(rows[0])[1:] == ["Phone 1", "Phone 2", "Phone 3"]
    assert ["+7 904 000-00-02", "+7 904 000-00-03", "+7 904 000-00-04"] in [
        list(row.values())[1:] for row in rows
    ]


def test_the_filters_and_the_order_of_the_list_are_those_of_the_file(base):
    assert [row["Surname"] for row in rows_of(exported(view={"campaign": str(base.pk)}))] == ["Иванова"]
    newest = rows_of(exported(view={"sort": "newest", "page": "2"}))
    assert [row["Number"] for row in newest] == sorted((row["Number"] for row in newest), reverse=True)


def test_another_teams_campaigns_and_tags_are_not_told(base):
    team = Team.objects.create(name="Двор")
    own, foreign = make_campaign("Двор", teams=[team]), base
    anna = make_person("Общая Анна", phone="8 904 000-33-33")
    for campaign in (own, foreign):
        join_campaign(by=actor_of("administrator"), contact_id=anna.pk, campaign_id=campaign.pk)
        tag = make_tag(f"метка {campaign.name}", campaign=campaign)
        put_tag(by=actor_of("administrator"), contact_id=anna.pk, tag_id=tag.pk)
    narrow = make_user("Финн", "coordinator", reach=User.Reach.TEAMS, teams=[team])
    columns = [choice.fact.key for choice in orders.choices(actor_of(narrow))]
    rows = rows_of(exported(actor_of(narrow), columns=columns))
    assert [row["Surname"] for row in rows] == ["Общая"]
    assert rows[0]["Campaigns"] == "Двор" and rows[0]["Tags"] == "метка Двор"
    gather_household(
        by=actor_of("administrator"), contact_ids=[anna.pk, Contact.objects.get(surname="Иванова").pk]
    )
    (row,) = rows_of(exported(actor_of(narrow), columns=["household", "household_size"]))
    assert row == {"Household": "Общая Анна", "People of the household": 2}
    (row, *_none) = rows_of(exported(columns=["household", "household_number"], view={"household": "head"}))
    assert row["Household"] == "Общая Анна, Иванова Анна Петровна" and row["Number of the household"]
    archive = zipfile.ZipFile(orders.file_path(exported(actor_of(narrow), split="campaign")))
    assert archive.namelist() == ["Двор.xlsx"]


def test_who_sees_phones_masked_takes_them_masked(base):
    whole = actor_of("coordinator")
    export = exports.order_export(by=whole, view={}, columns=["phone"])
    from dataclasses import replace

    from veche.exchange.exporting.catalogue import facts
    from veche.exchange.exporting.streaming import rows_question

    blind = replace(whole, permissions=whole.permissions - {"contacts.see_phones"})
    from django.db import connection

    from veche.exchange.actions.export_people import gather

    gather(by=blind, export=export)
    question = rows_question(blind, [facts([])["phone"]], [])
    with connection.cursor() as sql:
        sql.execute(question.sql, {**question.params, "after": 0, "upto": 10})
        assert sql.fetchall()[-1] == ("+7 904 •••-27-40",)
    exports.drop_gathered()


@pytest.mark.parametrize("role", ["operator", "volunteer", "auditor"])
def test_who_may_not_export_gets_nothing(base, role):
    with pytest.raises(Refusal) as refused:
        exports.order_export(by=actor_of(role), view={}, columns=USUAL)
    assert refused.value.status == 403 and not Export.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"columns": []}, "export.no_columns"),
        ({"columns": ["password"]}, "export.no_such_column"),
        ({"form": "pdf"}, "export.format"),
        ({"delimiter": "'"}, "export.delimiter"),
        ({"split": "street"}, "export.split"),
        ({"split": "rows", "split_rows": 1}, "export.split_rows"),
        ({"view": {"campaign": "404404"}}, "export.filter_unknown"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(base, wrong, code):
    with pytest.raises(Refusal) as refused:
        exports.order_export(by=actor_of("coordinator"), **{"view": {}, "columns": USUAL, **wrong})
    assert refused.value.code == code and not Job.objects.filter(kind=exports.MAKE).exists()


def names_and_rows(export: Export) -> dict[str, int]:
    with zipfile.ZipFile(orders.file_path(export)) as archive:
        return {
            name: load_workbook(io.BytesIO(archive.read(name))).active.max_row - 1
            for name in archive.namelist()
        }


def test_split_by_campaign_responsible_and_rows(base, monkeypatch):
    assert names_and_rows(exported(split="campaign")) == {"Outside all campaigns.xlsx": 1, "Парк.xlsx": 1}
    mine = make_person("Мой Человек")
    change_fields(
        by=actor_of("administrator"), contact_id=mine.pk, fields={"responsible": member("operator").pk}
    )
    assert names_and_rows(exported(split="responsible")) == {
        "Nobody is responsible.xlsx": 2,
        "Хан Соло.xlsx": 1,
    }
    monkeypatch.setattr(orders, "FEWEST_ROWS", 1)
    assert names_and_rows(exported(split="rows", split_rows=2)) == {
        "People 1-2.xlsx": 2,
        "People 3-3.xlsx": 1,
    }


def test_portions_lose_nobody(monkeypatch):
    monkeypatch.setattr(making, "PORTION", 3)
    for n in range(10):
        make_person(f"Иван {chr(1040 + n)}лександров")
    for form in ("xlsx", "csv"):
        assert len({row["Full name"] for row in rows_of(exported(form=form, columns=["name"]))}) == 10


def test_a_file_is_its_makers_and_the_administrators(base):
    export = exported("coordinator")
    assert orders.get_export(actor_of("administrator"), export.key).pk == export.pk
    other = make_user("Другой Координатор", "coordinator")
    for stranger in (actor_of(other), actor_of("operator"), actor_of("auditor")):
        with pytest.raises(NotFound):
            orders.get_export(stranger, export.key)


def test_files_go_when_their_time_is_over(base, django_capture_on_commit_callbacks):
    export = exported()
    path = orders.file_path(export)
    assert path.exists() and path.stat().st_mode & 0o077 == 0
    assert exports.delete_old_files(by=Actor.system()) == 0
    later = export.expires_at + dt.timedelta(seconds=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert exports.delete_old_files(by=Actor.system(), now=later) == 1
    export.refresh_from_db()
    assert export.state == Export.State.GONE and not path.exists()
    assert exports.delete_old_files(by=Actor.system(), now=later) == 0


@pytest.mark.parametrize("how", ["switched_off", "another_role", "another_team"])
def test_files_of_somebody_whose_rights_have_changed_go(base, how, django_capture_on_commit_callbacks):
    user = make_user("Уходящий", "coordinator")
    export = exported(actor_of(user))
    path = orders.file_path(export)
    with django_capture_on_commit_callbacks(execute=True):
        if how == "switched_off":
            deactivate_user(by=actor_of("administrator"), user=user)
        elif how == "another_team":
            change_user(by=actor_of("administrator"), user=user, teams=[Team.objects.create(name="Другая")])
        else:
            change_user(by=actor_of("administrator"), user=user, role="operator")
        from veche.exchange.subscribers import take_files_back

        kind = {"switched_off": UserDeactivated, "another_role": RoleChanged}.get(how, UserChanged).kind
        take_files_back([_Entry(user.pk, UserChanged.kind, {"fields": ["name"]})])
        assert path.exists(), "a new name is no reason"
        take_files_back([_Entry(user.pk, kind, {"fields": ["teams"]})])
    assert not path.exists()


class _Entry:
    def __init__(self, object_id, kind="", data=None):
        self.object_id, self.kind, self.data = object_id, kind, data or {}


def test_a_right_taken_away_stops_an_export_that_waits(base):
    user = make_user("Бывший", "coordinator")
    export = exports.order_export(by=actor_of(user), view={}, columns=USUAL)
    change_user(by=actor_of("administrator"), user=user, role="volunteer")
    run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert export.state == Export.State.FAILED and not export.file and export.error


def test_one_stopped_on_the_way_leaves_no_file(base, own_files, monkeypatch):
    export = exports.order_export(by=actor_of("coordinator"), view={}, columns=USUAL)
    monkeypatch.setattr(making, "PORTION", 1)
    portions = making._portions

    def stopped_before_the_second(part):
        for n, portion in enumerate(portions(part)):
            if n == 1:
                Job.objects.filter(pk=export.job_id).update(cancel_asked_at=dt.datetime.now(dt.UTC))
            yield portion

    monkeypatch.setattr(making, "_portions", stopped_before_the_second)
    run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED
    assert not [path for path in own_files.rglob("*") if path.is_file()]


def test_one_stopped_before_it_began_says_so(base):
    export = exports.order_export(by=actor_of("coordinator"), view={}, columns=USUAL)
    from veche.core.actions import stop_job

    stop_job(by=actor_of("coordinator"), job=Job.objects.get(pk=export.job_id))
    from veche.exchange.subscribers import note_stopped_jobs

    note_stopped_jobs([_Entry(export.job_id)])
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED


def test_one_whose_worker_died_begins_anew(base, own_files):
    export = exports.order_export(by=actor_of("coordinator"), view={}, columns=USUAL)
    exports.begin_file(export).write_bytes(b"half of a file")
    Job.objects.filter(pk=export.job_id).update(state=Job.State.RUNNING, attempts=1)
    run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert len(rows_of(export)) == 2
    assert [path for path in own_files.rglob("*") if path.is_file()] == [orders.file_path(export)]


def test_a_full_disk_is_told_in_a_sentence(base, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "write_workbook", full)
    assert "disk is full" in exported().error


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_colleague_mentioned_in_a_note_goes_out_by_name(base, form):
    anna, boris = Contact.objects.get(surname="Иванова"), make_user(r"Борис \1 {2}")
    text = f"Спросить @{{{boris.pk}}} и @{{999999}}, 50 % @{{пусто}}"
    Note.objects.create(contact=anna, text=text, author=boris)
    rows = rows_of(exported(columns=["surname", "notes"], form=form))
    notes = next(row for row in rows if row["Surname"] == "Иванова")
    assert notes["Notes"].endswith(r": Спросить @Борис \1 {2} и @a colleague who is gone, 50 % @{пусто}")


def test_a_title_is_read_in_the_language_of_the_reader(base, client):
    """The log is everybody's: what was exported from an English page is read in Russian, and as it was called then."""
    export = exported(view={"campaign": str(base.pk), "address.is": "filled"})
    base.name = "Сквер"
    base.save(update_fields=["name"])
    said = {}
    for language in ("en", "ru"):
        with translation.override(language):
            said[language] = export.title
    assert said["en"] == export.words != said["ru"]
    assert all("Парк" in each for each in said.values())
    export.titles = {}
    assert export.title == export.words, "of an older export only one is known"
