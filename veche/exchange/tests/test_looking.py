"""A file is stored and the page answers at once; a job looks through it, and the page goes on by itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from veche.accounts.testing import actor_of, signed_in_client
from veche.core import background
from veche.core.actions import stop_job
from veche.core.delivery import deliver_all
from veche.core.models import Job
from veche.core.refusal import Stale
from veche.exchange import actions, queries, reading
from veche.exchange.actions import looking
from veche.exchange.actions.sweeping import sweep_files
from veche.exchange.models import Import
from veche.exchange.testing import PEOPLE_CAPTIONS, make_import, run_jobs, xlsx_file

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
LEIA = ["Органа", "Лея", "", "8 916 000-00-01", "leia@example.org", "01.02.1970", ""]
TEXT = "\r\n".join(map(";".join, [PEOPLE_CAPTIONS, LEIA])).encode()
ONLY_CAPTIONS = ";".join(PEOPLE_CAPTIONS).encode()
State = Import.State


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def client():
    return signed_in_client("coordinator")


@pytest.fixture
def opened(monkeypatch):
    """How often a file was opened."""
    calls, real = [], reading.open_source

    def count(*given, **named):
        calls.append(named)
        return real(*given, **named)

    monkeypatch.setattr(looking, "open_source", count)
    monkeypatch.setattr("veche.exchange.queries.preview.open_source", count)
    return calls


def table(imported: Import) -> str:
    return reverse("exchange:table", args=[imported.pk])


def send(client, content: bytes = TEXT, name: str = "люди.csv") -> Import:
    client.post(reverse("exchange:import_new"), {"file": SimpleUploadedFile(name, content)}, **HTMX)
    return Import.objects.get()


def stored() -> list[str]:
    folder = Path(default_storage.path("imports"))
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_no_request_opens_the_file(client, opened):
    imported = send(client)
    assert imported.state == State.LOOKING and not imported.columns
    page = client.get(table(imported)).content.decode()
    assert "The file is being looked through" in page and "waiting for its turn" in page
    assert not opened
    run_jobs(imported)
    assert len(opened) == 1
    page = client.get(table(imported)).content.decode()
    assert "1 row was found." in page and "Органа" in page and "Фамилия" in page
    client.get(reverse("exchange:columns", args=[imported.pk]))
    assert len(opened) == 1


def test_the_page_asks_for_its_progress_and_gets_the_table_and_its_button_at_the_end(client):
    imported = send(client)
    answer = client.get(table(imported), **HTMX)
    piece = answer.content.decode()
    assert piece.strip().startswith('<div id="looking"') and "HX-Retarget" not in answer.headers
    run_jobs(imported)
    answer = client.get(table(imported), **HTMX)
    assert answer.headers["HX-Retarget"] == "#table" and answer.headers["HX-Reswap"] == "innerHTML"
    piece = answer.content.decode()
    assert "<html" not in piece and 'id="looking"' not in piece
    assert 'hx-swap-oob="true"' in piece and reverse("exchange:columns", args=[imported.pk]) in piece


@pytest.mark.parametrize("step", ["columns", "check", "import"])
def test_until_then_every_other_step_leads_back_to_it(client, step):
    imported = send(client)
    answer = client.get(reverse(f"exchange:{step}", args=[imported.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == table(imported)


def test_a_file_that_is_no_table_ends_in_its_sentence_on_that_page_and_goes(
    client, django_capture_on_commit_callbacks
):
    before = stored()
    with django_capture_on_commit_callbacks(execute=True):
        imported = run_jobs(send(client, ONLY_CAPTIONS))
    assert (imported.state, imported.file, stored()) == (State.FAILED, "", before)
    answer = client.get(table(imported), **HTMX)
    assert "There is a header but not a single row under it" in answer.content.decode()
    assert "Choose another file" in answer.content.decode()
    assert "There is a header" in client.get(table(imported)).content.decode()
    assert Job.objects.get(pk=imported.job_id).state == Job.State.FAILED


def test_such_an_import_is_forgotten_after_a_day_and_no_other(client, by, tmp_path):
    kept = make_import(tmp_path, [LEIA], by=by)
    with (tmp_path / "table.csv").open("w+b") as file:
        file.write(ONLY_CAPTIONS)
        refused = run_jobs(actions.receive_file(by=by, file=file, name="table.csv"))
    sweep_files(by=by)
    assert Import.objects.count() == 2
    Import.objects.update(made_at=timezone.now() - dt.timedelta(hours=25))
    sweep_files(by=by)
    assert list(Import.objects.values_list("pk", flat=True)) == [kept.pk] != [refused.pk]


def test_a_killed_look_begins_anew_and_finds_the_same(client, monkeypatch):
    imported = send(client)

    def killed(*given, **named):
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(looking, "_describe", killed)
        run_jobs(imported)
    imported.refresh_from_db()
    assert imported.state == State.LOOKING and not imported.columns
    assert background.rescue_orphans() >= 0
    imported = run_jobs(imported)
    assert imported.state == State.DESCRIBED and imported.source["rows"] == 1


def test_a_mistake_of_ours_keeps_the_file_and_offers_another_look(client, monkeypatch):
    imported = send(client)
    with monkeypatch.context() as patched:
        patched.setattr(looking, "_describe", lambda *given: 1 / 0)
        imported = run_jobs(imported)
    assert imported.state == State.FAILED and default_storage.exists(imported.file)
    page = client.get(table(imported)).content.decode()
    assert "The program made a mistake." in page and "Look through it again" in page
    client.post(reverse("exchange:look", args=[imported.pk]))
    imported.refresh_from_db()
    assert run_jobs(imported).state == State.DESCRIBED


@pytest.mark.django_db(transaction=True)
def test_a_look_stopped_in_the_tray_tells_its_import():
    client = signed_in_client("coordinator")
    imported = send(client)
    stop_job(by=actor_of("coordinator"), job=Job.objects.get(pk=imported.job_id))
    deliver_all()
    imported.refresh_from_db()
    assert imported.state == State.CANCELLED


def test_a_look_is_stopped_at_once_and_what_it_finds_after_that_is_dropped(client, by):
    imported = send(client)
    client.post(reverse("exchange:cancellation", args=[imported.pk]), **HTMX)
    imported.refresh_from_db()
    assert imported.state == State.CANCELLED
    found = Import.objects.get(pk=imported.pk)
    looking.look_through(found, {}, by=by)
    looking.finish_look(by=by, imported=found, job_id=imported.job_id, what="table")
    imported.refresh_from_db()
    assert imported.state == State.CANCELLED and not imported.columns
    assert "Stopped" in client.get(table(imported)).content.decode()


def test_another_way_to_read_shows_the_old_table_until_the_new_one_is_there(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    answer = client.post(table(imported), {"encoding": "cp866", "delimiter": ";", "header_row": "1"}, **HTMX)
    piece = answer.content.decode()
    assert "The file is being read in another way." in piece and "Органа" in piece
    assert '<option value="cp866" selected>' in piece and "disabled" in piece
    imported.refresh_from_db()
    with pytest.raises(Stale):
        actions.start_check(by=by, imported=imported)
    with pytest.raises(Stale):
        actions.choose_rules(by=by, imported=imported, policy="update")


def test_a_second_wish_drops_the_first(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    first = actions.start_look(by=by, imported=imported, how={"encoding": "cp866"}).job_id
    imported = actions.start_look(by=by, imported=imported, how={"encoding": "koi8-r"})
    background.run_job(job_id=first)
    assert Job.objects.get(pk=first).state == Job.State.CANCELLED
    assert run_jobs(imported).source["encoding"] == "koi8-r"


def test_a_sheet_without_a_table_says_so_and_the_one_before_stays(client, by, tmp_path):
    path = xlsx_file(tmp_path / "люди.xlsx", [PEOPLE_CAPTIONS, LEIA], sheets=[("Пусто", False, [])])
    with path.open("rb") as file:
        imported = actions.upload_file(by=by, file=file, name=path.name)
    client.post(table(imported), {"sheet": "Пусто", "header_row": "1"}, **HTMX)
    imported.refresh_from_db()
    imported = run_jobs(imported)
    assert imported.state == State.DESCRIBED and imported.source["sheet"] == "Лист1"
    page = client.get(table(imported)).content.decode()
    assert "There are no rows in this sheet" in page and "Органа" in page
    assert default_storage.exists(imported.file)


def test_laying_out_afresh_comes_back_to_the_columns(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    answer = client.post(reverse("exchange:guess", args=[imported.pk]), **HTMX)
    assert answer.headers["HX-Redirect"] == table(imported)
    imported.refresh_from_db()
    run_jobs(imported)
    answer = client.get(table(imported), **HTMX)
    assert answer.headers["HX-Redirect"] == reverse("exchange:columns", args=[imported.pk])


def test_a_known_workbook_is_not_looked_through_again(by, tmp_path, opened):
    path = xlsx_file(tmp_path / "люди.xlsx", [["Список"], PEOPLE_CAPTIONS, LEIA])
    with path.open("rb") as file:
        imported = actions.upload_file(by=by, file=file, name=path.name)
    run_jobs(actions.start_look(by=by, imported=imported, how={"header_row": 1}))
    assert [bool(given["known"]) for given in opened] == [False, True]
    imported.refresh_from_db()
    assert imported.source["header_row"] == 1


def test_a_long_text_says_how_far_it_is(client, monkeypatch):
    monkeypatch.setattr("veche.exchange.reading.delimited._TELL_EVERY", 100)
    rows = "\r\n".join(["Фамилия;Телефон", *(f"Органа;8916{number:07}" for number in range(2000))])
    imported, told = send(client, rows.encode()), []
    tell = background.JobRun.checkpoint

    def note(run, **given):
        told.append(given.get("done"))
        tell(run, **given)

    monkeypatch.setattr(background.JobRun, "checkpoint", note)
    imported = run_jobs(imported)
    shares = [share for share in told if share]
    assert len(shares) > 5 and shares == sorted(shares) and shares[-1] == 90
    assert imported.source["rows"] == 2000
    assert Job.objects.get(pk=imported.job_id).dismissed_at, "the page itself has shown it"


def test_it_is_taken_before_long_work(by, client):
    from procrastinate.contrib.django.models import ProcrastinateJob

    imported = send(client)
    queued = ProcrastinateJob.objects.filter(args={"job_id": imported.job_id})
    assert [each.queue_name for each in queued] == [background.SHORT]


def test_cells_shown_while_the_file_was_set_up_go_with_it(by, tmp_path):
    from veche.exchange.testing import loaded

    imported = loaded(make_import(tmp_path, [LEIA], by=by), by=by)
    assert not imported.file and "leia@example.org" not in f"{imported.source}{imported.columns}"
    assert queries.result(imported).created == 1
