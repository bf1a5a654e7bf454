"""The common part of `make run`, `make test` and `make lint`: packages from the lock files, and `.venv/bin/veche`.

Run by the machine's own Python, so standard library only. Every step leaves a stamp and is skipped while what it
was made from is unchanged; a step that was killed has left none and is done again.

    python3 -m config.running.setup [--tests] [--fuzz]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

from config.running import stamps
from config.running.places import ROOT
from config.running.speech import Trouble
from config.running.speech import gettext as _

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NODE = 20
ROOM_NEEDED = 1500 * 2**20  # bytes, for all packages together

# What `pip` would write for [project.scripts]; through sh, as a `#!` line must be short and without spaces.
SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
if __name__ == "__main__":  # the processes of an import run this file too, under another name
    from config.command import main
    sys.exit(main())
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up what is missing; the exit status is 0, or 1 after one sentence about what stands in the way."""
    parser = argparse.ArgumentParser(prog="make setup")
    parser.add_argument("--tests", action="store_true", help="also what tests and lint need")
    parser.add_argument("--fuzz", action="store_true", help="also atheris, which exists for Linux only")
    options = parser.parse_args(arguments)
    try:
        make_venv()
        install_python_packages("base")
        if options.tests:
            install_python_packages("dev")
        if options.fuzz:
            install_python_packages("fuzz")
        install_project()
        install_front_end()
        compile_translations()
        if options.tests:
            find_chromium()
            find_libreoffice()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    except OSError as error:
        print(_("The set-up failed: {reason}").format(reason=error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def make_venv() -> None:
    """A virtual environment of this Python; one that a kill left half made is made again."""
    fingerprint = f"{VENV} {sysconfig.get_python_version()}"
    if stamps.is_current(VENV / "made", fingerprint) and PYTHON.exists():
        return
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return stamps.write(VENV / "made", fingerprint)
    if shutil.disk_usage(ROOT).free < ROOM_NEEDED:
        raise Trouble(_("The disk of {folder} is full: make room and start again.").format(folder=ROOT))
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
    except ImportError as error:
        raise Trouble(
            _("Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv")
        ) from error
    say(_("Making the Python environment…"))
    do([sys.executable, "-m", "venv", "--clear", VENV])
    stamps.write(VENV / "made", fingerprint)


def install_python_packages(name: str) -> None:
    """The packages of requirements/<name>.txt, each checked against its hash."""
    lock = REQUIREMENTS / f"{name}.txt"

    def install() -> None:
        say(_("Installing Python packages ({name})…").format(name=name))
        # The lock file is complete, so there is nothing to resolve.
        pip("install", "--no-deps", "--require-hashes", "-r", lock)

    once(VENV / f"installed-{name}", stamps.of_contents([lock]), install)


def install_project() -> None:
    """The project itself, in place: its folder on the path of the environment, and the `veche` command."""

    def install() -> None:
        [packages] = (VENV / "lib").glob("python3*/site-packages")
        (packages / "veche.pth").write_text(f"{ROOT}\n", encoding="utf-8")
        command = VENV / "bin" / "veche"
        command.write_text(SCRIPT.format(python=PYTHON), encoding="utf-8")
        command.chmod(0o755)

    once(VENV / "installed-project", stamps.of_contents([], SCRIPT, str(ROOT)), install)


def install_front_end() -> None:
    """node_modules as package-lock.json says. Nothing is built, so no package's own script runs."""
    lock = ROOT / "package-lock.json"

    def install() -> None:
        say(_("Installing front-end packages…"))
        npm, path = find_npm()
        do(
            [
                npm,
                "ci",
                "--include=dev",  # the accessibility tests bring axe, whatever NODE_ENV says
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "--no-update-notifier",
            ],
            PATH=path,
        )

    once(NODE_MODULES / ".installed", stamps.of_contents([lock]), install)


def find_npm() -> tuple[Path, str]:
    """npm and the PATH it needs: the machine's own where its Node is new enough, else the one of a wheel."""
    path = os.environ.get("PATH", "")
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        found = re.match(r"v(\d+)\.", answer)
        if found and int(found[1]) >= OLDEST_NODE:
            return Path(npm), path
    install_python_packages("node")
    return VENV / "bin" / "npm", f"{VENV / 'bin'}{os.pathsep}{path}"


def compile_translations() -> None:
    """locale/<language>/LC_MESSAGES from the rooms' catalogues."""
    sources = sorted((ROOT / "locale").glob("*/*.po"))
    once(
        VENV / "translated",
        stamps.of_contents(sources),
        lambda: do([PYTHON, "-m", "config.running.translations"]),
    )


def find_chromium() -> None:
    """The browser of the browser tests: the machine's, else the distribution's where we may install it."""
    if chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(_("Installing Chromium from the distribution…"))
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        do(["apt-get", "-qq", "update"], **quiet)
        install = ["apt-get", "-qq", "-y", "--no-install-recommends", "install"]
        try:
            do([*install, "chromium-headless-shell"], **quiet)
        except Trouble:  # an older release has the whole browser only
            do([*install, "chromium"], **quiet)
    if not chromium():
        raise Trouble(
            _("The browser tests need Chromium, and we may not install it: install it and start again.")
        )


def chromium() -> str | None:
    """The path of the machine's Chromium or Chrome, or None.

    First the headless shell: the same engine without a window to draw, at a third of the work for every page opened.
    """
    for name in (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if found := shutil.which(name):
            return found
    return None


def find_libreoffice() -> None:
    """LibreOffice Calc, which the tests of exported files open them with: the machine's, else the distribution's."""
    if libreoffice():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(_("Installing LibreOffice Calc from the distribution…"))
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        do(["apt-get", "-qq", "update"], **quiet)
        do(["apt-get", "-qq", "-y", "--no-install-recommends", "install", "libreoffice-calc-nogui"], **quiet)
    if not libreoffice():
        say(_("The tests of exported files need LibreOffice Calc: install it and start again."))


def libreoffice() -> str | None:
    """The path of the machine's LibreOffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def once(stamp: Path, fingerprint: str, make: Callable[[], None]) -> None:
    """Make something unless its stamp says that it was made from the same."""
    if not stamps.is_current(stamp, fingerprint):
        stamp.unlink(missing_ok=True)
        make()
        stamps.write(stamp, fingerprint)


def pip(*words: object) -> None:
    do([PYTHON, "-m", "pip", "-q", "--disable-pip-version-check", "--no-input", *words], PIP_USER="0")


def do(command: Sequence[object], **environment: str) -> None:
    """Run a command that shows its own trouble; a failure is told in one sentence more."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, **environment})
    except FileNotFoundError as error:
        raise Trouble(_("A tool is missing: {tool}").format(tool=words[0])) from error
    if done.returncode:
        short = " ".join(Path(word).name if os.sep in word else word for word in words)
        raise Trouble(_("The set-up failed at: {command}").format(command=short), exit_code=1)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
