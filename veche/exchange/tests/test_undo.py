"""The undo of a whole import, its redo, and what happens when either dies in the middle."""

import json
import os
import signal

import pytest
from click.testing import CliRunner
from django.urls import reverse
from openpyxl import load_workbook

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.actions.notes import add_note
from veche.contacts.models import Contact, FieldChange, UndoKept
from veche.contacts.testing import make_person, make_tag
from veche.core.models import Job
from veche.exchange import actions
from veche.exchange.actions import undoing
from veche.exchange.commands.undo import undo as undo_command
from veche.exchange.jobs import undo as undo_jobs
from veche.exchange.models import Import
from veche.exchange.queries import import_pages, undo_journal
from veche.exchange.testing import loaded, make_import, run_jobs
from veche.exchange.tests.test_survival import kill_when, people, start_worker, wait_until


def updating(folder, by, count=6):
    """An import that changes `count` known people and creates as many."""
    rows = people(2 * count)
    for row in rows[:count]:
        make_person(f"{row[0]} Иван", phone=row[3], by=by)
    rows = [[*row[:2], "Петрович", row[3], f"k{n}@example.org", "", ""] for n, row in enumerate(rows)]
    return loaded(make_import(folder, rows, by=by, policy="update", tags=["список"]), by=by)


def held():
    """What is known of everybody, by name: their own numbers change when they are created again."""
    return {
        (
            one.surname, one.patronymic, one.gender, tuple(sorted(point.value for point in one.points.all())),
            tuple(sorted(row.tag.name for row in one.tagged.all())), one.origins.filter(channel="import").exists(),
        )
        for one in Contact.objects.all()
    }  # fmt: skip


@pytest.mark.django_db
def test_an_import_is_undone_and_loaded_again(tmp_path, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 4)
    by = actor_of("coordinator")
    before = set(Contact.objects.values_list("pk", flat=True))
    imported = updating(tmp_path, by)
    after = held()
    assert len(after) == 12
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.totals["undo"] == {"removed": 6, "kept": 0, "restored": 6, "partly": 0}
    assert Contact.objects.exclude(pk__in=before).count() == 6
    assert {(patronymic, tags, origin) for _s, patronymic, _g, _p, tags, origin in held()} == {
        ("", (), False)
    }
    (line,) = import_pages.lines([imported])
    assert (line["numbers"], line["said"]) == (None, "Removed: 6 · Put back: 6"), "and not that 6 are new"
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert imported.state == Import.State.LOADED
    assert imported.totals["redo"] == {"restored": 6, "partly": 0}
    assert imported.totals["load"]["numbers"]["created"] == 6
    assert held() == after
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.totals["undo"] == {"removed": 6, "kept": 0, "restored": 6, "partly": 0}


@pytest.mark.django_db
def test_what_people_touched_is_kept_and_listed(tmp_path):
    by = actor_of("coordinator")
    imported = updating(tmp_path, by)
    known, created = Contact.objects.order_by("pk")[0], Contact.objects.order_by("pk").last()
    change_fields(by=actor_of("administrator"), contact_id=known.pk, fields={"patronymic": "Ильич"})
    add_note(by=by, contact_id=created.pk, text="Звонили")
    imported = run_jobs(actions.start_undo(by=actor_of("coordinator"), imported=imported))
    assert imported.totals["undo"] == {"removed": 5, "kept": 1, "restored": 5, "partly": 1}
    known.refresh_from_db()
    assert known.patronymic == "Ильич"
    assert not known.points.filter(kind="email").exists()
    lines, more = undo_journal.kept_lines(by, imported)
    assert more is None
    told = {line.kept.contact_id: line for line in lines}
    assert {key: line.kept.field for key, line in told.items()} == {known.pk: "patronymic", created.pk: ""}
    assert told[created.pk].kept.event == "contacts.note_added"
    assert told[created.pk].why != told[known.pk].why
    assert told[known.pk].who == actor_of("administrator").name
    client = signed_in_client("coordinator")
    page = client.get(reverse("exchange:kept", args=[imported.pk])).content.decode()
    assert reverse("contacts:card", args=[known.pk]) in page
    file = b"".join(client.get(reverse("exchange:kept_file", args=[imported.pk])).streaming_content)
    assert file[:2] == b"PK"
    assert (
        reverse("exchange:kept", args=[imported.pk])
        in client.get(reverse("exchange:journal")).content.decode()
    )


