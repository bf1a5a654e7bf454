"""`veche clean FILE -o CLEAN.xlsx`: a dirty spreadsheet in, a clean one out, with doubles, households and reasons."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.core import room
from veche.core.refusal import Refusal
from veche.desk.cleaning.working import CSV, XLSX, Done, Tell, clean_file, files_of

_FULL = f"os error {errno.ENOSPC}"  # the writer of workbooks tells the number in its sentence only


@click.command("clean")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="CLEAN.xlsx, or CLEAN.csv and two more.",
)
@click.option("--sheet", help="The sheet of the workbook; else the first that has a table.")
@click.option(
    "--language",
    type=click.Choice(["ru", "en"]),
    help="Of captions and reasons; else that of the terminal, Russian where it has none.",
)
@click.option("--force", is_flag=True, help="Replace OUT if there is such a file.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def clean(file: Path, out: Path, sheet: str | None, language: str | None, force: bool, as_json: bool) -> None:
    """Clean a spreadsheet (.xlsx, .xls, .ods, .csv, .tsv, .txt) without a database; nothing is sent anywhere.

    All columns and rows of FILE stay as they are, in their order. Behind them stand, marked ✓: surname, given name,
    patronymic and gender; phones, e-mails and accounts, each in one spelling; the birthday; the parts of the address
    and its normal form; the number of the person, which doubles share, the row that a row repeats, how probable that
    is and why; the number of the household; remarks on what was not understood. A second sheet says what was changed
    and why, a third sums up. A text file has one table, so the two others are written beside it.
    """
    began = time.monotonic()
    with translation.override(language or _of_terminal()):
        _insist_readable(file)
        _insist_writable(file, out, force)
        with _progress() as tell, _room_told(out):
            done = clean_file(file, out, sheet=sheet, tell=tell)
        _tell(done, time.monotonic() - began, as_json)


clean.without_database = True


def _of_terminal() -> str:
    """The first of the variables that names a language we speak; Russian where the terminal has none."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if told := os.environ.get(variable):
            return "en" if told.lower().startswith("en") else "ru"
    return "ru"


def _insist_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            return
    except FileNotFoundError:
        sentence = _("There is no file %(file)s.")
    except IsADirectoryError:
        sentence = _("%(file)s is a folder: name a file.")
    except PermissionError:
        sentence = _("The file %(file)s may not be read by whoever runs this command.")
    raise Refusal("clean.file", sentence % {"file": file})


def _insist_writable(file: Path, out: Path, force: bool) -> None:
    if out.suffix.lower() not in (XLSX, CSV):
        raise Refusal("clean.format", _("Name what is written OUT.xlsx or OUT.csv."))
    if not out.absolute().parent.is_dir():
        folder = {"folder": out.absolute().parent}
        raise Refusal("clean.folder", _("There is no folder %(folder)s.") % folder)
    for each in files_of(out):
        if each.exists() and each.samefile(file):
            raise Refusal(
                "clean.same", _("%(file)s is the file to be cleaned: name another one.") % {"file": each}
            )
        if each.is_dir():
            raise Refusal("clean.file", _("%(file)s is a folder: name a file.") % {"file": each})
        if each.exists() and not force:
            sentence = _("%(file)s is there already: name another file, or let --force replace it.")
            raise Refusal("clean.exists", sentence % {"file": each})


@contextmanager
def _room_told(out: Path) -> Iterator[None]:
    """A full disk, or a folder that may not be written to, as one sentence."""
    folder = {"folder": out.absolute().parent}
    try:
        yield
    except Refusal:
        raise
    except PermissionError as error:
        sentence = _("Nothing may be written in the folder %(folder)s by whoever runs this command.")
        raise Refusal("clean.unwritable", sentence % folder) from error
    except Exception as error:
        if (
            not room.is_full(error)
            and _FULL not in str(error)
            and os.strerror(errno.ENOSPC) not in str(error)
        ):
            raise
        sentence = _("The disk of the folder %(folder)s is full: make room there; nothing was written.")
        raise Refusal("clean.no_room", sentence % folder) from error


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar on stderr where that is a terminal."""
    steps = {
        "open": _("Looking at the columns"),
        "read": _("Reading the rows"),
        "load": _("Reading the rows"),
        "write": _("Writing"),
    }
    with click.progressbar(length=100, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(step: str, percent: float) -> None:
            bar.label = steps.get(step) or _("Looking for doubles")
            bar.update(max(int(percent) - bar.pos, 0))

        yield tell


def _tell(done: Done, seconds: float, as_json: bool) -> None:
    if as_json:
        told = {
            name: getattr(done, name)
            for name in ("rows", "people", "doubles", "doubtful", "households", "nobody")
        }
        files = [str(file) for file in done.files]
        click.echo(json.dumps({**told, "files": files, "seconds": round(seconds, 1)}, ensure_ascii=False))
        return
    sentences = [
        ngettext("%(count)d row read.", "%(count)d rows read.", done.rows) % {"count": done.rows},
        _("Rows that repeat a person: %(count)d.") % {"count": done.doubles},
        _("Pairs to look at: %(count)d.") % {"count": done.doubtful},
        _("Households: %(count)d.") % {"count": done.households},
        _("Rows about nobody, kept and marked: %(count)d.") % {"count": done.nobody},
        _("Written: %(files)s") % {"files": ", ".join(str(file) for file in done.files)},
    ]
    click.echo(" ".join(sentences))
