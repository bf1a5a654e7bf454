"""`veche import`, `export` and `undo` as scripts meet them: help, progress, a line of JSON at the end, exit status."""

import errno
import json

import pytest

from config import command
from veche.contacts.models import Contact
from veche.exchange.models import Import
from veche.exchange.testing import csv_file

COMMANDS = ("import", "export", "undo")
ROWS = [["ФИО", "Телефон"], ["Органа Лея Бейловна", "8 916 765-43-21"], ["Скайуокер Люк", "8 916 123-45-67"]]


@pytest.fixture
def veche(monkeypatch, capsys):
    """Call the command; (exit status, stdout, stderr)."""
    monkeypatch.setattr(command, "with_database", lambda found: found)

    def call(*words):
        try:
            status = command.main([str(word) for word in words])
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_every_option_and_the_exit_statuses(veche, name):
    status, out, _err = veche(name, "--help")
    assert status == 0
    assert "--json" in out and "--as" in out and "130" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_misuse_is_two(veche, name):
    assert veche(name)[0] == 2
    assert veche(name, "--no-such-option")[0] == 2


@pytest.mark.django_db(transaction=True)
def test_there_and_back_in_json(veche, tmp_path):
    path = csv_file(tmp_path / "люди.csv", ROWS)
    status, out, _err = veche("import", path, "--json", "--kind", "people")
    told = json.loads(out.splitlines()[-1])
    assert status == 0
    assert told.keys() == {
        "created", "updated", "unchanged", "rejected", "rejects_file", "seconds", "repeated", "import", "kind", "facts",
        "loaded_before", "mapping",
    }  # fmt: skip
    assert (told["created"], told["kind"], told["facts"]) == (2, "people", None)
    assert len(out.splitlines()) == 1, "progress goes to stderr"

    status, out, _err = veche("export", tmp_path / "вон.csv", "--json")
    assert (status, len(out.splitlines())) == (0, 1)
    assert json.loads(out).keys() == {"people", "file", "seconds"}
    assert len((tmp_path / "вон.csv").read_bytes().splitlines()) == 3

    status, out, _err = veche("undo", told["import"], "--json")
    assert (status, len(out.splitlines())) == (0, 1)
    assert json.loads(out).keys() == {"import", "removed", "kept", "restored", "partly", "seconds"}
    assert Contact.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "words",
    [("import", "no.csv"), ("export", "no.pdf"), ("undo", "404404"), ("import", "no.csv", "--as", "x@y.z")],
)
def test_a_refusal_is_two_and_one_sentence(veche, words):
    status, out, err = veche(*words)
    assert (status, out) == (2, "")
    assert len(err.strip().splitlines()) == 1 and err.strip().endswith((".", "!"))


@pytest.mark.django_db(transaction=True)
def test_a_wrong_kind_lists_the_right_ones_and_leaves_nothing(veche, tmp_path):
    status, _out, err = veche("import", csv_file(tmp_path / "люди.csv", ROWS), "--kind", "spaceships")
    assert status == 2
    assert "people, organisations" in err
    assert not Import.objects.filter(state="loaded").exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_one(veche, tmp_path, monkeypatch):
    def full(**_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("veche.exchange.actions.receive_file", full)
    status, _out, err = veche("import", csv_file(tmp_path / "люди.csv", ROWS))
    assert status == 1
    assert err.strip()
