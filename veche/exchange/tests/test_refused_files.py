"""A refused file leaves nothing behind, whoever brings it; an odd one is shown with all that is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.storage import default_storage

from veche.accounts.testing import signed_in_client
from veche.exchange.commands.imports import import_
from veche.exchange.models import Import
from veche.exchange.testing import run_jobs

from .odd_files import DEFECTS, Table, write

pytestmark = pytest.mark.django_db(transaction=True)  # a command does its job over a connection of its own


def _stored() -> list[str]:
    folder = Path(default_storage.path("imports"))
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def _cut(path: Path) -> list[str]:
    path.write_bytes(write(path, "xlsx", Table()).read_bytes()[:900])
    return []


def _no_sheet(path: Path) -> list[str]:
    write(path, "xls", Table())
    return ["--sheet", "Нет"]


def _no_campaign(path: Path) -> list[str]:
    write(path, "ods", Table())
    return ["--campaign", "Нет такой"]


@pytest.mark.parametrize("spoil", [_cut, _no_sheet, _no_campaign])
def test_the_command_ends_with_2_and_one_sentence_and_nothing_is_left(tmp_path, spoil):
    path, before = tmp_path / "люди.xls", _stored()
    done = CliRunner().invoke(import_, [str(path), *spoil(path)])
    assert done.exit_code == 2
    assert not done.stdout
    assert done.stderr.endswith(".\n") and done.stderr.count("\n") == 1
    assert not Import.objects.exists() and _stored() == before


@pytest.mark.parametrize(
    ("form", "defects", "said"),
    [
        ("xlsx", ["hidden column", "two rows of captions"], ["“Город”", "take two rows"]),
        (
            "xls",
            ["hidden row", "more sheets", "error"],
            ["1 row is hidden", "“Старое”", "“Ещё”", "#N/A"],
        ),
        ("ods", ["formula without value", "titles"], ["saved without its value", "База сторонников"]),
        ("xml2003", ["hidden column"], ["“Город”"]),
        ("html", ["hidden row", "more sheets"], ["1 row is hidden", "“Старое”"]),
        ("csv", ["titles"], ["База сторонников"]),
    ],
)
def test_the_page_of_the_table_says_what_is_in_the_file(tmp_path, form, defects, said):
    client = signed_in_client("coordinator")
    table = Table()
    for name in defects:
        DEFECTS[name].spoil(table)
    with write(tmp_path / "люди.xls", form, table).open("rb") as file:
        client.post("/imports/new/", {"file": file})
    imported = run_jobs(Import.objects.get())
    answer = client.get(f"/imports/{imported.pk}/table/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in said:
        assert words in page
