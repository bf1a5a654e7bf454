"""The watched folder: whole files, no links, once each; a sentence beside what was not loaded; kill and restart."""

import os
import pickle
import re
import time

import pytest
from django.utils import translation

from veche.accounts.models import User
from veche.accounts.queries import actor_for
from veche.accounts.roles import Role
from veche.accounts.testing import make_user
from veche.contacts.models import Contact
from veche.core.background import run_job
from veche.core.models import Job
from veche.exchange import actions, watching
from veche.exchange.jobs import folder as watch_jobs
from veche.exchange.models import Import, WatchedFile
from veche.exchange.reading.refusing import refusal_for
from veche.exchange.said import of_refusal
from veche.exchange.testing import csv_file, loaded

HEAD = ["ФИО", "Телефон"]
ROWS = [["Органа Лея Бейловна", "8 916 765-43-21"], ["Скайуокер Люк", "8 916 123-45-67"]]


@pytest.fixture
def folder(tmp_path, settings, db, monkeypatch):
    monkeypatch.setattr(watching, "SETTLED", -5)
    user = make_user("Анна", Role.COORDINATOR, email="anna@example.org", reach=User.Reach.EVERYTHING)
    place = tmp_path / "folder"
    place.mkdir()
    settings.VECHE_IMPORT_FOLDER, settings.VECHE_IMPORT_AS = str(place), user.email
    settings.VECHE_IMPORT_POLICY = settings.VECHE_IMPORT_CAMPAIGN = ""
    settings.LANGUAGE_CODE = "ru"
    return place, actor_for(user)


def look(times=4):
    """As many looks as it takes, with the worker's jobs done in between."""
    for _time in range(times):
        watch_jobs.look_into_folder()
        for job in Job.objects.filter(state=Job.State.QUEUED):
            run_job(job_id=job.pk)


def teach(tmp_path, by, rows=ROWS[:1]):
    """A file with these captions was loaded by hand once."""
    path = csv_file(tmp_path / "first.csv", [HEAD, *rows])
    with path.open("rb") as file:
        return loaded(actions.upload_file(by=by, file=file, name="first.csv"), by=by)