@pytest.mark.django_db
def test_the_journal_names_each_field_that_was_touched_by_whom_and_when(tmp_path, django_assert_num_queries):
    by, other = actor_of("coordinator"), actor_of("administrator")
    imported = updating(tmp_path, by)
    known, created = Contact.objects.order_by("pk")[0], Contact.objects.order_by("pk").last()
    change_fields(by=other, contact_id=known.pk, fields={"patronymic": "Ильич"})
    change_fields(by=other, contact_id=created.pk, fields={"patronymic": "Ильич", "caution": "спит"})
    change_fields(by=by, contact_id=created.pk, fields={"patronymic": "Кузьмич"})
    add_note(by=by, contact_id=created.pk, text="Звонили")
    imported = run_jobs(actions.start_undo(by=actor_of("coordinator"), imported=imported))
    change_fields(
        by=other, contact_id=created.pk, fields={"surname": "Другой"}
    )  # after the undo: kept nothing
    with django_assert_num_queries(3):
        lines, _more = undo_journal.kept_lines(by, imported)
    of_known, of_created = (
        next(each for each in lines if each.kept.contact_id == one.pk) for one in (known, created)
    )
    assert (of_known.what, of_known.who, of_known.touches) == ("Patronymic", other.name, [])
    assert [(touch.what, touch.who) for touch in of_created.touches] == [
        ("Note", by.name), ("Patronymic", by.name), ("Caution", other.name),
    ]  # fmt: skip
    (entry,) = undo_journal.journal(by)
    assert "Patronymic: 1" in entry["kept"] and "The whole person: 1" in entry["kept"]
    page = signed_in_client("coordinator").get(reverse("exchange:kept", args=[imported.pk])).content.decode()
    assert "Caution" in page
    undo_journal.write_kept(by, imported, tmp_path / "kept.xlsx", absolute=str)
    rows = list(load_workbook(tmp_path / "kept.xlsx").active.values)
    assert sorted(row[3] for row in rows[1:]) == ["Caution", "Note", "Patronymic", "Patronymic"]


def two_imports(tmp_path, by):
    """Six people whom one import created and another changed: a patronymic, an e-mail, a tag, a note."""
    rows = people(6)
    first = loaded(make_import(tmp_path, [[*row[:2], "", row[3], "", "", ""] for row in rows], by=by), by=by)
    (tmp_path / "later").mkdir()
    rows = [[*row[:2], "Петрович", row[3], f"k{n}@example.org", "", ""] for n, row in enumerate(rows)]
    later = make_import(tmp_path / "later", rows, by=by, policy="update", tags=["список"])
    return first, loaded(later, by=by)


@pytest.mark.django_db
def test_what_another_import_did_and_took_back_keeps_nobody(tmp_path):
    by = actor_of("coordinator")
    first, later = two_imports(tmp_path, by)
    later = run_jobs(actions.start_undo(by=by, imported=later))
    assert later.totals["undo"]["restored"] == 6
    touched = Contact.objects.order_by("pk")[0]
    change_fields(by=actor_of("coordinator"), contact_id=touched.pk, fields={"patronymic": "Ильич"})
    first = run_jobs(actions.start_undo(by=by, imported=first))
    assert first.totals["undo"] == {"removed": 5, "kept": 1, "restored": 0, "partly": 0}
    assert UndoKept.objects.get().event == "contacts.contact_changed"


@pytest.mark.django_db
@pytest.mark.parametrize("redone", [False, True])
def test_what_another_import_did_keeps_everybody_while_it_stands(tmp_path, redone):
    by = actor_of("coordinator")
    first, later = two_imports(tmp_path, by)
    if redone:
        later = run_jobs(actions.start_undo(by=by, imported=later))
        run_jobs(actions.start_redo(by=by, imported=later))
    first = run_jobs(actions.start_undo(by=by, imported=first))
    assert first.totals["undo"] == {"removed": 0, "kept": 6, "restored": 0, "partly": 0}
    assert {one.patronymic for one in Contact.objects.all()} == {"Петрович"}


@pytest.mark.django_db
def test_whom_another_undo_had_to_keep_stays(tmp_path):
    by = actor_of("coordinator")
    first, later = two_imports(tmp_path, by)
    touched = Contact.objects.order_by("pk")[0]
    with (
        pytest.MonkeyPatch.context() as patch
    ):  # kept without a word of anybody, as when a status was deleted meanwhile
        real = undoing.undo_people

        def keep_one(**given):
            swung = real(**given)
            UndoKept.objects.create(batch=later.pk, contact=touched, field="status")
            return swung

        patch.setattr(undoing, "undo_people", keep_one)
        run_jobs(actions.start_undo(by=by, imported=later))
    first = run_jobs(actions.start_undo(by=by, imported=first))
    assert first.totals["undo"] == {"removed": 5, "kept": 1, "restored": 0, "partly": 0}
    assert Contact.objects.get() == touched


