"""A rule that cannot fail is none: each finds what is planted, and leaves alone what only looks like it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from config.tests import rules


def plant(root: Path, path: str, text: str) -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    "line",
    [
        "from veche.contacts.views import people",
        "from veche.contacts import forms",
        "import veche.contacts.subscribers",
        "from veche.contacts.queries import _secret",
        "from veche.names.parsing import parse_name",
        "def later():\n    from veche.contacts.jobs import nightly",
    ],
)
def test_trespasses_are_found(tmp_path, line):
    assert len(rules.trespasses(plant(tmp_path, "veche/exchange/actions.py", line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "from veche.contacts.queries import people_for",
        "from veche.contacts import actions",
        "from veche.names import parse_name",
        "from veche.core.anything import deep",
        "from veche.exchange.forms import own",
        "from .reading import sheet",
    ],
)
def test_doors_are_open(tmp_path, line):
    assert rules.trespasses(plant(tmp_path, "veche/exchange/actions.py", line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "note.save()",
        "Note.objects.create(text='')",
        "notes.update(text='')",
        "cursor.execute('INSERT INTO notes VALUES (1)')",
        "cursor.execute(f'UPDATE {table} SET x = 1')",
        "QUERY = 'delete'\nrun('DELETE FROM notes')",
    ],
)
@pytest.mark.parametrize("module", ["views/notes.py", "queries.py", "subscribers.py", "commands.py"])
def test_stray_writes_are_found(tmp_path, line, module):
    assert len(rules.stray_writes(plant(tmp_path, f"veche/contacts/{module}", line))) == 1


def test_writes_have_their_places(tmp_path):
    for place in ("contacts/actions/notes.py", "contacts/models.py", "contacts/testing.py", "core/jobs.py"):
        plant(tmp_path, f"veche/{place}", "note.save()\nrun('DELETE FROM notes')")
    plant(tmp_path, "veche/contacts/queries.py", '"""INSERT INTO is for actions."""\nfound.update(other)')
    assert rules.stray_writes(tmp_path) == []


def test_walls(tmp_path):
    plant(tmp_path, "veche/contacts/long.py", "x = 1\n" * 501)
    plant(tmp_path, "veche/contacts/tests/test_long.py", "x = 1\n" * 600)
    plant(tmp_path, "veche/contacts/migrations/0001_long.py", "x = 1\n" * 900)
    plant(tmp_path, "veche/contacts/templates/contacts/long.html", "<p>\n" * 201)
    plant(tmp_path, "veche/ui/static/ui/islands/long.js", "//\n" * 151)
    assert [line.split(":")[0].rsplit("/", 1)[1] for line in rules.too_long_files(tmp_path)] == [
        "long.py",
        "long.html",
        "long.js",
    ]


def test_function_walls(tmp_path):
    body = "    x = 1\n"
    plant(
        tmp_path,
        "veche/contacts/views/people.py",
        f"def page(request):\n{body * 30}\ndef part(rows):\n{body * 30}",
    )
    plant(tmp_path, "veche/contacts/queries.py", f"def short():\n{body * 59}\ndef long():\n{body * 60}")
    found = rules.too_long_functions(tmp_path)
    assert [line.split()[1] for line in found] == ["long:", "page:"]


def test_meaningless_names(tmp_path):
    for name in ("utils.py", "helpers.py", "data/__init__.py", "database.py", "information.py"):
        plant(tmp_path, f"veche/contacts/{name}", "")
    found = {Path(path).name for path in rules.meaningless_names(tmp_path)}
    assert found == {"utils.py", "helpers.py", "data"}


def test_names_that_escape_the_contracts(tmp_path):
    for name in ("export_jobs.py", "models_watch.py", "mapping/sign_in_forms.py", "bench_rows.py"):
        plant(tmp_path, f"veche/exchange/{name}", "")
    for name in (
        "jobs.py",
        "jobs/exports.py",
        "actions/own_jobs.py",
        "actions/bulk_actions.py",
        "formatting.py",
    ):
        plant(tmp_path, f"veche/contacts/{name}", "")
    for name in ("tests/test_jobs.py", "migrations/0001_new_models.py"):
        plant(tmp_path, f"veche/contacts/{name}", "")
    found = {Path(line.split(":")[0]).name for line in rules.escaped_names(tmp_path)}
    assert found == {"export_jobs.py", "models_watch.py", "sign_in_forms.py", "bench_rows.py", "own_jobs.py"}


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
        '<button onclick="go()">',
        '<div hx-on:click="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_found(tmp_path, markup):
    assert (
        len(rules.inline_code(plant(tmp_path, "veche/ui/templates/ui/page.html", f"<html>\n{markup}"))) == 1
    )


def test_linked_code_is_welcome(tmp_path):
    page = (
        '<script src="x.js"></script><script type="importmap" nonce="y">{}</script>{# style="" #}<progress>'
    )
    assert rules.inline_code(plant(tmp_path, "veche/ui/templates/ui/page.html", page)) == []


def test_upward_keys():
    def model(room, *targets):
        fields = [
            SimpleNamespace(name="key", is_relation=True, auto_created=False, related_model=target)
            for target in targets
        ]
        made = type("Model", (), {"__module__": f"veche.{room}.models"})
        made._meta = SimpleNamespace(get_fields=lambda: fields)
        return made

    floor_of = {"desk": 0, "exchange": 1, "dedupe": 1, "contacts": 2}
    contact, doubles, home = model("contacts"), model("dedupe"), model("desk")
    assert rules.upward_keys([model("exchange", contact)], floor_of) == []
    assert len(rules.upward_keys([model("exchange", doubles, home)], floor_of)) == 2