def lying(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def test_a_file_of_a_known_kind_is_loaded_and_moved(folder, tmp_path):
    place, by = folder
    teach(tmp_path, by)
    csv_file(place / "ночь.csv", [HEAD, *ROWS])
    look()
    assert lying(place) == ["done/ночь.csv"]
    assert Contact.objects.count() == 2
    watched = WatchedFile.objects.get()
    assert (watched.state, watched.imported.made_by_id, watched.imported.state) == (
        "loaded",
        by.user_id,
        "loaded",
    )
    look()
    assert WatchedFile.objects.count() == 1


def test_unknown_captions_are_left_to_people(folder):
    place, _by = folder
    csv_file(place / "новое.csv", [HEAD, *ROWS])
    look()
    assert lying(place) == ["failed/новое.csv", "failed/новое.csv.txt"]
    imported = WatchedFile.objects.get().imported
    assert str(imported.pk) in (place / "failed/новое.csv.txt").read_text()
    assert imported.state == "described", "somebody can open it and go on"
    assert Contact.objects.count() == 0


def test_what_is_no_spreadsheet_is_refused_in_a_sentence(folder):
    place, _by = folder
    (place / "фото.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    look()
    assert lying(place) == ["failed/фото.xlsx", "failed/фото.xlsx.txt"]
    assert len((place / "failed/фото.xlsx.txt").read_text()) > 20
    assert Import.objects.count() == 0


def test_each_reader_reads_why_in_his_own_language(folder, tmp_path, client):
    place, by = folder
    (place / "фото.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    csv_file(place / "новое.csv", [HEAD, *ROWS])
    teach(tmp_path, by)
    csv_file(place / "ещё.csv", [HEAD, *ROWS[:1]])
    WatchedFile.objects.create(
        name="x", sha256="x", state="failed", sentence="A sentence as it was.", moved_to="-"
    )
    look()
    said = {}
    for language in ("en", "ru"):
        with translation.override(language):
            said[language] = {each.name: each.why for each in WatchedFile.objects.all()}
    assert said["en"]["фото.xlsx"].startswith("This is a picture")
    assert "import No." in said["en"]["ещё.csv"]
    assert all(re.search("[А-Яа-я]{4}", said["ru"][name]) for name in ("фото.xlsx", "ещё.csv"))
    assert said["ru"]["x"] == said["en"]["x"] == "A sentence as it was."


def test_why_a_file_was_refused_is_read_in_the_language_of_the_reader(tmp_path):
    """On the page of an import, too: the job that refused it may have worked in another one."""
    with translation.override("ru"):
        kept = of_refusal(refusal_for("import.no_sheet", {"name": "Лист9", "sheets": "Лист1"}))
    with translation.override("en"):
        assert Import(error=kept).why == "There is no sheet called “Лист9”; the file has: Лист1."
    assert Import(error="OperationalError").why == "OperationalError"
    assert Import(error='#{"code": "import.gone", "params": {}}').why.startswith("#")
    assert pickle.loads(pickle.dumps(refusal_for("import.damaged", {}))).params == {}


def test_a_red_warning_is_left_to_people(folder, tmp_path, settings):
    place, by = folder
    settings.VECHE_IMPORT_POLICY = "update"
    head = [*HEAD, "Пол"]
    path = csv_file(tmp_path / "first.csv", [head, *[[*row, "ж"] for row in ROWS]])
    with path.open("rb") as file:
        loaded(actions.upload_file(by=by, file=file, name="first.csv"), by=by)
    csv_file(place / "обновление.csv", [head, *[[*row, "м"] for row in ROWS]])
    look()
    assert lying(place) == ["failed/обновление.csv", "failed/обновление.csv.txt"]
    assert set(Contact.objects.values_list("gender", flat=True)) == {"f"}


def test_the_same_file_is_not_loaded_twice_under_any_name(folder, tmp_path):
    place, by = folder
    teach(tmp_path, by)
    csv_file(place / "a.csv", [HEAD, *ROWS])
    look()
    csv_file(place / "b.csv", [HEAD, *ROWS])
    csv_file(place / "a.csv", [HEAD, *ROWS])
    look()
    second = WatchedFile.objects.get(name="a.csv", state="known")
    assert lying(place) == [
        f"done/a ({second.pk}).csv", f"done/a ({second.pk}).csv.txt", "done/a.csv", "done/b.csv", "done/b.csv.txt",
    ]  # fmt: skip
    assert Import.objects.filter(state="loaded").count() == 2


def test_only_whole_plain_files_of_the_folder_are_taken(folder, tmp_path, monkeypatch):
    place, by = folder
    teach(tmp_path, by)
    secret = csv_file(tmp_path / "secret.csv", [HEAD, *ROWS])
    (place / "link.csv").symlink_to(secret)
    os.mkfifo(place / "pipe.csv")
    (place / "inside.csv").mkdir()
    for name in (".hidden.csv", "~$open.xlsx", "half.csv.part", "notes.pdf"):
        csv_file(place / name, [HEAD, *ROWS])
    look(2)
    assert WatchedFile.objects.count() == 0
    monkeypatch.setattr(watching, "SETTLED", 60)
    csv_file(place / "fresh.csv", [HEAD, *ROWS])
    past = time.time() - 3600
    os.utime(place / "fresh.csv", (past, past))
    look(2)
    assert WatchedFile.objects.count() == 0, "it has just been put there, whatever its time says"
    assert (place / "link.csv").is_symlink()


def test_done_may_not_lead_out_of_the_folder(folder, tmp_path):
    place, by = folder
    teach(tmp_path, by)
    outside = tmp_path / "outside"
    outside.mkdir()
    (place / "done").symlink_to(outside)
    csv_file(place / "a.csv", [HEAD, *ROWS])
    look()
    assert list(outside.iterdir()) == []
    assert (place / "a.csv").exists()
    assert Import.objects.filter(state="loaded").count() == 2, "loaded once, however often it looks"


@pytest.mark.parametrize("moment", ["taken", "move", "note"])
def test_killed_between_any_two_steps_it_goes_on_without_a_double(folder, tmp_path, monkeypatch, moment):
    place, by = folder
    teach(tmp_path, by)
    csv_file(place / "a.csv", [HEAD, *ROWS])

    class Killed(BaseException):
        pass

    def die(*_args, **_given):
        raise Killed

    owner, name = {
        "taken": (watch_jobs, "_go_on"),
        "move": (watching.Folder, "move"),
        "note": (watch_jobs.steps, "note_moved"),
    }[moment]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(Killed):
            look()
    look()
    assert lying(place) == ["done/a.csv"]
    assert Import.objects.filter(state="loaded").count() == 2
    assert WatchedFile.objects.get().moved_to in ("done/a.csv", "-")


def test_without_its_user_nothing_happens(folder, settings):
    place, _by = folder
    settings.VECHE_IMPORT_AS = "nobody@example.org"
    csv_file(place / "a.csv", [HEAD, *ROWS])
    look(1)
    assert lying(place) == ["a.csv"]


def test_a_name_that_is_no_text_stops_nobody_and_a_line_break_in_one_no_page(folder, tmp_path):
    place, by = folder
    teach(tmp_path, by)
    csv_file(place / "ночь\n.csv", [HEAD, *ROWS])
    os.rename(
        csv_file(place / "a.csv", [HEAD, ["Соло Хан", "8 916 123-45-99"]]), os.fsencode(place) + b"/\xff.csv"
    )
    look()
    assert Contact.objects.count() == 2
    imported = Import.objects.order_by("-pk").first()
    assert imported.name == "ночь\N{REPLACEMENT CHARACTER}.csv"
    assert os.listdir(os.fsencode(place)).count(b"\xff.csv") == 1, "it waits for another name"
