"""What a command says when the database goes away under it, when somebody presses Ctrl-C, and when there is nothing
to take."""

import json
import os
import signal

import pytest
from click.testing import CliRunner
from django.db import connection

from veche.accounts.testing import actor_of
from veche.contacts.models import Contact, OwnField
from veche.contacts.testing import make_person
from veche.core.models import Job
from veche.exchange.actions import loading, undoing
from veche.exchange.commands import waiting
from veche.exchange.commands.exports import export
from veche.exchange.commands.imports import import_
from veche.exchange.commands.undo import undo
from veche.exchange.exporting import making
from veche.exchange.models import Export, Import
from veche.exchange.testing import PEOPLE_CAPTIONS, csv_file, loaded, make_import
from veche.exchange.tests.test_survival import people

pytestmark = pytest.mark.django_db(transaction=True)


def once(monkeypatch, module, name, what):
    """`what` happens before the second call of a function, and no more."""
    real, calls = getattr(module, name), []

    def call(*given, **named):
        calls.append(name)
        if len(calls) == 2:
            what()
        return real(*given, **named)

    monkeypatch.setattr(module, name, call)
    return calls


def lose_the_connection():
    """As when the server is killed: this session ends in the middle of a statement."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def small(monkeypatch):
    for module, name in ((loading, "CHUNK"), (undoing, "CHUNK"), (making, "PORTION")):
        monkeypatch.setattr(module, name, 10)


def run(command, *words):
    return CliRunner().invoke(command, [*map(str, words), "--json"])


def test_an_import_goes_on_where_it_stood_when_the_database_is_back(tmp_path, monkeypatch, small):
    calls = once(monkeypatch, loading, "finish_chunk", lose_the_connection)
    told = run(import_, csv_file(tmp_path / "люди.csv", [PEOPLE_CAPTIONS, *people(40)]))
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout.splitlines()[-1])["created"] == 40
    assert Contact.objects.count() == 40
    assert len(calls) > 4, "a chunk was done twice, and nobody came twice"


def test_a_database_that_stays_away_is_told_in_a_sentence(tmp_path, monkeypatch, small):
    monkeypatch.setattr(waiting, "PATIENCE", 0.5)
    ask, away = Job.objects.get, []

    def gone(**asked):
        if away:
            with connection.cursor() as sql:
                sql.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return ask(**asked)

    once(monkeypatch, loading, "finish_chunk", lambda: away.append(1))
    monkeypatch.setattr(Job.objects, "get", gone)
    told = run(import_, csv_file(tmp_path / "люди.csv", [PEOPLE_CAPTIONS, *people(40)]))
    connection.close()
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert "veche run" in told.stderr.splitlines()[-1]
    assert "psycopg" not in told.stderr, "the pool's tries to connect are nothing to read"


def test_ctrl_c_stops_an_import_and_says_what_is_in_the_base(tmp_path, monkeypatch, small):
    once(monkeypatch, loading, "finish_chunk", press_ctrl_c)
    told = run(import_, csv_file(tmp_path / "люди.csv", [PEOPLE_CAPTIONS, *people(400)]))
    imported = Import.objects.get()
    assert told.exit_code == 130
    assert imported.state == Import.State.CANCELLED
    assert 0 < Contact.objects.count() < 400
    assert f"veche undo {imported.pk}" in told.stderr.splitlines()[-1]


def test_ctrl_c_stops_an_undo_and_says_how_to_go_on(tmp_path, monkeypatch, small):
    by = actor_of("coordinator")
    imported = loaded(make_import(tmp_path, people(300), by=by), by=by)
    once(monkeypatch, undoing, "undo_chunk", press_ctrl_c)
    told = run(undo, imported.pk)
    assert told.exit_code == 130
    assert "--redo" in told.stderr.splitlines()[-1]
    assert 0 < Contact.objects.count() < 300
    assert run(undo, imported.pk).exit_code == 0
    assert Contact.objects.count() == 0
    imported.refresh_from_db()
    assert imported.totals["undo"]["removed"] == 300, "what went before the stop is counted too"


def test_ctrl_c_stops_an_export_and_leaves_no_file(tmp_path, monkeypatch, small):
    for row in people(60):
        make_person(row[0], phone=row[3])
    once(monkeypatch, making, "as_day", press_ctrl_c)
    told = run(export, tmp_path / "люди.xlsx", "--columns", "number,surname,birthday")
    assert told.exit_code == 130, told.output
    assert Export.objects.get().state == Export.State.CANCELLED
    assert not (tmp_path / "люди.xlsx").exists()


def test_a_file_of_which_no_row_can_be_taken_writes_nothing_and_says_why(tmp_path):
    told = run(
        import_, csv_file(tmp_path / "пусто.csv", [["Имя", "Телефон", "Кличка"], ["", "8 904", "Чуи"]])
    )
    assert told.exit_code == 2, told.output
    answer = json.loads(told.stdout.splitlines()[-1])
    assert (answer["created"], answer["rejected"]) == (0, 1)
    assert answer["rejects_file"] in told.stderr.splitlines()[-1]
    assert not OwnField.objects.exists(), "no field is made for a file that brings nobody"


def test_a_folder_is_no_file(tmp_path):
    told = run(import_, tmp_path)
    assert told.exit_code == 2 and "folder" in told.stderr and "Errno" not in told.stderr
