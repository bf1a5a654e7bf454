"""The `veche` command: every part of it explains itself, and what is expected to fail ends in one sentence."""

import subprocess
import sys

import click
import psycopg
import pytest
from django.db import OperationalError

from config import command
from config.running import places
from config.running.speech import Trouble
from veche.core.refusal import Refusal


def every_command(part: click.Command = command.veche, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    if isinstance(part, click.Group):
        names = part.list_commands(click.Context(part))
        for name in names:
            found += every_command(part.get_command(click.Context(part), name), (*path, name))
    return found


def test_every_command_has_help(capsys):
    paths = every_command()
    assert {("run",), ("worker",), ("doctor",), ("db", "dump"), ("import",), ("user", "add")} <= set(paths)
    for path in paths:
        assert command.main([*path, "--help"]) == 0, path
        told = capsys.readouterr().out
        assert "--help" in told and len(told.splitlines()) > 4, path


def test_the_menu_comes_without_django():
    code = (
        "import sys; from config.command import main; main(['--help']); "
        "sys.exit(any(name in sys.modules for name in ('django', 'psycopg', 'psutil')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=places.ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert all(name in done.stdout for name in command.ROOM_COMMANDS)


@pytest.mark.parametrize(
    ("error", "exit_code", "sentence"),
    [
        (Trouble("The port is busy."), 1, "The port is busy."),
        (Refusal("no", "We will not."), 2, "We will not."),
        (OSError(28, "No space left on device"), 1, "is full"),
        (click.UsageError("No such option"), 2, "No such option"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_expected_failures_are_one_sentence(error, exit_code, sentence, monkeypatch, capsys):
    def fail(*_arguments, **_options):
        raise error

    monkeypatch.setattr(command.veche, "main", fail)
    assert command.main([]) == exit_code
    told = capsys.readouterr().err
    assert sentence in told and "Traceback" not in told


def test_a_full_disk_is_seen_through_djangos_error():
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    assert "is full" in command.explain(error)[0]


def test_a_mistake_of_ours_keeps_its_trace(monkeypatch):
    monkeypatch.setattr(command.veche, "main", lambda *_a, **_o: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        command.main([])


def test_misuse_has_its_status():
    assert command.main(["run", "--port", "many"]) == 2
    assert command.main(["no-such-command"]) == 2
