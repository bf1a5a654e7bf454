"""`veche demo` as it is typed: a base of its own, the processes of a large import, and figures at the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.running import places, setup

pytestmark = pytest.mark.machine

ENOUGH = 2_100  # people: an import of that size is read by processes of its own


def test_the_command_fills_an_empty_folder(tmp_path: Path):
    script = tmp_path / "veche"
    script.write_text(setup.SCRIPT.format(python=sys.executable), encoding="utf-8")
    around = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        ["/bin/sh", script, "demo", "--contacts", str(ENOUGH), "--json"],
        cwd=places.ROOT,
        env=around
        | {"VECHE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(places.ROOT), "LC_ALL": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["created"] == ENOUGH
    assert "Inventing people" in done.stderr and "Looking for mistakes" in done.stderr, (
        "the shell's own language"
    )