@pytest.mark.django_db
def test_a_bulk_change_that_was_undone_keeps_nobody(tmp_path):
    by = actor_of("coordinator")
    imported = loaded(make_import(tmp_path, people(4), by=by), by=by)
    ids = sorted(Contact.objects.values_list("pk", flat=True))
    back = start_mass_change(by=by, kind="tag_put", value=make_tag("обзвон").pk, ids=ids[:2])
    start_mass_undo(by=by, mass_id=back.pk)
    start_mass_change(by=by, kind="tag_put", value=make_tag("штаб").pk, ids=ids[2:3])
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.totals["undo"] == {"removed": 3, "kept": 1, "restored": 0, "partly": 0}
    assert Contact.objects.get().pk == ids[2]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["undo_people", "erase_contacts", "publish", "settle_indexes"])
def test_a_failure_at_any_step_leaves_an_undo_that_goes_on(tmp_path, monkeypatch, step):
    monkeypatch.setattr(undoing, "CHUNK", 5)
    by = actor_of("coordinator")
    imported = updating(tmp_path, by)
    real, calls = getattr(undoing, step), []

    def fail_once(*args, **options):
        calls.append(step)
        if len(calls) == (2 if step in ("undo_people", "erase_contacts") else 1):
            raise RuntimeError("the machine has stopped")
        return real(*args, **options)

    monkeypatch.setattr(undoing, step, fail_once)
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.state == Import.State.FAILED
    assert undo_journal.may_be_redone(imported)
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.state == Import.State.UNDONE
    assert Contact.objects.count() == 6
    assert not Contact.objects.exclude(patronymic="").exists()
    assert FieldChange.objects.filter(field="patronymic", is_undo=True).count() == 6, "none twice"


@pytest.mark.django_db
def test_a_stopped_undo_can_be_loaded_again_or_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 3)
    by = actor_of("coordinator")
    imported = updating(tmp_path, by)
    after, real = held(), undo_jobs.touched_by

    def stop(batch, *, after, size):
        if after and Import.objects.get(pk=batch).state == Import.State.UNDOING:
            actions.cancel_import(by=by, imported=imported)
        return real(batch, after=after, size=size)

    monkeypatch.setattr(undo_jobs, "touched_by", stop)
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.state == Import.State.CANCELLED
    with pytest.raises(Exception, match="undo"):
        actions.start_load(by=by, imported=imported)
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert imported.state == Import.State.LOADED
    assert held() == after


@pytest.mark.django_db
def test_the_shell_undoes_and_loads_again(tmp_path):
    by = actor_of("coordinator")
    imported = updating(tmp_path, by, count=2)
    run_here = "veche.exchange.commands.undo.wait_for"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            run_here, lambda job_id, **_given: (run_jobs(imported_of(job_id)), Job.objects.get(pk=job_id))[1]
        )
        told = CliRunner().invoke(undo_command, [str(imported.pk), "--json"])
        assert told.exit_code == 0, told.output
        answer = json.loads(told.stdout.splitlines()[-1])
        assert (answer["removed"], answer["restored"]) == (2, 2)
        told = CliRunner().invoke(undo_command, [str(imported.pk), "--redo", "--json"])
        assert json.loads(told.stdout.splitlines()[-1])["restored"] == 2
    assert CliRunner().invoke(undo_command, ["404404"]).exit_code == 2


def imported_of(job_id):
    return Import.objects.get(job_id=job_id)


@pytest.mark.django_db(transaction=True)
def test_a_killed_undo_and_a_killed_redo_lose_nothing_and_double_nothing(tmp_path):
    by = actor_of("coordinator")
    imported = updating(tmp_path, by, count=300)
    after = held()
    for start, state in (
        (actions.start_undo, Import.State.UNDONE),
        (actions.start_redo, Import.State.LOADED),
    ):
        imported = start(by=by, imported=imported)
        kill_when(tmp_path, imported.job_id, lambda job: job.done >= 60)
        kill_when(tmp_path, imported.job_id, lambda job: job.done >= 180)
        worker = start_worker(tmp_path)
        try:
            assert wait_until(imported.job_id, lambda job: False).state == Job.State.DONE
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        imported.refresh_from_db()
        assert imported.state == state
        if state == Import.State.UNDONE:
            assert imported.totals["undo"] == {"removed": 300, "kept": 0, "restored": 300, "partly": 0}
            assert Contact.objects.count() == 300
            assert FieldChange.objects.filter(field="patronymic", is_undo=True).count() == 300
            assert not UndoKept.objects.exists()
    assert held() == after
    assert Contact.objects.count() == 600


@pytest.mark.django_db
def test_a_load_that_did_nothing_is_not_offered_for_undo(tmp_path):
    by = actor_of("coordinator")
    imported = loaded(make_import(tmp_path, people(2), by=by), by=by)
    again = loaded(make_import(tmp_path, people(2), by=by), by=by)
    assert undo_journal.may_be_undone(imported) and not undo_journal.may_be_undone(again)
    page = signed_in_client("coordinator").get(reverse("exchange:journal")).content.decode()
    assert f"undo-{imported.pk}" in page and f"undo-{again.pk}" not in page
