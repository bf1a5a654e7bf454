"""What is kept of a file, and how long: the file until it is loaded, the rows for a month, a person until erased."""

import os
import time

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from veche.accounts.testing import actor_of
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.actions import purging, sweeping
from veche.exchange.jobs import undo as undo_jobs
from veche.exchange.models import Correction, Import, ImportRow, Issue
from veche.exchange.testing import checked, loaded, make_import, run_jobs

pytestmark = pytest.mark.django_db
PEOPLE = [
    [name, "Иван", "", f"8 916 000000{n}", "", "", ""] for n, name in enumerate(["Соло", "Органа", "Кеноби"])
]


def test_the_file_goes_when_it_is_loaded_and_not_before(tmp_path, django_capture_on_commit_callbacks):
    by = actor_of("coordinator")
    imported = checked(make_import(tmp_path, PEOPLE, by=by), by=by)
    path = queries.file_path(imported)
    started = actions.start_load(by=by, imported=imported)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        imported = run_jobs(started)
        assert path.exists(), "until the commit"
    assert not path.exists()
    assert imported.file == ""
    assert queries.result(imported).created == 3
    assert imported.rows.count() == 3, "they hold the cells for the undo"


def test_old_rows_go_portion_by_portion(tmp_path, monkeypatch):
    monkeypatch.setattr(purging, "PORTION", 2)
    by = actor_of("coordinator")
    imported = loaded(make_import(tmp_path, PEOPLE, by=by), by=by)
    assert undo_jobs.purge_rows() == 0
    Import.objects.update(made_at="2020-01-01T00:00:00Z")
    assert purging.purge_portion(by=by, imported=imported) == 2
    assert undo_jobs.purge_rows() == 1
    assert not ImportRow.objects.exists()
    assert undo_jobs.purge_rows() == 0
    assert Contact.objects.count() == 3
    with pytest.raises(Refusal, match="30"):
        actions.start_undo(by=by, imported=imported)


def test_an_erased_person_is_nowhere_in_the_import(tmp_path):
    by = actor_of("administrator")
    imported = loaded(make_import(tmp_path, PEOPLE, by=by), by=by)
    row = imported.rows.get(number=3)
    Issue.objects.create(batch=imported, number=3, column=0, code="x", severity="warn", value="Органа")
    Correction.objects.create(batch=imported, row=3, column=0, value="", replacement="Органа", kind="replace")
    Issue.objects.create(batch=imported, number=2, column=0, code="x", severity="warn", value="Соло")
    erase_contact(by=by, contact_id=row.contact_id)
    row.refresh_from_db()
    assert (row.cells, row.draft, row.contact_id, row.outcome) == ([], {}, None, "created")
    assert list(imported.issues.values_list("number", flat=True)) == [2]
    assert not imported.corrections.exists()
    assert imported.file == ""


def test_files_that_nothing_names_go_after_a_day_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "files"))
    imported = make_import(tmp_path, PEOPLE, by=actor_of("coordinator"))
    kept, old = queries.file_path(imported), time.time() - 2 * sweeping.DAY
    strays = [
        kept.with_name("stray.csv"),
        tmp_path / "files/bridge/stray.xlsx",
        tmp_path / "files/exports/1-making/a.csv",
    ]
    fresh, rejects = kept.with_name("fresh.csv"), kept.with_name(f"{imported.pk}-rejected.xlsx")
    for path in (*strays, fresh, rejects):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Органа")
    for path in (kept, *strays, rejects):
        os.utime(path, (old, old))
    undo_jobs.purge_rows()
    assert [path.name for path in (kept, *strays, fresh, rejects) if path.exists()] == [
        kept.name, fresh.name, rejects.name,
    ]  # fmt: skip
    assert sweeping.sweep_files(by=Actor.system(), now=time.time() + 40 * sweeping.DAY) == 2
    assert [path.name for path in (kept, fresh, rejects) if path.exists()] == [kept.name]
